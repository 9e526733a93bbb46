//! Shares that were sent to practices after a refund did not come, as table `payments.processor_call` has them.

use shared_types::{AudCents, IntentId, PaymentId, RefundId};
use sqlx::PgConnection;

/// What of a try's shares was sent again, and how much of each is left with the practice; the latest first. By the refund that did not come.
///
/// # Errors
/// When the table cannot be read.
pub async fn of_intent(
    conn: &mut PgConnection,
    payment_id: PaymentId,
    intent_id: IntentId,
) -> sqlx::Result<Vec<(RefundId, AudCents)>> {
    // One that was refused is asked for anew by another call. One that was given up may have been moved, or may still be.
    let rows = sqlx::query!(
        r#"select sent.refund_id as "refund_id!", (sent.amount_cents - coalesce(
               (select sum(taken.amount_cents) from payments.processor_call taken
                where taken.payment_id = sent.payment_id and taken.refund_id = sent.refund_id
                    and taken.operation = 'take_sent_share'
                    and taken.status in ('due', 'done', 'given_up')), 0))::bigint as "left!"
           from payments.processor_call sent
           where sent.payment_id = $1 and sent.intent_id = $2 and sent.operation = 'send_share'
               and sent.status in ('due', 'done', 'given_up') and sent.refund_id is not null
           order by sent.created_at desc, sent.processor_call_id desc"#,
        payment_id.0,
        intent_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (RefundId(row.refund_id), AudCents(row.left))).collect())
}

/// The processor's name for the share that was sent after a refund did not come. None before it is sent.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_name(
    conn: &mut PgConnection,
    payment_id: PaymentId,
    refund_id: RefundId,
) -> sqlx::Result<Option<String>> {
    let name = sqlx::query_scalar!(
        "select answer from payments.processor_call where payment_id = $1 and refund_id = $2 \
         and operation = 'send_share' and status = 'done'",
        payment_id.0,
        refund_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(name.flatten())
}

/// Whether the share in what somebody gave back at the processor was taken back by us.
///
/// # Errors
/// When the table cannot be read.
pub async fn was_taken_back(
    conn: &mut PgConnection,
    payment_id: PaymentId,
    refund_id: RefundId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.processor_call where payment_id = $1 and refund_id = $2
           and operation = 'reverse_transfer' and status = 'done') as "was_taken_back!""#,
        payment_id.0,
        refund_id.0,
    )
    .fetch_one(conn)
    .await
}
