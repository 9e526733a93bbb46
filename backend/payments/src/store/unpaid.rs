//! Which of a practice's payments no card was charged for, and when one was charged last.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{OrganizationId, PatientId, PaymentId, payments::practice::VisitTime};
use sqlx::PgConnection;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// Which.
    pub payment_id: PaymentId,
    /// Whose booking it is, where that is known.
    pub whose: Option<PatientId>,
    /// When its visit is; none where it was never confirmed.
    pub visit: Option<VisitTime>,
    /// When a card last said no or a hold ran out; otherwise when the payment last changed.
    pub failed_at: Timestamp,
}

/// Those of visits that took place and of fees, the latest visit first; after one, those before it. What a card said no to before a
/// visit is none: its patient gives another card, or the visit is cancelled. A fee that nobody plans to charge any more, since no card is
/// kept that may be, is one of them without a card having said no.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown zone.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    after: Option<PaymentId>,
    now: Timestamp,
    at_most: i64,
) -> anyhow::Result<Vec<Unpaid>> {
    let rows = sqlx::query!(
        r#"select payment.payment_id as "payment_id!", owner.patient_id as "patient_id?",
               visit.starts_at as "visit_starts_at?", visit.time_zone as "visit_time_zone?",
               coalesce((
                   select max(intent.updated_at) from payments.intent
                   where intent.payment_id = payment.payment_id and intent.status in ('failed', 'expired')
               ), payment.updated_at) as "failed_at!"
           from payments.payment
               left join payments.booking_owner owner on owner.booking_id = payment.booking_id
               left join payments.billed_visit visit on visit.booking_id = payment.booking_id
           where payment.organization_id = $1 and not payment.bulk_billed and (
                   payment.status in ('awaiting', 'failed', 'auth_expired') and payment.failure is not null
                       and (payment.completed_at is not null or payment.fee_owed_cents > 0
                           or (payment.starts_at <= $2 and visit.booking_id is not null))
                   or payment.status in ('captured', 'part_refunded', 'won') and payment.fee_owed_cents > 0
                       and (payment.failure is not null or (payment.due is null and payment.fee_due_at <= $2
                           and not exists (
                               select from payments.intent
                               where intent.payment_id = payment.payment_id and intent.purpose = payment.fee_kind
                                   and intent.status in ('created', 'page_open', 'needs_authentication', 'processing'))))
                   or payment.status in ('captured', 'part_refunded', 'won') and payment.failure is not null
                       and payment.fee_kind is null and payment.agreed_cents > payment.captured_cents
                       and (payment.collection <> 'deposit' or payment.agreed_cents > payment.price_cents)
                       and payment.captured_cents > payment.refunded_cents + payment.refunding_cents
               )
               and ($3::uuid is null or (coalesce(payment.starts_at, payment.created_at), payment.payment_id) < (
                   select coalesce(earlier.starts_at, earlier.created_at), earlier.payment_id
                   from payments.payment earlier where earlier.payment_id = $3))
           order by coalesce(payment.starts_at, payment.created_at) desc, payment.payment_id desc limit $4"#,
        organization_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let unpaid = rows.into_iter().map(|row| {
        let visit = row.visit_starts_at.zip(row.visit_time_zone).map(|(starts_at, zone)| {
            anyhow::Ok(VisitTime { starts_at: starts_at.to_jiff(), time_zone: zone.parse()? })
        });
        Ok(Unpaid {
            payment_id: PaymentId(row.payment_id),
            whose: row.patient_id.map(PatientId),
            visit: visit.transpose()?,
            failed_at: row.failed_at.to_jiff(),
        })
    });
    unpaid.collect()
}

/// When money was taken for a payment last; none where none was.
///
/// # Errors
/// When the table cannot be read.
pub async fn taken_at(conn: &mut PgConnection, payment_id: PaymentId) -> sqlx::Result<Option<Timestamp>> {
    let latest = sqlx::query_scalar!(
        "select max(occurred_at) from payments.posting where payment_id = $1 and cause = 'capture'",
        payment_id.0,
    )
    .fetch_one(conn)
    .await?;
    Ok(latest.map(jiff_sqlx::Timestamp::to_jiff))
}
