//! `/api/v1/users/practices/{organization_id}/staff`: who works at a practice. An owner answers for all of it, a manager
//! may invite everybody but owners, and everybody who works there sees who does.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Accepted, Core, Disclosed, Json, Reject, SignedIn,
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
use sqlx::PgConnection;

use crate::{
    people::{end_tokens, invite, note, staff_left, stale},
    store::{
        invitation::{self, Asked},
        mailbox, membership,
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
) -> Result<Accepted<Json<InvitationSent>>, Reject> {
    let mut tx = core.begin().await?;
    let who = format!("{organization_id} {}", caller.account_id);
    let begun =
        idempotency::begin::<_, InvitationSent>(&mut tx, &core, "invite_staff", &who, key, &body).await?;
    let ticket = match begun {
        Begun::New(ticket) => ticket,
        Begun::Replay(sent) => return Ok(Accepted(Json(sent))),
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
    Ok(Accepted(Json(sent)))
}

/// Changes what somebody does there. The last owner stays one.
pub async fn change_staff_roles(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path((organization_id, account_id)): Path<(OrganizationId, AccountId)>,
    Json(body): Json<ChangeRoles>,
) -> Result<NoContent, Reject> {
    let roles = read_roles(body.roles)?;
    let mut tx = core.begin().await?;
    let staff = membership::list(&mut tx, organization_id).await?;
    if !roles.contains(&StaffRole::Owner) {
        require_another_owner(&staff, account_id)?;
    }
    let before = roles_of(&staff, account_id);
    let steps_down = before.contains(&StaffRole::Owner) && !roles.contains(&StaffRole::Owner);
    if steps_down || (reads(&before) && !reads(&roles)) {
        require_no_mailbox(&mut tx, organization_id).await?;
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
    Ok(NoContent)
}

/// Lets somebody go. Who reads what patients seal goes by the next epoch instead, where the practice has a mailbox.
pub async fn remove_staff(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path((organization_id, account_id)): Path<(OrganizationId, AccountId)>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let roles = let_go(&mut tx, &core, &caller, organization_id, account_id).await?;
    if reads(&roles) {
        require_no_mailbox(&mut tx, organization_id).await?;
    }
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Lets somebody go in the caller's transaction: their tokens, the letters they wrote for the practice and what the other services
/// gave them for it end with it. Says what they did there.
///
/// # Errors
/// 404 when they do not work there, 409 when nobody else owns the practice.
pub async fn let_go(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> Result<Vec<StaffRole>, Reject> {
    let staff = membership::list(conn, organization_id).await?;
    require_another_owner(&staff, account_id)?;
    membership::leave(conn, organization_id, account_id).await?;
    invitation::take_back(conn, account_id, organization_id).await?;
    staff_left(conn, core, organization_id, account_id).await?;
    let actor = Actor::for_practice(caller, organization_id);
    note(conn, core, actor, "remove_staff", account_id, None, Purpose::Practice).await?;
    Ok(roles_of(&staff, account_id))
}

fn roles_of(staff: &[StaffMember], account_id: AccountId) -> Vec<StaffRole> {
    let member = staff.iter().find(|member| member.account_id == account_id);
    member.map(|member| member.roles.clone()).unwrap_or_default()
}

fn reads(roles: &[StaffRole]) -> bool {
    roles.iter().any(|role| role.reads_notes())
}

/// Whoever has held a key of the mailbox keeps it, so what comes after must be sealed to another; and owners are named in
/// what they sign.
async fn require_no_mailbox(conn: &mut PgConnection, organization_id: OrganizationId) -> Result<(), Reject> {
    if !mailbox::is_there(conn, organization_id).await? {
        return Ok(());
    }
    Err(Problem::new("epoch-needed", 409, "The practice needs new keys first")
        .detail(
            "Nothing was changed. Make new keys for those who stay; whoever leaves goes in the same step.",
        )
        .into())
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
