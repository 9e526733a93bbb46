//! Table `payments.refund`: money on its way back, one row for each try that it came from.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AudCents, IntentId, PaymentId, RefundId,
    payments::{RefundReason, RefundStatus},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// In which capacity somebody asks for a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedAs {
    /// By the rules of cancelling; nobody asked.
    Rule,
    /// As staff of the practice.
    Practice,
    /// As an administrator.
    Platform,
    /// At the processor itself, by somebody whom we do not know.
    Processor,
}

impl RequestedAs {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::Rule, Self::Practice, Self::Platform, Self::Processor];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Practice => "practice",
            Self::Platform => "platform",
            Self::Processor => "processor",
        }
    }

    /// Reads [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Which.
    pub refund_id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// From which try.
    pub intent_id: IntentId,
    /// What it is a consequence of: an event, or the idempotency key of who asked.
    pub cause_id: Uuid,
    /// How much.
    pub amount_cents: AudCents,
    /// Of it, taken back from the practice.
    pub transfer_reversed_cents: AudCents,
    /// Of it, given back by the platform.
    pub fee_reversed_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
    /// In words.
    pub note: Option<String>,
    /// Where it stands.
    pub status: RefundStatus,
    /// In which capacity it was asked for.
    pub requested_as: RequestedAs,
    /// By whom; nobody where a rule did, or somebody at the processor.
    pub requested_by: Option<AccountId>,
    /// Who agreed or refused.
    pub decided_by: Option<AccountId>,
    /// The processor's name for it.
    pub processor_refund: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

struct Row {
    refund_id: Uuid,
    payment_id: Uuid,
    intent_id: Uuid,
    cause_id: Uuid,
    amount_cents: i64,
    transfer_reversed_cents: i64,
    fee_reversed_cents: i64,
    reason: String,
    note: Option<String>,
    status: String,
    requested_as: String,
    requested_by: Option<Uuid>,
    decided_by: Option<Uuid>,
    processor_refund: Option<String>,
    created_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> anyhow::Result<Refund> {
        Ok(Refund {
            refund_id: RefundId(self.refund_id),
            payment_id: PaymentId(self.payment_id),
            intent_id: IntentId(self.intent_id),
            cause_id: self.cause_id,
            amount_cents: AudCents(self.amount_cents),
            transfer_reversed_cents: AudCents(self.transfer_reversed_cents),
            fee_reversed_cents: AudCents(self.fee_reversed_cents),
            reason: RefundReason::from_code(&self.reason).context("a known reason of a refund")?,
            note: self.note,
            status: RefundStatus::from_code(&self.status).context("a known status of a refund")?,
            requested_as: RequestedAs::from_code(&self.requested_as).context("a known capacity")?,
            requested_by: self.requested_by.map(AccountId),
            decided_by: self.decided_by.map(AccountId),
            processor_refund: self.processor_refund,
            created_at: self.created_at.to_jiff(),
        })
    }
}

/// Stores a refund. False when that try has one for the same cause already.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(conn: &mut PgConnection, refund: &Refund) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, transfer_reversed_cents, \
         fee_reversed_cents, reason, note, status, requested_as, requested_by, processor_refund, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) \
         on conflict on constraint refund_cause_key do nothing",
        refund.refund_id.0,
        refund.payment_id.0,
        refund.intent_id.0,
        refund.cause_id,
        refund.amount_cents.0,
        refund.transfer_reversed_cents.0,
        refund.fee_reversed_cents.0,
        refund.reason.code(),
        refund.note,
        refund.status.code(),
        refund.requested_as.code(),
        refund.requested_by.map(|id| id.0),
        refund.processor_refund,
        refund.created_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A refund, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn lock(conn: &mut PgConnection, refund_id: RefundId) -> anyhow::Result<Option<Refund>> {
    let row = sqlx::query_as!(
        Row,
        "select refund_id, payment_id, intent_id, cause_id, amount_cents, transfer_reversed_cents, fee_reversed_cents, \
         reason, note, status, requested_as, requested_by, decided_by, processor_refund, created_at \
         from payments.refund where refund_id = $1 for update",
        refund_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// The refunds of a payment, the earliest first.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn of_payment(conn: &mut PgConnection, payment_id: PaymentId) -> anyhow::Result<Vec<Refund>> {
    let rows = sqlx::query_as!(
        Row,
        "select refund_id, payment_id, intent_id, cause_id, amount_cents, transfer_reversed_cents, fee_reversed_cents, \
         reason, note, status, requested_as, requested_by, decided_by, processor_refund, created_at \
         from payments.refund where payment_id = $1 order by created_at, refund_id",
        payment_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// What of these payments was to go back, was not taken by a bank and was not sent again, and never more than what is kept. Of what is
/// disputed a bank decides. Those of which nothing is owed so are left out.
///
/// # Errors
/// When the tables cannot be read.
pub async fn not_returned(
    conn: &mut PgConnection,
    payments: &[PaymentId],
) -> sqlx::Result<BTreeMap<PaymentId, AudCents>> {
    let payments: Vec<_> = payments.iter().map(|id| id.0).collect();
    // The parts of a refund that came from several tries have one cause. What is bulk billed keeps nothing by its own reckoning: there,
    // all that failed is owed.
    let rows = sqlx::query!(
        r#"select payment.payment_id, sum(refund.amount_cents)::bigint as "asked!",
               coalesce(sum(refund.amount_cents) filter (where refund.status = 'failed'), 0)::bigint as "failed!",
               refund.requested_as = 'rule'
                   and not exists (select from payments.refund earlier where earlier.refund_id = refund.cause_id)
                   and not exists (select from payments.chargeback where chargeback_id = refund.cause_id) as "is_besides!",
               case when payment.bulk_billed then null
                   else payment.captured_cents - payment.refunded_cents - payment.refunding_cents end as "kept?"
           from payments.payment join payments.refund on refund.payment_id = payment.payment_id
           where payment.payment_id = any($1) and payment.status not in ('disputed', 'lost')
               and refund.status in ('due', 'sent', 'succeeded', 'failed')
           group by payment.payment_id, refund.cause_id, refund.requested_as
           order by payment.payment_id, min(refund.created_at), refund.cause_id"#,
        &payments,
    )
    .fetch_all(conn)
    .await?;
    let mut owed = BTreeMap::new();
    for row in rows {
        let (cents, _) = owed.entry(PaymentId(row.payment_id)).or_insert((0_i64, row.kept));
        *cents = still_owed(*cents, (row.asked, row.failed), row.is_besides);
    }
    let within = |(cents, kept): (i64, Option<i64>)| AudCents(kept.map_or(cents, |kept| cents.min(kept)));
    let owed = owed.into_iter().map(|(payment_id, of_it)| (payment_id, within(of_it)));
    Ok(owed.filter(|(_, cents)| *cents > AudCents::ZERO).collect())
}

/// What is owed once so much more was asked for, of which some failed. It makes good what had failed before, as far as it goes. What a rule
/// gives back for a reason of its own is owed besides: of that only what came does.
fn still_owed(before: i64, (asked, failed): (i64, i64), is_besides: bool) -> i64 {
    let makes_good = if is_besides { asked - failed } else { asked };
    (before - makes_good).max(0) + failed
}

/// Of which payment a refund is.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_payment_of(
    conn: &mut PgConnection,
    refund_id: RefundId,
) -> sqlx::Result<Option<PaymentId>> {
    let row = sqlx::query!("select payment_id from payments.refund where refund_id = $1", refund_id.0)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| PaymentId(row.payment_id)))
}

/// Which refund the processor means.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_by_object(
    conn: &mut PgConnection,
    processor_refund: &str,
) -> sqlx::Result<Option<RefundId>> {
    let row =
        sqlx::query!("select refund_id from payments.refund where processor_refund = $1", processor_refund,)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|row| RefundId(row.refund_id)))
}

/// The processor's names of refunds that may still move: those on their way, and those that went back no earlier than `since`. After the
/// given name, in order.
///
/// # Errors
/// When the table cannot be read.
pub async fn unsettled(
    conn: &mut PgConnection,
    since: Timestamp,
    after: &str,
    at_most: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select processor_refund as "processor_refund!" from payments.refund
           where processor_refund > $1 and (status = 'sent' or (status = 'succeeded' and updated_at >= $2))
           order by processor_refund limit $3"#,
        after,
        since.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await
}

/// Writes where a refund stands now, as long as it still stands where it did. False when it does not.
///
/// # Errors
/// When the table cannot be changed.
pub async fn update(
    conn: &mut PgConnection,
    refund: &Refund,
    from: RefundStatus,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.refund set status = $3, processor_refund = $4, updated_at = $5 \
         where refund_id = $1 and status = $2",
        refund.refund_id.0,
        from.code(),
        refund.status.code(),
        refund.processor_refund,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a second administrator's decision. False when somebody decided before.
///
/// # Errors
/// When the table cannot be changed.
pub async fn decide(
    conn: &mut PgConnection,
    refund_id: RefundId,
    status: RefundStatus,
    decided_by: AccountId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.refund set status = $2, decided_by = $3, decided_at = $4, updated_at = $4 \
         where refund_id = $1 and status = 'awaiting_approval'",
        refund_id.0,
        status.code(),
        decided_by.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Refunds in a status, or in any, the latest first, after the given one.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    status: Option<RefundStatus>,
    before: Option<RefundId>,
    at_most: i64,
) -> anyhow::Result<Vec<Refund>> {
    let rows = sqlx::query_as!(
        Row,
        "select refund_id, payment_id, intent_id, cause_id, amount_cents, transfer_reversed_cents, fee_reversed_cents, \
         reason, note, status, requested_as, requested_by, decided_by, processor_refund, created_at \
         from payments.refund where ($1::text is null or status = $1) and ($2::uuid is null or refund_id < $2) \
         order by refund_id desc limit $3",
        status.map(RefundStatus::code),
        before.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

#[cfg(test)]
mod tests {
    use super::still_owed;

    /// What is owed after all of these: what was asked for, what of it failed, and whether a rule gave it back for a reason of its own.
    fn owed(refunds: &[(i64, i64, bool)]) -> i64 {
        let after = |before, it: &(i64, i64, bool)| still_owed(before, (it.0, it.1), it.2);
        refunds.iter().fold(0, after)
    }

    #[test]
    fn what_is_sent_again_is_owed_once_and_what_a_rule_gives_back_besides_is_owed_besides() {
        for (refunds, expected) in [
            ([(55, 55, false), (55, 55, false), (55, 0, false)].as_slice(), 0),
            (&[(55, 55, false), (55, 55, false)], 55),
            (&[(50, 50, false), (50, 0, false), (60, 60, false)], 60),
            (&[(50, 50, false), (20, 0, false)], 30),
            // In two parts, of which one came.
            (&[(110, 100, true)], 100),
            // What was beyond a fee, and the fee once it was waived.
            (&[(60, 60, true), (50, 50, true)], 110),
            (&[(60, 60, true), (50, 50, true), (110, 0, false)], 0),
            // Some was given back at the processor meanwhile, and the rest was made anew.
            (&[(110, 110, true), (50, 0, false), (60, 0, false)], 0),
        ] {
            assert_eq!(owed(refunds), expected, "{refunds:?}");
        }
    }
}
