//! An owner for a practice of the invented Australia, so that whoever develops sees the provider's side of it. For the command line
//! alone, which refuses in production: nobody proves here that the address is theirs, and no practice is asked.

use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use kernel::{
    Core,
    audit::{Actor, Purpose},
};
use shared_types::{AccountId, OrganizationId, users::StaffRole};
use sqlx::PgConnection;

use crate::{
    domain::email::Email,
    people::{end_tokens, note},
    store::{account, membership, organization, password, standing::standing},
};

/// Who writes the log.
const ACTOR: Actor = Actor::System("demo-owner");

/// Somebody who owns a demo practice now.
#[derive(Clone, Debug)]
pub struct DemoOwner {
    /// Their account.
    pub account_id: AccountId,
    /// The practice.
    pub organization_id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Whether they have a password to sign in with.
    pub has_password: bool,
}

/// Makes the holder of an address the owner of the first of these practices, with its name; of the one that they own already, where
/// they own one. Makes the account where there is none; it has no password yet.
///
/// # Errors
/// When the address cannot be one, its account is closed, there is no practice, or a table cannot be changed.
pub async fn name_demo_owner(
    core: &Core,
    email: &str,
    practices: &[(OrganizationId, String)],
) -> anyhow::Result<DemoOwner> {
    let email = Email::parse(&email.to_owned().into()).map_err(|error| anyhow!("{}", error.detail))?;
    let mut tx = core.begin().await?;
    let account_id = find_or_make(&mut tx, core, &email).await?;
    let owned = owned(&mut tx, core, account_id).await?;
    let chosen = practices.iter().find(|(id, _)| owned.contains(id)).or_else(|| practices.first());
    let (organization_id, name) = chosen.context("there is no practice to own")?.clone();
    if !owned.contains(&organization_id) {
        // Whatever providers tells of it is newer.
        organization::keep(&mut tx, organization_id, &name, Timestamp::UNIX_EPOCH).await?;
        let (roles, written) = ([StaffRole::Owner], email.written());
        membership::join(&mut tx, organization_id, account_id, written, &roles, core.now()).await?;
        end_tokens(&mut tx, core, account_id).await?;
        let purpose = Purpose::Administration;
        note(&mut tx, core, ACTOR, "name_demo_owner", organization_id, None, purpose).await?;
    }
    let has_password = password::find_password(&mut tx, account_id).await?.is_some();
    core.commit(tx).await?;
    Ok(DemoOwner { account_id, organization_id, name, has_password })
}

/// Two commands at once make one account.
async fn find_or_make(conn: &mut PgConnection, core: &Core, email: &Email) -> anyhow::Result<AccountId> {
    let account_id = core.id();
    if account::insert_account(conn, account_id, email.written(), email.lower(), core.now()).await? {
        note(conn, core, ACTOR, "make_demo_account", account_id, None, Purpose::Administration).await?;
        return Ok(account_id);
    }
    let found = account::find_by_email(conn, email.lower()).await?;
    Ok(found.context("the account with this address is closed; choose another address")?.account_id)
}

async fn owned(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
) -> sqlx::Result<Vec<OrganizationId>> {
    let memberships = standing(conn, account_id, core.now()).await?.memberships.into_iter();
    let owned = memberships.filter(|membership| membership.roles.contains(&StaffRole::Owner));
    Ok(owned.map(|membership| membership.organization_id).collect())
}
