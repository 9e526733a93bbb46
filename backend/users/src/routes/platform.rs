//! `/api/v1/users/platform/…`: who runs the platform, and a practice's first owner.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Accepted, Core, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use shared_types::{
    AccountId, OrganizationId, Problem,
    problem::FieldError,
    users::{InvitationSent, InviteOwner, NamePlatformStaff, StaffRole, invited_email},
};

use crate::{
    people::{end_tokens, invite, note},
    store::{holder, invitation::Asked, membership, platform_staff},
};

/// Names somebody platform staff.
pub async fn name_platform_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<NamePlatformStaff>,
) -> Result<NoContent, Reject> {
    let NamePlatformStaff { account_id, mut roles } = body;
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(Problem::invalid(vec![FieldError::new("/roles", "Choose at least one role")]).into());
    }
    require_somebody_else(&caller, account_id)?;
    let mut tx = core.begin().await?;
    if !holder::is_account(&mut tx, account_id).await? {
        return Err(Problem::not_found("This account").into());
    }
    platform_staff::name(&mut tx, account_id, &roles, core.now()).await?;
    end_tokens(&mut tx, &core, account_id).await?;
    let actor = Actor::of(&caller);
    note(&mut tx, &core, actor, "name_platform_staff", account_id, None, Purpose::Administration).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Takes somebody's platform roles away.
pub async fn dismiss_platform_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(account_id): Path<AccountId>,
) -> Result<NoContent, Reject> {
    require_somebody_else(&caller, account_id)?;
    let mut tx = core.begin().await?;
    if !platform_staff::dismiss(&mut tx, account_id).await? {
        return Err(Problem::not_found("This account").into());
    }
    end_tokens(&mut tx, &core, account_id).await?;
    let actor = Actor::of(&caller);
    note(&mut tx, &core, actor, "dismiss_platform_staff", account_id, None, Purpose::Administration).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// One's own roles are another administrator's to change, so there is always one left.
fn require_somebody_else(caller: &SignedIn, account_id: AccountId) -> Result<(), Problem> {
    if caller.account_id != account_id {
        return Ok(());
    }
    let detail = "Another administrator changes your roles";
    Err(Problem::invalid(vec![FieldError::new("/account_id", detail)]))
}

/// Asks somebody to be the first owner of a practice. Its owners name the next ones themselves.
pub async fn invite_owner(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<InviteOwner>,
) -> Result<Accepted<Json<InvitationSent>>, Reject> {
    let email = invited_email(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let mut tx = core.begin().await?;
    let staff = membership::list(&mut tx, organization_id).await?;
    if staff.iter().any(|member| member.roles.contains(&StaffRole::Owner)) {
        return Err(Problem::new("has-owner", 409, "This practice has an owner")
            .detail("Nothing was sent. Its owner can invite another one.")
            .into());
    }
    let asked = Asked::Staff { organization_id, roles: vec![StaffRole::Owner] };
    let sent = invite(&mut tx, &core, caller.account_id, email, asked).await?;
    let (actor, id) = (Actor::of(&caller), sent.invitation_id);
    note(&mut tx, &core, actor, "invite_owner", id, None, Purpose::Administration).await?;
    core.commit(tx).await?;
    Ok(Accepted(Json(sent)))
}
