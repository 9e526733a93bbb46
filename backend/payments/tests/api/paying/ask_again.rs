//! A practice asks once more for what no card was charged for: the card that is kept is charged what was agreed to, once, or its patient
//! gets another letter and another day.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentStatus, BookingsEvent, FeeWaiver},
};

use super::{
    asked_again::{card_agrees, charged},
    declined_balance::failures,
    not_paid::{over, unpaid},
    staff::Staff,
    till::{GOOD_CARD, Till},
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Its holder took the card away.
const REMOVED: &str = "update payments.saved_card set removed_at = now()";

async fn ask_again(till: &Till, staff: &Staff) -> (u16, Value) {
    let payment = till.read("select payment_id::text from payments.payment").await;
    staff.send(till, Method::POST, &format!("/payments/{payment}/ask-again"), Value::Null).await
}

/// It is not asked for, and why.
async fn is_refused(till: &Till, staff: &Staff, kind: &str) -> Value {
    let (status, problem) = ask_again(till, staff).await;
    assert_eq!((status, &problem["type"]), (409, &json!(format!("/problems/{kind}"))), "{problem}");
    // What is refused lets go of the payment a moment after its answer, and a job passes over what is locked.
    till.read("select payment_id::text from payments.payment for update").await;
    problem["detail"].clone()
}

async fn change(till: &Till, statement: &'static str) {
    sqlx::query(statement).execute(&till.world.core.pool).await.unwrap();
}

/// What no card was charged for, a day after it was to be.
async fn over_for_good(status: AppointmentStatus, fee_cents: i64) -> (Till, Staff) {
    let (till, staff) = over(status, AudCents(fee_cents)).await;
    till.world.core.clock.advance(DAY);
    assert_eq!(unpaid(&till, &staff).await[0]["can_ask_again"], true);
    (till, staff)
}

#[tokio::test]
async fn the_card_that_is_kept_is_charged_what_was_agreed_to_once_however_often_it_is_asked_for() {
    let (till, staff) = over_for_good(AppointmentStatus::Completed, 0).await;
    card_agrees(&till, true).await;
    let (one, other) = tokio::join!(ask_again(&till, &staff), ask_again(&till, &staff));
    let mut both = [one.0, other.0];
    both.sort_unstable();
    assert_eq!(both, [202, 409], "{} {}", one.1, other.1);
    let asked = if one.0 == 202 { one.1 } else { other.1 };
    assert_eq!(asked, json!({"by": "card", "repair_until": null}));
    assert_eq!(till.entries("ask_again_for_payment").await, 1);
    assert_eq!(unpaid(&till, &staff).await, Vec::<Value>::new(), "it is about to be charged");
    assert_eq!(charged(&till).await, Vec::<i64>::new());
    is_refused(&till, &staff, "wrong-state").await;
    till.work().await;
    let standing = till.standing().await;
    let shown = ["status", "paid_cents", "failure"].map(|field| &standing[field]);
    assert_eq!(shown, [&json!("captured"), &json!(11_000), &Value::Null], "{standing}");
    is_refused(&till, &staff, "wrong-state").await;
    till.work().await;
    assert_eq!(charged(&till).await, [11_000]);
    let tries = "select string_agg(number || ' ' || status, ', ' order by number) from payments.intent \
                 where purpose = 'visit' and kind = 'charge'";
    assert_eq!(till.read(tries).await, "1 failed, 2 captured");
}

#[tokio::test]
async fn a_card_that_says_no_once_more_gives_another_letter_and_nobody_is_asked_twice_in_a_day() {
    let (till, staff) = over(AppointmentStatus::Completed, AudCents::ZERO).await;
    let first = is_refused(&till, &staff, "asked-already").await;
    assert!(first.as_str().unwrap().contains("You can ask again in 24 hours."), "{first}");
    assert_eq!(unpaid(&till, &staff).await[0]["can_ask_again"], false);
    till.world.core.clock.advance(DAY);
    assert_eq!(ask_again(&till, &staff).await.0, 202);
    till.work().await;
    let (told, until) = (failures(&till).await, json!(till.world.core.now() + DAY));
    assert_eq!((told.len(), &told[1]["repair_until"]), (2, &until));
    till.world.core.clock.advance(SignedDuration::from_hours(22));
    let second = is_refused(&till, &staff, "asked-already").await;
    assert!(second.as_str().unwrap().contains("You can ask again in 2 hours."), "{second}");
    assert_eq!(till.repair(9).await.0, 201);
    is_refused(&till, &staff, "already-paid").await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    till.work().await;
    assert_eq!(charged(&till).await, [11_000]);
}

#[tokio::test]
async fn where_no_card_is_kept_its_patient_gets_the_letter_again_and_pays_on_the_page() {
    let (till, staff) = over_for_good(AppointmentStatus::Completed, 0).await;
    assert_eq!(till.repair(8).await.0, 409, "the time was over");
    change(&till, REMOVED).await;
    let until = till.world.core.now() + DAY;
    assert_eq!(ask_again(&till, &staff).await, (202, json!({"by": "letter", "repair_until": until})));
    let told = failures(&till).await;
    assert_eq!((told.len(), &told[1]["repair_until"]), (2, &json!(until)));
    is_refused(&till, &staff, "asked-already").await;
    till.work().await;
    assert_eq!(charged(&till).await, Vec::<i64>::new());
    assert_eq!(till.repair(9).await.0, 201);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    assert_eq!(charged(&till).await, [11_000]);
    assert_eq!(failures(&till).await.len(), 2);
}

/// Neither is one that is out of date, nor one whose bank wants to see who pays.
#[tokio::test]
async fn a_card_that_cannot_say_yes_is_not_charged_again() {
    for statement in [
        "update payments.payment set failure = 'authentication_required'",
        "update payments.payment set failure = 'expired_card'",
        "update payments.saved_card set good_until = '2020-01-01'",
    ] {
        let (till, staff) = over_for_good(AppointmentStatus::Completed, 0).await;
        card_agrees(&till, true).await;
        change(&till, statement).await;
        let (status, asked) = ask_again(&till, &staff).await;
        assert_eq!((status, &asked["by"]), (202, &json!("letter")), "{statement}");
        till.work().await;
        assert_eq!(charged(&till).await, Vec::<i64>::new(), "{statement}");
    }
}

#[tokio::test]
async fn a_fee_is_asked_for_as_the_fee_and_not_as_the_price() {
    let (till, staff) = over_for_good(AppointmentStatus::NoShowPatient, 5_000).await;
    card_agrees(&till, true).await;
    let (status, asked) = ask_again(&till, &staff).await;
    assert_eq!((status, &asked["by"]), (202, &json!("card")));
    till.work().await;
    let standing = till.standing().await;
    let amounts = ["paid_cents", "fee_cents", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(amounts, [&json!(5_000), &json!(5_000), &json!(0)], "{standing}");
    assert_eq!(charged(&till).await, [5_000]);
}

#[tokio::test]
async fn nothing_is_charged_beyond_what_was_agreed_to() {
    let (till, staff) = over_for_good(AppointmentStatus::Completed, 0).await;
    card_agrees(&till, true).await;
    change(&till, "update payments.payment set asked_cents = 20000, agreed_cents = 12000").await;
    assert_eq!(ask_again(&till, &staff).await.0, 202);
    till.work().await;
    assert_eq!(charged(&till).await, [1_000, 11_000]);
    assert_eq!(till.standing().await["paid_cents"], 12_000);
}

/// Health Insurance Act 1973 s 20A (C-52).
#[tokio::test]
async fn what_is_bulk_billed_or_about_to_be_is_asked_for_from_nobody() {
    let (till, staff) = over_for_good(AppointmentStatus::Completed, 0).await;
    card_agrees(&till, true).await;
    change(&till, "update payments.payment set bulk_bill_asked_at = now()").await;
    assert_eq!(unpaid(&till, &staff).await[0]["can_ask_again"], false);
    is_refused(&till, &staff, "wrong-state").await;
    for _ in ["it is let go", "it is bulk billed"] {
        till.run("payments.finish_bulk_billing").await;
    }
    assert_eq!(till.read("select bulk_billed::text from payments.payment").await, "true");
    is_refused(&till, &staff, "bulk-billed").await;
    till.work().await;
    assert_eq!((charged(&till).await, failures(&till).await.len()), (Vec::new(), 1));
}

#[tokio::test]
async fn a_fee_that_was_waived_is_asked_for_from_nobody() {
    let (till, staff) = over_for_good(AppointmentStatus::NoShowPatient, 5_000).await;
    card_agrees(&till, true).await;
    assert_eq!(ask_again(&till, &staff).await.0, 202);
    let booking = till.read("select booking_id::text from payments.payment").await;
    let waived =
        BookingsEvent::LateFeeWaived { booking_id: booking.parse().unwrap(), waived_by: FeeWaiver::Practice };
    till.world.receive(&till.world.envelope("bookings", &waived)).await.unwrap();
    is_refused(&till, &staff, "wrong-state").await;
    till.work().await;
    assert_eq!(charged(&till).await, Vec::<i64>::new());
}
