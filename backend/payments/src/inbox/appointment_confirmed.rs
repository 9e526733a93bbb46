//! An appointment will take place: nothing is due here, and bookings learns so.

use anyhow::Context as _;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    bookings::AppointmentFact,
    payments::{PaymentStep, PaymentsEvent},
};
use sqlx::PgConnection;

use super::note;
use crate::{domain::payment::Payment, store};

/// Records the payment and tells that its step is done; does nothing when the booking has a payment already.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &AppointmentFact) -> anyhow::Result<()> {
    store::owner::keep(conn, fact.booking_id, fact.account_id, fact.patient_id).await?;
    let payment = Payment::not_required(core.id(), fact);
    let created = store::payment::create_payment(conn, &payment, core.now())
        .await
        .with_context(|| format!("recording the payment of booking {}", fact.booking_id))?;
    if !created {
        return Ok(());
    }
    note(conn, core, "create_payment", fact.booking_id).await?;
    let about = About { aggregate: "payment", id: payment.payment_id.to_string(), version: 1 };
    let event =
        PaymentsEvent::PaymentStepCompleted { booking_id: fact.booking_id, step: PaymentStep::NotRequired };
    outbox::tell(conn, core, about, &event).await?;
    Ok(())
}
