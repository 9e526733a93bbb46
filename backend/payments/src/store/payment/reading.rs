//! Payments as the table has them: to look at, or locked to be changed.

use anyhow::Context as _;
use shared_types::{
    AccountId, AudCents, BookingId, OrganizationId, PaymentId, QuoteId,
    bookings::Quote,
    payments::{
        IntentPurpose, PaymentFailure, PaymentStatus,
        funding::FundingMode,
        quote::{Collection, TaxCode},
    },
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::domain::{
    ledger::PlatformFee,
    payment::{Due, Payment},
};

/// A booking's payment, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn lock(conn: &mut PgConnection, booking_id: BookingId) -> anyhow::Result<Option<Payment>> {
    lock_where(conn, None, Some(booking_id)).await
}

/// A payment, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn lock_by_id(conn: &mut PgConnection, payment_id: PaymentId) -> anyhow::Result<Option<Payment>> {
    lock_where(conn, Some(payment_id), None).await
}

/// Both of the above: what is not given is equal to nothing.
async fn lock_where(
    conn: &mut PgConnection,
    payment_id: Option<PaymentId>,
    booking_id: Option<BookingId>,
) -> anyhow::Result<Option<Payment>> {
    let row = sqlx::query_as!(
        Row,
        r#"select payment_id, booking_id, quote_id, version, status, organization_id, funding, collection, tax_code,
               price_cents, bulk_billed, patient_charge_cents, quote as "quote: Json<Quote>", starts_at, completed_at,
               platform_fee_cents, platform_fee_gst_cents, held_cents, captured_cents, refunding_cents, refunded_cents,
               fee_cents, fee_kind, fee_owed_cents, fee_due_at, asked_cents, agreed_cents, account_id, failure,
               repair_until, due, due_at, updated_at
           from payments.payment where payment_id = $1 or booking_id = $2 for update"#,
        payment_id.map(|id| id.0),
        booking_id.map(|id| id.0),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Several to look at, each once, without those that are not there: whoever changes one locks it instead.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn find_all(conn: &mut PgConnection, payments: &[PaymentId]) -> anyhow::Result<Vec<Payment>> {
    let payments: Vec<_> = payments.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select payment_id, booking_id, quote_id, version, status, organization_id, funding, collection, tax_code,
               price_cents, bulk_billed, patient_charge_cents, quote as "quote: Json<Quote>", starts_at, completed_at,
               platform_fee_cents, platform_fee_gst_cents, held_cents, captured_cents, refunding_cents, refunded_cents,
               fee_cents, fee_kind, fee_owed_cents, fee_due_at, asked_cents, agreed_cents, account_id, failure,
               repair_until, due, due_at, updated_at
           from payments.payment where payment_id = any($1) order by payment_id"#,
        &payments,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// A row as the query gives it.
struct Row {
    payment_id: Uuid,
    booking_id: Uuid,
    quote_id: Uuid,
    version: i32,
    status: String,
    organization_id: Option<Uuid>,
    funding: String,
    collection: String,
    tax_code: String,
    price_cents: i64,
    bulk_billed: bool,
    patient_charge_cents: i64,
    quote: Option<Json<Quote>>,
    starts_at: Option<jiff_sqlx::Timestamp>,
    completed_at: Option<jiff_sqlx::Timestamp>,
    platform_fee_cents: i64,
    platform_fee_gst_cents: i64,
    held_cents: i64,
    captured_cents: i64,
    refunding_cents: i64,
    refunded_cents: i64,
    fee_cents: i64,
    fee_kind: Option<String>,
    fee_owed_cents: i64,
    fee_due_at: Option<jiff_sqlx::Timestamp>,
    asked_cents: Option<i64>,
    agreed_cents: Option<i64>,
    account_id: Option<Uuid>,
    failure: Option<String>,
    repair_until: Option<jiff_sqlx::Timestamp>,
    due: Option<String>,
    due_at: Option<jiff_sqlx::Timestamp>,
    updated_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> anyhow::Result<Payment> {
        let at = |at: Option<jiff_sqlx::Timestamp>| at.map(jiff_sqlx::Timestamp::to_jiff);
        let fee_kind = |code: String| IntentPurpose::from_code(&code).context("a known fee");
        let failure = |code: String| PaymentFailure::from_code(&code).context("a known payment failure");
        let due = |code: String| Due::from_code(&code).context("a known thing that is due");
        Ok(Payment {
            payment_id: PaymentId(self.payment_id),
            booking_id: BookingId(self.booking_id),
            quote_id: QuoteId(self.quote_id),
            version: self.version,
            status: PaymentStatus::from_code(&self.status).context("a known status of a payment")?,
            organization_id: self.organization_id.map(OrganizationId),
            funding: FundingMode::from_code(&self.funding).context("a known funding")?,
            collection: Collection::from_code(&self.collection).context("a known way to collect")?,
            tax_code: TaxCode::from_code(&self.tax_code).context("a known tax code")?,
            price_cents: AudCents(self.price_cents),
            bulk_billed: self.bulk_billed,
            patient_charge_cents: AudCents(self.patient_charge_cents),
            quote: self.quote.map(|quote| quote.0),
            starts_at: at(self.starts_at),
            completed_at: at(self.completed_at),
            platform_fee: PlatformFee {
                whole_cents: AudCents(self.platform_fee_cents),
                gst_cents: AudCents(self.platform_fee_gst_cents),
            },
            held_cents: AudCents(self.held_cents),
            captured_cents: AudCents(self.captured_cents),
            refunding_cents: AudCents(self.refunding_cents),
            refunded_cents: AudCents(self.refunded_cents),
            fee_cents: AudCents(self.fee_cents),
            fee_kind: self.fee_kind.map(fee_kind).transpose()?,
            fee_owed_cents: AudCents(self.fee_owed_cents),
            fee_due_at: at(self.fee_due_at),
            asked_cents: self.asked_cents.map(AudCents),
            agreed_cents: self.agreed_cents.map(AudCents),
            account_id: self.account_id.map(AccountId),
            failure: self.failure.map(failure).transpose()?,
            repair_until: at(self.repair_until),
            due: self.due.map(due).transpose()?.zip(at(self.due_at)),
            updated_at: Some(self.updated_at.to_jiff()),
        })
    }
}
