//! Column `payments.payment.asked_reason`: why a practice asks for a higher price, in its own words, and what became of what it asked
//! for. The words may be about a patient, so they are no part of the payment that is told and noted everywhere.

use std::collections::BTreeMap;

use shared_types::{AudCents, PaymentId, payments::practice::HigherPrice, personal::Personal};
use sqlx::PgConnection;

/// Keeps why. What was said before is over with the price that it was said for.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep_reason(
    conn: &mut PgConnection,
    payment_id: PaymentId,
    reason: &Personal<String>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payment set asked_reason = $2 where payment_id = $1",
        payment_id.0,
        reason.expose().as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Why a higher price was asked for last.
///
/// # Errors
/// When the table cannot be read.
pub async fn reason(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> sqlx::Result<Option<Personal<String>>> {
    let reason =
        sqlx::query_scalar!("select asked_reason from payments.payment where payment_id = $1", payment_id.0)
            .fetch_optional(conn)
            .await?;
    Ok(reason.flatten().map(Personal::new))
}

/// The higher prices among these payments. What was agreed to, was not taken and is under way nowhere is named: no card is charged for
/// it. After a deposit the rest of the quoted price is paid at the practice and is not meant. A fee for cancelling late or not coming is
/// owed by its own rules, and then nothing else is.
///
/// # Errors
/// When a table cannot be read.
pub async fn of_payments(
    conn: &mut PgConnection,
    payments: &[PaymentId],
) -> sqlx::Result<BTreeMap<PaymentId, HigherPrice>> {
    let payments: Vec<_> = payments.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select payment_id, asked_cents, agreed_cents, asked_reason,
               case
                   when status not in ('captured', 'part_refunded', 'won') or fee_cents > 0 or fee_owed_cents > 0 then 0
                   when exists (
                       select from payments.intent
                       where intent.payment_id = payment.payment_id and intent.purpose = 'balance'
                           and intent.status in ('created', 'page_open', 'needs_authentication', 'processing')
                   ) then 0
                   when collection = 'deposit' then greatest(
                       coalesce(agreed_cents, 0) - price_cents - (
                           select coalesce(sum(intent.captured_cents), 0)::bigint from payments.intent
                           where intent.payment_id = payment.payment_id and intent.purpose = 'balance'
                       ), 0)
                   else greatest(coalesce(agreed_cents, 0) - captured_cents, 0)
               end as "uncollected_cents!"
           from payments.payment
           where payment_id = any($1) and (asked_cents is not null or agreed_cents is not null)"#,
        &payments,
    )
    .fetch_all(conn)
    .await?;
    let asked = rows.into_iter().map(|row| {
        let higher = HigherPrice {
            asked_cents: row.asked_cents.map(AudCents),
            agreed_cents: row.agreed_cents.map(AudCents),
            reason: row.asked_reason.map(Personal::new),
            uncollected_cents: AudCents(row.uncollected_cents),
        };
        (PaymentId(row.payment_id), higher)
    });
    Ok(asked.collect())
}
