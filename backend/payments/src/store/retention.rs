//! What is over seven years after its last change (C-43). Each takes a batch of rows that nobody else has at the moment, and
//! says when each was last changed.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

use super::invoice;

/// Payments, and whose they were.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_payments(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select payment_id from payments.payment where updated_at < $1 order by updated_at limit $2 \
             for update skip locked \
         ) \
         delete from payments.payment using old where payment.payment_id = old.payment_id \
         returning payment.booking_id, payment.updated_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(&mut *conn)
    .await?;
    let bookings: Vec<_> = gone.iter().map(|row| row.booking_id).collect();
    invoice::forget_bookings(conn, &bookings).await?;
    sqlx::query!("delete from payments.booking_owner where booking_id = any($1)", &bookings)
        .execute(&mut *conn)
        .await?;
    // A guest's customer is of one booking. What the processor told of a payment goes when the payment could.
    sqlx::query!(
        "delete from payments.customer where booking_id = any($1) \
         and not exists (select from payments.intent where intent.customer_id = customer.customer_id)",
        &bookings,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from payments.webhook_received where received_at < $1 and status <> 'received'",
        before.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(gone.into_iter().map(|row| row.updated_at.to_jiff()).collect())
}

/// Card numbers.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_coverages(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select patient_id from payments.coverage where updated_at < $1 order by updated_at limit $2 \
             for update skip locked \
         ) \
         delete from payments.coverage using old where coverage.patient_id = old.patient_id \
         returning coverage.updated_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// Receipts of consents on which nothing rests any more.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_receipts(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select consent_receipt_id from payments.consent_receipt receipt \
             where agreed_at < $1 and not exists ( \
                 select from payments.coverage where coverage.patient_id::text = receipt.subject_id) \
             order by agreed_at limit $2 for update skip locked \
         ) \
         delete from payments.consent_receipt receipt using old \
         where receipt.consent_receipt_id = old.consent_receipt_id returning receipt.agreed_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from payments.consent_withdrawal where withdrawn_at < $1",
        before.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}
