//! Lets go what is held for a time that was never booked, and gives back what was taken for it: the patient began to pay and did not
//! give their details in time. Every minute, fifty at a time. Money that comes afterwards goes back when it is told. A
//! payment that cannot be let go is logged and looked at again; one whose refund fails is administrators' to look at. As long as
//! bookings' word is late nothing is let go: what is booked cannot be told from what is not.

use anyhow::Result;
use jiff::SignedDuration;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    PaymentId,
    payments::{PaymentsEvent, RefundReason},
};
use sqlx::PgConnection;

use crate::{
    inbox::owed,
    store::{heard, owner, payment, unbooked},
};

const BATCH: i64 = 50;
/// So long after it was begun a payment has a booking, or none will come: its offer ends in less than an hour, and bookings' word of
/// it may be on its way for another.
const UNTOLD: SignedDuration = SignedDuration::from_hours(2);
/// What bookings tells of a payment happened this soon after it was begun.
const OFFERED: SignedDuration = SignedDuration::from_hours(1);

/// One batch. Says how many were let go.
///
/// # Errors
/// When the database fails.
pub async fn let_go_unbooked(core: &Core) -> Result<u64> {
    let mut tx = core.begin().await?;
    let Some(heard) = heard::until(&mut tx, "bookings").await? else { return Ok(0) };
    let begun_before = (core.now() - UNTOLD).min(heard - OFFERED);
    unbooked::note_booked(&mut tx, begun_before, core.now(), BATCH).await?;
    let found = unbooked::find(&mut tx, begun_before, BATCH).await?;
    core.commit(tx).await?;
    let mut done = 0;
    for payment_id in found {
        let mut tx = core.begin().await?;
        match let_go(&mut tx, core, payment_id).await {
            Ok(is_new) => {
                core.commit(tx).await?;
                done += u64::from(is_new);
            }
            Err(error) => {
                tx.rollback().await?;
                tracing::error!(payment.id = %payment_id, error = format!("{error:#}"), "a payment without a booking stays");
            }
        }
    }
    Ok(done)
}

/// Says whether anything changed. Should bookings know the booking all the same, it is cancelled there free of charge: nothing stands
/// that is not paid for.
async fn let_go(conn: &mut PgConnection, core: &Core, payment_id: PaymentId) -> Result<bool> {
    let Some(before) = payment::lock_by_id(conn, payment_id).await? else { return Ok(false) };
    let (booking_id, version, cause) = (before.booking_id, before.version, before.quote_id.0);
    owed::nothing(conn, core, before, (cause, RefundReason::TooLate)).await?;
    let after = payment::lock_by_id(conn, payment_id).await?;
    let Some(after) = after.filter(|after| after.version > version) else { return Ok(false) };
    let about = About { aggregate: "payment", id: payment_id.to_string(), version: i64::from(after.version) };
    outbox::tell(conn, core, about, &PaymentsEvent::PaymentLapsed { booking_id }).await?;
    let entry = Entry {
        actor: Actor::System("payments.let_go_unbooked"),
        action: "let_go_unbooked_payment",
        resource: booking_id.into(),
        whose: owner::patient(conn, booking_id).await?,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(true)
}
