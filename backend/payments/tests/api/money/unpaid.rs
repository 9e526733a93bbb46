//! Which payments are on the practice's list of what no card was charged for, and what it says of them.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;

use super::{BOOKING, PAYMENT, noted, paid, practice};
use crate::desk::Desk;

/// The visit of yesterday was not paid: there was no money on the account.
const FAILED: &str = "update payments.payment set status = 'failed', captured_cents = 0, collection = 'after_visit', \
                      failure = 'insufficient_funds', repair_until = '2026-11-22T05:00:00Z', \
                      starts_at = '2026-11-20T23:00:00Z', completed_at = '2026-11-21T00:00:00Z'";

/// The deposit is kept for a fee, and its rest was to be charged yesterday.
const OWES: &str = "update payments.payment set collection = 'deposit', captured_cents = 2000, fee_cents = 2000, \
                    fee_kind = 'late_fee', fee_owed_cents = 3000, fee_due_at = '2026-11-20T23:00:00Z'";

async fn change(desk: &Desk, statement: &'static str) {
    sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
}

async fn listed(desk: &Desk) -> Vec<Value> {
    let billing = desk.staff(StaffRole::Billing);
    let (status, page) = desk.send(Method::GET, &practice("/unpaid"), Some(&billing), Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_visit_that_was_not_paid_is_listed_without_what_is_on_somebodys_account() {
    let desk = paid().await;
    assert_eq!(listed(&desk).await, Vec::<Value>::new());
    assert_eq!(noted(&desk, "list_unpaid_payments").await, 0);
    change(&desk, FAILED).await;
    let items = listed(&desk).await;
    assert_eq!(noted(&desk, "list_unpaid_payments").await, 1);
    assert_eq!(items.len(), 1);
    let item = &items[0];
    assert_eq!((&item["payment_id"], &item["booking_id"]), (&json!(PAYMENT), &json!(BOOKING)));
    assert_eq!((&item["purpose"], &item["owed_cents"]), (&json!("visit"), &json!(11_000)));
    assert_eq!((&item["failure"], &item["is_being_paid"]), (&json!("declined"), &json!(false)));
    assert_eq!(item["repair_until"], "2026-11-22T05:00:00Z");
    let visit = json!({"starts_at": "2026-11-20T23:00:00Z", "time_zone": "Australia/Sydney"});
    assert_eq!(item["visit"], visit);
}

#[tokio::test]
async fn a_card_that_says_no_before_a_visit_is_none_and_one_whose_hold_ran_out_is() {
    let desk = paid().await;
    change(&desk, FAILED).await;
    change(&desk, "update payments.payment set starts_at = '2026-11-23T00:00:00Z', completed_at = null")
        .await;
    assert_eq!(listed(&desk).await, Vec::<Value>::new());
    change(
        &desk,
        "update payments.payment set starts_at = '2026-11-20T23:00:00Z', status = 'auth_expired', \
         failure = 'hold_expired', repair_until = '2026-11-21T23:00:00Z'",
    )
    .await;
    let items = listed(&desk).await;
    assert_eq!(items.len(), 1, "{items:?}");
    assert_eq!((&items[0]["failure"], &items[0]["repair_until"]), (&json!("hold_expired"), &Value::Null));
}

#[tokio::test]
async fn a_fee_that_nothing_charges_any_more_is_listed_without_a_card_that_said_no() {
    let desk = paid().await;
    change(&desk, OWES).await;
    let items = listed(&desk).await;
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["purpose"], &items[0]["owed_cents"]), (&json!("late_fee"), &json!(3_000)));
    assert_eq!(items[0]["failure"], Value::Null);
    change(&desk, "update payments.payment set due = 'charge_fee', due_at = fee_due_at").await;
    assert_eq!(listed(&desk).await, Vec::<Value>::new(), "it is about to be charged");
}

#[tokio::test]
async fn only_those_who_look_after_money_read_it_and_a_page_has_fifty() {
    let desk = paid().await;
    change(&desk, FAILED).await;
    let path = practice("/unpaid");
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::GET, &path, Some(&reception), Value::Null).await.0, 403);
    change(
        &desk,
        "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, \
         patient_charge_cents, organization_id, collection, failure, repair_until, starts_at, completed_at, created_at, \
         updated_at) select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'failed', 11000, false, 11000, \
         organization_id, 'after_visit', 'declined', repair_until, starts_at - make_interval(days => number), \
         completed_at, now(), now() from payments.payment, generate_series(1, 50) as number",
    )
    .await;
    let billing = desk.staff(StaffRole::Billing);
    let (_, first) = desk.send(Method::GET, &path, Some(&billing), Value::Null).await;
    assert_eq!(first["items"].as_array().map(Vec::len), Some(50));
    assert_eq!(first["items"][0]["payment_id"], json!(PAYMENT), "the latest visit first");
    let next = format!("{path}?cursor={}", first["next"].as_str().unwrap());
    let (_, second) = desk.send(Method::GET, &next, Some(&billing), Value::Null).await;
    assert_eq!((second["items"].as_array().map(Vec::len), &second["next"]), (Some(1), &Value::Null));
}

#[tokio::test]
async fn a_practice_reads_what_became_of_a_fee_and_each_look_leaves_an_entry() {
    let desk = paid().await;
    change(&desk, OWES).await;
    let billing = desk.staff(StaffRole::Billing);
    let path = practice(&format!("/bookings/{BOOKING}/fee"));
    let (status, fee) = desk.send(Method::GET, &path, Some(&billing), Value::Null).await;
    let expected = json!({
        "booking_id": BOOKING, "charged_cents": 2_000, "taken_at": "2026-11-21T00:00:00Z", "owed_cents": 3_000,
        "charged_at": null, "repair_until": null,
    });
    assert_eq!((status, fee), (200, expected));
    assert_eq!(noted(&desk, "find_fee").await, 1);
    change(&desk, "update payments.payment set due = 'charge_fee', due_at = fee_due_at").await;
    let (_, fee) = desk.send(Method::GET, &path, Some(&billing), Value::Null).await;
    assert_eq!(fee["charged_at"], "2026-11-20T23:00:00Z");
    let unknown = practice(&format!("/bookings/{PAYMENT}/fee"));
    assert_eq!(desk.send(Method::GET, &unknown, Some(&billing), Value::Null).await.0, 404);
    change(&desk, "update payments.payment set organization_id = '00000000-0000-0000-0000-0000000000b2'")
        .await;
    assert_eq!(desk.send(Method::GET, &path, Some(&billing), Value::Null).await.0, 404, "another practice's");
    assert_eq!(noted(&desk, "find_fee").await, 2);
}
