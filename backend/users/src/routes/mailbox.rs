//! `GET /api/v1/users/practices/{organization_id}/mailbox`: a practice's mailbox as a member of its staff sees it.

use axum::extract::{Path, Query, State as Extract};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use sealing::suite::KeyId;
use shared_types::{
    AccountId, OrganizationId,
    users::{DirectoryEntry, Mailbox, MailboxEpoch, MailboxMember, Since, StaffMember, StaffRole},
};
use sqlx::PgConnection;

use crate::{
    key_log::Shown,
    people::note,
    state::State,
    store::{
        identity::{self, IdentityRow},
        mailbox::{self, EpochRow, GrantRow},
        membership,
    },
};

/// Every epoch with what the caller holds of it, and everybody who reads or should.
pub async fn find_mailbox(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(Since { since }): Query<Since>,
) -> Result<Disclosed<Mailbox>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let staff = readers(membership::list(&mut tx, organization_id).await?);
    let accounts: Vec<AccountId> = staff.iter().map(|member| member.account_id).collect();
    let identities = identity::list(&mut tx, &accounts).await?;
    let epochs = mailbox::epochs(&mut tx, organization_id, 1).await?;
    let grants = mailbox::grants(&mut tx, organization_id).await?;
    let shown = state.key_log.show(&mut tx, core, since).await?;
    let own = identities.iter().find(|row| row.keys.account() == caller.account_id);
    let sight = Sight {
        own: own.map(|row| row.keys.key_id()),
        owner: caller.works_at(organization_id, &[StaffRole::Owner]),
    };
    let epochs = show_epochs(&mut tx, &shown, epochs, &grants, &sight).await?;
    let members = show_members(&mut tx, &shown, staff, identities, &grants).await?;
    let mailbox = Mailbox { organization_id, head: shown.head, epochs, members };
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded =
        note(&mut tx, core, actor, "find_mailbox", organization_id, None, Purpose::Practice).await?;
    Ok(Disclosed::commit(core, tx, recorded, mailbox).await?)
}

/// Those of a practice's staff who read what patients seal.
pub fn readers(staff: Vec<StaffMember>) -> Vec<StaffMember> {
    staff.into_iter().filter(|member| member.roles.iter().any(|role| role.reads_notes())).collect()
}

/// What the caller may see of each epoch.
struct Sight {
    /// The name of the caller's own keys.
    own: Option<KeyId>,
    /// Whether they answer for the practice, and so for its recovery.
    owner: bool,
}

async fn show_epochs(
    conn: &mut PgConnection,
    shown: &Shown,
    epochs: Vec<EpochRow>,
    grants: &[GrantRow],
    sight: &Sight,
) -> Result<Vec<MailboxEpoch>, Reject> {
    let leaves: Vec<_> = epochs.iter().map(|row| row.leaf.clone()).collect();
    let entries = shown.entries(conn, &leaves).await?;
    let show = |(row, entry): (EpochRow, DirectoryEntry)| {
        let epoch = row.practice.epoch().get();
        let held = |wanted: &dyn Fn(&GrantRow) -> bool| {
            let grant = grants.iter().find(|grant| grant.epoch == epoch && wanted(grant));
            grant.map(|grant| URL_SAFE_NO_PAD.encode(&grant.sealed))
        };
        MailboxEpoch {
            epoch,
            entry,
            grant: sight.own.and_then(|own| held(&|grant| !grant.is_recovery && grant.key_id == own.0)),
            recovery_grant: sight.owner.then(|| held(&|grant| grant.is_recovery)).flatten(),
        }
    };
    Ok(epochs.into_iter().zip(entries).map(show).collect())
}

async fn show_members(
    conn: &mut PgConnection,
    shown: &Shown,
    staff: Vec<StaffMember>,
    identities: Vec<IdentityRow>,
    grants: &[GrantRow],
) -> Result<Vec<MailboxMember>, Reject> {
    let leaves: Vec<_> = identities.iter().map(|row| row.leaf.clone()).collect();
    let entries = shown.entries(conn, &leaves).await?;
    let mut keys: Vec<_> = identities.iter().map(|row| row.keys).zip(entries).collect();
    let show = |member: StaffMember| {
        let at = keys.iter().position(|(keys, _)| keys.account() == member.account_id);
        let own = at.map(|at| keys.swap_remove(at));
        MailboxMember {
            account_id: member.account_id,
            email: member.email,
            roles: member.roles,
            holds: own.as_ref().map_or_else(Vec::new, |(keys, _)| holds(grants, keys.key_id())),
            keys: own.map(|(_, entry)| entry),
        }
    };
    Ok(staff.into_iter().map(show).collect())
}

/// The epochs whose key some keys were given.
fn holds(grants: &[GrantRow], key_id: KeyId) -> Vec<u32> {
    let held = grants.iter().filter(|grant| !grant.is_recovery && grant.key_id == key_id.0);
    held.map(|grant| grant.epoch).collect()
}
