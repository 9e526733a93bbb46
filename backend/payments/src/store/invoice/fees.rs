//! The platform's own invoices: fees that are on none yet.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AudCents, OrganizationId};
use sqlx::PgConnection;
use uuid::Uuid;

/// What the platform has taken of a practice and not invoiced yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeesDue {
    /// Whom.
    pub organization_id: OrganizationId,
    /// Its name.
    pub legal_name: Option<String>,
    /// All of it, GST included; fees that went back are taken off.
    pub fee_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
}

/// Fees before a moment that are on no invoice of the platform's. Where more went back than was taken, that waits for a month in
/// which there is more to take.
///
/// # Errors
/// When the tables cannot be read.
pub async fn fees_due(conn: &mut PgConnection, until: Timestamp, at_most: i64) -> sqlx::Result<Vec<FeesDue>> {
    let rows = sqlx::query!(
        r#"with taken as (
               select posting.organization_id,
                   sum(-entry.amount_cents)::bigint as fee_cents,
                   coalesce(sum(-entry.amount_cents) filter (where account.kind = 'gst_payable'), 0)::bigint as gst_cents
               from payments.posting join payments.entry using (posting_id)
                   join payments.account using (ledger_account_id)
               where account.kind in ('platform_fees', 'gst_payable') and posting.organization_id is not null
                   and posting.occurred_at < $1
               group by posting.organization_id
           ), invoiced as (
               select organization_id, sum(total_cents)::bigint as fee_cents, sum(gst_cents)::bigint as gst_cents
               from payments.invoice where kind = 'platform_invoice' group by organization_id
           )
           select taken.organization_id as "organization_id!", practice.legal_name as "legal_name?",
               taken.fee_cents - coalesce(invoiced.fee_cents, 0) as "fee_cents!",
               taken.gst_cents - coalesce(invoiced.gst_cents, 0) as "gst_cents!"
           from taken left join invoiced using (organization_id)
               left join payments.practice_account practice using (organization_id)
           where taken.fee_cents > coalesce(invoiced.fee_cents, 0)
               and taken.gst_cents - coalesce(invoiced.gst_cents, 0)
                   between 0 and taken.fee_cents - coalesce(invoiced.fee_cents, 0)
           order by taken.organization_id limit $2"#,
        until.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| FeesDue {
            organization_id: OrganizationId(row.organization_id),
            legal_name: row.legal_name,
            fee_cents: AudCents(row.fee_cents),
            gst_cents: AudCents(row.gst_cents),
        })
        .collect())
}

/// Whether the platform has invoiced a practice for that month.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_invoiced(conn: &mut PgConnection, cause_id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from payments.invoice where kind = 'platform_invoice' and cause_id = $1) as "is_invoiced!""#,
        cause_id,
    )
    .fetch_one(conn)
    .await
}
