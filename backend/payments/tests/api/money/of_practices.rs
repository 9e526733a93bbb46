//! A practice's transactions, account, fee and payouts.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{ABN, PAYMENT, REFUND, administrator, half_back, noted, paid, practice};
use crate::desk::PRACTICE;

#[tokio::test]
async fn transactions_have_their_balance_and_are_a_file_too() {
    let desk = paid().await;
    half_back(&desk, REFUND).await;
    let page = {
        let before = noted(&desk, "list_transactions").await;
        let billing = desk.staff(StaffRole::Billing);
        let (status, body) =
            desk.send(Method::GET, &practice("/transactions"), Some(&billing), Value::Null).await;
        assert_eq!(status, 200, "{body}");
        // Once for each booking that is read.
        assert_eq!(noted(&desk, "list_transactions").await, before + 2);
        body
    };
    let items = page["items"].as_array().unwrap();
    let shown: Vec<_> =
        items.iter().map(|item| (item["cause"].as_str().unwrap(), item["net_cents"].as_i64())).collect();
    assert!(
        shown.contains(&("capture", Some(10_450))) && shown.contains(&("refund", Some(-5_225))),
        "{page}"
    );
    assert_eq!(items[0]["balance_cents"], 5_225);
    let visit = json!({"starts_at": "2026-11-20T23:00:00Z", "time_zone": "Australia/Sydney"});
    assert!(items.iter().all(|item| item["visit"] == visit), "{page}");
    let billing = desk.staff(StaffRole::Billing);
    let path = practice("/transactions/csv?from=2026-11-01&until=2026-12-01");
    let (status, file) = desk.send_with(Method::GET, &path, Some(&billing), Value::Null, Uuid::nil()).await;
    assert_eq!(status, 200);
    assert_eq!(file.lines().count(), 3);
    assert!(file.starts_with("when,cause,booking,payment,gross,fee,net,balance,id\n"), "{file}");
    assert!(file.contains(",110.00,5.50,104.50,"), "{file}");
    assert_eq!(noted(&desk, "export_transactions").await, 1);
    let (status, body) =
        desk.send(Method::GET, &practice("/transactions?from=2020-01-01"), Some(&billing), Value::Null).await;
    assert_eq!((status, body["errors"][0]["pointer"].as_str()), (422, Some("until")));
}

#[tokio::test]
async fn only_an_owner_says_what_stands_on_invoices_and_a_wrong_number_is_named() {
    let desk = paid().await;
    let path = practice("/account");
    let account = json!({"legal_name": "", "abn": "51824753557", "gst_registered": true, "version": 1});
    let (status, _) =
        desk.send(Method::PUT, &path, Some(&desk.staff(StaffRole::Manager)), account.clone()).await;
    assert_eq!(status, 403);
    let owner = desk.staff(StaffRole::Owner);
    let (status, body) = desk.send(Method::PUT, &path, Some(&owner), account).await;
    assert_eq!(status, 422);
    let wrong: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(wrong, ["/legal_name", "/abn"]);
    let stale = json!({"legal_name": "Harbour", "abn": ABN, "gst_registered": true, "version": 0});
    let (status, body) = desk.send(Method::PUT, &path, Some(&owner), stale).await;
    assert_eq!((status, body["type"].as_str()), (412, Some("/problems/stale-version")));
    let (status, body) =
        desk.send(Method::GET, &path, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    assert_eq!((status, body["balance_cents"].as_i64()), (200, Some(10_450)));
}

#[tokio::test]
async fn the_fee_of_the_day_and_the_next_one_are_shown() {
    let desk = paid().await;
    sqlx::query(
        "insert into payments.platform_fee (platform_fee_id, organization_id, effective_from, fee_cents, gst_cents) \
         values ($1, null, '2027-01-01', 660, 60)",
    )
    .bind(PAYMENT)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let billing = desk.staff(StaffRole::Billing);
    let (status, body) = desk.send(Method::GET, &practice("/fees"), Some(&billing), Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({"fee_cents": 550, "gst_cents": 50, "effective_from": "2026-11-01", "next": [660, "2027-01-01"]})
    );
}

#[tokio::test]
async fn payouts_are_held_once_with_a_reason_that_the_practice_reads() {
    let desk = paid().await;
    sqlx::query(
        "update payments.practice_account set processor_account = 'acct_1', status = 'ready' where organization_id = $1",
    )
    .bind(PRACTICE.0)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let admin = administrator(&desk, 0xEE);
    let wish = json!({"organization_id": PRACTICE, "reason": "Somebody has to look"});
    let (status, hold) = desk.send(Method::POST, "/platform/payout-holds", Some(&admin), wish.clone()).await;
    assert_eq!(status, 201, "{hold}");
    let (status, body) = desk.send(Method::POST, "/platform/payout-holds", Some(&admin), wish).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/wrong-state")));
    let billing = desk.staff(StaffRole::Billing);
    let (_, account) = desk.send(Method::GET, &practice("/account"), Some(&billing), Value::Null).await;
    assert_eq!(account["payout_hold"], "Somebody has to look");
    let release = format!("/platform/payout-holds/{}/release", hold["payout_hold_id"].as_str().unwrap());
    let (status, body) =
        desk.send(Method::POST, &release, Some(&admin), json!({"reason": "It is in order"})).await;
    assert_eq!((status, body["released"][1].as_str()), (200, Some("It is in order")));
    let asked: Vec<String> =
        sqlx::query_scalar("select operation from payments.processor_call order by created_at, operation")
            .fetch_all(&desk.world.core.pool)
            .await
            .unwrap();
    assert_eq!(asked, ["hold_payouts", "release_payouts"]);
}
