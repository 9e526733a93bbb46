//! Columns `bulk_bill_asked_at` and `bulk_bill_failed_at` of `payments.payment`: visits that a practice wants to bulk bill after all.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    PaymentId,
    payments::{claim::ClaimStatus, funding::FundingMode},
};
use sqlx::PgConnection;

use crate::{
    claiming::CLAIM_ZONE,
    domain::{claim::is_lodged, payment::Payment, to_bulk_billing::Facts},
};

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

/// Those that are not there yet, the earliest first; not while a bank has money of it, which may take months, nor once it is lost, nor
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
         and not exists ( \
             select from payments.chargeback \
             where chargeback.payment_id = payment.payment_id and chargeback.status in ('needs_response', 'under_review') \
                 and exists (select from payments.posting \
                     where cause = 'chargeback_opened' and cause_id = chargeback.chargeback_id)) \
         order by bulk_bill_asked_at, payment_id limit $1",
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(PaymentId).collect())
}

/// What it goes by whether these can be bulk billed instead. An item counts where a rule of the visit's appointment type names it,
/// whoever that is for: which patients have a card, the practice sees. Its day is one of the calendar by which claims are late.
///
/// # Errors
/// When a table cannot be read.
pub async fn facts(
    conn: &mut PgConnection,
    payments: &[Payment],
) -> sqlx::Result<BTreeMap<PaymentId, Facts>> {
    let ids: Vec<_> = payments.iter().map(|payment| payment.payment_id.0).collect();
    let lodged = ClaimStatus::ALL.into_iter().filter(|status| is_lodged(*status));
    let lodged: Vec<String> = lodged.map(|status| status.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select payment_id, bulk_bill_asked_at is not null as "asked!", bulk_bill_failed_at is not null as "failed!",
               exists (
                   select from payments.billed_visit visit where visit.booking_id = payment.booking_id
               ) as "is_booked!",
               exists (
                   select from payments.refund
                   where refund.payment_id = payment.payment_id and refund.status in ('awaiting_approval', 'due', 'sent')
               ) as "refund_under_way!",
               exists (
                   select from payments.refund
                   where refund.payment_id = payment.payment_id and refund.status not in ('refused', 'failed')
                       and refund.reason in ('cancelled', 'not_given', 'too_late', 'fee_waived')
               ) as "given_back!",
               exists (
                   select from payments.chargeback
                   where chargeback.payment_id = payment.payment_id and (chargeback.status = 'lost'
                       or chargeback.status in ('needs_response', 'under_review') and exists (
                           select from payments.posting
                           where cause = 'chargeback_opened' and cause_id = chargeback.chargeback_id))
               ) as "with_bank!",
               exists (
                   select from payments.claim where claim.booking_id = payment.booking_id and claim.status = any($2)
               ) as "claimed!",
               exists (
                   select from payments.funding_rule rule
                       join payments.fee_item item on item.item_number = any(rule.item_numbers)
                   where rule.organization_id = payment.organization_id and rule.mode <> 'veterans'
                       and rule.appointment_type_id = (payment.quote #>> '{terms,appointment_type_id}')::uuid
                       and item.effective_from <= (payment.starts_at at time zone $3::text)::date
                       and (item.effective_until is null
                           or item.effective_until > (payment.starts_at at time zone $3::text)::date)
               ) as "has_item!",
               exists (
                   select from payments.role_setup where role_setup.organization_id = payment.organization_id
               ) as "has_number!"
           from payments.payment where payment_id = any($1)"#,
        &ids,
        &lodged,
        CLAIM_ZONE.name(),
    )
    .fetch_all(conn)
    .await?;
    let mut known = BTreeMap::new();
    for row in rows {
        let Some(payment) = payments.iter().find(|payment| payment.payment_id.0 == row.payment_id) else {
            continue;
        };
        let facts = Facts {
            status: payment.status,
            bulk_billed: payment.is_bulk_billed(),
            kept_cents: payment.kept_cents(),
            is_booked: row.is_booked,
            asked: row.asked,
            failed: row.failed,
            with_bank: row.with_bank,
            refund_under_way: row.refund_under_way,
            called_off: payment.fee_kind.is_some() || row.given_back,
            claimed: row.claimed,
            has_item: payment.funding == FundingMode::Private && row.has_item,
            has_number: row.has_number,
        };
        known.insert(payment.payment_id, facts);
    }
    Ok(known)
}
