//! Column `payments.payment.bulk_bill_asked_at`: bookings that a practice wants to bulk bill after all.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::PaymentId;
use sqlx::PgConnection;

/// Writes that a practice wants it. A second time it stays as it was.
///
/// # Errors
/// When the table cannot be changed.
pub async fn ask(conn: &mut PgConnection, payment_id: PaymentId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payment set bulk_bill_asked_at = coalesce(bulk_bill_asked_at, $2) where payment_id = $1",
        payment_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those that are not there yet, the earliest first; not while a bank has the money, which may take months, nor once it is lost.
///
/// # Errors
/// When the table cannot be read.
pub async fn waiting(conn: &mut PgConnection, at_most: i64) -> sqlx::Result<Vec<PaymentId>> {
    let ids = sqlx::query_scalar!(
        "select payment_id from payments.payment where bulk_bill_asked_at is not null and not bulk_billed \
         and status not in ('disputed', 'lost') order by bulk_bill_asked_at, payment_id limit $1",
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(PaymentId).collect())
}
