//! Messages in table `notifications.message` that a mail server or a gateway took, and of which it reports later that they did not arrive.

use shared_types::{BookingId, EventId, MessageId, notifications::MessageStatus, users::ContactChannel};
use sqlx::PgConnection;

use super::message::codes;
use crate::domain::message::Template;

/// What caused a message that went, or was to go, that way; none where there is no such message any more.
pub async fn cause_of(
    conn: &mut PgConnection,
    message_id: MessageId,
    way: ContactChannel,
) -> sqlx::Result<Option<EventId>> {
    sqlx::query_scalar!(
        r#"select event_id as "event_id: EventId" from notifications.message where message_id = $1 and channel = $2"#,
        message_id.0,
        way.code(),
    )
    .fetch_optional(conn)
    .await
}

/// Gives a message up that somebody took and could not deliver, if it still counts as sent, or was tried and is to be tried again: whoever
/// has it at the moment, or did not answer us in time, took it by then. `note` holds nothing personal. False when it was given up before,
/// dropped, or tried once more than `attempt`.
pub async fn give_up(
    conn: &mut PgConnection,
    (message_id, attempt): (MessageId, Option<i32>),
    note: &str,
) -> sqlx::Result<bool> {
    let given_up = sqlx::query!(
        "update notifications.message set status = $2, last_error = $3 \
         where message_id = $1 and (status = $4 or status = $5 and attempts > 0) and attempts = coalesce($6, attempts)",
        message_id.0,
        MessageStatus::Dead.code(),
        note,
        MessageStatus::Sent.code(),
        MessageStatus::Queued.code(),
        attempt,
    )
    .execute(conn)
    .await?;
    Ok(given_up.rows_affected() == 1)
}

/// What those kinds of message say of a booking is not true any more: none of them goes another way, should it be reported only now that
/// it did not arrive. Waits for whoever gives one up at the moment, or has one sent again that was given up: what goes in its place, or waits
/// once more, is seen from then on, and can be dropped.
pub async fn end(conn: &mut PgConnection, booking_id: BookingId, templates: &[Template]) -> sqlx::Result<()> {
    sqlx::query!(
        "with told as materialized (
             select message_id from notifications.message
             where booking_id = $1 and template = any($2) and status in ($3, $4, $5) order by message_id for update
         )
         update notifications.message as ended set expires_at = ended.created_at
         from told where ended.message_id = told.message_id",
        booking_id.0,
        &codes(templates),
        MessageStatus::Queued.code(),
        MessageStatus::Sent.code(),
        MessageStatus::Dead.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
