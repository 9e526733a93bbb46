//! Table `payments.difference`: each difference of a comparison, and how one ended that waited for somebody.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, DifferenceId, OrganizationId, PaymentId, ReconciliationId,
    payments::platform::{Difference, DifferenceAction, DifferenceClosed, DifferenceKind},
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::reconciliation::Found;

struct Row {
    difference_id: Uuid,
    kind: String,
    subject: String,
    payment_id: Option<Uuid>,
    ours: String,
    theirs: String,
    action: String,
    found_at: jiff_sqlx::Timestamp,
    closed_at: Option<jiff_sqlx::Timestamp>,
    closed_by: Option<Uuid>,
    note: Option<String>,
}

impl Row {
    fn read(self) -> anyhow::Result<Difference> {
        let closed = self.closed_at.zip(self.closed_by).zip(self.note);
        Ok(Difference {
            difference_id: DifferenceId(self.difference_id),
            kind: DifferenceKind::from_code(&self.kind).context("a known kind of difference")?,
            processor_object: Some(self.subject),
            payment_id: self.payment_id.map(PaymentId),
            ours: self.ours,
            theirs: self.theirs,
            action: DifferenceAction::from_code(&self.action).context("a known action")?,
            found_at: self.found_at.to_jiff(),
            closed: closed.map(|((at, by), note)| DifferenceClosed {
                at: at.to_jiff(),
                by: AccountId(by),
                note: Personal::new(note),
            }),
        })
    }
}

/// The differences of a comparison, in the order they were found.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    reconciliation_id: ReconciliationId,
) -> anyhow::Result<Vec<Difference>> {
    let rows = sqlx::query_as!(
        Row,
        "select difference_id, kind, subject, payment_id, ours, theirs, action, found_at, closed_at, closed_by, note \
         from payments.difference where reconciliation_id = $1 order by found_at, difference_id",
        reconciliation_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One difference of a comparison.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn find(
    conn: &mut PgConnection,
    reconciliation_id: ReconciliationId,
    difference_id: DifferenceId,
) -> anyhow::Result<Option<Difference>> {
    let row = sqlx::query_as!(
        Row,
        "select difference_id, kind, subject, payment_id, ours, theirs, action, found_at, closed_at, closed_by, note \
         from payments.difference where reconciliation_id = $1 and difference_id = $2",
        reconciliation_id.0,
        difference_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Whether a comparison said the same before of what a practice is owed, and nothing was booked for it since.
///
/// # Errors
/// When the tables cannot be read.
pub async fn is_known(
    conn: &mut PgConnection,
    found: &Found,
    organization_id: OrganizationId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.difference known
           where known.kind = $1 and known.subject = $2 and known.ours = $3 and known.theirs = $4 and not exists (
               select from payments.entry join payments.account using (ledger_account_id)
                   join payments.posting using (posting_id)
               where account.kind = 'practice_balance' and account.organization_id = $5
                   and posting.created_at >= known.found_at)) as "known!""#,
        found.kind.code(),
        found.subject,
        found.ours,
        found.theirs,
        organization_id.0,
    )
    .fetch_one(conn)
    .await
}

/// Closes a difference, as long as it waits for somebody. False when it does not, or there is none.
///
/// # Errors
/// When the table cannot be changed.
pub async fn close(
    conn: &mut PgConnection,
    (reconciliation_id, difference_id): (ReconciliationId, DifferenceId),
    closed_by: AccountId,
    note: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.difference set action = 'settled', closed_at = $3, closed_by = $4, note = $5 \
         where reconciliation_id = $1 and difference_id = $2 and action = 'flagged'",
        reconciliation_id.0,
        difference_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        closed_by.0,
        note,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
