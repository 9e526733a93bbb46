//! What is over (C-43).

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::notifications::MessageStatus;
use sqlx::PgConnection;

use super::owner;

/// Destroys a batch of messages that were written before `before` and do not wait any more, and forgets whose bookings were of which
/// nothing else is kept. Says when each was written.
pub async fn destroy_messages(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select message_id from notifications.message where created_at < $1 and status <> $3 \
             order by created_at limit $2 for update skip locked \
         ) \
         delete from notifications.message as message using old where message.message_id = old.message_id \
         returning message.created_at, message.booking_id",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
        MessageStatus::Queued.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let bookings: Vec<_> = gone.iter().filter_map(|row| row.booking_id).collect();
    owner::forget_idle(conn, &bookings).await?;
    Ok(gone.into_iter().map(|row| row.created_at.to_jiff()).collect())
}
