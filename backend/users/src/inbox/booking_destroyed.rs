//! The time of a booking's record is over: its sealed notes go with it.

use kernel::{
    Core,
    audit::{Actor, Purpose},
    retention::{Destroyed, register},
};
use shared_types::BookingId;
use sqlx::PgConnection;

use crate::{people::note, store::retention};

/// Destroys them, and registers it. The name is in the register of the booking.
pub async fn receive(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> anyhow::Result<()> {
    let notes = retention::destroy_booking(conn, booking_id).await?;
    if let Some(destroyed) = Destroyed::unnamed("sealed_note", &notes) {
        register(conn, core, &destroyed).await?;
        let (actor, purpose) = (Actor::System("users.inbox"), Purpose::Administration);
        note(conn, core, actor, "destroy_notes", booking_id, None, purpose).await?;
    }
    Ok(())
}
