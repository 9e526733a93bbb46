//! How a difference ends that waits for somebody, and what the report has of it.

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{desk::Desk, money::administrator};

const COMPARISON: Uuid = Uuid::from_u128(0xF1);
const OTHER: Uuid = Uuid::from_u128(0xF2);
const WAITS: Uuid = Uuid::from_u128(0xF3);
const APPLIED: Uuid = Uuid::from_u128(0xF4);

/// A comparison that found two differences, of which one waits; and another comparison.
async fn compared() -> Desk {
    let desk = Desk::without_number().await;
    for comparison in [COMPARISON, OTHER] {
        sqlx::query(
            "insert into payments.reconciliation (reconciliation_id, status, from_time, until_time, started_at, ended_at) \
             values ($1, 'finished', '2026-11-20T00:00:00Z', '2026-11-22T00:00:00Z', now(), now())",
        )
        .bind(comparison)
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    }
    for (difference, kind, subject, action) in
        [(WAITS, "balance", "platform", "flagged"), (APPLIED, "webhook", "pi_1", "applied")]
    {
        sqlx::query(
            "insert into payments.difference (difference_id, reconciliation_id, kind, subject, ours, theirs, action, \
             found_at) values ($1, $2, $3, $4, '100 cents', '0 cents', $5, '2026-11-22T00:00:00Z')",
        )
        .bind(difference)
        .bind(COMPARISON)
        .bind(kind)
        .bind(subject)
        .bind(action)
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    }
    desk
}

async fn close(desk: &Desk, by: u128, (comparison, difference): (Uuid, Uuid), note: &str) -> (u16, Value) {
    let path = format!("/platform/reconciliations/{comparison}/differences/{difference}/close");
    let admin = administrator(desk, by);
    desk.send(Method::POST, &path, Some(&admin), json!({ "note": note })).await
}

async fn report(desk: &Desk) -> Value {
    let path = format!("/platform/reconciliations/{COMPARISON}");
    let (status, body) = desk.send(Method::GET, &path, Some(&administrator(desk, 0xEE)), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// How often it was written down that somebody closed one.
async fn entries(desk: &Desk) -> i64 {
    sqlx::query_scalar("select count(*) from payments.audit_entry where action = 'close_difference'")
        .fetch_one(&mut desk.world.database.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn one_that_waits_is_closed_once_by_whom_and_when_and_why() {
    let desk = compared().await;
    let (status, closed) = close(&desk, 0xEE, (COMPARISON, WAITS), " Paid out by hand. ").await;
    assert_eq!((status, &closed["action"]), (200, &json!("settled")), "{closed}");
    let by = Uuid::from_u128(0xEE).to_string();
    assert_eq!(closed["closed"]["note"], "Paid out by hand.");
    assert_eq!(closed["closed"]["by"], by.as_str());
    assert_eq!(closed["closed"]["at"], desk.world.core.now().to_string());
    let (status, again) = close(&desk, 0xEF, (COMPARISON, WAITS), "So did I.").await;
    assert_eq!((status, again["type"].as_str()), (409, Some("/problems/wrong-state")));
    let report = report(&desk).await;
    assert_eq!(
        (&report["reconciliation"]["differences"], &report["reconciliation"]["open"]),
        (&json!(2), &json!(0))
    );
    let differences = report["differences"].as_array().unwrap();
    let whole = differences.iter().find(|one| one["difference_id"] == WAITS.to_string()).unwrap();
    assert_eq!(whole, &closed);
    assert_eq!(entries(&desk).await, 1);
}

#[tokio::test]
async fn what_does_not_wait_or_is_not_there_is_not_closed() {
    let desk = compared().await;
    for (which, expected) in [
        ((COMPARISON, APPLIED), (409, "/problems/wrong-state")),
        ((OTHER, WAITS), (404, "/problems/not-found")),
        ((COMPARISON, OTHER), (404, "/problems/not-found")),
    ] {
        let (status, body) = close(&desk, 0xEE, which, "Nothing.").await;
        assert_eq!((status, body["type"].as_str()), (expected.0, Some(expected.1)), "{body}");
    }
    let report = report(&desk).await;
    assert_eq!(report["reconciliation"]["open"], 1);
    assert!(report["differences"].as_array().unwrap().iter().all(|one| one["closed"].is_null()), "{report}");
    assert_eq!(entries(&desk).await, 0);
}

#[tokio::test]
async fn nothing_is_closed_without_a_note_or_with_too_long_a_one() {
    let desk = compared().await;
    for note in [" ", &"x".repeat(1_001)] {
        let (status, body) = close(&desk, 0xEE, (COMPARISON, WAITS), note).await;
        assert_eq!((status, body["errors"][0]["pointer"].as_str()), (422, Some("/note")), "{body}");
    }
    assert_eq!(report(&desk).await["reconciliation"]["open"], 1);
    let (status, _) = close(&desk, 0xEE, (COMPARISON, WAITS), &"x".repeat(1_000)).await;
    assert_eq!(status, 200);
}
