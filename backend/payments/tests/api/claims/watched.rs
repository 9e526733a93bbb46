//! What a practice has to watch: the day until which a visit is claimed, and claims of which no report comes.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;

use super::{assign, completed, items, kind, only_claim, path, post, put};
use crate::desk::{Desk, PRACTICE};

async fn get(desk: &Desk, rest: &str) -> Value {
    let path = format!("/practices/{PRACTICE}/claims{rest}");
    let (status, body) =
        desk.send(Method::GET, &path, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn run(desk: &Desk, statement: &'static str) {
    sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
}

/// The visit is on no claim, and today is 24 November 2026.
#[tokio::test]
async fn visits_on_no_claim_are_watched_and_shown_once_they_have_lapsed() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    assert_eq!(post(&desk, &path(&draft, "/withdraw"), Value::Null).await.0, 200);
    for (day, soon, lapsed) in [
        ("2025-11-24", 1, 0),
        ("2025-12-24", 1, 0),
        ("2025-12-25", 0, 0),
        ("2025-11-23", 0, 1),
        // It was two years then.
        ("2025-09-04", 0, 0),
        ("2024-11-24", 1, 0),
        ("2024-11-23", 0, 1),
    ] {
        sqlx::query("update payments.claimant set service_on = $1::text::date")
            .bind(day)
            .execute(&desk.world.core.pool)
            .await
            .unwrap();
        let totals = get(&desk, "/totals").await;
        assert_eq!(
            (&totals["visits_ending_soon"], &totals["visits_lapsed"]),
            (&json!(soon), &json!(lapsed)),
            "{day}"
        );
        assert_eq!((&totals["ending_soon"], &totals["lapsed"]), (&json!(0), &json!(0)), "{day}");
        let (open, over) = (get(&desk, "/unclaimed").await, get(&desk, "/unclaimed?lapsed=true").await);
        let length = |page: &Value| page["items"].as_array().unwrap().len();
        assert_eq!((length(&open), length(&over)), (1 - lapsed, lapsed), "{day}");
        let shown = if lapsed == 1 { &over } else { &open };
        assert_eq!(shown["items"][0]["lapsed"], json!(lapsed == 1), "{day}");
    }
}

#[tokio::test]
async fn a_claim_past_its_last_day_has_lapsed_and_is_not_soon_to_be_lodged() {
    let desk = Desk::open().await;
    completed(&desk).await;
    for (day, soon, lapsed) in
        [("2026-11-24", 1, 0), ("2026-12-24", 1, 0), ("2026-12-25", 0, 0), ("2026-11-23", 0, 1)]
    {
        sqlx::query("update payments.claim set lodge_until = $1::text::date")
            .bind(day)
            .execute(&desk.world.core.pool)
            .await
            .unwrap();
        let totals = get(&desk, "/totals").await;
        assert_eq!((&totals["ending_soon"], &totals["lapsed"]), (&json!(soon), &json!(lapsed)), "{day}");
        assert_eq!(only_claim(&desk).await["lapsed"], json!(lapsed == 1), "{day}");
    }
    let lapsed = only_claim(&desk).await;
    assert_eq!(post(&desk, &path(&lapsed, "/withdraw"), Value::Null).await.0, 200);
    assert_eq!(only_claim(&desk).await["lapsed"], false, "it was taken back");
    assert_eq!(get(&desk, "/totals").await["lapsed"], 0);
}

#[tokio::test]
async fn a_claim_of_which_no_report_comes_any_more_is_flagged_and_can_be_asked_about_once_more() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    put(&desk, &draft, items(&["23"], 1)).await;
    assign(&desk).await;
    let ask = path(&draft, "/ask");
    let (status, body) = post(&desk, &ask, Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "Medicare does not have it");
    run(&desk, "update payments.claim set status = 'submitted', medicare_claim_id = 'A0001@', due_at = null")
        .await;
    assert_eq!(only_claim(&desk).await["stopped"], "other");
    for (statement, why) in [
        (
            "insert into payments.claim_report (claim_report_id, claim_id, kind, status, sha256, received_at) \
             select gen_random_uuid(), claim_id, 'processing', 'REPORT_EXPIRED', sha256('1'), now() from payments.claim",
            "expired",
        ),
        (
            "insert into payments.claim_report (claim_report_id, claim_id, kind, status, sha256, received_at) \
             select gen_random_uuid(), claim_id, 'payment', 'REPORT_NOT_AVAILABLE', sha256('2'), now() + interval '1 hour' \
             from payments.claim",
            "not_available",
        ),
        (
            "insert into payments.claim_report (claim_report_id, claim_id, kind, status, sha256, received_at) \
             select gen_random_uuid(), claim_id, 'payment', 'REPORT_NOT_FOUND', sha256('3'), now() + interval '2 hours' \
             from payments.claim",
            "not_found",
        ),
    ] {
        run(&desk, statement).await;
        assert_eq!(only_claim(&desk).await["stopped"], why);
    }
    assert_eq!(get(&desk, "/totals").await["stopped"], 1);
    for _ in 0..2 {
        let (status, asked) = post(&desk, &ask, Value::Null).await;
        assert_eq!(
            (status, &asked["status"], &asked["stopped"]),
            (200, &json!("submitted"), &Value::Null),
            "{asked}"
        );
    }
    assert_eq!(get(&desk, "/totals").await["stopped"], 0);
    let due: jiff_sqlx::Timestamp = sqlx::query_scalar("select due_at from payments.claim")
        .fetch_one(&desk.world.core.pool)
        .await
        .unwrap();
    assert_eq!(due.to_jiff(), desk.world.core.now());
    let noted: i64 =
        sqlx::query_scalar("select count(*) from payments.audit_entry where action = 'ask_for_report'")
            .fetch_one(&mut desk.world.database.administrator().await)
            .await
            .unwrap();
    assert_eq!(noted, 2, "one for each time");
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::POST, &ask, Some(&reception), Value::Null).await.0, 403);
}
