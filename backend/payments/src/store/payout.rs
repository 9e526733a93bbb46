//! Tables `payments.payout` and `payments.payout_line`: money on its way to practices' banks, and what it is made of.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, OrganizationId, PaymentId, PayoutId,
    payments::{
        PayoutStatus,
        practice::{Payout, PayoutLine, PostingCause},
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

struct Row {
    payout_id: Uuid,
    amount_cents: i64,
    status: String,
    arrives_on: Option<jiff_sqlx::Date>,
    failure: Option<String>,
    created_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> anyhow::Result<Payout> {
        Ok(Payout {
            payout_id: PayoutId(self.payout_id),
            amount_cents: AudCents(self.amount_cents),
            status: PayoutStatus::from_code(&self.status).context("a known status of a payout")?,
            arrives_on: self.arrives_on.map(jiff_sqlx::Date::to_jiff),
            failure: self.failure,
            created_at: self.created_at.to_jiff(),
        })
    }
}

/// A practice's payouts, the latest first; after one, those before it.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    after: Option<PayoutId>,
    at_most: i64,
) -> anyhow::Result<Vec<Payout>> {
    let rows = sqlx::query_as!(
        Row,
        "select payout_id, amount_cents, status, arrives_on, failure, created_at from payments.payout \
         where organization_id = $1 and ($2::uuid is null or (created_at, payout_id) < ( \
             select created_at, payout_id from payments.payout where payout_id = $2)) \
         order by created_at desc, payout_id desc limit $3",
        organization_id.0,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One of a practice's payouts.
///
/// # Errors
/// As [`list`].
pub async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    payout_id: PayoutId,
) -> anyhow::Result<Option<Payout>> {
    let row = sqlx::query_as!(
        Row,
        "select payout_id, amount_cents, status, arrives_on, failure, created_at from payments.payout \
         where organization_id = $1 and payout_id = $2",
        organization_id.0,
        payout_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// The payout that the processor calls so, locked until the transaction ends.
///
/// # Errors
/// As [`list`].
pub async fn lock_by_processor(
    conn: &mut PgConnection,
    processor_payout: &str,
) -> anyhow::Result<Option<Payout>> {
    let row = sqlx::query_as!(
        Row,
        "select payout_id, amount_cents, status, arrives_on, failure, created_at from payments.payout \
         where processor_payout = $1 for update",
        processor_payout,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Writes a payout that was not known. False when somebody else has just written it.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    processor_payout: &str,
    payout: &Payout,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.payout (payout_id, organization_id, processor_payout, amount_cents, status, arrives_on, \
         failure, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict on constraint payout_processor_key do nothing",
        payout.payout_id.0,
        organization_id.0,
        processor_payout,
        payout.amount_cents.0,
        payout.status.code(),
        payout.arrives_on.map(|day| day.to_sqlx()) as Option<jiff_sqlx::Date>,
        payout.failure,
        payout.created_at.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes where a payout stands now. Its row is locked.
///
/// # Errors
/// When the table cannot be changed.
pub async fn update(conn: &mut PgConnection, payout: &Payout, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payout set status = $2, arrives_on = $3, failure = $4, updated_at = $5 where payout_id = $1",
        payout.payout_id.0,
        payout.status.code(),
        payout.arrives_on.map(|day| day.to_sqlx()) as Option<jiff_sqlx::Date>,
        payout.failure,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Payouts of a practice that are on their way or have arrived and whose lines are not read yet, with the processor's names; those made no
/// earlier than `since`, the earliest first, after the given one.
///
/// # Errors
/// When the table cannot be read.
pub async fn without_lines(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    since: Timestamp,
    after: Option<PayoutId>,
    at_most: i64,
) -> sqlx::Result<Vec<(PayoutId, String, AudCents)>> {
    let rows = sqlx::query!(
        "select payout_id, processor_payout, amount_cents from payments.payout \
         where organization_id = $1 and created_at >= $2 and status in ('in_transit', 'paid') \
             and ($3::uuid is null or (created_at, payout_id) > ( \
                 select created_at, payout_id from payments.payout where payout_id = $3)) \
             and not exists (select from payments.payout_line where payout_line.payout_id = payout.payout_id) \
         order by created_at, payout_id limit $4",
        organization_id.0,
        since.to_sqlx() as jiff_sqlx::Timestamp,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (PayoutId(row.payout_id), row.processor_payout, AudCents(row.amount_cents)))
        .collect())
}

/// A line as the processor reports it.
#[derive(Clone, Debug)]
pub struct NewLine<'a> {
    /// The processor's name for it.
    pub processor_transaction: &'a str,
    /// Why.
    pub cause: PostingCause,
    /// What it is about, by the processor's name.
    pub source: Option<&'a str>,
    /// What came in or went out.
    pub gross_cents: i64,
    /// The fees.
    pub fee_cents: i64,
}

/// Writes a line. Of which payment it is, the processor's name for its charge, transfer or refund tells.
///
/// # Errors
/// When the table cannot be changed, or the line is in another payout.
pub async fn insert_line(
    conn: &mut PgConnection,
    payout_id: PayoutId,
    line: &NewLine<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.payout_line (payout_id, processor_transaction, cause, payment_id, gross_cents, fee_cents, \
         net_cents) values ($1, $2, $3, coalesce( \
             (select payment_id from payments.intent where processor_charge = $4 or processor_intent = $4 limit 1), \
             (select payment_id from payments.transfer where processor_transfer = $4 limit 1), \
             (select payment_id from payments.refund where processor_refund = $4 limit 1)), $5, $6, $5::bigint - $6::bigint)",
        payout_id.0,
        line.processor_transaction,
        line.cause.code(),
        line.source,
        line.gross_cents,
        line.fee_cents,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a payout is made of.
///
/// # Errors
/// As [`list`].
pub async fn lines(conn: &mut PgConnection, payout_id: PayoutId) -> anyhow::Result<Vec<PayoutLine>> {
    let rows = sqlx::query!(
        "select cause, payment_id, gross_cents, fee_cents, net_cents from payments.payout_line \
         where payout_id = $1 order by processor_transaction",
        payout_id.0,
    )
    .fetch_all(conn)
    .await?;
    let lines = rows.into_iter().map(|row| {
        Ok(PayoutLine {
            cause: PostingCause::from_code(&row.cause).context("a known cause of a posting")?,
            payment_id: row.payment_id.map(PaymentId),
            gross_cents: AudCents(row.gross_cents),
            fee_cents: AudCents(row.fee_cents),
            net_cents: AudCents(row.net_cents),
        })
    });
    lines.collect()
}
