//! What the log says of a message that is queued: who did it, and of what it is about.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use sqlx::PgConnection;

use crate::domain::message::About;

/// Notes that a message about something is on its way. `by` is who queued it.
pub async fn queued(
    conn: &mut PgConnection,
    core: &Core,
    by: &'static str,
    about: About,
) -> sqlx::Result<()> {
    let (resource, purpose) = match about {
        About::Booking(booking_id) => (booking_id.into(), Purpose::Booking),
        About::Account(account_id) => (account_id.into(), Purpose::Account),
        About::Invitation(invitation_id) => (invitation_id.into(), Purpose::Account),
    };
    let entry = Entry {
        actor: Actor::System(by),
        action: "queue_message",
        resource,
        whose: None,
        purpose,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
