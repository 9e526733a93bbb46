//! A patient answered a text message that they will come.

use kernel::{Core, audit::Actor};
use shared_types::notifications::AttendanceFact;
use sqlx::PgConnection;

use crate::attending;

/// Notes it. What does not stand any more at that time is left as it is: whoever changed it was told.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: AttendanceFact) -> anyhow::Result<()> {
    let by = (Actor::System("bookings.inbox"), "answer_reminder");
    if !attending::will_come(conn, core, fact.booking_id, fact.start, by).await? {
        tracing::info!(booking.id = %fact.booking_id, "an answer came to an appointment that stands no more");
    }
    Ok(())
}
