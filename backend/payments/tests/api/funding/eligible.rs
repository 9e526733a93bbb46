//! What a practice that bulk bills every eligible service has to answer, and how its types stand from which day on.

use axum::http::Method;
use payments::mbs::{List, load_list};
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{TYPE, attest, bulk_billed, make_eligible, path, private, put};
use crate::desk::{Desk, PRACTICE};

/// What was told before eligibility was is told once more.
const TOLD_ONCE_MORE: &str =
    include_str!("../../../../../migrations/payments/20261203104100_tell_funding.sql");

/// A price that names no item.
fn unnamed(cohort: &str) -> Value {
    let mut rule = private(cohort);
    rule["item_numbers"] = json!([]);
    rule
}

async fn put_no_item(desk: &Desk, rules: Vec<Value>, version: i32) -> (u16, Value) {
    let cookie = desk.staff(StaffRole::Billing);
    let body = json!({"rules": rules, "no_item": true, "version": version});
    desk.send(Method::PUT, &path(), Some(&cookie), body).await
}

/// How the type stands, as the practice's page reads it.
async fn standing(desk: &Desk) -> Value {
    let path = format!("/practices/{PRACTICE}/bulk-billing");
    let cookie = desk.staff(StaffRole::Billing);
    let (status, body) = desk.send(Method::GET, &path, Some(&cookie), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body["types"][0].clone()
}

/// What was told of the type last.
async fn told(desk: &Desk) -> Value {
    let told = desk.world.told().await;
    let of_type = |body: &&Value| body["appointment_type_id"] == json!(TYPE);
    told.iter().rev().find(of_type).unwrap().clone()
}

fn from(day: &str, eligibility: &str) -> Value {
    json!({"from": day, "eligibility": eligibility})
}

async fn load_eligible(desk: &Desk, rows: &str) {
    let list = format!("item_number,effective_from,effective_until,incentive_kind,source\n{rows}");
    load_list(&desk.world.core, List::EligibleItems, list.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn a_price_without_items_is_answered_for_where_everything_is_bulk_billed() {
    let desk = Desk::without_number().await;
    assert_eq!(attest(&desk, StaffRole::Owner, true, 0).await.0, 200);
    let (status, body) = put(&desk, vec![unnamed("anyone")], 0).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/no_item")), "{body}");
    let (status, body) = put_no_item(&desk, vec![unnamed("anyone")], 0).await;
    let said = json!({"at": desk.world.core.now(), "by": Uuid::from_u128(8)});
    assert_eq!((status, &body["no_item"]), (200, &said), "{body}");
    let cookie = desk.staff(StaffRole::Billing);
    let (_, found) = desk.send(Method::GET, &path(), Some(&cookie), Value::Null).await;
    assert_eq!(found["no_item"], said);
    let standing = standing(&desk).await;
    assert_eq!((&standing["charges"], &standing["no_item"]), (&json!(true), &said));
    assert_eq!(standing["days"], json!([from("2026-11-22", "no_item")]));
    assert_eq!(told(&desk).await["eligibility"], standing["days"]);
}

#[tokio::test]
async fn where_no_item_applies_none_is_named_and_a_type_needs_no_rule_to_say_so() {
    let desk = Desk::without_number().await;
    let (status, body) = put_no_item(&desk, vec![private("anyone")], 0).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/rules/0/item_numbers")), "{body}");
    assert_eq!(put_no_item(&desk, Vec::new(), 0).await.0, 200);
    assert_eq!(told(&desk).await["eligibility"], json!([from("2026-11-22", "no_item")]));
    assert_eq!(standing(&desk).await["charges"], Value::Null, "its own price counts");
    // Said no more, it is unanswered again.
    assert_eq!(put(&desk, Vec::new(), 1).await.1["no_item"], Value::Null);
    assert_eq!(told(&desk).await["eligibility"], json!([from("2026-11-22", "unanswered")]));
}

#[tokio::test]
async fn a_practice_that_begins_to_bulk_bill_everything_reads_what_is_unanswered() {
    let desk = Desk::without_number().await;
    assert_eq!(put(&desk, vec![unnamed("anyone")], 0).await.0, 200);
    let before = desk.world.told().await.len();
    let (status, body) = attest(&desk, StaffRole::Owner, true, 0).await;
    assert_eq!((status, &body["types"][0]["charges"]), (200, &json!(true)), "{body}");
    assert_eq!(body["types"][0]["days"], json!([from("2026-11-22", "unanswered")]));
    // How its types stand is told before that prices go by it.
    let after = desk.world.told().await.split_off(before);
    assert_eq!(after[0]["eligibility"], body["types"][0]["days"]);
    assert_eq!(after.last().unwrap()["bulk_bills_everything"], json!(true));
}

#[tokio::test]
async fn no_rule_escapes_by_naming_fewer_items_than_another() {
    let desk = Desk::without_number().await;
    make_eligible(&desk).await;
    assert_eq!(put(&desk, vec![bulk_billed("concession"), unnamed("anyone")], 0).await.0, 200);
    let (status, body) = attest(&desk, StaffRole::Owner, true, 0).await;
    assert_eq!((status, &body["type"]), (409, &json!("/problems/bulk-bills-everything")));
    let mut veterans = unnamed("anyone");
    veterans["mode"] = json!("veterans");
    assert_eq!(put(&desk, vec![bulk_billed("concession"), veterans], 1).await.0, 200);
    assert_eq!(attest(&desk, StaffRole::Owner, true, 0).await.0, 409, "a fee is a fee by any name");
}

#[tokio::test]
async fn another_list_is_told_to_whoever_wrote_a_rule_before_it() {
    let desk = Desk::without_number().await;
    assert_eq!(put(&desk, vec![private("anyone")], 0).await.0, 200);
    assert_eq!(attest(&desk, StaffRole::Owner, true, 0).await.0, 200);
    assert_eq!(told(&desk).await["eligibility"], json!([from("2026-11-22", "not_eligible")]));
    load_eligible(&desk, "23,2027-01-01,2027-07-01,triple,a test\n").await;
    let days = json!([
        from("2026-11-22", "not_eligible"),
        from("2027-01-01", "eligible"),
        from("2027-07-01", "not_eligible"),
    ]);
    let fact = told(&desk).await;
    assert_eq!((&fact["version"], &fact["eligibility"]), (&json!(2), &days));
    assert_eq!(standing(&desk).await["days"], days);
    // The same list changes nothing; one without the item does.
    let before = desk.world.told().await.len();
    load_eligible(&desk, "23,2027-01-01,2027-07-01,triple,another source\n").await;
    assert_eq!(desk.world.told().await.len(), before);
    load_eligible(&desk, "").await;
    assert_eq!(told(&desk).await["eligibility"], json!([from("2026-11-22", "not_eligible")]));
}

#[tokio::test]
async fn an_item_that_ends_answers_nothing_afterwards() {
    let desk = Desk::without_number().await;
    make_eligible(&desk).await;
    sqlx::query("update payments.fee_item set effective_until = '2027-01-01' where item_number = '23'")
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    assert_eq!(put(&desk, vec![private("anyone")], 0).await.0, 200);
    let days = json!([from("2026-11-22", "eligible"), from("2027-01-01", "unanswered")]);
    assert_eq!(told(&desk).await["eligibility"], days);
}

/// The migration's own statement marks what an older build told of.
#[tokio::test]
async fn a_practice_that_said_so_before_need_not_say_it_again_for_its_types_to_be_told() {
    let desk = Desk::without_number().await;
    let job = desk.world.service.jobs.iter().find(|job| job.name == "payments.tell_funding").unwrap();
    let marks = TOLD_ONCE_MORE.split(';').map(str::trim).find(|part| part.starts_with("update ")).unwrap();
    let mark = || async { sqlx::query(marks).execute(&desk.world.core.pool).await.unwrap().rows_affected() };
    assert_eq!(put(&desk, vec![private("anyone")], 0).await.0, 200);
    assert_eq!((mark().await, job.run_once().await.unwrap()), (0, 0), "nothing goes by it there");
    assert_eq!(attest(&desk, StaffRole::Owner, true, 0).await.0, 200);
    let before = desk.world.told().await.len();
    assert_eq!((mark().await, job.run_once().await.unwrap()), (1, 1));
    let after = desk.world.told().await.split_off(before);
    assert_eq!(after.len(), 1, "{after:?}");
    let told = ["appointment_type_id", "version", "eligibility"].map(|field| &after[0][field]);
    let days = json!([from("2026-11-22", "not_eligible")]);
    assert_eq!(told, [&json!(TYPE), &json!(1), &days]);
    assert_eq!(job.run_once().await.unwrap(), 0, "once");
}
