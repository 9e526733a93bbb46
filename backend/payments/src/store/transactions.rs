//! What changed practices' balances, read from the ledger.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, BookingId, OrganizationId, PatientId, PaymentId, PostingId,
    payments::{
        platform::NegativeBalance,
        practice::{PostingCause, Transaction, VisitTime},
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Where a page of transactions goes on: before that moment and posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// When the last one happened.
    pub occurred_at: Timestamp,
    /// Which it is.
    pub posting_id: PostingId,
}

impl Before {
    /// Before that one.
    pub fn of(transaction: &Transaction) -> Self {
        Self { occurred_at: transaction.occurred_at, posting_id: transaction.posting_id }
    }

    /// As text for an address.
    pub fn encode(self) -> String {
        format!("{}~{}", self.occurred_at.as_microsecond(), self.posting_id)
    }

    /// Reads [`Before::encode`]; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('~')?;
        let occurred_at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
        Some(Self { occurred_at, posting_id: id.parse().ok()? })
    }
}

/// A practice's transactions from `from` on and before `until`, the latest first, each with whose booking it is. The balance before the
/// page is that of the days before its first, and of what came before it on its day.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    (from, until): (Timestamp, Timestamp),
    before: Option<Before>,
    at_most: i64,
) -> anyhow::Result<Vec<(Transaction, Option<PatientId>)>> {
    let rows = sqlx::query!(
        r#"with page as materialized (
               select posting.posting_id, posting.cause, posting.booking_id, posting.payment_id, posting.gross_cents,
                   posting.fee_cents, posting.occurred_at, entry.ledger_account_id, entry.amount_cents
               from payments.account
                   join payments.posting on posting.organization_id = account.organization_id
                   join payments.entry on entry.posting_id = posting.posting_id
                       and entry.ledger_account_id = account.ledger_account_id
               where account.kind = 'practice_balance' and account.organization_id = $1
                   and posting.occurred_at >= $2 and posting.occurred_at < $3
                   and ($4::timestamptz is null or (posting.occurred_at, posting.posting_id) < ($4, $5))
               order by posting.occurred_at desc, posting.posting_id desc limit $6
           ), earliest as (
               select ledger_account_id, occurred_at, posting_id, (occurred_at at time zone 'UTC')::date as day
               from page order by occurred_at, posting_id limit 1
           ), carried as (
               select (
                   select coalesce(sum(balance_day.net_cents), 0) from payments.balance_day
                   where balance_day.ledger_account_id = earliest.ledger_account_id and balance_day.day < earliest.day
               ) + (
                   select coalesce(sum(entry.amount_cents), 0)
                   from payments.posting join payments.entry using (posting_id)
                   where posting.organization_id = $1 and entry.ledger_account_id = earliest.ledger_account_id
                       and posting.occurred_at >= earliest.day::timestamp at time zone 'UTC'
                       and (posting.occurred_at, posting.posting_id) < (earliest.occurred_at, earliest.posting_id)
               ) as cents
               from earliest
           )
           select page.posting_id as "posting_id!", page.cause as "cause!", page.booking_id, page.payment_id,
               page.gross_cents as "gross_cents!", page.fee_cents as "fee_cents!", page.occurred_at as "occurred_at!",
               -page.amount_cents as "net_cents!",
               -(carried.cents + sum(page.amount_cents) over (order by page.occurred_at, page.posting_id))::bigint
                   as "balance_cents!",
               owner.patient_id as "patient_id?", visit.starts_at as "visit_starts_at?",
               visit.time_zone as "visit_time_zone?"
           from page cross join carried left join payments.booking_owner owner on owner.booking_id = page.booking_id
               left join payments.billed_visit visit on visit.booking_id = page.booking_id
           order by page.occurred_at desc, page.posting_id desc"#,
        organization_id.0,
        from.to_sqlx() as jiff_sqlx::Timestamp,
        until.to_sqlx() as jiff_sqlx::Timestamp,
        before.map(|before| before.occurred_at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        before.map(|before| before.posting_id.0) as Option<Uuid>,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let transactions = rows.into_iter().map(|row| {
        let visit = row.visit_starts_at.zip(row.visit_time_zone).map(|(starts_at, zone)| {
            anyhow::Ok(VisitTime { starts_at: starts_at.to_jiff(), time_zone: zone.parse()? })
        });
        let transaction = Transaction {
            posting_id: PostingId(row.posting_id),
            cause: PostingCause::from_code(&row.cause).context("a known cause of a posting")?,
            booking_id: row.booking_id.map(BookingId),
            payment_id: row.payment_id.map(PaymentId),
            gross_cents: AudCents(row.gross_cents),
            fee_cents: AudCents(row.fee_cents),
            net_cents: AudCents(row.net_cents),
            balance_cents: AudCents(row.balance_cents),
            occurred_at: row.occurred_at.to_jiff(),
            // Of a payment and not of what moved: who shows it looks it up.
            higher: None,
            bulk_billing: None,
            fee_owed_cents: AudCents::ZERO,
            not_returned_cents: AudCents::ZERO,
            visit: visit.transpose()?,
        };
        Ok((transaction, row.patient_id.map(PatientId)))
    });
    transactions.collect()
}

/// Practices that owe, those that owe most first, each with the last moment at which its balance fell.
///
/// # Errors
/// When the tables cannot be read.
pub async fn negative_balances(conn: &mut PgConnection, at_most: i64) -> sqlx::Result<Vec<NegativeBalance>> {
    let rows = sqlx::query!(
        r#"select account.organization_id as "organization_id!", practice.legal_name as "legal_name?",
               -sum(entry.amount_cents)::bigint as "balance_cents!",
               max(posting.occurred_at) filter (where entry.amount_cents > 0) as "since!"
           from payments.account join payments.entry using (ledger_account_id) join payments.posting using (posting_id)
               left join payments.practice_account practice on practice.organization_id = account.organization_id
           where account.kind = 'practice_balance'
           group by account.organization_id, practice.legal_name having sum(entry.amount_cents) > 0
           order by sum(entry.amount_cents) desc, account.organization_id limit $1"#,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| NegativeBalance {
            organization_id: OrganizationId(row.organization_id),
            legal_name: row.legal_name,
            balance_cents: AudCents(row.balance_cents),
            since: row.since.to_jiff(),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::Before;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        let before = Before { occurred_at: Timestamp::UNIX_EPOCH, posting_id: Uuid::from_u128(7).into() };
        assert_eq!(Before::decode(&before.encode()), Some(before));
        for text in ["", "~", "1~", "x~00000000-0000-0000-0000-000000000007", "1"] {
            assert_eq!(Before::decode(text), None, "{text}");
        }
    }
}
