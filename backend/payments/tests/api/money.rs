//! What practices and patients see of money, and the documents that follow from the ledger.

mod chargebacks;
mod entries;
mod finding;
mod invoices;
mod of_patients;
mod of_practices;
mod refunds;
mod unpaid;

use axum::http::Method;
use serde_json::json;
use shared_types::{
    AccountId,
    users::{Claims, PlatformRole, StaffRole, Strength},
};
use uuid::Uuid;

use crate::desk::{Desk, PRACTICE};

pub const PAYMENT: Uuid = Uuid::from_u128(0xD1);
const INTENT: Uuid = Uuid::from_u128(0xD2);
pub const REFUND: Uuid = Uuid::from_u128(0xD3);
pub const BOOKING: Uuid = Uuid::from_u128(0xD4);
/// Its check digits fit.
const ABN: &str = "51824753556";

/// A practice with a name, and Ada's visit of $110 that was paid, GST in it.
pub async fn paid() -> Desk {
    let desk = Desk::without_number().await;
    let account = json!({"legal_name": "Harbour Pty Ltd", "abn": ABN, "gst_registered": true, "version": 0});
    let (status, body) =
        desk.send(Method::PUT, &practice("/account"), Some(&desk.staff(StaffRole::Owner)), account).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!((&body["version"], &body["status"]), (&json!(1), &json!("none")));
    let mut tx = desk.world.core.begin().await.unwrap();
    for statement in [
        "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, \
         patient_charge_cents, captured_cents, organization_id, tax_code, collection, created_at, updated_at) values \
         ($1, $2, $1, 'captured', 11000, false, 11000, 11000, $3, 'taxable', 'prepaid', now(), now())",
        "insert into payments.booking_owner (booking_id, account_id, patient_id) \
         select $2, $1, '00000000-0000-0000-0000-0000000000a1' where $3::uuid is not null",
        "insert into payments.billed_visit (booking_id, recipient_name, practitioner_name, service_text, starts_at, \
         time_zone, updated_at) select $2, 'Ada Example', 'Kim Lee', 'Remedial massage', '2026-11-20T23:00:00Z', \
         'Australia/Sydney', now() where $1::uuid is not null and $3::uuid is not null",
    ] {
        sqlx::query(statement).bind(PAYMENT).bind(BOOKING).bind(PRACTICE.0).execute(&mut *tx).await.unwrap();
    }
    sqlx::query(
        "insert into payments.intent (intent_id, payment_id, purpose, kind, status, number, amount_cents, captured_cents, \
         processor_charge, created_at, updated_at) values ($1, $2, 'visit', 'charge', 'captured', 1, 11000, 11000, 'ch_1', \
         now(), now())",
    )
    .bind(INTENT)
    .bind(PAYMENT)
    .execute(&mut *tx)
    .await
    .unwrap();
    desk.world.core.commit(tx).await.unwrap();
    post(&desk, "capture", INTENT, [11_000, -10_450, -500, -50]).await;
    desk
}

/// Books a posting of the payment: the processor's, the practice's, the platform's fee and the GST in it.
pub async fn post(desk: &Desk, cause: &str, cause_id: Uuid, cents: [i64; 4]) {
    let core = &desk.world.core;
    let posting: Uuid = core.id();
    let mut tx = core.begin().await.unwrap();
    sqlx::query(
        "insert into payments.posting (posting_id, cause, cause_id, payment_id, booking_id, organization_id, gross_cents, \
         fee_cents, occurred_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, '2026-11-21T00:00:00Z', now())",
    )
    .bind(posting)
    .bind(cause)
    .bind(cause_id)
    .bind(PAYMENT)
    .bind(BOOKING)
    .bind(PRACTICE.0)
    .bind(cents[0])
    .bind(-cents[2] - cents[3])
    .execute(&mut *tx)
    .await
    .unwrap();
    let kinds = ["processor", "practice_balance", "platform_fees", "gst_payable"];
    for (position, (kind, cents)) in (1_i16..).zip(kinds.into_iter().zip(cents)) {
        let whose = (kind == "practice_balance").then_some(PRACTICE.0);
        sqlx::query(
            "insert into payments.account (ledger_account_id, kind, organization_id, created_at) values ($1, $2, $3, now()) \
             on conflict do nothing",
        )
        .bind(core.id::<Uuid>())
        .bind(kind)
        .bind(whose)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
             select $1, $2, ledger_account_id, $3 from payments.account where kind = $4",
        )
        .bind(posting)
        .bind(position)
        .bind(cents)
        .bind(kind)
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    core.commit(tx).await.unwrap();
}

/// Half of it went back.
pub async fn half_back(desk: &Desk, refund_id: Uuid) {
    sqlx::query(
        "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, status, requested_as, \
         created_at, updated_at) values ($1, $2, $3, $1, 5500, 'cancelled', 'succeeded', 'rule', now(), now())",
    )
    .bind(refund_id)
    .bind(PAYMENT)
    .bind(INTENT)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    post(desk, "refund", refund_id, [-5_500, 5_225, 250, 25]).await;
}

/// The kind, number, whole, GST and corrected number of a document.
pub type Document = (String, i64, i64, i64, Option<i64>);

/// A note about the first one.
pub fn note(number: i64, total: i64, gst: i64) -> Document {
    ("adjustment_note".to_owned(), number, total, gst, Some(1))
}

/// Each document of the booking.
pub async fn documents(desk: &Desk) -> Vec<Document> {
    sqlx::query_as(
        "select kind, number, total_cents, gst_cents, corrects from payments.invoice where booking_id = $1 order by number",
    )
    .bind(BOOKING)
    .fetch_all(&desk.world.core.pool)
    .await
    .unwrap()
}

pub fn practice(rest: &str) -> String {
    format!("/practices/{PRACTICE}{rest}")
}

pub async fn issue(desk: &Desk) -> u64 {
    let job = desk.world.service.jobs.iter().find(|job| job.name == "payments.issue_invoices").unwrap();
    job.run_once().await.unwrap()
}

/// An administrator of the platform, by the number of their account.
pub fn administrator(desk: &Desk, account: u128) -> String {
    let now = desk.world.core.now();
    desk.issuer.cookie(&Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: AccountId(Uuid::from_u128(account)),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: vec![PlatformRole::Administrator],
        issued_at: now,
        expires_at: now + jiff::SignedDuration::from_mins(10),
    })
}

/// How often an act was written down.
async fn noted(desk: &Desk, action: &str) -> i64 {
    let mut admin = desk.world.database.administrator().await;
    sqlx::query_scalar("select count(*) from payments.audit_entry where action = $1")
        .bind(action)
        .fetch_one(&mut admin)
        .await
        .unwrap()
}
