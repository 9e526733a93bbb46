//! Who pays for an appointment type, as a practice says it.

mod eligible;

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use crate::desk::{Desk, PRACTICE};

const TYPE: Uuid = Uuid::from_u128(0xE1);

fn path() -> String {
    format!("/practices/{PRACTICE}/funding/{TYPE}")
}

fn private(cohort: &str) -> Value {
    json!({"cohort": cohort, "mode": "private", "item_numbers": ["23"], "fee_cents": 8500, "collection": "after_visit",
        "deposit_cents": 0, "no_show_fee_cents": 4000, "tax_code": "free_medical"})
}

fn bulk_billed(cohort: &str) -> Value {
    json!({"cohort": cohort, "mode": "bulk_billed", "item_numbers": ["23"], "fee_cents": 0, "collection": "at_practice",
        "deposit_cents": 0, "no_show_fee_cents": 0, "tax_code": "free_medical"})
}

async fn put(desk: &Desk, rules: Vec<Value>, version: i32) -> (u16, Value) {
    let cookie = desk.staff(StaffRole::Billing);
    desk.send(Method::PUT, &path(), Some(&cookie), json!({"rules": rules, "version": version})).await
}

async fn attest(desk: &Desk, role: StaffRole, everything: bool, version: i32) -> (u16, Value) {
    let path = format!("/practices/{PRACTICE}/bulk-billing");
    let body = json!({"everything": everything, "version": version});
    desk.send(Method::PUT, &path, Some(&desk.staff(role)), body).await
}

async fn make_eligible(desk: &Desk) {
    sqlx::query(
        "insert into payments.eligible_item (item_number, effective_from, incentive_kind, source) \
         values ('23', '2025-11-01', 'triple', 'a test')",
    )
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn rules_are_told_with_what_is_paid_back() {
    let desk = Desk::without_number().await;
    let cookie = desk.staff(StaffRole::Manager);
    let (status, none) = desk.send(Method::GET, &path(), Some(&cookie), Value::Null).await;
    assert_eq!((status, &none["version"]), (200, &json!(0)));
    let (status, body) = put(&desk, vec![bulk_billed("concession"), private("anyone")], 0).await;
    assert_eq!((status, &body["version"]), (200, &json!(1)), "{body}");
    let told = desk.world.told().await;
    let fact = told.last().unwrap();
    assert_eq!(fact["organization_id"], json!(PRACTICE));
    assert_eq!(fact["rules"][0]["rebates"], json!([]));
    assert_eq!(fact["rules"][1]["rebates"], json!([["2026-11-22", 4390]]));
    let (_, found) = desk.send(Method::GET, &path(), Some(&cookie), Value::Null).await;
    assert_eq!(found, body);
    assert_eq!(put(&desk, Vec::new(), 0).await.1["type"], "/problems/stale-version");
}

#[tokio::test]
async fn what_is_bulk_billed_cannot_cost_anything() {
    let desk = Desk::without_number().await;
    for (field, value) in
        [("fee_cents", json!(1)), ("no_show_fee_cents", json!(1)), ("collection", json!("prepaid"))]
    {
        let mut rule = bulk_billed("medicare");
        rule[field] = value;
        let (status, body) = put(&desk, vec![rule], 0).await;
        assert_eq!((status, &body["type"]), (422, &json!("/problems/invalid")), "{field}: {body}");
    }
    let refused = sqlx::query(
        "with made as (insert into payments.funding (organization_id, appointment_type_id, version, updated_at) \
             values ($1, $1, 1, now())) \
         insert into payments.funding_rule (funding_rule_id, organization_id, appointment_type_id, cohort, mode, \
             item_numbers, fee_cents, collection, deposit_cents, no_show_fee_cents, tax_code) \
         values ($1, $1, $1, 'anyone', 'bulk_billed', array['23'], 1, 'at_practice', 0, 0, 'free_medical')",
    )
    .bind(TYPE)
    .execute(&desk.world.core.pool)
    .await
    .unwrap_err();
    let constraint = refused.as_database_error().unwrap().constraint().unwrap().to_owned();
    assert_eq!(constraint, "funding_rule_bulk_billed_is_uncharged");
}

#[tokio::test]
async fn an_item_that_is_not_in_force_cannot_be_named() {
    let desk = Desk::without_number().await;
    let mut rule = private("anyone");
    rule["item_numbers"] = json!(["23", "44"]);
    let (status, body) = put(&desk, vec![rule], 0).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/rules/0/item_numbers/1")), "{body}");
}

#[tokio::test]
async fn who_bulk_bills_everything_charges_nobody_with_a_card_for_an_eligible_item() {
    let desk = Desk::without_number().await;
    make_eligible(&desk).await;
    assert_eq!(put(&desk, vec![private("anyone")], 0).await.0, 200);
    assert_eq!(attest(&desk, StaffRole::Billing, true, 0).await.1["type"], "/problems/not-allowed");
    let (status, body) = attest(&desk, StaffRole::Owner, true, 0).await;
    assert_eq!((status, &body["type"]), (409, &json!("/problems/bulk-bills-everything")));
    assert_eq!(put(&desk, vec![bulk_billed("medicare"), private("anyone")], 1).await.0, 200);
    let (status, body) = attest(&desk, StaffRole::Owner, true, 0).await;
    assert_eq!((status, &body["attested_at"]), (200, &json!(desk.world.core.now())), "{body}");
    let (status, body) = put(&desk, vec![private("concession"), bulk_billed("medicare")], 2).await;
    assert_eq!((status, &body["type"]), (409, &json!("/problems/bulk-bills-everything")));
    assert_eq!(attest(&desk, StaffRole::Owner, false, 0).await.0, 412);
    assert_eq!(attest(&desk, StaffRole::Manager, false, 1).await.1["attested_at"], Value::Null);
    assert_eq!(put(&desk, vec![private("concession")], 2).await.0, 200);
}

#[tokio::test]
async fn another_practices_rules_are_its_own() {
    let desk = Desk::without_number().await;
    put(&desk, vec![private("anyone")], 0).await;
    let other = format!("/practices/{}/funding/{TYPE}", Uuid::from_u128(0xB2));
    let cookie = desk.staff(StaffRole::Owner);
    assert_eq!(desk.send(Method::GET, &other, Some(&cookie), Value::Null).await.0, 404);
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::GET, &path(), Some(&reception), Value::Null).await.0, 403);
    assert_eq!(desk.send(Method::GET, &path(), None, Value::Null).await.0, 401);
}
