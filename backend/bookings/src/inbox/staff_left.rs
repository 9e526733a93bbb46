//! Somebody works at a practice no longer: an address that they have is asked for no sign-in, so it ends by itself; and what
//! becomes of the times that they proposed is not theirs to hear.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::users::StaffLeft;
use sqlx::PgConnection;

use crate::store::{calendar_feed, proposal};

/// Switches off the feeds of the practice's roles that they may still read. Whoever stays makes another address.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: StaffLeft) -> anyhow::Result<()> {
    proposal::forget_proposer(conn, fact.account_id, Some(fact.organization_id)).await?;
    if calendar_feed::forget_staff(conn, fact.organization_id, fact.account_id).await? == 0 {
        return Ok(());
    }
    let entry = Entry {
        actor: Actor::System("bookings.inbox"),
        action: "delete_role_feed",
        resource: fact.organization_id.into(),
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
