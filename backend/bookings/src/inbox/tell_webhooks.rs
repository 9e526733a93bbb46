//! Something happened to an appointment: the practice's webhooks are told. It comes by the same way as to the other services, so
//! that each is told exactly once of what was committed.

use kernel::{Core, outbox::Envelope};
use shared_types::bookings::{AppointmentStatus, BookingsEvent, webhook::WebhookStatus};
use sqlx::PgConnection;

use super::payment_step::LATE_PAYMENT;
use crate::{
    domain::told_of,
    store::{appointment, webhook},
};

/// Has those told that are switched on. What is not paid for is not booked yet, or never was: no webhook hears of it, nor of its end.
pub async fn receive(conn: &mut PgConnection, core: &Core, envelope: &Envelope) -> anyhow::Result<()> {
    if envelope.aggregate == LATE_PAYMENT {
        return Ok(());
    }
    let event: BookingsEvent = envelope.event()?;
    let Some((name, body, fact)) = told_of(&event, envelope.occurred_at) else { return Ok(()) };
    let Some(practice) = fact.role.organization_id else { return Ok(()) };
    let waits = fact.status == AppointmentStatus::AwaitingPayment;
    if waits || appointment::ended_unpaid(conn, fact.appointment_id).await? {
        return Ok(());
    }
    for one in webhook::of_practice(conn, practice).await? {
        match one.status {
            WebhookStatus::Active => {
                webhook::queue(conn, core.id(), one.webhook_id, (name, &body), core.now()).await?;
            }
            WebhookStatus::Off | WebhookStatus::Stopped => {}
        }
    }
    Ok(())
}
