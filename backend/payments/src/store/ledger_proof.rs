//! What a proof of the ledger reads: all of it, at one moment.

use anyhow::Context as _;
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, MedicarePaymentId, OrganizationId, PaymentId, PostingId, payments::practice::AccountKind,
};
use sqlx::PgConnection;

/// How many of those that are wrong are named.
const NAMED: i64 = 20;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Postings.
    pub postings: i64,
    /// Their entries.
    pub entries: i64,
    /// The sum of all debits.
    pub debits_cents: AudCents,
    /// The sum of all entries, which is nothing.
    pub total_cents: AudCents,
}

/// Lets the transaction see one moment, and read as long as it takes.
///
/// # Errors
/// When the transaction has begun to read before.
pub async fn see_one_moment(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("set transaction isolation level repeatable read").execute(&mut *conn).await?;
    sqlx::query("set local statement_timeout = 0").execute(conn).await?;
    Ok(())
}

/// How much there is now.
///
/// # Errors
/// When the tables cannot be read.
pub async fn extent(conn: &mut PgConnection) -> sqlx::Result<Extent> {
    let row = sqlx::query!(
        r#"select (select count(*) from payments.posting) as "postings!", count(*) as "entries!",
               coalesce(sum(amount_cents) filter (where amount_cents > 0), 0)::bigint as "debits!",
               coalesce(sum(amount_cents), 0)::bigint as "total!"
           from payments.entry"#,
    )
    .fetch_one(conn)
    .await?;
    Ok(Extent {
        postings: row.postings,
        entries: row.entries,
        debits_cents: AudCents(row.debits),
        total_cents: AudCents(row.total),
    })
}

/// Postings whose entries do not add up to nothing, or that have fewer than two.
///
/// # Errors
/// When the tables cannot be read.
pub async fn unbalanced(conn: &mut PgConnection) -> sqlx::Result<Vec<PostingId>> {
    let rows = sqlx::query_scalar!(
        r#"select posting.posting_id as "posting_id!" from payments.posting left join (
               select posting_id, sum(amount_cents) as total, count(*) as entries from payments.entry group by posting_id
           ) entry using (posting_id)
           where entry.entries is null or entry.entries < 2 or entry.total <> 0 limit $1"#,
        NAMED,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(PostingId).collect())
}

/// Payments that say otherwise than their postings what was taken and what has gone back.
///
/// # Errors
/// When the tables cannot be read.
pub async fn differing_payments(conn: &mut PgConnection) -> sqlx::Result<Vec<PaymentId>> {
    let rows = sqlx::query_scalar!(
        r#"select payment.payment_id as "payment_id!" from payments.payment left join (
               select payment_id, sum(gross_cents) filter (where cause = 'capture') as captured,
                   -sum(gross_cents) filter (where cause in ('refund', 'refund_failed')) as refunded
               from payments.posting where payment_id is not null group by payment_id
           ) booked using (payment_id)
           where payment.captured_cents <> coalesce(booked.captured, 0)
              or payment.refunded_cents <> coalesce(booked.refunded, 0) limit $1"#,
        NAMED,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(PaymentId).collect())
}

/// Days (UTC) on which what is kept of a practice's balance is not what its entries add up to.
///
/// # Errors
/// When the tables cannot be read.
pub async fn differing_days(conn: &mut PgConnection) -> anyhow::Result<Vec<(OrganizationId, Date)>> {
    let rows = sqlx::query!(
        r#"select account.organization_id as "organization_id!", day as "day!: jiff_sqlx::Date"
           from payments.balance_day kept full join (
               select entry.ledger_account_id, (posting.occurred_at at time zone 'UTC')::date as day,
                   sum(entry.amount_cents)::bigint as net_cents
               from payments.entry join payments.posting using (posting_id) join payments.account using (ledger_account_id)
               where account.kind = 'practice_balance'
               group by entry.ledger_account_id, (posting.occurred_at at time zone 'UTC')::date
           ) added using (ledger_account_id, day) join payments.account using (ledger_account_id)
           where kept.net_cents is distinct from added.net_cents order by 1, 2 limit $1"#,
        NAMED,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (OrganizationId(row.organization_id), row.day.to_jiff())).collect())
}

/// Payment runs of Medicare's of which a claim's part is not what its posting says that Medicare paid.
///
/// # Errors
/// When the tables cannot be read.
pub async fn differing_runs(conn: &mut PgConnection) -> sqlx::Result<Vec<MedicarePaymentId>> {
    let rows = sqlx::query_scalar!(
        r#"select distinct part.medicare_payment_id as "medicare_payment_id!" from payments.medicare_payment_part part
           where part.amount_cents <> (
               select coalesce(sum(entry.amount_cents), 0)
               from payments.entry join payments.account using (ledger_account_id)
               where entry.posting_id = part.posting_id and account.kind = 'medicare_paid') limit $1"#,
        NAMED,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(MedicarePaymentId).collect())
}

/// The sum of each kind of account.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn sums(conn: &mut PgConnection) -> anyhow::Result<Vec<(AccountKind, AudCents)>> {
    let rows = sqlx::query!(
        r#"select account.kind, coalesce(sum(entry.amount_cents), 0)::bigint as "sum!"
           from payments.account join payments.entry using (ledger_account_id) group by account.kind"#,
    )
    .fetch_all(conn)
    .await?;
    let mut sums = Vec::new();
    for row in rows {
        let kind = AccountKind::from_code(&row.kind).context("a known account of the ledger")?;
        sums.push((kind, AudCents(row.sum)));
    }
    sums.sort_by_key(|(kind, _)| *kind);
    Ok(sums)
}

/// A practice that the processor knows or knew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Which.
    pub organization_id: OrganizationId,
    /// The processor's name for it.
    pub processor_account: String,
    /// Whether its account is closed, so that there is nothing to read.
    pub is_closed: bool,
    /// What the ledger says it is owed; below zero, it owes.
    pub owed_cents: AudCents,
}

/// Every practice that has an account with the processor, or had one, by its id.
///
/// # Errors
/// When the tables cannot be read.
pub async fn practices(conn: &mut PgConnection) -> sqlx::Result<Vec<Practice>> {
    let rows = sqlx::query!(
        r#"select practice.organization_id, practice.processor_account as "processor_account!",
               practice.status = 'closed' as "is_closed!",
               coalesce(-(select sum(entry.amount_cents)
                          from payments.entry join payments.account using (ledger_account_id)
                          where account.kind = 'practice_balance'
                            and account.organization_id = practice.organization_id), 0)::bigint as "owed!"
           from payments.practice_account practice
           where practice.processor_account is not null order by practice.organization_id"#,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Practice {
            organization_id: OrganizationId(row.organization_id),
            processor_account: row.processor_account,
            is_closed: row.is_closed,
            owed_cents: AudCents(row.owed),
        })
        .collect())
}

/// How much there was when the last proof was made.
///
/// # Errors
/// When the table cannot be read.
pub async fn last_checkpoint(conn: &mut PgConnection) -> sqlx::Result<Option<Extent>> {
    let row = sqlx::query!(
        r#"select postings, entries, debits_cents::bigint as "debits!" from payments.ledger_checkpoint
           order by taken_at desc limit 1"#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Extent {
        postings: row.postings,
        entries: row.entries,
        debits_cents: AudCents(row.debits),
        total_cents: AudCents::ZERO,
    }))
}

/// Writes down how far a proof has come.
///
/// # Errors
/// When the table cannot be added to.
pub async fn add_checkpoint(
    conn: &mut PgConnection,
    extent: Extent,
    balanced: bool,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.ledger_checkpoint (taken_at, postings, entries, debits_cents, balanced) \
         values ($1, $2, $3, $4::bigint, $5) on conflict on constraint ledger_checkpoint_pkey do nothing",
        now.to_sqlx(),
        extent.postings,
        extent.entries,
        extent.debits_cents.0,
        balanced,
    )
    .execute(conn)
    .await?;
    Ok(())
}
