//! How an administrator finds a payment, and what they see of it.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::bookings::{AppointmentFact, AppointmentStatus, BookingsEvent};
use uuid::Uuid;

use super::{BOOKING, PAYMENT, REFUND, administrator, half_back, issue, paid};
use crate::{
    appointment,
    desk::{Desk, PRACTICE},
};

async fn search(desk: &Desk, wanted: &Value) -> (u16, Value) {
    let admin = administrator(desk, 0xEE);
    desk.send(Method::POST, "/platform/payments/search", Some(&admin), wanted.clone()).await
}

/// The payments that are found, and where the list goes on.
async fn found(desk: &Desk, wanted: &Value) -> (Vec<String>, Option<String>) {
    let (status, body) = search(desk, wanted).await;
    assert_eq!(status, 200, "{wanted}: {body}");
    let items = body["items"].as_array().unwrap();
    let ids = items.iter().map(|one| one["payment_id"].as_str().unwrap().to_owned()).collect();
    (ids, body["next"].as_str().map(str::to_owned))
}

/// A bank asks about $10 of the payment.
async fn disputed(desk: &Desk) {
    sqlx::query(
        "insert into payments.chargeback (chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, \
         opened_at, updated_at) values ($1, $1, 'dp_1', 1000, 'general', 'needs_response', now(), now())",
    )
    .bind(PAYMENT)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_payment_is_found_by_each_thing_that_is_known_of_it_and_by_no_other() {
    let desk = paid().await;
    issue(&desk).await;
    half_back(&desk, REFUND).await;
    let known = "update payments.refund set processor_refund = 're_1' where payment_id = $1";
    sqlx::query(known).bind(PAYMENT).execute(&desk.world.core.pool).await.unwrap();
    disputed(&desk).await;
    for wanted in [
        json!({"by": "booking", "booking_id": BOOKING}),
        json!({"by": "receipt", "organization_id": PRACTICE, "number": 1}),
        json!({"by": "object", "object": " ch_1 "}),
        json!({"by": "object", "object": "re_1"}),
        json!({"by": "object", "object": "dp_1"}),
        // Its visit begins at ten in the morning of the next day, in Sydney.
        json!({"by": "day", "organization_id": PRACTICE, "day": "2026-11-21"}),
    ] {
        assert_eq!(found(&desk, &wanted).await, (vec![PAYMENT.to_string()], None), "{wanted}");
    }
    for wanted in [
        json!({"by": "booking", "booking_id": PAYMENT}),
        json!({"by": "receipt", "organization_id": BOOKING, "number": 1}),
        json!({"by": "receipt", "organization_id": PRACTICE, "number": 99}),
        json!({"by": "object", "object": "ch_"}),
        json!({"by": "day", "organization_id": PRACTICE, "day": "2026-11-20"}),
        json!({"by": "day", "organization_id": BOOKING, "day": "2026-11-21"}),
    ] {
        assert_eq!(found(&desk, &wanted).await, (Vec::new(), None), "{wanted}");
    }
}

#[tokio::test]
async fn what_is_no_number_and_no_name_is_refused() {
    let desk = paid().await;
    for (wanted, pointer) in [
        (json!({"by": "receipt", "organization_id": PRACTICE, "number": 0}), "/number"),
        (json!({"by": "object", "object": " "}), "/object"),
        (json!({"by": "object", "object": "x".repeat(256)}), "/object"),
        (json!({"by": "object", "object": "a\0b"}), "/object"),
        (json!({"by": "day", "organization_id": PRACTICE, "day": "-009999-01-01"}), "/day"),
    ] {
        let (status, body) = search(&desk, &wanted).await;
        assert_eq!((status, body["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{body}");
    }
}

#[tokio::test]
async fn a_day_with_more_than_one_page_goes_on_where_it_ended() {
    let desk = paid().await;
    sqlx::query(
        "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, organization_id, \
         starts_at, created_at, updated_at) \
         select id, id, id, 'not_required', 100, false, $1, '2026-11-25T00:00:00Z', now(), now() \
         from generate_series(1, 60) n, lateral (select lpad(to_hex(n), 32, '0')::uuid as id) named",
    )
    .bind(PRACTICE.0)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let numbers = |range: std::ops::RangeInclusive<u128>| {
        range.map(|n| Uuid::from_u128(n).to_string()).collect::<Vec<_>>()
    };
    let day = json!({"by": "day", "organization_id": PRACTICE, "day": "2026-11-25"});
    let (first, next) = found(&desk, &day).await;
    assert_eq!(first, numbers(1..=50));
    let mut further = day.clone();
    further["after"] = json!(next.unwrap());
    assert_eq!(found(&desk, &further).await, (numbers(51..=60), None));
}

#[tokio::test]
async fn a_payment_is_shown_with_its_tries_refunds_and_disputes() {
    let desk = paid().await;
    half_back(&desk, REFUND).await;
    disputed(&desk).await;
    let path = format!("/platform/payments/{PAYMENT}");
    let (status, body) = desk.send(Method::GET, &path, Some(&administrator(&desk, 0xEE)), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["legal_name"], "Harbour Pty Ltd");
    assert_eq!(body["starts_at"], "2026-11-20T23:00:00Z");
    assert_eq!((&body["intents"][0]["amount_cents"], &body["intents"][1]), (&json!(11_000), &Value::Null));
    assert_eq!((&body["refunds"][0]["refund_id"], &body["refunds"][1]), (&json!(REFUND), &Value::Null));
    assert_eq!(
        (&body["chargebacks"][0]["reason"], &body["chargebacks"][1]),
        (&json!("general"), &Value::Null)
    );
}

#[tokio::test]
async fn what_is_known_of_a_disputed_charge_is_proposed_without_what_the_visit_was() {
    let desk = paid().await;
    issue(&desk).await;
    disputed(&desk).await;
    let path = format!("/platform/chargebacks/{PAYMENT}");
    let (status, body) = desk.send(Method::GET, &path, Some(&administrator(&desk, 0xEE)), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let known = &body["known"];
    assert_eq!(known["service_date"], "2026-11-21");
    assert!(known["history"].as_str().unwrap().starts_with("Receipt 1 for $110 was issued on "), "{known}");
    // No quote was kept, so nobody can say what policy was shown.
    assert_eq!((&known["policy"], &known["agreed_at"]), (&Value::Null, &Value::Null));
    for words in ["massage", "Kim Lee", "Ada"] {
        assert!(!known.to_string().contains(words), "{known}");
    }
    assert!(body["evidence"]["history"].is_null(), "nothing is to be sent yet: {body}");
}

#[tokio::test]
async fn that_a_visit_took_place_is_proposed_only_where_somebody_noted_it_and_nothing_has_contradicted_it() {
    let desk = paid().await;
    disputed(&desk).await;
    for (change, is_said) in [
        (
            "with visit as (update payments.billed_visit set over_at = '2026-11-21T00:00:00Z' \
                 where booking_id = (select booking_id from payments.payment where payment_id = $1)) \
             update payments.payment set starts_at = '2026-11-20T23:00:00Z' where payment_id = $1",
            true,
        ),
        // While a bank has the money it became known that the visit was none.
        (
            "update payments.payment set after_dispute = \
             '{\"owed\": \"nothing\", \"cause\": \"00000000-0000-0000-0000-000000000001\", \"reason\": \"mistake\"}' \
             where payment_id = $1",
            false,
        ),
        // Fourteen hours after its start a visit that nobody marked counts as having taken place.
        (
            "with visit as (update payments.billed_visit set over_at = '2026-11-21T13:00:00Z' \
                 where booking_id = (select booking_id from payments.payment where payment_id = $1)) \
             update payments.payment set after_dispute = null where payment_id = $1",
            false,
        ),
    ] {
        sqlx::query(change).bind(PAYMENT).execute(&desk.world.core.pool).await.unwrap();
        let path = format!("/platform/chargebacks/{PAYMENT}");
        let admin = administrator(&desk, 0xEE);
        let (status, body) = desk.send(Method::GET, &path, Some(&admin), Value::Null).await;
        assert_eq!(status, 200, "{body}");
        let said = "The visit was noted as having taken place on Saturday 21 November 2026.";
        assert_eq!(body["known"].to_string().contains(said), is_said, "{change}: {body}");
        assert_eq!(body["known"].to_string().contains("noted"), is_said, "{change}: {body}");
    }
}

/// Whether what is proposed says on which day the visit was noted as having taken place, after bookings has told where it stands.
async fn said_after(desk: &Desk, status: AppointmentStatus) -> Option<String> {
    let fact = AppointmentFact { booking_id: BOOKING.into(), status, ..appointment(1) };
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    let path = format!("/platform/chargebacks/{PAYMENT}");
    let (code, body) = desk.send(Method::GET, &path, Some(&administrator(desk, 0xEE)), Value::Null).await;
    assert_eq!(code, 200, "{body}");
    let history = body["known"]["history"].as_str()?;
    history.lines().find(|line| line.contains("noted")).map(str::to_owned)
}

/// All that was booked of the payment, and what goes on with it.
async fn money(desk: &Desk) -> Value {
    sqlx::query_scalar(
        "select jsonb_build_object('payment', (select to_jsonb(payment) - array['version', 'updated_at'] \
             from payments.payment), 'entries', (select count(*) from payments.posting), \
             'refunds', (select count(*) from payments.refund), 'calls', (select count(*) from payments.processor_call))",
    )
    .fetch_one(&desk.world.core.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_visit_that_was_taken_back_is_said_to_have_taken_place_no_more_until_it_is_over_again() {
    let desk = paid().await;
    disputed(&desk).await;
    let starts = "update payments.payment set starts_at = '2026-11-21T23:30:00Z' where payment_id = $1";
    sqlx::query(starts).bind(PAYMENT).execute(&desk.world.core.pool).await.unwrap();
    assert_eq!(said_after(&desk, AppointmentStatus::CheckedIn).await, None, "it is not over yet");
    let sunday = "The visit was noted as having taken place on Sunday 22 November 2026.";
    assert_eq!(said_after(&desk, AppointmentStatus::Completed).await.as_deref(), Some(sunday));
    let before = money(&desk).await;
    assert_eq!(said_after(&desk, AppointmentStatus::CheckedIn).await, None, "the practice took it back");
    assert_eq!(money(&desk).await, before, "taking it back moves no money by itself");
    assert_eq!(said_after(&desk, AppointmentStatus::InConsult).await, None);
    desk.world.core.clock.advance(SignedDuration::from_hours(13));
    let monday = "The visit was noted as having taken place on Monday 23 November 2026.";
    assert_eq!(
        said_after(&desk, AppointmentStatus::Completed).await.as_deref(),
        Some(monday),
        "the day of what was taken back is said nowhere"
    );
    // Told once more, such as after a dispute, it was over when it was said first.
    desk.world.core.clock.advance(SignedDuration::from_hours(30));
    assert_eq!(said_after(&desk, AppointmentStatus::Completed).await.as_deref(), Some(monday));
}
