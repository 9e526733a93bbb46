//! `/api/v1/users/practices/{organization_id}/staff`: who works at a practice. An owner answers for all of it, a manager
//! may invite everybody but owners, and everybody who works there sees who does.

use axum::{
    extract::{Path, State as Extract},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    access::Refusal,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AccountId, OrganizationId, Problem,
    page::Page,
    problem::FieldError,
    users::{ChangeRoles, InvitationSent, InviteStaff, StaffMember, StaffRole, invited_email},
};

use crate::{
    people::{end_tokens, invite, note, stale},
    store::{
        invitation::{self, Asked},
        membership,
    },
};

/// Everybody who works at the practice.
pub async fn list_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Disclosed<Page<StaffMember>>, Reject> {
    let mut tx = core.begin().await?;
    let items = membership::list(&mut tx, organization_id).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded =
        note(&mut tx, &core, actor, "list_staff", organization_id, None, Purpose::Practice).await?;
    Ok(Disclosed::commit(&core, tx, recorded, Page { items, next: None }).await?)
}

/// Asks somebody to join.
pub async fn invite_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
    Json(body): Json<InviteStaff>,
) -> Result<Response, Reject> {
    let mut tx = core.begin().await?;
    let who = format!("{organization_id} {}", caller.account_id);
    let begun =
        idempotency::begin::<_, InvitationSent>(&mut tx, &core, "invite_staff", &who, key, &body).await?;
    let ticket = match begun {
        Begun::New(ticket) => ticket,
        Begun::Replay(sent) => return Ok((StatusCode::ACCEPTED, axum::Json(sent)).into_response()),
    };
    let roles = read_roles(body.roles)?;
    if roles.contains(&StaffRole::Owner) && !caller.works_at(organization_id, &[StaffRole::Owner]) {
        return Err(Refusal::NotAllowed.into());
    }
    let email = invited_email(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let asked = Asked::Staff { organization_id, roles };
    let sent = invite(&mut tx, &core, caller.account_id, email, asked).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, &core, actor, "invite_staff", sent.invitation_id, None, Purpose::Practice).await?;
    ticket.finish(&mut tx, 202, &sent).await?;
    core.commit(tx).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(sent)).into_response())
}

/// Changes what somebody does there. The last owner stays one.
pub async fn change_staff_roles(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path((organization_id, account_id)): Path<(OrganizationId, AccountId)>,
    Json(body): Json<ChangeRoles>,
) -> Result<StatusCode, Reject> {
    let roles = read_roles(body.roles)?;
    let mut tx = core.begin().await?;
    let staff = membership::list(&mut tx, organization_id).await?;
    if !roles.contains(&StaffRole::Owner) {
        require_another_owner(&staff, account_id)?;
    }
    let version = body.version;
    if !membership::change_roles(&mut tx, organization_id, account_id, version, &roles, core.now()).await? {
        return Err(stale().into());
    }
    if !roles.contains(&StaffRole::Owner) {
        invitation::take_back(&mut tx, account_id, organization_id).await?;
    }
    end_tokens(&mut tx, &core, account_id).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, &core, actor, "change_staff_roles", account_id, None, Purpose::Practice).await?;
    core.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets somebody go: their tokens and the letters they wrote for the practice end with it.
pub async fn remove_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path((organization_id, account_id)): Path<(OrganizationId, AccountId)>,
) -> Result<StatusCode, Reject> {
    let mut tx = core.begin().await?;
    let staff = membership::list(&mut tx, organization_id).await?;
    require_another_owner(&staff, account_id)?;
    membership::leave(&mut tx, organization_id, account_id).await?;
    invitation::take_back(&mut tx, account_id, organization_id).await?;
    end_tokens(&mut tx, &core, account_id).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, &core, actor, "remove_staff", account_id, None, Purpose::Practice).await?;
    core.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_roles(mut roles: Vec<StaffRole>) -> Result<Vec<StaffRole>, Problem> {
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(Problem::invalid(vec![FieldError::new("/roles", "Choose at least one role")]));
    }
    Ok(roles)
}

/// A practice without an owner would have nobody who can name its staff.
fn require_another_owner(staff: &[StaffMember], account_id: AccountId) -> Result<(), Problem> {
    if !staff.iter().any(|member| member.account_id == account_id) {
        return Err(Problem::not_found("This person"));
    }
    let stays = |member: &&StaffMember| member.account_id != account_id;
    if staff.iter().filter(stays).any(|member| member.roles.contains(&StaffRole::Owner)) {
        return Ok(());
    }
    if staff.iter().any(|member| member.account_id == account_id && !member.roles.contains(&StaffRole::Owner))
    {
        return Ok(());
    }
    Err(Problem::new("last-owner", 409, "A practice needs an owner")
        .detail("Nothing was changed. Make somebody else an owner first."))
}
