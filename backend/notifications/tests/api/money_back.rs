//! Letters about money where nothing is paid as it was meant to be: a payment that came too late, a fee or the rest of a price that could
//! not be charged.

use jiff::SignedDuration;
use kernel::outbox::Envelope;
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, practice::ChangeReason},
    payments::{
        FailedStep, FeeKind, InvoiceFact, OwedFee, PaymentFact, PaymentFailure, PaymentStatus, PaymentStep,
        PaymentsEvent, RefundFact, RefundReason, pay::InvoiceKind,
    },
};
use uuid::Uuid;

use crate::{
    World, envelope,
    money::{paid, templates, told},
    run,
};

/// Something payments tells, a second after what was told before.
async fn told_by_payments(world: &World, event: PaymentsEvent) {
    world.receive(&envelope(&world.core, "payments", &event)).await;
    world.core.clock.advance(SignedDuration::from_secs(1));
}

/// A card that said no for a fee.
fn fee_failed(failure: PaymentFailure) -> PaymentsEvent {
    PaymentsEvent::PaymentStepFailed(FailedStep {
        booking_id: paid(1).booking_id,
        failure,
        repair_until: "2026-11-25T00:00:00Z".parse().unwrap(),
        fee: Some(OwedFee { kind: FeeKind::Late, cents: AudCents(5_000) }),
        balance: None,
    })
}

/// A card that said no for the rest of a price.
fn balance_failed() -> PaymentsEvent {
    PaymentsEvent::PaymentStepFailed(FailedStep {
        booking_id: paid(1).booking_id,
        failure: PaymentFailure::InsufficientFunds,
        repair_until: "2026-11-25T00:00:00Z".parse().unwrap(),
        fee: None,
        balance: Some(AudCents(1_000)),
    })
}

/// The payment stands there now.
fn stands(status: PaymentStatus) -> PaymentsEvent {
    PaymentsEvent::PaymentChanged(PaymentFact {
        payment_id: Uuid::from_u128(9).into(),
        booking_id: paid(1).booking_id,
        quote_id: paid(1).quote_id,
        status,
        total_cents: paid(1).price_cents,
        captured_cents: AudCents::ZERO,
        refunded_cents: AudCents::ZERO,
        fee_cents: AudCents::ZERO,
        fee_owed_cents: AudCents::ZERO,
    })
}

async fn cancelled_late(world: &World) {
    told(world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    let status = AppointmentStatus::CancelledLate;
    let fact = AppointmentFact { sequence: 1, status, manage_token: None, ..paid(1) };
    told(world, BookingsEvent::AppointmentCancelled(fact)).await;
    send_all(world).await;
}

/// Messages of one booking go out one after the other.
async fn send_all(world: &World) {
    while world.send().await > 0 {}
}

/// How many payers are known, and whose bookings.
async fn known(world: &World) -> (i64, i64) {
    sqlx::query_as(
        "select (select count(*) from notifications.payer), (select count(*) from notifications.booking_owner)",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn who_pays_too_late_is_told_once_that_it_goes_back() {
    let world = World::new().await;
    told(&world, BookingsEvent::PaymentAwaited(paid(1))).await;
    let (status, reason) = (AppointmentStatus::Expired, Some(ChangeReason::Other));
    let ended = AppointmentFact { sequence: 1, status, reason, ..paid(1) };
    told(&world, BookingsEvent::AppointmentCancelled(ended.clone())).await;
    told(&world, BookingsEvent::AppointmentCancelled(ended)).await;
    assert_eq!(templates(&world).await, [""; 0]);
    let refund = RefundFact {
        refund_id: Uuid::from_u128(1).into(),
        booking_id: paid(1).booking_id,
        amount_cents: AudCents(8_500),
        reason: RefundReason::TooLate,
    };
    let refunded = envelope(&world.core, "payments", &PaymentsEvent::RefundMade(refund));
    for _ in 0..2 {
        world.receive(&refunded).await;
    }
    assert_eq!(templates(&world).await, ["refund_made"]);
    send_all(&world).await;
    let sent = world.mail.sent.lock().unwrap();
    assert_eq!((sent.len(), sent[0].recipient.expose()), (1, paid(1).email.expose()));
    let text = &sent[0].content.expose().body_text;
    assert!(
        text.contains("nothing was booked") && text.contains("https://hellomapper.example/search"),
        "{text}"
    );
}

#[tokio::test]
async fn who_had_booked_and_paid_after_it_was_called_off_is_not_told_that_nothing_was_booked() {
    let world = World::new().await;
    told(&world, BookingsEvent::PaymentAwaited(paid(1))).await;
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    let refund = RefundFact {
        refund_id: Uuid::from_u128(1).into(),
        booking_id: paid(1).booking_id,
        amount_cents: AudCents(8_500),
        reason: RefundReason::TooLate,
    };
    told_by_payments(&world, PaymentsEvent::RefundMade(refund)).await;
    send_all(&world).await;
    let sent = world.mail.sent.lock().unwrap();
    let text = &sent[1].content.expose().body_text;
    assert!(text.contains("the appointment did not stand any more"), "{text}");
    assert!(!text.contains("nothing was booked"), "{text}");
}

#[tokio::test]
async fn nothing_else_about_money_is_told_before_it_is_booked() {
    let world = World::new().await;
    let failed = FailedStep {
        booking_id: paid(1).booking_id,
        failure: PaymentFailure::Declined,
        repair_until: "2026-11-23T00:00:00Z".parse().unwrap(),
        fee: None,
        balance: None,
    };
    let invoice = InvoiceFact {
        invoice_id: Uuid::from_u128(1).into(),
        kind: InvoiceKind::TaxInvoice,
        booking_id: Some(paid(1).booking_id),
        total_cents: AudCents(8_500),
    };
    told(&world, BookingsEvent::PaymentAwaited(paid(1))).await;
    told_by_payments(&world, PaymentsEvent::PaymentStepFailed(failed)).await;
    told_by_payments(&world, PaymentsEvent::InvoiceIssued(invoice)).await;
    assert_eq!(templates(&world).await, [""; 0]);
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    // Heard once more, it does not make it unbooked.
    told(&world, BookingsEvent::PaymentAwaited(paid(1))).await;
    told_by_payments(&world, PaymentsEvent::PaymentStepFailed(failed)).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed", "payment_failed"]);
}

#[tokio::test]
async fn who_did_not_book_is_forgotten_after_a_month_and_who_did_is_not() {
    let world = World::new().await;
    let account = Some(Uuid::from_u128(7).into());
    let far = |booking| {
        let fact = paid(booking);
        let start = fact.start + SignedDuration::from_hours(24 * 90);
        AppointmentFact { start, end: start, account_id: account, ..fact }
    };
    told(&world, BookingsEvent::PaymentAwaited(far(1))).await;
    told(&world, BookingsEvent::PaymentAwaited(far(2))).await;
    told(&world, BookingsEvent::AppointmentConfirmed(far(2))).await;
    world.core.clock.advance(SignedDuration::from_hours(24 * 29));
    run(&world.service, "notifications.destroy_expired").await;
    assert_eq!(known(&world).await, (2, 2));
    world.core.clock.advance(SignedDuration::from_hours(24 * 2));
    run(&world.service, "notifications.destroy_expired").await;
    assert_eq!(known(&world).await, (1, 1));
}

#[tokio::test]
async fn a_fee_that_could_not_be_charged_is_told_once_although_the_appointment_is_off() {
    let world = World::new().await;
    cancelled_late(&world).await;
    told_by_payments(&world, fee_failed(PaymentFailure::Declined)).await;
    told_by_payments(&world, fee_failed(PaymentFailure::ExpiredCard)).await;
    let expected = ["appointment_confirmed", "appointment_cancelled", "fee_failed"];
    assert_eq!(templates(&world).await, expected);
    send_all(&world).await;
    let sent = world.mail.sent.lock().unwrap();
    let text = &sent[2].content.expose().body_text;
    for part in
        ["fee for cancelling late", "Your bank said no", "Amount: $50\n", "Another card by: Wednesday 25"]
    {
        assert!(text.contains(part), "{part:?} is missing:\n{text}");
    }
}

#[tokio::test]
async fn a_fee_that_is_paid_or_let_go_is_not_written_about_any_more() {
    for status in [PaymentStatus::Captured, PaymentStatus::Voided] {
        let world = World::new().await;
        cancelled_late(&world).await;
        world.mail.refuse(true);
        told_by_payments(&world, fee_failed(PaymentFailure::Declined)).await;
        send_all(&world).await;
        told_by_payments(&world, stands(PaymentStatus::Failed)).await;
        let waits = ("fee_failed".to_owned(), "queued".to_owned());
        assert_eq!(world.messages().await.last(), Some(&waits), "{status:?}");
        told_by_payments(&world, stands(status)).await;
        let dropped = ("fee_failed".to_owned(), "dropped".to_owned());
        assert_eq!(world.messages().await.last(), Some(&dropped), "{status:?}");
    }
}

#[tokio::test]
async fn a_fee_that_is_settled_already_is_not_told_of_late() {
    let world = World::new().await;
    cancelled_late(&world).await;
    told_by_payments(&world, stands(PaymentStatus::Voided)).await;
    told_by_payments(&world, fee_failed(PaymentFailure::Declined)).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed", "appointment_cancelled"]);
}

/// What payments tells of that version of the payment.
async fn told_of_version(world: &World, version: i64, event: PaymentsEvent) {
    let told = envelope(&world.core, "payments", &event);
    world.receive(&Envelope { aggregate_version: version, ..told }).await;
    world.core.clock.advance(SignedDuration::from_secs(1));
}

/// A deposit leaves nothing to collect; a fee that is more than it does.
#[tokio::test]
async fn the_rest_of_a_fee_after_a_deposit_is_told_of_whatever_is_heard_first_and_not_once_it_is_paid() {
    let deposit = || (2, stands(PaymentStatus::Captured));
    let owed = || {
        let PaymentsEvent::PaymentChanged(fact) = stands(PaymentStatus::Captured) else { unreachable!() };
        (3, PaymentsEvent::PaymentChanged(PaymentFact { fee_owed_cents: AudCents(3_000), ..fact }))
    };
    let declined = || (4, fee_failed(PaymentFailure::Declined));
    let paid = || (5, stands(PaymentStatus::Captured));
    for (heard, is_told) in [
        (vec![deposit(), owed(), declined()], true),
        (vec![deposit(), declined(), owed()], true),
        (vec![deposit(), owed(), paid(), declined()], false),
        (vec![paid(), declined(), deposit(), owed()], false),
    ] {
        let world = World::new().await;
        cancelled_late(&world).await;
        for (version, event) in heard {
            told_of_version(&world, version, event).await;
        }
        let told = templates(&world).await;
        assert_eq!(told.last().is_some_and(|last| last == "fee_failed"), is_told, "{told:?}");
    }
}

#[tokio::test]
async fn whose_money_a_bank_sent_back_is_told_once_what_to_do() {
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    let refund = RefundFact {
        refund_id: Uuid::from_u128(1).into(),
        booking_id: paid(1).booking_id,
        amount_cents: AudCents(8_500),
        reason: RefundReason::Cancelled,
    };
    told_by_payments(&world, PaymentsEvent::RefundMade(refund)).await;
    let failed = envelope(&world.core, "payments", &PaymentsEvent::RefundFailed(refund));
    for _ in 0..2 {
        world.receive(&failed).await;
    }
    assert_eq!(templates(&world).await, ["appointment_confirmed", "refund_made", "refund_failed"]);
    send_all(&world).await;
    let sent = world.mail.sent.lock().unwrap();
    let text = &sent[2].content.expose().body_text;
    for part in ["Amount: $85\n", "It is still owed to you.", "Ask the practice to pay you in another way."] {
        assert!(text.contains(part), "{part:?} is missing:\n{text}");
    }
}

#[tokio::test]
async fn the_rest_of_a_price_that_a_card_said_no_to_is_told_each_time_with_how_to_pay_it() {
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    told_of_version(&world, 2, stands(PaymentStatus::Captured)).await;
    told_of_version(&world, 4, balance_failed()).await;
    // It was asked for anew, and agreed to anew.
    told_of_version(&world, 7, balance_failed()).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed", "balance_failed", "balance_failed"]);
    send_all(&world).await;
    let sent = world.mail.sent.lock().unwrap();
    let content = sent[1].content.expose();
    for part in [
        "rest of the price",
        "There was not enough money",
        "Amount: $10\n",
        "Another card by: Wednesday 25",
        "https://hellomapper.example/account\n",
    ] {
        assert!(content.body_text.contains(part), "{part:?} is missing:\n{}", content.body_text);
    }
    for clinical in ["Physiotherapist", "Initial consultation"] {
        assert!(!content.body_text.contains(clinical) && !content.body_html.contains(clinical), "{clinical}");
    }
}

#[tokio::test]
async fn the_rest_of_a_price_is_not_written_about_any_more_once_it_is_paid_or_not_owed() {
    let completed = || PaymentsEvent::PaymentStepCompleted {
        booking_id: paid(1).booking_id,
        step: PaymentStep::Captured,
    };
    let fee_instead = || {
        let PaymentsEvent::PaymentChanged(fact) = stands(PaymentStatus::Captured) else { unreachable!() };
        PaymentsEvent::PaymentChanged(PaymentFact { fee_owed_cents: AudCents(3_000), ..fact })
    };
    for (version, event, status) in [
        (5, completed(), "dropped"),
        (5, fee_instead(), "dropped"),
        (5, stands(PaymentStatus::Refunded), "dropped"),
        // Part of it went back, and the first money was told of once more: the rest is owed all the same.
        (5, stands(PaymentStatus::PartRefunded), "queued"),
        (2, completed(), "queued"),
    ] {
        let world = World::new().await;
        told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
        send_all(&world).await;
        told_of_version(&world, 2, stands(PaymentStatus::Captured)).await;
        world.mail.refuse(true);
        told_of_version(&world, 4, balance_failed()).await;
        send_all(&world).await;
        told_of_version(&world, version, event.clone()).await;
        let expected = ("balance_failed".to_owned(), status.to_owned());
        assert_eq!(world.messages().await.last(), Some(&expected), "{version} {event:?}");
    }
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(paid(1))).await;
    told_of_version(&world, 5, stands(PaymentStatus::Captured)).await;
    told_of_version(&world, 4, balance_failed()).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed"], "it was paid before that was heard");
}
