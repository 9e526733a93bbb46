//! A member's name, mobile or address changed: what they booked and is to come goes by it, so that the practice calls the number that
//! they have now and later letters go where they read them.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::users::OwnDetailsChanged;
use sqlx::PgConnection;

use crate::store::party;

/// Writes it into each booking's record that said what was before. The appointment stands as it stood, so no step of it is told.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &OwnDetailsChanged) -> anyhow::Result<()> {
    for (booking_id, whose) in party::follow(conn, fact, core.now()).await? {
        let entry = Entry {
            actor: Actor::System("bookings.inbox"),
            action: "put_patient",
            resource: booking_id.into(),
            whose,
            purpose: Purpose::Booking,
            outcome: Outcome::Allowed,
        };
        audit::record(conn, core, entry).await?;
    }
    Ok(())
}
