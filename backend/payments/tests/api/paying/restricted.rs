//! A practice that the processor lets collect nothing until it has said more: what is due waits, and goes on by itself.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till},
};

/// The practice has to say more, or has said it. The processor tells us where it is told to.
async fn practice_is(till: &Till, act: &str, told: Option<&str>) {
    let account = till.read("select processor_account from payments.practice_account").await;
    till.control(&format!("accounts/{account}/{act}"), "").await;
    if let Some(event) = told {
        assert_eq!(till.tell(event, &account, "whsec_sandbox").await, 204);
        while till.run("payments.apply_webhooks").await > 0 {}
    }
}

/// A visit in a month whose card is kept.
async fn card_saved() -> (Till, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    (till, fact)
}

/// The visit is over, so its money is due.
async fn over(till: &Till, fact: &AppointmentFact) {
    let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact.clone() };
    let told = BookingsEvent::AppointmentChanged(over);
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
}

/// What the practice reads on its page: how far it is, what is asked of it, and how many payments wait.
async fn account(till: &Till, staff: &Staff) -> Value {
    let (status, body) = staff.send(till, Method::GET, "/account", Value::Null).await;
    assert_eq!(status, 200, "{body}");
    json!([body["status"], body["asked"], body["waiting_payments"]])
}

#[tokio::test]
async fn what_is_due_waits_for_a_practice_that_has_to_say_more_and_goes_on_once_it_has() {
    let (till, fact) = card_saved().await;
    let staff = Staff::at(&till).await;
    assert_eq!(account(&till, &staff).await, json!(["ready", [], 0]));
    practice_is(&till, "restrict", Some("evt_1")).await;
    let told = till.world.told().await;
    assert!(told.iter().any(|body| body["status"] == "started"), "bookings offers no card payment: {told:?}");
    over(&till, &fact).await;
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["failure"]), (&json!("card_saved"), &Value::Null));
    assert_eq!(account(&till, &staff).await, json!(["started", ["representative"], 1]));
    practice_is(&till, "onboard", Some("evt_2")).await;
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    assert_eq!(account(&till, &staff).await, json!(["ready", [], 0]));
}

#[tokio::test]
async fn what_is_refused_because_of_the_practice_says_nothing_of_the_card_and_is_charged_once_later() {
    let (till, fact) = card_saved().await;
    let staff = Staff::at(&till).await;
    over(&till, &fact).await;
    till.run("payments.act_on_due").await;
    // Nobody has told us when the card is charged.
    practice_is(&till, "restrict", None).await;
    for _ in 0..3 {
        till.work().await;
        till.run("payments.recover_intents").await;
        let standing = till.standing().await;
        assert_eq!((&standing["status"], &standing["failure"]), (&json!("card_saved"), &Value::Null));
        till.world.core.clock.advance(SignedDuration::from_hours(20));
    }
    assert_eq!(account(&till, &staff).await, json!(["started", ["representative"], 1]));
    let tried = "select attempts::text from payments.processor_call where operation = 'charge'";
    assert_eq!(till.read(tried).await, "1", "it is not asked for again and again");
    let failures = "select count(*)::text from payments.outbox where name = 'payment_step_failed'";
    assert_eq!(till.read(failures).await, "0");
    practice_is(&till, "onboard", Some("evt_1")).await;
    till.run("payments.recover_intents").await;
    till.work().await;
    assert_eq!(till.standing().await["status"], "captured");
    assert_eq!(till.sandbox.agreed().len(), 1);
}

#[tokio::test]
async fn nobody_begins_to_pay_a_practice_that_may_not_collect_and_refunds_still_go() {
    let till = Till::open().await;
    practice_is(&till, "restrict", Some("evt_1")).await;
    let quote = till.quote(Collection::Prepaid, 30);
    let (status, problem) = till.start(&quote, 1).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/practice-not-ready")), "{problem}");
    practice_is(&till, "onboard", Some("evt_2")).await;
    assert_eq!(till.start(&quote, 2).await.0, 201);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    practice_is(&till, "restrict", Some("evt_3")).await;
    let staff = Staff::at(&till).await;
    let (status, body) = staff.refund(&till, 11_000).await;
    assert_eq!(status, 201, "{body}");
    till.work().await;
    assert_eq!(till.standing().await["status"], "refunded");
}

#[tokio::test]
async fn what_waits_goes_on_also_when_the_processors_word_of_it_was_lost() {
    let (till, fact) = card_saved().await;
    practice_is(&till, "restrict", Some("evt_1")).await;
    over(&till, &fact).await;
    practice_is(&till, "onboard", None).await;
    till.work().await;
    assert_eq!(till.standing().await["status"], "card_saved");
    till.world.core.clock.advance(SignedDuration::from_hours(25));
    while till.run("payments.reconcile").await > 0 {}
    till.work().await;
    assert_eq!(till.standing().await["status"], "captured");
}

#[tokio::test]
async fn what_is_held_is_taken_before_it_is_let_go_for_the_visit_or_for_a_fee() {
    for (status, cents) in [(AppointmentStatus::Completed, 11_000), (AppointmentStatus::NoShowPatient, 5_000)]
    {
        let till = Till::open().await;
        let quote = till.quote(Collection::AfterVisit, 3);
        let fact = till.await_payment(&quote).await;
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        assert_eq!(till.standing().await["status"], "authorised");
        practice_is(&till, "restrict", Some("evt_1")).await;
        let fact = AppointmentFact { status, late_fee_cents: AudCents(5_000), ..fact };
        let told = BookingsEvent::AppointmentChanged(fact);
        till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
        till.work().await;
        let standing = till.standing().await;
        assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(cents)));
        let staff = Staff::at(&till).await;
        assert_eq!(account(&till, &staff).await, json!(["started", ["representative"], 0]));
    }
}

#[tokio::test]
async fn a_fee_is_kept_of_what_was_taken_and_no_card_is_charged_for_more() {
    for (collection, kept, owed) in [(Collection::Prepaid, 5_000, 0), (Collection::Deposit, 2_000, 3_000)] {
        let till = Till::open().await;
        let quote = till.quote(collection, 3);
        let fact = till.await_payment(&quote).await;
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        assert_eq!(till.standing().await["status"], "captured");
        practice_is(&till, "restrict", Some("evt_1")).await;
        let status = AppointmentStatus::NoShowPatient;
        let fact = AppointmentFact { status, late_fee_cents: AudCents(5_000), ..fact };
        let told = BookingsEvent::AppointmentChanged(fact);
        till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
        till.work().await;
        let fees = async || {
            let standing = till.standing().await;
            ["fee_cents", "fee_owed_cents"].map(|field| standing[field].clone())
        };
        assert_eq!(fees().await, [json!(kept), json!(owed)], "{collection:?}");
        assert_eq!(till.sandbox.agreed().len(), 1, "{collection:?}: only what was paid at first");
        practice_is(&till, "onboard", Some("evt_2")).await;
        till.work().await;
        assert_eq!(fees().await, [json!(5_000), json!(0)], "{collection:?}");
    }
}
