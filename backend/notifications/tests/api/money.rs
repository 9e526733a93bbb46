use kernel::outbox::Envelope;
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, Quote, practice::ChangeReason},
    payments::{
        FailedStep, InvoiceFact, PaymentFailure, PaymentsEvent, RefundFact, RefundReason,
        funding::FundingMode,
        pay::InvoiceKind,
        quote::{Collection, QuoteTerms, TaxCode},
    },
};
use uuid::Uuid;

use crate::{World, appointment, envelope};

/// An appointment for which a card is kept.
pub fn paid(booking: u128) -> AppointmentFact {
    let fact = appointment(booking);
    let terms = QuoteTerms {
        hold_id: Uuid::from_u128(1).into(),
        organization_id: Uuid::from_u128(2).into(),
        appointment_type_id: Uuid::from_u128(3).into(),
        start: fact.start,
        funding: FundingMode::Private,
        collection: Collection::AfterVisit,
        tax_code: TaxCode::FreeHealth,
        total_cents: fact.price_cents,
        deposit_cents: AudCents::ZERO,
        late_fee_cents: AudCents(5_000),
        no_show_fee_cents: AudCents(5_000),
        free_until_hours: 24,
    };
    let quote = Quote {
        quote_id: fact.quote_id,
        booking_id: fact.booking_id,
        fee_cents: fact.price_cents,
        rebate_cents: AudCents::ZERO,
        gap_cents: fact.price_cents,
        expires_at: fact.start,
        terms: Some(terms),
        kid: "k".to_owned(),
        signature: "s".to_owned(),
    };
    AppointmentFact { quote: Some(quote), ..fact }
}

fn refunded(world: &World, booking: u128) -> Envelope {
    let refund = RefundFact {
        refund_id: Uuid::from_u128(1).into(),
        booking_id: Uuid::from_u128(booking).into(),
        amount_cents: AudCents(8_500),
        reason: RefundReason::NotGiven,
    };
    envelope(&world.core, "payments", &PaymentsEvent::RefundMade(refund))
}

pub async fn templates(world: &World) -> Vec<String> {
    world.messages().await.into_iter().map(|(template, _)| template).collect()
}

pub async fn told(world: &World, event: BookingsEvent) {
    world.receive(&envelope(&world.core, "bookings", &event)).await;
    world.core.clock.advance(jiff::SignedDuration::from_secs(1));
}

#[tokio::test]
async fn who_pays_is_written_to_after_it_was_cancelled_and_erased_with_the_booking() {
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    let failed = FailedStep {
        booking_id: paid(1).booking_id,
        failure: PaymentFailure::Declined,
        repair_until: "2026-11-23T00:00:00Z".parse().unwrap(),
        fee: None,
        balance: None,
    };
    world.receive(&envelope(&world.core, "payments", &PaymentsEvent::PaymentStepFailed(failed))).await;
    world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    let status = AppointmentStatus::CancelledByProvider;
    let cancelled = AppointmentFact { sequence: 1, status, manage_token: None, ..paid(1) };
    told(&world, BookingsEvent::AppointmentCancelled(cancelled.clone())).await;
    world.receive(&refunded(&world, 1)).await;
    let expected = ["appointment_confirmed", "payment_failed", "appointment_cancelled", "refund_made"];
    assert_eq!(templates(&world).await, expected);
    // Told of once more, because money came late: one letter is enough.
    told(&world, BookingsEvent::AppointmentCancelled(cancelled)).await;
    assert_eq!(templates(&world).await, expected);
    let booking_id = paid(1).booking_id;
    told(&world, BookingsEvent::BookingDestroyed { booking_id }).await;
    let payers: i64 = sqlx::query_scalar("select count(*) from notifications.payer")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(payers, 0);
}

#[tokio::test]
async fn a_receipt_has_a_letter_and_the_note_of_a_refund_has_the_refunds() {
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    for kind in InvoiceKind::ALL {
        let invoice = InvoiceFact {
            invoice_id: Uuid::from_u128(1).into(),
            kind,
            booking_id: Some(paid(1).booking_id),
            total_cents: AudCents(8_500),
        };
        world.receive(&envelope(&world.core, "payments", &PaymentsEvent::InvoiceIssued(invoice))).await;
        world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    }
    world.receive(&refunded(&world, 1)).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed", "invoice_issued", "refund_made"]);
}

#[tokio::test]
async fn what_is_not_paid_through_us_has_no_letters_about_money() {
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(appointment(1))).await;
    world.receive(&refunded(&world, 1)).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed"]);
}

#[tokio::test]
async fn what_was_never_paid_for_was_never_booked() {
    let world = World::new().await;
    told(&world, BookingsEvent::PaymentAwaited(paid(1))).await;
    let status = AppointmentStatus::Expired;
    let reason = Some(ChangeReason::Other);
    let ended = AppointmentFact { sequence: 1, status, reason, ..paid(1) };
    told(&world, BookingsEvent::AppointmentCancelled(ended)).await;
    assert_eq!(templates(&world).await, [""; 0]);
}

#[tokio::test]
async fn a_card_that_could_not_be_charged_has_words_of_its_own() {
    let world = World::new().await;
    let status = AppointmentStatus::CancelledByAdmin;
    let reason = Some(ChangeReason::Other);
    let lapsed = AppointmentFact { sequence: 1, status, reason, manage_token: None, ..paid(1) };
    told(&world, BookingsEvent::AppointmentCancelled(lapsed)).await;
    world.send().await;
    let sent = world.mail.sent.lock().unwrap();
    let text = &sent[0].content.expose().body_text;
    assert!(text.contains("Your card could not be charged"), "{text}");
}
