//! What is sent twice under one key, because its reply was lost, is done once and answered the same.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use crate::{
    claims::{assign, at_the_channel, completed, items, only_claim, put},
    desk::{Desk, PRACTICE},
    money::{administrator, paid},
};

const THING: Uuid = Uuid::from_u128(0xD5);

/// Something that is sent.
struct Act<'a> {
    operation: &'static str,
    path: String,
    /// As whom.
    cookie: Option<&'a str>,
    body: Value,
    status: u16,
    /// Counts what it leaves.
    effect: &'static str,
    /// What the same under a key of its own gets, and how much more it leaves.
    anew: (u16, i64),
}

async fn count(desk: &Desk, effect: &'static str) -> i64 {
    sqlx::query_scalar(effect).fetch_one(&mut desk.world.database.administrator().await).await.unwrap()
}

async fn is_done_once(desk: &Desk, act: Act<'_>) {
    let Act { operation, path, cookie, body, status, effect, anew } = act;
    let send = async |key: Uuid| desk.send_with(Method::POST, &path, cookie, body.clone(), key).await;
    let (key, other): (Uuid, Uuid) = (desk.world.core.id(), desk.world.core.id());
    let before = count(desk, effect).await;
    let first = send(key).await;
    assert_eq!(first.0, status, "{operation}: {}", first.1);
    assert_eq!(count(desk, effect).await, before + 1, "{operation}");
    desk.world.core.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(send(key).await, first, "{operation}");
    assert_eq!(count(desk, effect).await, before + 1, "{operation} again");
    let (status, text) = send(other).await;
    assert_eq!(status, anew.0, "{operation} under another key: {text}");
    assert_eq!(count(desk, effect).await, before + 1 + anew.1, "{operation} under another key");
}

#[tokio::test]
async fn what_administrators_do_about_money_is_done_once_under_a_key() {
    let desk = paid().await;
    for statement in [
        "insert into payments.chargeback (chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, \
         opened_at, updated_at) select $1, payment_id, 'dp_1', 1000, 'general', 'needs_response', now(), now() \
         from payments.payment where organization_id = $2",
        "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, note, status, \
         requested_as, requested_by, created_at, updated_at) select $1, payment_id, intent_id, $1, 1000, 'goodwill', \
         'A late start', 'awaiting_approval', 'platform', '00000000-0000-0000-0000-0000000000ee', now(), now() \
         from payments.intent join payments.payment using (payment_id) where organization_id = $2",
        "insert into payments.payout_hold (payout_hold_id, organization_id, reason, held_by, held_at) \
         values ($1, $2, 'Somebody has to look', $1, now())",
        "insert into payments.reconciliation (reconciliation_id, status, from_time, until_time, started_at, ended_at) \
         select $1, 'finished', '2026-11-20T00:00:00Z', '2026-11-22T00:00:00Z', now(), now() where $2::uuid is not null",
        "insert into payments.difference (difference_id, reconciliation_id, kind, subject, ours, theirs, action, \
         found_at) select $1, $1, 'balance', 'platform', '100 cents', '0 cents', 'flagged', now() \
         where $2::uuid is not null",
    ] {
        sqlx::query(statement).bind(THING).bind(PRACTICE.0).execute(&desk.world.core.pool).await.unwrap();
    }
    let administrator = administrator(&desk, 0xEF);
    for (operation, path, body, effect) in [
        (
            "decide_refund",
            format!("refunds/{THING}/decide"),
            json!({"approve": true, "amount_cents": 1_000}),
            "select count(*) from payments.processor_call where operation = 'refund'",
        ),
        (
            "submit_evidence",
            format!("chargebacks/{THING}/submit"),
            Value::Null,
            "select count(*) from payments.processor_call where operation = 'submit_evidence'",
        ),
        (
            "release_payouts",
            format!("payout-holds/{THING}/release"),
            json!({"reason": "It is in order"}),
            "select count(*) from payments.processor_call where operation = 'release_payouts'",
        ),
        (
            "close_difference",
            format!("reconciliations/{THING}/differences/{THING}/close"),
            json!({"note": "Paid out by hand."}),
            "select count(*) from payments.audit_entry where action = 'close_difference'",
        ),
    ] {
        let (path, cookie) = (format!("/platform/{path}"), Some(administrator.as_str()));
        let act = Act { operation, path, cookie, body, status: 200, effect, anew: (409, 0) };
        is_done_once(&desk, act).await;
    }
}

#[tokio::test]
async fn what_is_done_about_claims_and_agreements_is_done_once_under_a_key() {
    let desk = at_the_channel().await;
    desk.book(2).await;
    let token = desk.tokens().await.remove(0);
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    assert_eq!(put(&desk, &draft, items(&["23"], 1)).await.0, 200);
    assign(&desk).await;
    let (agreed, offered) = (desk.assignments(1).await.remove(0), desk.assignments(2).await.remove(0));
    let (ada, billing) = (desk.ada(), desk.staff(StaffRole::Billing));
    let (ada, billing) = (Some(ada.as_str()), Some(billing.as_str()));
    let named = |what: &Value, id: &str| what[id].as_str().unwrap().to_owned();
    let practice = format!("/practices/{PRACTICE}");
    let points = |family: &str| json!({"token": token, "family_name": family, "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    for act in [
        Act {
            operation: "open_assignment",
            path: "/assignments/open".to_owned(),
            cookie: None,
            body: points("Example"),
            status: 200,
            effect: "select count(*) from payments.assignment where proved_at is not null",
            anew: (200, 0),
        },
        Act {
            operation: "open_assignment",
            path: "/assignments/open".to_owned(),
            cookie: None,
            body: points("Other"),
            status: 403,
            effect: "select sum(wrong_proofs) from payments.assignment",
            anew: (403, 1),
        },
        Act {
            operation: "verify_claimant",
            path: format!("{practice}/bookings/{}/verification", Uuid::from_u128(1)),
            cookie: billing,
            body: json!({"kind": "medicare"}),
            status: 200,
            effect: "select count(*) from payments.verification",
            anew: (200, 1),
        },
        Act {
            operation: "withdraw_claim",
            path: format!("{practice}/claims/{}/withdraw", named(&draft, "claim_id")),
            cookie: billing,
            body: Value::Null,
            status: 200,
            effect: "select count(*) from payments.claim_transition where to_status = 'withdrawn'",
            anew: (200, 0),
        },
        Act {
            operation: "withdraw_assignment",
            path: format!("/assignments/{}/withdraw", named(&agreed, "assignment_id")),
            cookie: ada,
            body: Value::Null,
            status: 200,
            effect: "select count(*) from payments.assignment_transition where to_status = 'withdrawn'",
            anew: (409, 0),
        },
        Act {
            operation: "void_assignment",
            path: format!("{practice}/assignments/{}/void", named(&offered, "assignment_id")),
            cookie: billing,
            body: Value::Null,
            status: 200,
            effect: "select count(*) from payments.assignment_transition where to_status = 'void'",
            anew: (409, 0),
        },
    ] {
        is_done_once(&desk, act).await;
    }
}

#[tokio::test]
async fn a_report_is_asked_for_once_under_a_key() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    assert_eq!(put(&desk, &draft, items(&["23"], 1)).await.0, 200);
    assign(&desk).await;
    let billing = desk.staff(StaffRole::Billing);
    let path = format!("/practices/{PRACTICE}/claims/{}/ask", draft["claim_id"].as_str().unwrap());
    let (one, other) = (Uuid::from_u128(80), Uuid::from_u128(81));
    for (key, expected) in [(one, 1), (one, 0), (other, 1)] {
        // Nobody asks for it any more.
        sqlx::query(
            "update payments.claim set status = 'submitted', medicare_claim_id = 'A0001@', due_at = null",
        )
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
        let (status, text) = desk.send_with(Method::POST, &path, Some(&billing), Value::Null, key).await;
        assert_eq!(status, 200, "{text}");
        let asked = count(&desk, "select count(*) from payments.claim where due_at is not null").await;
        assert_eq!(asked, expected, "{key}");
    }
}
