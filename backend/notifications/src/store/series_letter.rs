//! Letters about series in table `notifications.message`: what one was written from stays beside it until it is sent.

use jiff::Timestamp;
use shared_types::{EventId, MessageId, SeriesId, bookings::AppointmentFact, notifications::MessageStatus};
use sqlx::PgConnection;

use super::message::queue_message;
use crate::domain::series::Letter;

/// Queues a letter that an event asks for. False when that event asked for it before.
pub async fn queue(
    conn: &mut PgConnection,
    message_id: MessageId,
    event_id: EventId,
    letter: &Letter,
    now: Timestamp,
) -> sqlx::Result<bool> {
    if !queue_message(conn, message_id, event_id, &letter.draft, now).await? {
        return Ok(false);
    }
    let visits =
        serde_json::to_string(&letter.visits).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query!(
        "update notifications.message set series_id = $2, series_visits = $3 where message_id = $1",
        message_id.0,
        letter.series_id.0,
        visits,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// A letter that is not sent.
#[derive(Debug)]
pub struct Waiting {
    /// Which.
    pub message_id: MessageId,
    /// The visits that it names.
    pub visits: Vec<AppointmentFact>,
}

/// The letter about a series that is not sent yet, locked for whoever writes it anew.
pub async fn waiting(conn: &mut PgConnection, series_id: SeriesId) -> sqlx::Result<Option<Waiting>> {
    let row = sqlx::query!(
        r#"select message_id as "message_id: MessageId", series_visits as "series_visits!" from notifications.message
           where series_id = $1 and status in ($2, $3) and series_visits is not null
           order by created_at desc, message_id desc limit 1 for update"#,
        series_id.0,
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    // The reason would quote the visits.
    let visits = serde_json::from_str(&row.series_visits)
        .map_err(|_| sqlx::Error::Decode("the database holds visits that cannot be read".into()))?;
    Ok(Some(Waiting { message_id: row.message_id, visits }))
}

/// Drops a letter, with its words and what it was written from: another one is written.
pub async fn drop_letter(conn: &mut PgConnection, message_id: MessageId) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set status = $2, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, series_visits = null where message_id = $1",
        message_id.0,
        MessageStatus::Dropped.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
