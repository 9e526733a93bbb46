//! What Medicare paid to the practice's bank, for which claims, and what it took back out of a later run.

use axum::http::Method;
use payments::ledger_proof::verify;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus},
    users::StaffRole,
};
use uuid::Uuid;

use super::{
    items, kind,
    no_visit::{Found, at_medicare, ready, was_none},
    only_claim, path, post,
};
use crate::desk::{Desk, PRACTICE};

/// The run that paid the claim.
const PAID: Uuid = Uuid::from_u128(7);
/// A later one, which brings 7.55 less than its claims.
const LATER: Uuid = Uuid::from_u128(8);
/// Another practice's.
const OTHERS: Uuid = Uuid::from_u128(9);

async fn get(desk: &Desk, rest: &str) -> (u16, Value) {
    let path = format!("/practices/{PRACTICE}/claims{rest}");
    desk.send(Method::GET, &path, Some(&desk.staff(StaffRole::Billing)), Value::Null).await
}

async fn count(desk: &Desk, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&mut desk.world.database.administrator().await).await.unwrap()
}

/// A claim that a run has paid, as its reports book it, and two runs more.
async fn paid() -> (Desk, AppointmentFact) {
    let desk = Desk::open().await;
    let (fact, _) = ready(&desk).await;
    at_medicare(&desk, "reconciled", 4_390, 4_390).await;
    sqlx::query(
        "with account as ( \
             insert into payments.account (ledger_account_id, kind, organization_id, created_at) values \
             (gen_random_uuid(), 'medicare_due', $1, now()), (gen_random_uuid(), 'medicare_paid', $1, now()) \
             returning ledger_account_id, kind \
         ), posting as ( \
             insert into payments.posting (posting_id, cause, cause_id, booking_id, organization_id, occurred_at, created_at) \
             select gen_random_uuid(), 'claim_paid', claim_id, booking_id, $1, now(), now() from payments.claim \
             returning posting_id \
         ), entry as ( \
             insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
             select posting_id, (row_number() over (order by kind))::smallint, ledger_account_id, \
                 case kind when 'medicare_paid' then 4390 else -4390 end from posting, account \
         ), run as ( \
             insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
                 matched_cents, reconciled_at, created_at) values \
             ($2, $1, '0007', '2026-11-26', 4390, 4390, now(), now()), ($3, $1, '0008', '2026-11-28', 9245, 10000, null, now()), \
             ($4, gen_random_uuid(), '0009', '2026-11-28', 100, 0, null, now()) \
             returning medicare_payment_id \
         ) \
         insert into payments.medicare_payment_part (medicare_payment_part_id, medicare_payment_id, claim_id, kind, \
             amount_cents, posting_id, recorded_at) \
         select $2, medicare_payment_id, claim_id, 'paid', 4390, posting_id, now() \
         from run, posting, payments.claim where medicare_payment_id = $2",
    )
    .bind(PRACTICE.0)
    .bind(PAID)
    .bind(LATER)
    .bind(OTHERS)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    (desk, fact)
}

fn taken(run: Uuid, cents: i64, claim: &Value) -> Value {
    json!({"medicare_payment_id": run, "amount_cents": cents, "version": claim["version"]})
}

/// What was booked for what was taken back: which accounts, and how much.
async fn booked(desk: &Desk) -> Vec<(String, i64)> {
    sqlx::query_as(
        "select account.kind, entry.amount_cents from payments.posting join payments.entry using (posting_id) \
         join payments.account using (ledger_account_id) where posting.cause = 'claim_adjusted' \
         and posting.booking_id is not null and account.organization_id = posting.organization_id order by account.kind",
    )
    .fetch_all(&desk.world.core.pool)
    .await
    .unwrap()
}

/// The later run: what of it is matched, what is not, and what was taken back.
async fn later(desk: &Desk) -> (i64, i64, i64, bool) {
    let (_, page) = get(desk, "/payment-runs").await;
    let runs = page["items"].as_array().unwrap();
    let run = runs.iter().find(|run| run["medicare_payment_id"] == json!(LATER)).unwrap();
    let cents = |field: &str| run[field].as_i64().unwrap();
    (cents("matched_cents"), cents("unmatched_cents"), cents("offset_cents"), !run["reconciled_at"].is_null())
}

#[tokio::test]
async fn what_medicare_paid_is_read_with_what_is_of_no_claim() {
    let desk = Desk::open().await;
    assert_eq!(get(&desk, "/payment-runs").await.1["items"], json!([]));
    sqlx::query(
        "insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
         masked_account, matched_cents, reconciled_at, created_at) values \
         ($2, $1, '0007', '2026-11-20', 4390, '***123', 4390, '2026-11-21T00:00:00Z', now()), \
         ($3, $1, '0008', '2026-11-22', 10000, null, 4390, null, now()), \
         ($4, gen_random_uuid(), '0009', '2026-11-23', 1, null, 0, null, now())",
    )
    .bind(PRACTICE.0)
    .bind(PAID)
    .bind(LATER)
    .bind(OTHERS)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let (_, page) = get(&desk, "/payment-runs").await;
    let expected = json!([
        {"medicare_payment_id": LATER, "run_date": "2026-11-22", "run_number": "0008", "deposit_cents": 10000,
            "masked_account": null, "matched_cents": 4390, "unmatched_cents": 5610, "offset_cents": 0,
            "reconciled_at": null},
        {"medicare_payment_id": PAID, "run_date": "2026-11-20", "run_number": "0007", "deposit_cents": 4390,
            "masked_account": "***123", "matched_cents": 4390, "unmatched_cents": 0, "offset_cents": 0,
            "reconciled_at": "2026-11-21T00:00:00Z"},
    ]);
    assert_eq!((&page["items"], &page["next"]), (&expected, &Value::Null));
    sqlx::query(
        "insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
         created_at) select gen_random_uuid(), organization_id, 'more-' || number, '2026-10-01', 100, now() \
         from payments.medicare_payment, generate_series(1, 49) as number where run_number = '0007'",
    )
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let (_, page) = get(&desk, "/payment-runs").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 50);
    let (_, rest) = get(&desk, &format!("/payment-runs?cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null), "{rest}");
    let runs = format!("/practices/{PRACTICE}/claims/payment-runs");
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::GET, &runs, Some(&reception), Value::Null).await.0, 403);
    assert_eq!(get(&desk, "/payment-runs?cursor=yesterday").await.0, 422);
}

#[tokio::test]
async fn a_run_names_the_claims_that_it_pays() {
    let (desk, _) = paid().await;
    let claim = only_claim(&desk).await;
    let (status, page) = get(&desk, &format!("/payment-runs/{PAID}/claims")).await;
    let part = json!({
        "claim_id": claim["claim_id"],
        "medicare_claim_id": "A0001@",
        "patient_name": "Ada Example",
        "service_date": "2026-11-24",
        "kind": "paid",
        "claimed_cents": 4_390,
        "amount_cents": 4_390,
    });
    assert_eq!((status, &page["items"], &page["next"]), (200, &json!([part]), &Value::Null), "{page}");
    let noted =
        "select count(*) from payments.audit_entry where action = 'list_run_claims' and outcome = 'allowed'";
    assert_eq!(count(&desk, noted).await, 1);
    assert_eq!(get(&desk, &format!("/payment-runs/{LATER}/claims")).await.1["items"], json!([]));
    for unknown in [OTHERS, Uuid::from_u128(5)] {
        assert_eq!(get(&desk, &format!("/payment-runs/{unknown}/claims")).await.0, 404);
    }
    assert_eq!(get(&desk, &format!("/payment-runs/{PAID}/claims?cursor=yesterday")).await.0, 422);
    let here = format!("/practices/{PRACTICE}/claims/payment-runs/{PAID}/claims");
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::GET, &here, Some(&reception), Value::Null).await.0, 403);
    assert_eq!(desk.send(Method::GET, &here, None, Value::Null).await.0, 401);
    assert_eq!(count(&desk, noted).await, 1, "nobody was named to anybody else");
}

#[tokio::test]
async fn what_was_taken_back_out_of_a_later_run_is_booked_once_and_shown_on_both() {
    let (desk, _) = paid().await;
    assert_eq!(later(&desk).await, (10_000, -755, 0, false));
    let claim = only_claim(&desk).await;
    let (at, body) = (path(&claim, "/offset"), taken(LATER, 755, &claim));
    let (key, staff) = (Uuid::from_u128(78), desk.staff(StaffRole::Billing));
    let mut replies = Vec::new();
    for _ in 0..2 {
        replies.push(desk.send_with(Method::POST, &at, Some(&staff), body.clone(), key).await);
    }
    assert_eq!((replies[0].0, &replies[0].1), (200, &replies[1].1));
    let after = only_claim(&desk).await;
    assert_eq!((&after["status"], &after["paid_cents"]), (&json!("reconciled"), &json!(3_635)), "{after}");
    let runs = json!([
        {"medicare_payment_id": PAID, "run_date": "2026-11-26", "run_number": "0007", "kind": "paid",
            "amount_cents": 4_390},
        {"medicare_payment_id": LATER, "run_date": "2026-11-28", "run_number": "0008", "kind": "offset",
            "amount_cents": -755},
    ]);
    assert_eq!(after["runs"], runs);
    let (_, page) = get(&desk, &format!("/payment-runs/{LATER}/claims")).await;
    assert_eq!(
        (&page["items"][0]["kind"], &page["items"][0]["amount_cents"]),
        (&json!("offset"), &json!(-755))
    );
    assert_eq!(later(&desk).await, (9_245, 0, 755, true));
    let reversed = [("medicare_benefits".to_owned(), 755), ("medicare_paid".to_owned(), -755)];
    assert_eq!(booked(&desk).await, reversed);
    assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
    let (_, case) = get(&desk, &format!("/{}", claim["claim_id"].as_str().unwrap())).await;
    let steps = (&case["history"][0]["status"], &case["history"][1]["status"]);
    assert_eq!(steps, (&json!("reconciled"), &json!("adjustment")), "{case}");
    let (status, refused) = post(&desk, &at, body).await;
    assert_eq!((status, kind(&refused)), (412, "stale-version"));
    let (status, refused) = post(&desk, &at, taken(LATER, 755, &after)).await;
    assert_eq!((status, kind(&refused)), (409, "wrong-state"), "it is said of this run");
    assert_eq!(booked(&desk).await, reversed);
    let noted = "select count(*) from payments.audit_entry where action = 'record_offset'";
    assert_eq!(count(&desk, noted).await, 2, "one for each time that the claim was told");
}

#[tokio::test]
async fn a_claim_of_which_all_was_taken_back_is_paid_nothing_and_can_be_claimed_again() {
    let (desk, _) = paid().await;
    let claim = only_claim(&desk).await;
    let (status, after) = post(&desk, &path(&claim, "/offset"), taken(LATER, 4_390, &claim)).await;
    assert_eq!((status, &after["status"]), (200, &json!("adjustment")), "{after}");
    assert_eq!((&after["benefit_cents"], &after["paid_cents"]), (&json!(0), &json!(0)));
    assert_eq!(later(&desk).await, (5_610, 3_635, 4_390, false), "something else is in it");
    assert_eq!((&claim["has_unpaid"], &after["has_unpaid"]), (&json!(false), &json!(true)));
    let wanted = items(&["23"], after["version"].as_i64().unwrap());
    let (status, again) = post(&desk, &path(&claim, "/relodge"), wanted).await;
    assert_eq!((status, &again["status"]), (201, &json!("ready")), "{again}");
    assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
}

#[tokio::test]
async fn only_what_was_paid_is_taken_back_and_only_out_of_a_later_run() {
    let (desk, _) = paid().await;
    let claim = only_claim(&desk).await;
    let at = path(&claim, "/offset");
    for (run, cents, pointer) in [
        (PAID, 755, "/medicare_payment_id"),
        (OTHERS, 755, "/medicare_payment_id"),
        (LATER, 0, "/amount_cents"),
        (LATER, -755, "/amount_cents"),
        (LATER, 4_391, "/amount_cents"),
    ] {
        let (status, body) = post(&desk, &at, taken(run, cents, &claim)).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(pointer)), "{cents}: {body}");
    }
    let (body, reception) = (taken(LATER, 755, &claim), desk.staff(StaffRole::Reception));
    assert_eq!(desk.send(Method::POST, &at, Some(&reception), body.clone()).await.0, 403);
    assert_eq!(desk.send(Method::POST, &at, None, body.clone()).await.0, 401);
    for (stands, benefit, paid) in [("assessed_paid", 4_390, 0), ("adjustment", 0, 0), ("submitted", 0, 0)] {
        at_medicare(&desk, stands, benefit, paid).await;
        let (status, refused) = post(&desk, &at, body.clone()).await;
        assert_eq!((status, kind(&refused)), (409, "wrong-state"), "{stands}");
    }
    assert_eq!(booked(&desk).await, []);
    assert_eq!(later(&desk).await, (10_000, -755, 0, false));
}

/// Staff said before that Medicare took it: the ledger has it, and the run is found for it.
#[tokio::test]
async fn what_was_said_to_be_taken_for_no_visit_is_found_in_a_run_and_not_booked_again() {
    let (desk, fact) = paid().await;
    was_none(&desk, &fact, AppointmentStatus::EnteredInError, Found::Said).await;
    let claim = only_claim(&desk).await;
    let said = json!({
        "way": "taken_by_medicare",
        "returned_on": "2026-11-24",
        "reason": "Letter of 24 November",
        "version": claim["version"],
    });
    let (status, after) = post(&desk, &path(&claim, "/return"), said).await;
    assert_eq!(status, 200, "{after}");
    let at = path(&claim, "/offset");
    let (status, body) = post(&desk, &at, taken(LATER, 755, &after)).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/amount_cents")), "{body}");
    let (status, found) = post(&desk, &at, taken(LATER, 4_390, &after)).await;
    assert_eq!((status, &found["runs"][1]["amount_cents"]), (200, &json!(-4_390)), "{found}");
    assert_eq!(booked(&desk).await.len(), 2, "one posting, of two entries");
    assert_eq!(later(&desk).await, (5_610, 3_635, 4_390, false));
    assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
    let statement = "insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
         created_at) values ('00000000-0000-0000-0000-00000000000a', $1, '0010', '2026-11-29', 100, now())";
    sqlx::query(statement).bind(PRACTICE.0).execute(&desk.world.core.pool).await.unwrap();
    let (status, refused) = post(&desk, &at, taken(Uuid::from_u128(10), 4_390, &found)).await;
    assert_eq!((status, kind(&refused)), (409, "wrong-state"), "it was taken once");
}

#[tokio::test]
async fn a_proof_names_the_run_of_which_a_part_is_not_what_its_posting_says() {
    let (desk, _) = paid().await;
    assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
    sqlx::query("update payments.medicare_payment_part set amount_cents = amount_cents - 1")
        .execute(&mut desk.world.database.administrator().await)
        .await
        .unwrap();
    let proof = verify(&desk.world.core, None).await.unwrap();
    assert!(!proof.is_whole());
    assert_eq!(proof.differing_runs, [shared_types::MedicarePaymentId(PAID)]);
}
