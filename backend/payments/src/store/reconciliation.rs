//! Tables `payments.reconciliation` and `payments.difference`: comparisons with the processor's records. What came of each difference
//! is in `store/difference.rs`.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{
    AccountId, DifferenceId, PaymentId, ReconciliationId,
    payments::platform::{DifferenceAction, DifferenceKind, Reconciliation, ReconciliationStatus},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What is different.
#[derive(Clone, Debug)]
pub struct Found {
    /// What.
    pub kind: DifferenceKind,
    /// The processor's object, or our id where it has none.
    pub subject: String,
    /// Of which payment.
    pub payment_id: Option<PaymentId>,
    /// What we say.
    pub ours: String,
    /// What the processor says.
    pub theirs: String,
    /// What was done.
    pub action: DifferenceAction,
}

struct Row {
    reconciliation_id: Uuid,
    status: String,
    from_time: jiff_sqlx::Timestamp,
    until_time: jiff_sqlx::Timestamp,
    objects: i64,
    differences: i64,
    open: i64,
    started_at: jiff_sqlx::Timestamp,
    ended_at: Option<jiff_sqlx::Timestamp>,
}

impl Row {
    fn read(self) -> anyhow::Result<Reconciliation> {
        Ok(Reconciliation {
            reconciliation_id: ReconciliationId(self.reconciliation_id),
            status: ReconciliationStatus::from_code(&self.status)
                .context("a known status of a comparison")?,
            from: self.from_time.to_jiff(),
            until: self.until_time.to_jiff(),
            objects: self.objects,
            differences: self.differences,
            open: self.open,
            started_at: self.started_at.to_jiff(),
            ended_at: self.ended_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

/// Starts a comparison. False when one is running.
///
/// # Errors
/// When the table cannot be changed.
pub async fn start(
    conn: &mut PgConnection,
    reconciliation_id: ReconciliationId,
    (from, until): (Timestamp, Timestamp),
    requested_by: Option<AccountId>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.reconciliation (reconciliation_id, status, from_time, until_time, requested_by, started_at) \
         values ($1, 'running', $2, $3, $4, $5) on conflict (status) where status = 'running' do nothing",
        reconciliation_id.0,
        from.to_sqlx(),
        until.to_sqlx(),
        requested_by.map(|id| id.0),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// When the last comparison began that nobody asked for.
///
/// # Errors
/// When the table cannot be read.
pub async fn last_nightly(conn: &mut PgConnection) -> sqlx::Result<Option<Timestamp>> {
    let row = sqlx::query!(
        "select max(started_at) as started_at from payments.reconciliation where requested_by is null and status <> 'failed'"
    )
    .fetch_one(conn)
    .await?;
    Ok(row.started_at.map(jiff_sqlx::Timestamp::to_jiff))
}

/// Until when the nightly comparisons that are through have come.
///
/// # Errors
/// When the table cannot be read.
pub async fn compared_until(conn: &mut PgConnection) -> sqlx::Result<Option<Timestamp>> {
    let row = sqlx::query!(
        "select max(until_time) as until_time from payments.reconciliation \
         where requested_by is null and status = 'finished'"
    )
    .fetch_one(conn)
    .await?;
    Ok(row.until_time.map(jiff_sqlx::Timestamp::to_jiff))
}

/// A comparison under way.
#[derive(Clone, Debug)]
pub struct Running {
    /// Which.
    pub reconciliation_id: ReconciliationId,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Where it has come to.
    pub cursor: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
}

/// The comparison that is running.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_running(conn: &mut PgConnection) -> sqlx::Result<Option<Running>> {
    let row = sqlx::query!(
        "select reconciliation_id, from_time, until_time, cursor, started_at from payments.reconciliation \
         where status = 'running'"
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Running {
        reconciliation_id: ReconciliationId(row.reconciliation_id),
        from: row.from_time.to_jiff(),
        until: row.until_time.to_jiff(),
        cursor: row.cursor,
        started_at: row.started_at.to_jiff(),
    }))
}

/// Writes how far a comparison has come, and how many objects were looked at since. Nothing is written when another worker was
/// quicker.
///
/// # Errors
/// When the table cannot be changed.
pub async fn go_on(
    conn: &mut PgConnection,
    running: &Running,
    cursor: &str,
    objects: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.reconciliation set cursor = $2, objects = objects + $3 \
         where reconciliation_id = $1 and status = 'running' and cursor is not distinct from $4",
        running.reconciliation_id.0,
        cursor,
        objects,
        running.cursor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a comparison.
///
/// # Errors
/// When the table cannot be changed.
pub async fn end(
    conn: &mut PgConnection,
    reconciliation_id: ReconciliationId,
    status: ReconciliationStatus,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.reconciliation set status = $2, ended_at = $3 \
         where reconciliation_id = $1 and status = 'running'",
        reconciliation_id.0,
        status.code(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a difference down, or what is known of it now. One that somebody has closed stays as they saw it.
///
/// # Errors
/// When the table cannot be changed.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    reconciliation_id: ReconciliationId,
    found: &Found,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.difference (difference_id, reconciliation_id, kind, subject, payment_id, ours, theirs, \
         action, found_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict on constraint difference_subject_key do update set ours = excluded.ours, \
         theirs = excluded.theirs, action = excluded.action where difference.action <> 'settled'",
        core.id::<DifferenceId>().0,
        reconciliation_id.0,
        found.kind.code(),
        found.subject,
        found.payment_id.map(|id| id.0),
        found.ours,
        found.theirs,
        found.action.code(),
        core.now().to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A comparison with its counts.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn find(
    conn: &mut PgConnection,
    reconciliation_id: ReconciliationId,
) -> anyhow::Result<Option<Reconciliation>> {
    let row = sqlx::query_as!(
        Row,
        "select r.reconciliation_id, r.status, r.from_time, r.until_time, r.objects, r.started_at, r.ended_at, \
         (select count(*) from payments.difference d where d.reconciliation_id = r.reconciliation_id) \
         as \"differences!\", \
         (select count(*) from payments.difference d where d.reconciliation_id = r.reconciliation_id \
         and d.action = 'flagged') as \"open!\" \
         from payments.reconciliation r where r.reconciliation_id = $1",
        reconciliation_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Comparisons, the latest first, after the given one.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    before: Option<ReconciliationId>,
    at_most: i64,
) -> anyhow::Result<Vec<Reconciliation>> {
    let rows = sqlx::query_as!(
        Row,
        "select r.reconciliation_id, r.status, r.from_time, r.until_time, r.objects, r.started_at, r.ended_at, \
         (select count(*) from payments.difference d where d.reconciliation_id = r.reconciliation_id) \
         as \"differences!\", \
         (select count(*) from payments.difference d where d.reconciliation_id = r.reconciliation_id \
         and d.action = 'flagged') as \"open!\" \
         from payments.reconciliation r where $1::uuid is null or r.reconciliation_id < $1 \
         order by r.reconciliation_id desc limit $2",
        before.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Tries that say they have or had money of that time and that the processor has to know, as its names for them, with where they
/// stand here. After the given name, in order.
///
/// # Errors
/// When the table cannot be read.
pub async fn intents_within(
    conn: &mut PgConnection,
    (from, until): (Timestamp, Timestamp),
    after: &str,
    at_most: i64,
) -> sqlx::Result<Vec<String>> {
    let rows = sqlx::query!(
        "select processor_intent as \"processor_intent!\" from payments.intent \
         where processor_intent > $3 and created_at >= $1 and created_at < $2 \
         and status not in ('failed', 'expired', 'voided') order by processor_intent limit $4",
        from.to_sqlx(),
        until.to_sqlx(),
        after,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.processor_intent).collect())
}
