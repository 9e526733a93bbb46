//! `/api/v1/users/platform/…`: who runs the platform, a practice's first owner, and stated reasons for looking at
//! somebody's data.

use axum::{
    extract::{Path, State as Extract},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use jiff::SignedDuration;
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AccountId, OrganizationId, Problem,
    problem::FieldError,
    users::{
        AccessGrant, AccessGrantFact, GrantAccess, InviteOwner, NamePlatformStaff, StaffRole, UsersEvent,
        invited_email,
    },
};

use crate::{
    people::{end_tokens, invite, note},
    store::{access_grant, holder, invitation::Asked, membership, patient, platform_staff},
};

/// The longest that a stated reason opens somebody's data, in minutes.
const GRANT_MINUTES: u16 = 4 * 60;
/// The shortest and the longest reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 20..=1000;

/// Names somebody platform staff.
pub async fn name_platform_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<NamePlatformStaff>,
) -> Result<StatusCode, Reject> {
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
    Ok(StatusCode::NO_CONTENT)
}

/// Takes somebody's platform roles away.
pub async fn dismiss_platform_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(account_id): Path<AccountId>,
) -> Result<StatusCode, Reject> {
    require_somebody_else(&caller, account_id)?;
    let mut tx = core.begin().await?;
    if !platform_staff::dismiss(&mut tx, account_id).await? {
        return Err(Problem::not_found("This account").into());
    }
    end_tokens(&mut tx, &core, account_id).await?;
    let actor = Actor::of(&caller);
    note(&mut tx, &core, actor, "dismiss_platform_staff", account_id, None, Purpose::Administration).await?;
    core.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
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
) -> Result<Response, Reject> {
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
    Ok((StatusCode::ACCEPTED, axum::Json(sent)).into_response())
}

/// States a reason to look at one person's data, for at most four hours. The person can read it at once.
pub async fn grant_access(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<GrantAccess>,
) -> Result<Response, Reject> {
    let grant = read_grant(&core, body).map_err(Problem::invalid)?;
    let (patient_id, id) = (grant.patient_id, grant.access_grant_id);
    let mut tx = core.begin().await?;
    if patient::find(&mut tx, Some(patient_id), None).await?.is_none() {
        return Err(Problem::not_found("This person").into());
    }
    access_grant::insert(&mut tx, &grant, caller.account_id).await?;
    let fact = AccessGrantFact {
        access_grant_id: id,
        account_id: caller.account_id,
        patient_id,
        granted_at: grant.granted_at,
        expires_at: grant.expires_at,
    };
    let about = About { aggregate: "access_grant", id: id.to_string(), version: 1 };
    outbox::tell(&mut tx, &core, about, &UsersEvent::AccessGranted(fact)).await?;
    let actor = Actor::by_grant(&caller, id);
    let recorded =
        note(&mut tx, &core, actor, "grant_access", id, Some(patient_id), Purpose::Support).await?;
    let disclosed = Disclosed::commit(&core, tx, recorded, grant).await?;
    Ok(disclosed.written_by(|grant| (StatusCode::CREATED, axum::Json(grant)).into_response()))
}

fn read_grant(core: &Core, body: GrantAccess) -> Result<AccessGrant, Vec<FieldError>> {
    let reason = body.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut errors = Vec::new();
    if !REASON.contains(&reason.chars().count()) {
        errors.push(FieldError::new("/reason", "Say why in 20 to 1,000 characters; the person will read it"));
    }
    if !(1..=GRANT_MINUTES).contains(&body.minutes) {
        errors.push(FieldError::new("/minutes", "Choose at most four hours"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let now = core.now();
    let expires_at = now.saturating_add(SignedDuration::from_mins(body.minutes.into())).unwrap_or(now);
    Ok(AccessGrant {
        access_grant_id: core.id(),
        patient_id: body.patient_id,
        category: body.category,
        reason,
        granted_at: now,
        expires_at,
    })
}
