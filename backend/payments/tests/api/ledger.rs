//! The ledger from outside: what the database refuses, what statements say of it, and what a proof finds.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use payments::ledger_proof::{Proof, verify};
use serde_json::{Value, json};
use shared_types::{
    AudCents, OrganizationId,
    users::{Claims, Membership, PlatformRole, StaffRole, Strength},
};
use sqlx::{Connection as _, PgConnection};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::World;

const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(9));
const PROCESSOR: Uuid = Uuid::from_u128(0xA0);
const BALANCE: Uuid = Uuid::from_u128(0xA1);
const FEES: Uuid = Uuid::from_u128(0xA2);

/// The accounts, as the service opens them.
async fn accounts(conn: &mut PgConnection) {
    for (id, kind, practice) in [
        (PROCESSOR, "processor", None),
        (BALANCE, "practice_balance", Some(PRACTICE.0)),
        (FEES, "platform_fees", None),
    ] {
        sqlx::query(
            "insert into payments.account (ledger_account_id, kind, organization_id, created_at) \
             values ($1, $2, $3, now())",
        )
        .bind(id)
        .bind(kind)
        .bind(practice)
        .execute(&mut *conn)
        .await
        .unwrap();
    }
}

/// A posting with these entries. Whether it balances shows when the transaction ends.
async fn post(
    conn: &mut PgConnection,
    cause: (&str, u128),
    on: &str,
    lines: &[(Uuid, i64)],
) -> sqlx::Result<()> {
    let id = Uuid::from_u128(cause.1 * 100 + lines.len() as u128);
    let mut tx = conn.begin().await?;
    sqlx::query(
        "insert into payments.posting (posting_id, cause, cause_id, organization_id, occurred_at, created_at) \
         values ($1, $2, $3, $4, $5::timestamptz, now())",
    )
    .bind(id)
    .bind(cause.0)
    .bind(Uuid::from_u128(cause.1))
    .bind(PRACTICE.0)
    .bind(on)
    .execute(&mut *tx)
    .await?;
    for (position, (account, cents)) in (1_i16..).zip(lines) {
        sqlx::query(
            "insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) values ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(position)
        .bind(account)
        .bind(cents)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}

/// In October $110, in November $55 that partly went back.
async fn filled(world: &World) {
    let mut conn = world.database.connect("payments_app").await;
    accounts(&mut conn).await;
    let paid = [(PROCESSOR, 11_000), (BALANCE, -10_500), (FEES, -500)];
    post(&mut conn, ("capture", 1), "2026-10-31T12:59:59Z", &paid).await.unwrap();
    let paid = [(PROCESSOR, 5_500), (BALANCE, -5_500)];
    post(&mut conn, ("capture", 2), "2026-10-31T13:00:00Z", &paid).await.unwrap();
    let back = [(PROCESSOR, -1_000), (BALANCE, 1_000)];
    post(&mut conn, ("refund", 3), "2026-11-10T00:00:00Z", &back).await.unwrap();
}

fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|refused| refused.constraint())
}

#[tokio::test]
async fn a_posting_that_does_not_balance_is_not_committed() {
    let world = World::new().await;
    let mut conn = world.database.connect("payments_app").await;
    accounts(&mut conn).await;
    for lines in [vec![], vec![(PROCESSOR, 1)], vec![(PROCESSOR, 100), (BALANCE, -99)]] {
        let error = post(&mut conn, ("capture", 1), "2026-11-22T00:00:00Z", &lines).await.unwrap_err();
        assert_eq!(constraint(&error), Some("posting_is_balanced"), "{lines:?}");
    }
    let twice = [(PROCESSOR, 100), (PROCESSOR, -100)];
    let error = post(&mut conn, ("capture", 1), "2026-11-22T00:00:00Z", &twice).await.unwrap_err();
    assert_eq!(constraint(&error), Some("entry_account_key"));
}

#[tokio::test]
async fn a_cause_is_booked_once() {
    let world = World::new().await;
    filled(&world).await;
    let mut conn = world.database.connect("payments_app").await;
    let again = [(PROCESSOR, 11_000), (BALANCE, -11_000)];
    let error = post(&mut conn, ("capture", 1), "2026-11-22T00:00:00Z", &again).await.unwrap_err();
    assert_eq!(constraint(&error), Some("posting_cause_key"));
}

#[tokio::test]
async fn nothing_in_the_ledger_is_altered_not_even_by_its_owner() {
    let world = World::new().await;
    filled(&world).await;
    let mut admin = world.database.administrator().await;
    for statement in [
        "update payments.entry set amount_cents = 1",
        "delete from payments.entry",
        "truncate payments.entry",
        "update payments.posting set gross_cents = 1",
        "delete from payments.posting",
        "update payments.account set kind = 'losses'",
        "delete from payments.account",
    ] {
        assert!(sqlx::query(statement).execute(&mut admin).await.is_err(), "{statement}");
    }
    let late = "insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
        select posting_id, 9, $1, 1 from payments.posting where cause = 'refund'";
    let mut conn = world.database.connect("payments_app").await;
    let error = sqlx::query(late).bind(FEES).execute(&mut conn).await.unwrap_err();
    assert_eq!(constraint(&error), Some("posting_is_balanced"));
}

/// Somebody's view of a path below `/api/v1/payments`.
async fn get(
    (world, issuer): (&World, &TokenIssuer),
    roles: &[StaffRole],
    platform: &[PlatformRole],
    path: &str,
) -> (u16, Value) {
    let claims = Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(1).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: vec![Membership { organization_id: PRACTICE, roles: roles.to_vec() }],
        platform: platform.to_vec(),
        issued_at: world.core.now(),
        expires_at: world.core.now() + SignedDuration::from_mins(10),
    };
    let request = Request::get(format!("/api/v1/payments/{path}"))
        .header(header::COOKIE, issuer.cookie(&claims))
        .body(Body::empty())
        .unwrap();
    let response = world.service.router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_practice_reads_what_it_was_owed_in_a_month_of_sydneys() {
    let world = World::new().await;
    let issuer = TokenIssuer::known_to(&world.core).await;
    filled(&world).await;
    let path = format!("practices/{PRACTICE}/statement?month=2026-11");
    let (status, statement) = get((&world, &issuer), &[StaffRole::Billing], &[], &path).await;
    assert_eq!(status, 200);
    let expected = json!({
        "from": "2026-11-01", "until": "2026-12-01", "opening_cents": 10_500,
        "sums": [["capture", 5_500], ["refund", -1_000]], "closing_cents": 15_000,
    });
    assert_eq!(statement, expected);
    // It is November now.
    let path = format!("practices/{PRACTICE}/statement");
    assert_eq!(get((&world, &issuer), &[StaffRole::Billing], &[], &path).await.1, expected);
    let path = format!("practices/{PRACTICE}/statement?month=2026-13");
    assert_eq!(get((&world, &issuer), &[StaffRole::Billing], &[], &path).await.0, 422);
}

#[tokio::test]
async fn a_practice_without_money_reads_nothing_and_others_read_nothing_at_all() {
    let world = World::new().await;
    let issuer = TokenIssuer::known_to(&world.core).await;
    let path = format!("practices/{PRACTICE}/statement?month=2026-11");
    let (status, statement) = get((&world, &issuer), &[StaffRole::Owner], &[], &path).await;
    assert_eq!((status, &statement["closing_cents"], &statement["sums"]), (200, &json!(0), &json!([])));
    assert_eq!(get((&world, &issuer), &[StaffRole::Reception], &[], &path).await.0, 403);
    let other = format!("practices/{}/statement?month=2026-11", Uuid::from_u128(10));
    assert_eq!(get((&world, &issuer), &[StaffRole::Owner], &[], &other).await.0, 404);
}

#[tokio::test]
async fn administrators_read_every_account() {
    let world = World::new().await;
    let issuer = TokenIssuer::known_to(&world.core).await;
    filled(&world).await;
    let path = "platform/statement?month=2026-11";
    assert_eq!(get((&world, &issuer), &[StaffRole::Owner], &[], path).await.0, 404);
    let (status, statement) = get((&world, &issuer), &[], &[PlatformRole::Administrator], path).await;
    assert_eq!(status, 200);
    let balances = json!([
        ["processor", 11_000, 15_500],
        ["practice_balance", -10_500, -15_000],
        ["platform_fees", -500, -500],
    ]);
    assert_eq!(statement["balances"], balances);
    assert_eq!(statement["sums"], json!([["capture", 5_500], ["refund", 1_000]]));
}

#[tokio::test]
async fn a_proof_adds_everything_up_and_remembers_how_much_there_was() {
    let world = World::new().await;
    assert!(verify(&world.core, None).await.unwrap().is_whole());
    filled(&world).await;
    world.core.clock.advance(SignedDuration::from_secs(1));
    let proof = verify(&world.core, None).await.unwrap();
    assert!(proof.is_whole(), "{proof:?}");
    let Proof { postings, entries, debits_cents, total_cents, .. } = proof;
    assert_eq!((postings, entries), (3, 7));
    assert_eq!((debits_cents, total_cents), (AudCents(17_500), AudCents::ZERO));

    // Somebody who can do everything takes a whole posting away: what is left balances, and there is less of it.
    let mut admin = world.database.administrator().await;
    for statement in [
        "alter table payments.entry disable trigger all",
        "alter table payments.posting disable trigger all",
        "delete from payments.entry using payments.posting where cause = 'refund' and posting.posting_id = entry.posting_id",
        "delete from payments.posting where cause = 'refund'",
    ] {
        sqlx::query(statement).execute(&mut admin).await.unwrap();
    }
    let proof = verify(&world.core, None).await.unwrap();
    assert!(proof.has_lost_entries && !proof.is_whole() && proof.unbalanced.is_empty(), "{proof:?}");
}

#[tokio::test]
async fn a_proof_names_what_does_not_balance_and_payments_that_say_otherwise() {
    let world = World::new().await;
    filled(&world).await;
    let payment = Uuid::from_u128(5);
    let mut admin = world.database.administrator().await;
    for statement in [
        "alter table payments.entry disable trigger all",
        "update payments.entry set amount_cents = amount_cents + 1 where amount_cents = 5500",
        "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, \
         patient_charge_cents, captured_cents, created_at, updated_at) values ('00000000-0000-0000-0000-000000000005', \
         gen_random_uuid(), gen_random_uuid(), 'captured', 100, false, 100, 100, now(), now())",
    ] {
        sqlx::query(statement).execute(&mut admin).await.unwrap();
    }
    let proof = verify(&world.core, None).await.unwrap();
    assert_eq!((proof.unbalanced.len(), proof.total_cents), (1, AudCents(1)));
    assert_eq!(proof.differing_payments, [shared_types::PaymentId(payment)]);
}

#[tokio::test]
async fn a_proof_names_the_day_whose_balance_is_not_what_its_entries_add_up_to() {
    let world = World::new().await;
    filled(&world).await;
    let days = "select count(*) from payments.balance_day";
    let days: i64 = sqlx::query_scalar(days).fetch_one(&world.core.pool).await.unwrap();
    assert!(days > 0, "nothing is kept of any day");
    for changed in [
        "update payments.balance_day set net_cents = net_cents + 1",
        "update payments.balance_day set net_cents = net_cents - 1, day = day + 1",
    ] {
        sqlx::query(changed).execute(&world.core.pool).await.unwrap();
        let proof = verify(&world.core, None).await.unwrap();
        assert!(!proof.differing_days.is_empty() && !proof.is_whole(), "{changed}: {proof:?}");
        assert!(proof.unbalanced.is_empty() && proof.differing_payments.is_empty(), "{proof:?}");
    }
}
