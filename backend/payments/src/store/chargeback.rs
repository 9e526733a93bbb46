//! Table `payments.chargeback`: what banks want back.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AudCents, ChargebackId, IntentId, OrganizationId, PaymentId,
    payments::{ChargebackStatus, platform::Evidence},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A chargeback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargebackRow {
    /// Which.
    pub chargeback_id: ChargebackId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// The processor's name for it.
    pub processor_dispute: String,
    /// How much.
    pub amount_cents: AudCents,
    /// The bank's reason, in the processor's word.
    pub reason: String,
    /// Where it stands.
    pub status: ChargebackStatus,
    /// What is to be sent or was.
    pub evidence: Evidence,
    /// Until when evidence can be sent.
    pub evidence_due_at: Option<Timestamp>,
    /// When it was sent.
    pub submitted_at: Option<Timestamp>,
    /// Goes up by one with every change.
    pub version: i32,
    /// When it was opened.
    pub opened_at: Timestamp,
}

struct Row {
    chargeback_id: Uuid,
    payment_id: Uuid,
    processor_dispute: String,
    amount_cents: i64,
    reason: String,
    status: String,
    evidence: serde_json::Value,
    evidence_due_at: Option<jiff_sqlx::Timestamp>,
    submitted_at: Option<jiff_sqlx::Timestamp>,
    version: i32,
    opened_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> anyhow::Result<ChargebackRow> {
        Ok(ChargebackRow {
            chargeback_id: ChargebackId(self.chargeback_id),
            payment_id: PaymentId(self.payment_id),
            processor_dispute: self.processor_dispute,
            amount_cents: AudCents(self.amount_cents),
            reason: self.reason,
            status: ChargebackStatus::from_code(&self.status).context("a known status of a chargeback")?,
            evidence: serde_json::from_value(self.evidence).context("evidence of this build's shape")?,
            evidence_due_at: self.evidence_due_at.map(jiff_sqlx::Timestamp::to_jiff),
            submitted_at: self.submitted_at.map(jiff_sqlx::Timestamp::to_jiff),
            version: self.version,
            opened_at: self.opened_at.to_jiff(),
        })
    }
}

/// Stores a chargeback of what a try took. False when it is known.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(conn: &mut PgConnection, row: &ChargebackRow, intent_id: IntentId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.chargeback (chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, \
         evidence_due_at, opened_at, updated_at, intent_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) \
         on conflict on constraint chargeback_processor_key do nothing",
        row.chargeback_id.0,
        row.payment_id.0,
        row.processor_dispute,
        row.amount_cents.0,
        row.reason,
        row.status.code(),
        row.evidence_due_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        row.opened_at.to_sqlx(),
        intent_id.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A chargeback, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn lock(
    conn: &mut PgConnection,
    chargeback_id: ChargebackId,
) -> anyhow::Result<Option<ChargebackRow>> {
    let row = sqlx::query_as!(
        Row,
        "select chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, evidence, evidence_due_at, \
         submitted_at, version, opened_at from payments.chargeback where chargeback_id = $1 for update",
        chargeback_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// The same by the processor's name.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn lock_by_object(
    conn: &mut PgConnection,
    processor_dispute: &str,
) -> anyhow::Result<Option<ChargebackRow>> {
    let row = sqlx::query_as!(
        Row,
        "select chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, evidence, evidence_due_at, \
         submitted_at, version, opened_at from payments.chargeback where processor_dispute = $1 for update",
        processor_dispute,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// What banks wanted back of a payment, the earliest first.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn of_payment(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> anyhow::Result<Vec<ChargebackRow>> {
    let rows = sqlx::query_as!(
        Row,
        "select chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, evidence, evidence_due_at, \
         submitted_at, version, opened_at from payments.chargeback where payment_id = $1 \
         order by opened_at, chargeback_id",
        payment_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// What banks have taken of a payment, or have kept for good, with the try that they took it of. Of which try one is that was opened
/// long ago, nobody may have written down.
///
/// # Errors
/// When the tables cannot be read.
pub async fn taken_of(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> sqlx::Result<Vec<(Option<IntentId>, AudCents)>> {
    let rows = sqlx::query!(
        r#"select intent_id, sum(amount_cents)::bigint as "cents!" from payments.chargeback
           where payment_id = $1 and (status = 'lost' or (status in ('needs_response', 'under_review') and exists (
               select from payments.posting where cause = 'chargeback_opened' and cause_id = chargeback_id)))
           group by intent_id"#,
        payment_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.intent_id.map(IntentId), AudCents(row.cents))).collect())
}

/// Whether a bank has money of a payment and has not decided whose it is.
///
/// # Errors
/// When the tables cannot be read.
pub async fn is_undecided(conn: &mut PgConnection, payment_id: PaymentId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
            select from payments.chargeback
            where payment_id = $1 and status in ('needs_response', 'under_review') and exists (
                select from payments.posting where cause = 'chargeback_opened' and cause_id = chargeback_id)
        ) as "exists!""#,
        payment_id.0,
    )
    .fetch_one(conn)
    .await
}

/// Of which try a chargeback is, where that was written down.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_intent(
    conn: &mut PgConnection,
    chargeback_id: ChargebackId,
) -> sqlx::Result<Option<IntentId>> {
    let intent_id = sqlx::query_scalar!(
        "select intent_id from payments.chargeback where chargeback_id = $1",
        chargeback_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(intent_id.flatten().map(IntentId))
}

/// The processor's names of those that no bank has decided, after the given one, in order.
///
/// # Errors
/// When the table cannot be read.
pub async fn undecided(conn: &mut PgConnection, after: &str, at_most: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select processor_dispute from payments.chargeback \
         where status in ('needs_response', 'under_review') and processor_dispute > $1 \
         order by processor_dispute limit $2",
        after,
        at_most,
    )
    .fetch_all(conn)
    .await
}

/// Those that wait for evidence, the earliest limit first, then the others, the latest first.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: Option<OrganizationId>,
    skip: i64,
    at_most: i64,
) -> anyhow::Result<Vec<(ChargebackRow, Option<OrganizationId>)>> {
    let rows = sqlx::query!(
        "select c.chargeback_id, c.payment_id, c.processor_dispute, c.amount_cents, c.reason, c.status, c.evidence, \
         c.evidence_due_at, c.submitted_at, c.version, c.opened_at, payment.organization_id \
         from payments.chargeback c join payments.payment on payment.payment_id = c.payment_id \
         where $1::uuid is null or payment.organization_id = $1 \
         order by c.status <> 'needs_response', \
             case when c.status = 'needs_response' then c.evidence_due_at end nulls last, \
             c.opened_at desc, c.chargeback_id \
         offset $2 limit $3",
        organization_id.map(|id| id.0),
        skip,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let organization_id = row.organization_id.map(OrganizationId);
            let row = Row {
                chargeback_id: row.chargeback_id,
                payment_id: row.payment_id,
                processor_dispute: row.processor_dispute,
                amount_cents: row.amount_cents,
                reason: row.reason,
                status: row.status,
                evidence: row.evidence,
                evidence_due_at: row.evidence_due_at,
                submitted_at: row.submitted_at,
                version: row.version,
                opened_at: row.opened_at,
            };
            Ok((row.read()?, organization_id))
        })
        .collect()
}

/// Writes where a chargeback stands now, and until when evidence can be sent, as long as it still stands where it did. One that needs
/// evidence again is answered again. False when it does not.
///
/// # Errors
/// When the table cannot be changed.
pub async fn update_status(
    conn: &mut PgConnection,
    it: &ChargebackRow,
    to: ChargebackStatus,
    evidence_due_at: Option<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let is_answered = to != ChargebackStatus::NeedsResponse;
    let done = sqlx::query!(
        "update payments.chargeback set status = $3, evidence_due_at = $4, version = version + 1, updated_at = $6, \
         submitted_at = case when $5 then submitted_at end, submitted_by = case when $5 then submitted_by end \
         where chargeback_id = $1 and status = $2",
        it.chargeback_id.0,
        it.status.code(),
        to.code(),
        evidence_due_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        is_answered,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces the evidence, as long as its version is that one and it was not sent. False when it is not.
///
/// # Errors
/// When the table cannot be changed.
pub async fn put_evidence(
    conn: &mut PgConnection,
    chargeback_id: ChargebackId,
    evidence: &Evidence,
    version: i32,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let done = sqlx::query!(
        "update payments.chargeback set evidence = $2, version = version + 1, updated_at = $4 \
         where chargeback_id = $1 and version = $3 and submitted_at is null",
        chargeback_id.0,
        serde_json::to_value(evidence)?,
        version,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks the evidence as sent by somebody. False when that was done before.
///
/// # Errors
/// When the table cannot be changed.
pub async fn mark_submitted(
    conn: &mut PgConnection,
    chargeback_id: ChargebackId,
    submitted_by: AccountId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.chargeback set submitted_at = $3, submitted_by = $2, version = version + 1, updated_at = $3 \
         where chargeback_id = $1 and submitted_at is null",
        chargeback_id.0,
        submitted_by.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
