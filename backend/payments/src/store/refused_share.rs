//! Practices' shares that the processor refused to move and is asked for again, or that were given up after it did not answer for most of
//! a day, as table `payments.processor_call` has them.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, OrganizationId, PaymentId, ProcessorCallId,
    payments::platform::{RefusedShare, ShareMove},
};
use sqlx::PgConnection;

use super::processor_call::times_refused;

/// Those that wait to be asked for again or were given up, the earliest first, after that one; or only one, as long as it is to be
/// asked for.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<ProcessorCallId>,
    after: Option<ProcessorCallId>,
    at_most: i64,
) -> anyhow::Result<Vec<RefusedShare>> {
    let rows = sqlx::query!(
        r#"select call.processor_call_id, call.idempotency_key, call.operation, call.payment_id,
               call.amount_cents as "amount_cents!", call.due_at,
               payment.organization_id as "organization_id?", practice.legal_name as "legal_name?",
               (select before.answer from payments.processor_call before
                where before.payment_id = call.payment_id and before.status = 'refused'
                    and starts_with(before.idempotency_key, split_part(call.idempotency_key, '_again_', 1))
                order by before.updated_at desc, before.processor_call_id desc limit 1) as "why?"
           from payments.processor_call call
               left join payments.payment on payment.payment_id = call.payment_id
               left join payments.practice_account practice on practice.organization_id = payment.organization_id
           where call.operation in ('reverse_transfer', 'send_share', 'take_sent_share')
               and call.amount_cents is not null
               and (call.status = 'given_up' or (call.status = 'due'
                   and (position('_again_' in call.idempotency_key) > 0 or call.processor_call_id = $1)))
               and ($1::uuid is null or call.processor_call_id = $1)
               and ($2::uuid is null or call.processor_call_id > $2)
           order by call.processor_call_id limit $3"#,
        only.map(|id| id.0),
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(RefusedShare {
                processor_call_id: ProcessorCallId(row.processor_call_id),
                to: ShareMove::from_code(&row.operation).context("a known move of a share")?,
                organization_id: row.organization_id.map(OrganizationId),
                legal_name: row.legal_name,
                payment_id: row.payment_id.map(PaymentId),
                amount_cents: AudCents(row.amount_cents),
                times: times_refused(&row.idempotency_key),
                why: row.why,
                asked_at: row.due_at.map(jiff_sqlx::Timestamp::to_jiff),
            })
        })
        .collect()
}

/// Has one asked for at once, by the key that it has. False when none waits or was given up under that name. One that was given up has
/// been asked for before: that stays known, since it may have been moved.
///
/// # Errors
/// When the table cannot be changed.
pub async fn ask_now(
    conn: &mut PgConnection,
    processor_call_id: ProcessorCallId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.processor_call set status = 'due', due_at = least(due_at, $2), answer = null, \
             attempts = case status when 'given_up' then 1 else attempts end, updated_at = $2 \
         where processor_call_id = $1 and operation in ('reverse_transfer', 'send_share', 'take_sent_share') \
             and (status = 'given_up' or (status = 'due' and position('_again_' in idempotency_key) > 0))",
        processor_call_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a share was asked for under that name, however that ended.
///
/// # Errors
/// When the table cannot be read.
pub async fn was_asked(conn: &mut PgConnection, processor_call_id: ProcessorCallId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.processor_call where processor_call_id = $1
           and operation in ('reverse_transfer', 'send_share', 'take_sent_share')) as "was_asked!""#,
        processor_call_id.0,
    )
    .fetch_one(conn)
    .await
}
