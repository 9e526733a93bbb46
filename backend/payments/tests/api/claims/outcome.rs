//! What Services Australia told staff of a claim of which no report comes.

use axum::http::Method;
use payments::ledger_proof::verify;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{items, kind, no_visit::ready, only_claim, path, post};
use crate::desk::{Desk, PRACTICE};

/// A claim that Medicare took, and of which nobody asks any more.
async fn stopped() -> (Desk, Value) {
    let desk = Desk::open().await;
    ready(&desk).await;
    sqlx::query(
        "update payments.claim set status = 'submitted', medicare_claim_id = 'A0001@', due_at = null",
    )
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let claim = only_claim(&desk).await;
    assert_eq!(claim["stopped"], "other");
    (desk, claim)
}

/// On the day of the visit, which is today.
fn paid(cents: i64, claim: &Value) -> Value {
    json!({
        "told": "paid",
        "payment": {
            "run_date": "2026-11-24",
            "run_number": "0335",
            "deposit_cents": 9_000,
            "benefits": [cents],
        },
        "version": claim["version"],
    })
}

async fn count(desk: &Desk, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&mut desk.world.database.administrator().await).await.unwrap()
}

#[tokio::test]
async fn what_was_paid_is_booked_once_and_the_claim_is_known() {
    let (desk, claim) = stopped().await;
    let (at, body) = (path(&claim, "/outcome"), paid(4_000, &claim));
    let (key, staff) = (Uuid::from_u128(79), desk.staff(StaffRole::Billing));
    let mut replies = Vec::new();
    for _ in 0..2 {
        replies.push(desk.send_with(Method::POST, &at, Some(&staff), body.clone(), key).await);
    }
    assert_eq!((replies[0].0, &replies[0].1), (200, &replies[1].1));
    let after = only_claim(&desk).await;
    let shown = ["status", "benefit_cents", "paid_cents", "stopped"].map(|field| after[field].clone());
    assert_eq!(shown, [json!("reconciled"), json!(4_000), json!(4_000), Value::Null], "{after}");
    assert_eq!(
        (&after["runs"][0]["run_number"], &after["runs"][0]["amount_cents"]),
        (&json!("0335"), &json!(4_000))
    );
    assert_eq!(count(&desk, "select count(*) from payments.posting").await, 2);
    assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
    let (status, refused) = post(&desk, &at, body).await;
    assert_eq!((status, kind(&refused)), (412, "stale-version"));
    let (status, refused) = post(&desk, &at, paid(4_000, &after)).await;
    assert_eq!((status, kind(&refused)), (409, "wrong-state"), "all is known");
    let noted = "select count(*) from payments.audit_entry where action = 'record_outcome'";
    assert_eq!(count(&desk, noted).await, 2, "one for each time that the claim was told");
}

/// One of a service that was rejected at first, and that is on another claim since.
#[tokio::test]
async fn what_is_claimed_again_is_not_booked_as_paid_until_that_claim_is_taken_back() {
    let (desk, _) = stopped().await;
    for statement in [
        "update payments.claim set status = 'assessed_part'",
        "update payments.claim_service set outcome = 'rejected', stands = false",
    ] {
        sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
    }
    let claim = only_claim(&desk).await;
    let wanted = items(&["23"], claim["version"].as_i64().unwrap());
    let (status, again) = post(&desk, &path(&claim, "/relodge"), wanted).await;
    assert_eq!((status, &again["status"]), (201, &json!("ready")), "{again}");
    let (at, body) = (path(&claim, "/outcome"), paid(4_390, &claim));
    let (status, refused) = post(&desk, &at, body.clone()).await;
    assert_eq!((status, kind(&refused)), (409, "already-claimed"), "{refused}");
    assert_eq!(refused["title"], "One of these services was claimed again meanwhile");
    assert_eq!(count(&desk, "select count(*) from payments.posting").await, 0);
    assert_eq!(post(&desk, &path(&again, "/withdraw"), Value::Null).await.0, 200);
    let (status, after) = post(&desk, &at, body).await;
    assert_eq!((status, &after["status"]), (200, &json!("reconciled")), "{after}");
    assert_eq!((&after["paid_cents"], &after["has_unpaid"]), (&json!(4_390), &json!(false)));
    assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
}

#[tokio::test]
async fn what_medicare_never_had_is_taken_back_and_claimed_anew() {
    let (desk, claim) = stopped().await;
    let body = json!({"told": "never_received", "version": claim["version"]});
    let (status, after) = post(&desk, &path(&claim, "/outcome"), body).await;
    assert_eq!((status, &after["status"]), (200, &json!("withdrawn")), "{after}");
    let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
    let (status, case) = post(&desk, &by_hand, items(&["23"], 0)).await;
    assert_eq!((status, &case["claim"]["status"]), (201, &json!("ready")), "{case}");
}

#[tokio::test]
async fn what_is_wrong_is_said_field_by_field_and_only_who_claims_says_it() {
    let (desk, claim) = stopped().await;
    let at = path(&claim, "/outcome");
    let mut tomorrow = paid(4_390, &claim);
    tomorrow["payment"]["run_date"] = json!("2026-11-26");
    let no_run = json!({"told": "paid", "version": claim["version"]});
    for (body, pointer) in [
        (tomorrow, "/payment/run_date"),
        (paid(0, &claim), "/payment/benefits/0"),
        (paid(-1, &claim), "/payment/benefits/0"),
        (no_run, "/payment"),
    ] {
        let (status, body) = post(&desk, &at, body).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
    }
    let (body, reception) = (paid(4_390, &claim), desk.staff(StaffRole::Reception));
    assert_eq!(desk.send(Method::POST, &at, Some(&reception), body.clone()).await.0, 403);
    assert_eq!(desk.send(Method::POST, &at, None, body.clone()).await.0, 401);
    // Medicare is asked still.
    sqlx::query("update payments.claim set due_at = now()").execute(&desk.world.core.pool).await.unwrap();
    let (status, refused) = post(&desk, &at, body).await;
    assert_eq!((status, kind(&refused)), (409, "wrong-state"), "{refused}");
    assert_eq!(count(&desk, "select count(*) from payments.posting").await, 0);
}
