//! A booking that cost its patient something is bulk billed from now on: what was paid is back. Nothing is owed for it any more, nor will
//! be (C-52), wherever it stands: one that was cancelled meanwhile stays cancelled, without a fee.

use anyhow::Context as _;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    BookingId,
    bookings::{AppointmentStatus, BookingsEvent},
};
use sqlx::PgConnection;

use super::payment_step::{confirm, locked, note};
use crate::{
    domain::Step,
    routes::views::appointment_fact,
    store::appointment::{self, StepBy, Taken},
};

/// Writes it into the newest link of its chain, and tells it with what is claimed by. Told again it has no effect. What still waited for
/// its payment waits no longer.
pub async fn receive(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> anyhow::Result<()> {
    let Some((before, calendar)) = locked(conn, booking_id).await? else { return Ok(()) };
    if before.appointment_type.bulk_billed {
        return Ok(());
    }
    // The practice wished it, and payments did it.
    let taken = Taken { id: core.id(), step: Step::BulkBill, reason: before.reason, by: StepBy::Practice };
    let changed = appointment::bulk_bill(conn, &before, taken, core.now()).await?;
    anyhow::ensure!(changed, "an appointment of a locked practitioner was changed meanwhile");
    let row = appointment::by_id(conn, before.appointment_id).await?;
    let mut row = row.context("the appointment is there")?;
    let version = i64::from(row.sequence) + 1;
    let about = About { aggregate: "booking", id: booking_id.to_string(), version };
    let event = BookingsEvent::AppointmentBulkBilled(appointment_fact(&row, &calendar, None));
    outbox::tell(conn, core, about, &event).await?;
    note(conn, core, &row, "move_to_bulk_billing").await?;
    if row.status == AppointmentStatus::AwaitingPayment {
        confirm(conn, core, &mut row, &calendar).await?;
    }
    Ok(())
}
