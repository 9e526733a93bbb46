//! `POST /api/v1/users/practices/{organization_id}/mailbox/epochs`: begins the next epoch of a practice's mailbox, and lets
//! people go in the same transaction, so that nobody who has left can open what comes after.

use axum::extract::{Path, State as Extract};
use kernel::{
    Created, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use shared_types::{
    AccountId, OrganizationId,
    users::{BeginEpoch, StaffMember, StaffRole},
};
use sqlx::PgConnection;

use super::{mailbox::readers, staff::let_go};
use crate::{
    domain::{
        envelope::old_epoch,
        mailbox::{NewEpoch, StaffKeys},
    },
    notes::keys_of,
    people::note,
    state::State,
    store::{mailbox, membership},
};

/// Begins it. Everybody who stays, reads and has keys is given the new key, and so is the recovery key.
pub async fn begin_epoch(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<BeginEpoch>,
) -> Result<Created<()>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let staff = membership::list(&mut tx, organization_id).await?;
    for account_id in &body.remove {
        let_go(&mut tx, core, &caller, organization_id, *account_id).await?;
    }
    let stays = |member: &StaffMember| !body.remove.contains(&member.account_id);
    let staff = staff_keys(&mut tx, staff.into_iter().filter(stays).collect()).await?;
    let former = mailbox::newest_epoch(&mut tx, organization_id).await?.map(|former| former.verified);
    let new = NewEpoch::read(organization_id, former.as_ref(), &staff, &body, now)?;
    let index = state.key_log.append(&mut tx, core, &new.leaf).await?;
    if !mailbox::insert_epoch(&mut tx, &new.practice, index, now).await? {
        return Err(old_epoch().into());
    }
    mailbox::insert_grants(&mut tx, organization_id, &new.grants, now).await?;
    mailbox::insert_certificates(&mut tx, organization_id, &new.certificates, now).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, core, actor, "begin_epoch", organization_id, None, Purpose::Practice).await?;
    core.commit(tx).await?;
    Ok(Created(()))
}

/// The keys of those who work at a practice, as far as they have some.
///
/// # Errors
/// When a table cannot be read.
pub async fn staff_keys(conn: &mut PgConnection, staff: Vec<StaffMember>) -> sqlx::Result<StaffKeys> {
    let staff = readers(staff);
    let is_owner = |member: &&StaffMember| member.roles.contains(&StaffRole::Owner);
    let owners: Vec<AccountId> = staff.iter().filter(is_owner).map(|member| member.account_id).collect();
    let accounts: Vec<AccountId> = staff.iter().map(|member| member.account_id).collect();
    let readers = keys_of(conn, &accounts).await?;
    let owners = readers.iter().filter(|keys| owners.contains(&keys.account())).copied().collect();
    Ok(StaffKeys { owners, readers })
}
