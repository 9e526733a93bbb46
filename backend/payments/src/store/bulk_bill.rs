//! Columns `bulk_bill_asked_at` and `bulk_bill_failed_at` of `payments.payment`: visits that a practice wants to bulk bill after all.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, PaymentId,
    payments::{PaymentStatus, claim::ClaimStatus},
};
use sqlx::PgConnection;

use crate::domain::{claim::is_lodged, to_bulk_billing::Facts};

/// Writes that a practice wants it. A second time it stays as it was.
///
/// # Errors
/// When the table cannot be changed.
pub async fn ask(conn: &mut PgConnection, payment_id: PaymentId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payment set bulk_bill_asked_at = coalesce(bulk_bill_asked_at, $2), bulk_bill_failed_at = null \
         where payment_id = $1",
        payment_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Since when a practice wants it; none where it does not, or it is there.
///
/// # Errors
/// When the table cannot be read.
pub async fn asked_at(conn: &mut PgConnection, payment_id: PaymentId) -> sqlx::Result<Option<Timestamp>> {
    let asked_at = sqlx::query_scalar!(
        "select bulk_bill_asked_at from payments.payment where payment_id = $1 and not bulk_billed",
        payment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(asked_at.flatten().map(jiff_sqlx::Timestamp::to_jiff))
}

/// Writes that what was paid could not be given back: it is charged for as before, until the practice tries again.
///
/// # Errors
/// When the table cannot be changed.
pub async fn fail(conn: &mut PgConnection, payment_id: PaymentId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payment set bulk_bill_asked_at = null, bulk_bill_failed_at = $2 where payment_id = $1",
        payment_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those that are not there yet, the earliest first; not while a bank has the money, which may take months, nor once it is lost, nor
/// while a refund is on its way, which may take days: those behind them do not wait for that.
///
/// # Errors
/// When the table cannot be read.
pub async fn waiting(conn: &mut PgConnection, at_most: i64) -> sqlx::Result<Vec<PaymentId>> {
    let ids = sqlx::query_scalar!(
        "select payment_id from payments.payment where bulk_bill_asked_at is not null and not bulk_billed \
         and status not in ('disputed', 'lost') and not exists ( \
             select from payments.refund \
             where refund.payment_id = payment.payment_id and refund.status in ('due', 'sent')) \
         order by bulk_bill_asked_at, payment_id limit $1",
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(PaymentId).collect())
}

/// What it goes by whether these can be bulk billed instead. An item counts where a rule of the visit's appointment type names it,
/// whoever that is for: which patients have a card, the practice sees.
///
/// # Errors
/// When a table cannot be read, or holds an unknown name.
pub async fn facts(
    conn: &mut PgConnection,
    payments: &[PaymentId],
) -> anyhow::Result<BTreeMap<PaymentId, Facts>> {
    let payments: Vec<_> = payments.iter().map(|id| id.0).collect();
    let lodged = ClaimStatus::ALL.into_iter().filter(|status| is_lodged(*status));
    let lodged: Vec<String> = lodged.map(|status| status.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select payment_id, status, (bulk_billed or funding = 'bulk_billed') as "bulk_billed!",
               captured_cents - refunded_cents - refunding_cents as "kept_cents!",
               bulk_bill_asked_at is not null as "asked!", bulk_bill_failed_at is not null as "failed!",
               exists (
                   select from payments.refund
                   where refund.payment_id = payment.payment_id and refund.status in ('awaiting_approval', 'due', 'sent')
               ) as "refund_under_way!",
               fee_kind is not null or exists (
                   select from payments.refund
                   where refund.payment_id = payment.payment_id and refund.status not in ('refused', 'failed')
                       and refund.reason in ('cancelled', 'not_given', 'too_late', 'fee_waived')
               ) as "called_off!",
               exists (
                   select from payments.claim where claim.booking_id = payment.booking_id and claim.status = any($2)
               ) as "claimed!",
               funding = 'private' and exists (
                   select from payments.funding_rule rule
                       join payments.fee_item item on item.item_number = any(rule.item_numbers)
                   where rule.organization_id = payment.organization_id and rule.mode <> 'veterans'
                       and rule.appointment_type_id = (payment.quote #>> '{terms,appointment_type_id}')::uuid
                       and item.effective_from <= (payment.starts_at at time zone 'Australia/Sydney')::date
                       and (item.effective_until is null
                           or item.effective_until > (payment.starts_at at time zone 'Australia/Sydney')::date)
               ) as "has_item!",
               exists (
                   select from payments.role_setup where role_setup.organization_id = payment.organization_id
               ) as "has_number!"
           from payments.payment where payment_id = any($1)"#,
        &payments,
        &lodged,
    )
    .fetch_all(conn)
    .await?;
    let known = rows.into_iter().map(|row| {
        let facts = Facts {
            status: PaymentStatus::from_code(&row.status).context("a known status of a payment")?,
            bulk_billed: row.bulk_billed,
            kept_cents: AudCents(row.kept_cents),
            asked: row.asked,
            failed: row.failed,
            refund_under_way: row.refund_under_way,
            called_off: row.called_off,
            claimed: row.claimed,
            has_item: row.has_item,
            has_number: row.has_number,
        };
        Ok((PaymentId(row.payment_id), facts))
    });
    known.collect()
}
