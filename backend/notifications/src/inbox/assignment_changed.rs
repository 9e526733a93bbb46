//! A bulk-billed patient is asked for their assignment of benefit, or something became of it that they should know.

use anyhow::bail;
use jiff::SignedDuration;
use shared_types::payments::{AssignmentFact, PaymentsEvent};
use sqlx::PgConnection;

use crate::{
    domain::{assignment, message::Draft, sender::Sender},
    store,
};

/// How long what bookings tells may take to get here.
const BEFORE_WE_HEAR: SignedDuration = SignedDuration::from_secs(5);

/// The letter, where there is something to say and somebody to write to. An enduring assignment has no booking: it is written to whom the
/// patient's latest booking at the practice is.
pub async fn write(
    conn: &mut PgConnection,
    event: &PaymentsEvent,
    sender: &Sender,
    age: SignedDuration,
) -> anyhow::Result<Option<Draft>> {
    let Some(fact) = fact(event) else { return Ok(None) };
    if assignment::is_over(fact.status) {
        ask_no_more(conn, fact).await?;
    }
    let payer = match (fact.booking_id, fact.patient_id) {
        (Some(booking_id), _) => store::payer::find(conn, booking_id).await?,
        (None, Some(patient_id)) => store::payer::latest_of(conn, fact.organization_id, patient_id).await?,
        (None, None) => None,
    };
    match payer {
        Some(payer) => {
            let locale = store::contact::locale(conn, payer.booking_id).await?;
            Ok(assignment::write(&payer, fact, sender, locale)?)
        }
        // Payments may hear of the booking a moment before we do: then this comes again.
        None if fact.booking_id.is_some() && fact.token.is_some() && age < BEFORE_WE_HEAR => {
            bail!("the booking is not known here yet")
        }
        // Who gave the desk no address is asked at the desk.
        None => Ok(None),
    }
}

/// What is not sent of the question goes, and what was sent goes no other way. That for every visit was written about one of the patient's
/// bookings at the practice.
async fn ask_no_more(conn: &mut PgConnection, fact: &AssignmentFact) -> sqlx::Result<()> {
    let (asks, _) = assignment::templates(fact.kind);
    let bookings = match (fact.booking_id, fact.patient_id) {
        (Some(booking_id), _) => vec![booking_id],
        (None, Some(patient_id)) => store::payer::bookings_of(conn, fact.organization_id, patient_id).await?,
        (None, None) => Vec::new(),
    };
    for booking_id in bookings {
        store::message::drop_unsent(conn, booking_id, &[asks]).await?;
    }
    Ok(())
}

fn fact(event: &PaymentsEvent) -> Option<&AssignmentFact> {
    match event {
        PaymentsEvent::AssignmentChanged(fact) => Some(fact),
        PaymentsEvent::PaymentStepCompleted { .. }
        | PaymentsEvent::PaymentStepFailed(_)
        | PaymentsEvent::PaymentLapsed { .. }
        | PaymentsEvent::BookingBulkBilled { .. }
        | PaymentsEvent::PaymentChanged(_)
        | PaymentsEvent::RefundMade(_)
        | PaymentsEvent::RefundFailed(_)
        | PaymentsEvent::ChargeAsked(_)
        | PaymentsEvent::InvoiceIssued(_)
        | PaymentsEvent::ChargebackChanged(_)
        | PaymentsEvent::PayoutChanged(_)
        | PaymentsEvent::PracticeAccountChanged(_)
        | PaymentsEvent::FundingChanged(_)
        | PaymentsEvent::ClaimChanged(_)
        | PaymentsEvent::ErasureAnswered(_) => None,
    }
}
