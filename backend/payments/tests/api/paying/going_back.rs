//! Money that goes back, and cards that are forgotten: what was never booked, was cancelled or is disputed.

use jiff::SignedDuration;
use processor_sandbox::Faults;
use shared_types::{
    bookings::{
        AppointmentFact, AppointmentStatus, BookingsEvent, DisputeFact,
        dispute::{DisputeParty, DisputeStatus, Instead},
    },
    payments::quote::Collection,
};

use super::till::{GOOD_CARD, Till, balances, processors_charge};
use crate::appointment;

#[tokio::test]
async fn nothing_stays_held_or_taken_for_a_time_that_was_never_booked() {
    for (collection, days, pays, after) in [
        (Collection::AfterVisit, 3, true, "voided"),
        (Collection::AfterVisit, 30, true, "voided"),
        (Collection::Prepaid, 30, true, "refunded"),
        (Collection::Prepaid, 30, false, "voided"),
    ] {
        let till = Till::open().await;
        till.start(&till.quote(collection, days), 1).await;
        if pays {
            till.pay(GOOD_CARD).await;
            till.standing().await;
        }
        assert_eq!(till.run("payments.let_go_unbooked").await, 0, "it may be booked yet");
        till.world.core.clock.advance(SignedDuration::from_hours(3));
        assert_eq!(till.run("payments.let_go_unbooked").await, 0, "bookings' word of it may be on its way");
        till.hear_bookings().await;
        assert_eq!(till.run("payments.let_go_unbooked").await, 1);
        assert_eq!(till.run("payments.let_go_unbooked").await, 0, "once");
        till.work().await;
        assert_eq!(till.standing().await["status"], after);
        let open: i64 = sqlx::query_scalar(
            "select count(*) from payments.intent where status in ('created', 'page_open', 'processing', 'authorised')",
        )
        .fetch_one(&till.world.core.pool)
        .await
        .unwrap();
        assert_eq!(open, 0, "{after}");
        assert_eq!(till.sandbox.charges(), []);
        assert_eq!(balances(&till).await, if after == "refunded" { processors_charge() } else { vec![] });
        assert_eq!(till.acts("let_go_unbooked_payment").await, 1);
    }
}

#[tokio::test]
async fn money_that_comes_after_it_was_let_go_goes_back() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    // Nobody told us of the money until it was let go.
    till.world.core.clock.advance(SignedDuration::from_hours(3));
    till.hear_bookings().await;
    assert_eq!(till.run("payments.let_go_unbooked").await, 1);
    assert_eq!(till.standing().await["status"], "captured");
    while till.run("payments.run_processor_calls").await > 0 {}
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
}

#[tokio::test]
async fn a_charge_whose_reply_was_lost_is_looked_for_once_its_key_is_forgotten() {
    for job in ["payments.run_processor_calls", "payments.recover_intents"] {
        let till = Till::open().await;
        let quote = till.quote(Collection::AfterVisit, 30);
        let fact = till.await_payment(&quote).await;
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        assert_eq!(till.standing().await["status"], "card_saved");
        let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact };
        let told = BookingsEvent::AppointmentChanged(over);
        till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
        till.sandbox.set_faults(Faults { lost_reply_percent: 100, ..Faults::default() });
        till.run("payments.act_on_due").await;
        till.run("payments.run_processor_calls").await;
        assert_eq!(till.sandbox.charges().len(), 1, "it was charged, and nobody was told");
        till.sandbox.set_faults(Faults::default());
        till.world.core.clock.advance(SignedDuration::from_hours(25));
        assert_eq!(till.run(job).await, 1);
        assert_eq!(till.standing().await["status"], "captured", "{job}");
        while till.run("payments.run_processor_calls").await > 0 {}
        assert_eq!(till.sandbox.agreed().len(), 1, "{job}: it was charged once");
    }
}

#[tokio::test]
async fn what_was_booked_stays_paid() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let fact = AppointmentFact { quote: Some(quote), ..appointment(1) };
    let awaited = till.world.envelope("bookings", &BookingsEvent::PaymentAwaited(fact));
    till.world.receive(&awaited).await.unwrap();
    till.world.core.clock.advance(SignedDuration::from_hours(3));
    till.hear_bookings().await;
    assert_eq!(till.run("payments.let_go_unbooked").await, 0);
    assert_eq!(till.standing().await["status"], "captured");
}

#[tokio::test]
async fn a_visit_that_did_not_take_place_after_all_is_paid_back_and_one_that_did_is_not() {
    for (status, decided, after) in [
        (AppointmentStatus::NoShowProvider, DisputeStatus::Upheld, "refunded"),
        (AppointmentStatus::CancelledByProvider, DisputeStatus::Upheld, "refunded"),
        (AppointmentStatus::Completed, DisputeStatus::Rejected, "captured"),
    ] {
        let till = Till::open().await;
        let quote = till.quote(Collection::Prepaid, 30);
        let fact = till.await_payment(&quote).await;
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        till.standing().await;
        let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact.clone() };
        let stands = AppointmentFact { status, ..fact };
        let dispute = DisputeFact {
            dispute_id: uuid::Uuid::from_u128(1).into(),
            opened_by: DisputeParty::Patient,
            answer_by: till.world.core.now(),
            status: decided,
            appointment: stands.clone(),
            late_fee_cents: shared_types::AudCents::ZERO,
            instead: Some(Instead::NobodyThere),
        };
        for event in [
            BookingsEvent::AppointmentChanged(over),
            BookingsEvent::AppointmentChanged(stands),
            BookingsEvent::DisputeDecided(dispute),
        ] {
            till.world.receive(&till.world.envelope("bookings", &event)).await.unwrap();
        }
        while till.run("payments.run_processor_calls").await > 0 {}
        assert_eq!(till.standing().await["status"], after, "{status:?}");
    }
}

#[tokio::test]
async fn what_is_cancelled_in_a_dispute_goes_back_once_it_is_won_days_later_and_nobody_tells() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let charge = till.sandbox.charges().remove(0).0;
    till.control(&format!("charges/{charge}/dispute"), "").await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.standing().await["status"], "disputed");
    let fact = AppointmentFact {
        status: AppointmentStatus::CancelledByProvider,
        quote: Some(quote),
        ..appointment(1)
    };
    let cancelled = BookingsEvent::AppointmentCancelled(fact);
    till.world.receive(&till.world.envelope("bookings", &cancelled)).await.unwrap();
    let dispute = till.read("select processor_dispute from payments.chargeback").await;
    till.control(&format!("disputes/{dispute}/win"), "").await;
    // Longer ago than a night's comparison covers.
    till.world.core.clock.advance(SignedDuration::from_hours(50));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.read("select status from payments.chargeback").await, "won");
    while till.run("payments.run_processor_calls").await > 0 {}
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!(till.sandbox.charges(), []);
    // After two nights without one, the comparison began where the last had ended.
    let gaps = "select count(*)::text from payments.reconciliation later where from_time > \
                (select min(until_time) from payments.reconciliation)";
    assert_eq!(till.read(gaps).await, "0");
}

#[tokio::test]
async fn what_a_bank_had_before_anybody_heard_of_it_goes_back_once_the_dispute_is_won() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let charge = till.sandbox.charges().remove(0).0;
    till.control(&format!("charges/{charge}/dispute"), "").await;
    let status = AppointmentStatus::CancelledByProvider;
    let fact = AppointmentFact { status, quote: Some(quote), ..appointment(1) };
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    while till.run("payments.run_processor_calls").await > 0 {}
    assert_eq!(till.read("select status from payments.refund").await, "failed", "the bank has it");
    let told = "select count(*)::text from payments.outbox where name = 'refund_failed'";
    assert_eq!(till.read(told).await, "0", "the bank decides whether it comes");
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.standing().await["status"], "disputed");
    let dispute = till.read("select processor_dispute from payments.chargeback").await;
    till.control(&format!("disputes/{dispute}/win"), "").await;
    for event in ["evt_1", "evt_2"] {
        assert_eq!(till.tell(event, &dispute, "whsec_sandbox").await, 204);
        while till.run("payments.apply_webhooks").await > 0 {}
        while till.run("payments.run_processor_calls").await > 0 {}
        assert_eq!(till.standing().await["status"], "refunded");
    }
    assert_eq!(till.sandbox.charges(), []);
    assert_eq!(till.sandbox.given_back().len(), 1);
}

#[tokio::test]
async fn a_lost_dispute_corrects_the_invoice_once_however_often_it_is_told_and_a_won_one_never() {
    for (decision, status, documents) in
        [("lose", "lost", "tax_invoice, adjustment_note"), ("win", "won", "tax_invoice")]
    {
        let till = Till::open().await;
        sqlx::query("update payments.practice_account set legal_name = 'Harbour Pty Ltd'")
            .execute(&till.world.core.pool)
            .await
            .unwrap();
        till.start(&till.quote(Collection::Prepaid, 30), 1).await;
        till.pay(GOOD_CARD).await;
        till.standing().await;
        assert_eq!(till.run("payments.issue_invoices").await, 1);
        let charge = till.sandbox.charges().remove(0).0;
        till.control(&format!("charges/{charge}/dispute"), "").await;
        till.world.core.clock.advance(SignedDuration::from_mins(15));
        while till.run("payments.reconcile").await > 0 {}
        assert_eq!(till.run("payments.issue_invoices").await, 0, "nobody has lost it yet");
        let dispute = till.read("select processor_dispute from payments.chargeback").await;
        till.control(&format!("disputes/{dispute}/{decision}"), "").await;
        for event in ["evt_1", "evt_2"] {
            assert_eq!(till.tell(event, &dispute, "whsec_sandbox").await, 204);
            while till.run("payments.apply_webhooks").await > 0 {}
            till.run("payments.issue_invoices").await;
        }
        assert_eq!(till.read("select status from payments.chargeback").await, status);
        let issued = "select string_agg(kind, ', ' order by number) from payments.invoice";
        assert_eq!(till.read(issued).await, documents);
    }
}

#[tokio::test]
async fn a_card_that_was_given_for_one_visit_is_forgotten_with_it() {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    let kept = "select count(*)::text from payments.saved_card where removed_at is null";
    assert_eq!((till.run("payments.forget_cards").await, till.read(kept).await.as_str()), (0, "1"));
    let status = AppointmentStatus::CancelledByProvider;
    let fact = AppointmentFact { status, quote: Some(quote), ..appointment(1) };
    let cancelled = BookingsEvent::AppointmentCancelled(fact);
    till.world.receive(&till.world.envelope("bookings", &cancelled)).await.unwrap();
    assert_eq!(till.run("payments.forget_cards").await, 1);
    assert_eq!((till.run("payments.forget_cards").await, till.read(kept).await.as_str()), (0, "0"));
    while till.run("payments.run_processor_calls").await > 0 {}
    let forgotten = "select status from payments.processor_call where operation = 'detach_card'";
    assert_eq!(till.read(forgotten).await, "done");
}
