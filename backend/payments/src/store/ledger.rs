//! Tables `payments.account`, `payments.posting` and `payments.entry`: the ledger. Rows are added and never altered; the database
//! refuses the rest, and looks at each commit whether every posting balances.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{
    AudCents, BookingId, OrganizationId, PaymentId, PostingId, RefundId,
    payments::practice::{AccountKind, PostingCause},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ledger::{Account, FeeStanding, PlatformFee, Posting};

/// What the ledger refuses.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The entries do not add up to nothing, or there are fewer than two.
    #[error("the posting does not balance")]
    Unbalanced,
    /// The processor's record was booked for something else.
    #[error("the processor's record was booked before, for something else")]
    ObjectBooked,
    /// Anything else.
    #[error("the ledger could not be added to")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for LedgerError {
    /// The one place where the ledger's constraints get their meaning.
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|refused| refused.constraint());
        match constraint {
            Some("posting_is_balanced") => Self::Unbalanced,
            Some("posting_processor_object_key") => Self::ObjectBooked,
            _ => Self::Database(error),
        }
    }
}

/// A posting that is in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Which.
    pub posting_id: PostingId,
    /// False when the cause had been booked before; nothing was added then.
    pub is_new: bool,
}

/// Books a posting, once for its cause.
///
/// # Errors
/// When it does not balance, or the processor's record was booked for something else.
pub async fn post(conn: &mut PgConnection, core: &Core, posting: &Posting) -> Result<Posted, LedgerError> {
    if !posting.is_balanced() {
        return Err(LedgerError::Unbalanced);
    }
    let posting_id: PostingId = core.id();
    let added = sqlx::query!(
        "insert into payments.posting (posting_id, cause, cause_id, payment_id, booking_id, organization_id, \
         processor_object, gross_cents, fee_cents, occurred_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict on constraint posting_cause_key do nothing",
        posting_id.0,
        posting.cause.code(),
        posting.cause_id,
        posting.payment_id.map(|id| id.0),
        posting.booking_id.map(|id| id.0),
        posting.organization_id.map(|id| id.0),
        posting.processor_object,
        posting.gross_cents.0,
        posting.fee_cents.0,
        posting.occurred_at.to_sqlx(),
        core.now().to_sqlx(),
    )
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == 0 {
        let known = booked(conn, posting.cause, posting.cause_id).await?;
        return match known {
            Some(posting_id) => Ok(Posted { posting_id, is_new: false }),
            // It was there a moment ago, and nothing of a ledger goes away.
            None => Err(LedgerError::Database(sqlx::Error::RowNotFound)),
        };
    }
    let mut accounts = Vec::new();
    for (account, _) in posting.lines() {
        accounts.push(open(conn, core, *account).await?);
    }
    let amounts: Vec<_> = posting.lines().iter().map(|(_, cents)| cents.0).collect();
    sqlx::query!(
        "insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
         select $1, line.position::smallint, line.account, line.cents \
         from unnest($2::uuid[], $3::bigint[]) with ordinality as line (account, cents, position)",
        posting_id.0,
        &accounts,
        &amounts,
    )
    .execute(conn)
    .await?;
    Ok(Posted { posting_id, is_new: true })
}

/// Which posting booked a cause, if it was booked.
///
/// # Errors
/// When the table cannot be read.
pub async fn booked(
    conn: &mut PgConnection,
    cause: PostingCause,
    cause_id: Uuid,
) -> sqlx::Result<Option<PostingId>> {
    let found = sqlx::query_scalar!(
        "select posting_id from payments.posting where cause = $1 and cause_id = $2",
        cause.code(),
        cause_id,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(PostingId))
}

/// A posting with its entries.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn find(
    conn: &mut PgConnection,
    cause: PostingCause,
    cause_id: Uuid,
) -> anyhow::Result<Option<Posting>> {
    let row = sqlx::query!(
        "select posting_id, payment_id, booking_id, organization_id, processor_object, gross_cents, fee_cents, \
         occurred_at from payments.posting where cause = $1 and cause_id = $2",
        cause.code(),
        cause_id,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let mut posting = Posting::new(cause, cause_id, row.occurred_at.to_jiff());
    posting.payment_id = row.payment_id.map(PaymentId);
    posting.booking_id = row.booking_id.map(BookingId);
    posting.organization_id = row.organization_id.map(OrganizationId);
    posting.processor_object = row.processor_object;
    (posting.gross_cents, posting.fee_cents) = (AudCents(row.gross_cents), AudCents(row.fee_cents));
    let lines = sqlx::query!(
        "select account.kind, account.organization_id, entry.amount_cents \
         from payments.entry join payments.account using (ledger_account_id) \
         where entry.posting_id = $1 order by entry.position",
        row.posting_id,
    )
    .fetch_all(conn)
    .await?;
    for line in lines {
        let kind = AccountKind::from_code(&line.kind).context("a known account of the ledger")?;
        let account = Account::read(kind, line.organization_id.map(OrganizationId));
        let account = account.context("an account is the platform's or a practice's")?;
        posting = posting.line(account, AudCents(line.amount_cents));
    }
    Ok(Some(posting))
}

/// The posting of a cause that booked the processor's record of that name, with its entries.
///
/// # Errors
/// As [`find`].
pub async fn find_by_object(
    conn: &mut PgConnection,
    cause: PostingCause,
    processor_object: &str,
) -> anyhow::Result<Option<Posting>> {
    let cause_id = sqlx::query_scalar!(
        "select cause_id from payments.posting where processor_object = $1 and cause = $2",
        processor_object,
        cause.code(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    match cause_id {
        Some(cause_id) => find(conn, cause, cause_id).await,
        None => Ok(None),
    }
}

/// An account's sum: debits above zero, credits below.
///
/// # Errors
/// When the tables cannot be read.
pub async fn balance(conn: &mut PgConnection, account: Account) -> sqlx::Result<AudCents> {
    let Some(ledger_account_id) = find_account(conn, account).await? else { return Ok(AudCents::ZERO) };
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_cents), 0)::bigint as "sum!" from payments.entry
           where ledger_account_id = $1"#,
        ledger_account_id,
    )
    .fetch_one(conn)
    .await?;
    Ok(AudCents(sum))
}

/// What happened to an account in a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Movement {
    /// The sum before it.
    pub opening_cents: AudCents,
    /// The sum of each cause within it, for those that there were.
    pub sums: Vec<(PostingCause, AudCents)>,
    /// The sum after it.
    pub closing_cents: AudCents,
}

/// An account's movement from `from` on and before `until`, by when things happened.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn statement(
    conn: &mut PgConnection,
    account: Account,
    from: Timestamp,
    until: Timestamp,
) -> anyhow::Result<Movement> {
    let Some(ledger_account_id) = find_account(conn, account).await? else { return Ok(Movement::default()) };
    let rows = sqlx::query!(
        r#"select posting.cause,
               coalesce(sum(entry.amount_cents) filter (where posting.occurred_at < $2), 0)::bigint as "before!",
               coalesce(sum(entry.amount_cents) filter (where posting.occurred_at >= $2), 0)::bigint as "within!",
               count(*) filter (where posting.occurred_at >= $2) as "postings!"
           from payments.entry join payments.posting using (posting_id)
           where entry.ledger_account_id = $1 and posting.occurred_at < $3 group by posting.cause"#,
        ledger_account_id,
        from.to_sqlx() as jiff_sqlx::Timestamp,
        until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let opening_cents = AudCents(rows.iter().map(|row| row.before).sum());
    let within: i64 = rows.iter().map(|row| row.within).sum();
    let mut sums = Vec::new();
    for row in rows.iter().filter(|row| row.postings > 0) {
        let cause = PostingCause::from_code(&row.cause).context("a known cause of a posting")?;
        sums.push((cause, AudCents(row.within)));
    }
    sums.sort_by_key(|(cause, _)| *cause);
    Ok(Movement { opening_cents, sums, closing_cents: AudCents(opening_cents.0 + within) })
}

/// Each kind of account before and after a span of time, practices' summed.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn balances(
    conn: &mut PgConnection,
    from: Timestamp,
    until: Timestamp,
) -> anyhow::Result<Vec<(AccountKind, AudCents, AudCents)>> {
    let rows = sqlx::query!(
        r#"select account.kind,
               coalesce(sum(entry.amount_cents) filter (where posting.occurred_at < $1), 0)::bigint as "opening!",
               coalesce(sum(entry.amount_cents), 0)::bigint as "closing!"
           from payments.entry join payments.posting using (posting_id) join payments.account using (ledger_account_id)
           where posting.occurred_at < $2 group by account.kind"#,
        from.to_sqlx() as jiff_sqlx::Timestamp,
        until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let mut balances = Vec::new();
    for row in rows {
        let kind = AccountKind::from_code(&row.kind).context("a known account of the ledger")?;
        balances.push((kind, AudCents(row.opening), AudCents(row.closing)));
    }
    balances.sort_by_key(|(kind, _, _)| *kind);
    Ok(balances)
}

/// The sum of debits for each cause in a span of time.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn debits(
    conn: &mut PgConnection,
    from: Timestamp,
    until: Timestamp,
) -> anyhow::Result<Vec<(PostingCause, AudCents)>> {
    let rows = sqlx::query!(
        r#"select posting.cause, sum(entry.amount_cents)::bigint as "debits!"
           from payments.posting join payments.entry using (posting_id)
           where posting.occurred_at >= $1 and posting.occurred_at < $2 and entry.amount_cents > 0
           group by posting.cause"#,
        from.to_sqlx() as jiff_sqlx::Timestamp,
        until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let mut debits = Vec::new();
    for row in rows {
        let cause = PostingCause::from_code(&row.cause).context("a known cause of a posting")?;
        debits.push((cause, AudCents(row.debits)));
    }
    debits.sort_by_key(|(cause, _)| *cause);
    Ok(debits)
}

/// What was taken of the platform's fee with a payment, and what has gone back.
///
/// # Errors
/// When the tables cannot be read.
pub async fn fee_standing(conn: &mut PgConnection, payment_id: PaymentId) -> sqlx::Result<FeeStanding> {
    let row = sqlx::query!(
        r#"with fee as (
               select posting.cause = 'capture' as taken, posting.fee_cents,
                   (select coalesce(sum(entry.amount_cents), 0)
                    from payments.entry join payments.account using (ledger_account_id)
                    where entry.posting_id = posting.posting_id and account.kind = 'gst_payable') as gst_cents
               from payments.posting where payment_id = $1
           )
           select coalesce(sum(fee_cents) filter (where taken), 0)::bigint as "taken!",
               coalesce(-sum(gst_cents) filter (where taken), 0)::bigint as "taken_gst!",
               coalesce(-sum(fee_cents) filter (where not taken), 0)::bigint as "back!",
               coalesce(sum(gst_cents) filter (where not taken), 0)::bigint as "back_gst!"
           from fee"#,
        payment_id.0,
    )
    .fetch_one(conn)
    .await?;
    let fee = |whole, gst| PlatformFee { whole_cents: AudCents(whole), gst_cents: AudCents(gst) };
    Ok(FeeStanding { taken: fee(row.taken, row.taken_gst), back: fee(row.back, row.back_gst) })
}

/// What a refund takes back of the platform's fee, and the processor's name for it.
///
/// # Errors
/// When there is no such refund.
pub async fn refund_terms(
    conn: &mut PgConnection,
    refund_id: RefundId,
) -> sqlx::Result<(AudCents, Option<String>)> {
    let row = sqlx::query!(
        "select fee_reversed_cents, processor_refund from payments.refund where refund_id = $1",
        refund_id.0,
    )
    .fetch_one(conn)
    .await?;
    Ok((AudCents(row.fee_reversed_cents), row.processor_refund))
}

/// An account's row, made when there is none yet.
async fn open(conn: &mut PgConnection, core: &Core, account: Account) -> sqlx::Result<Uuid> {
    if let Some(known) = find_account(conn, account).await? {
        return Ok(known);
    }
    sqlx::query!(
        "insert into payments.account (ledger_account_id, kind, organization_id, created_at) values ($1, $2, $3, $4) \
         on conflict on constraint account_kind_key do nothing",
        core.id::<Uuid>(),
        account.kind().code(),
        account.organization_id().map(|id| id.0),
        core.now().to_sqlx(),
    )
    .execute(&mut *conn)
    .await?;
    find_account(conn, account).await?.ok_or(sqlx::Error::RowNotFound)
}

async fn find_account(conn: &mut PgConnection, account: Account) -> sqlx::Result<Option<Uuid>> {
    let kind = account.kind().code();
    match account.organization_id() {
        Some(organization_id) => {
            sqlx::query_scalar!(
                "select ledger_account_id from payments.account where kind = $1 and organization_id = $2",
                kind,
                organization_id.0,
            )
            .fetch_optional(conn)
            .await
        }
        None => {
            sqlx::query_scalar!(
                "select ledger_account_id from payments.account where kind = $1 and organization_id is null",
                kind,
            )
            .fetch_optional(conn)
            .await
        }
    }
}
