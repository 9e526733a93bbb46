//! Letters about series in table `notifications.message`: what one was written from stays beside it until it is sent.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    EventId, MessageId, SeriesId, bookings::AppointmentFact, notifications::MessageStatus,
    personal::Personal, users::ContactChannel,
};
use sqlx::PgConnection;

use super::message::queue_message;
use crate::domain::{message::Template, series::Letter};

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
    sqlx::query!(
        "update notifications.message set series_id = $2, series_visits = $3 where message_id = $1",
        message_id.0,
        letter.series_id.0,
        to_text(&letter.visits)?,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// A letter, or the text message in its place, that is not sent.
#[derive(Debug)]
pub struct Waiting {
    /// Which.
    pub message_id: MessageId,
    /// The visits that it names.
    pub visits: Vec<AppointmentFact>,
}

/// The letter about a series that is not sent yet, nor told by text message instead, locked for whoever writes it anew.
pub async fn waiting(conn: &mut PgConnection, series_id: SeriesId) -> sqlx::Result<Option<Waiting>> {
    let row = sqlx::query!(
        r#"select message_id as "message_id: MessageId", series_visits as "series_visits!" from notifications.message
           where series_id = $1 and status in ($2, $3) and series_visits is not null and not exists (
               select from notifications.message as text
               where text.event_id = message.event_id and text.template = message.template
                   and text.channel = $4 and text.status in ($2, $5))
           order by created_at desc, message_id desc limit 1 for update"#,
        series_id.0,
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
        ContactChannel::Sms.code(),
        MessageStatus::Sent.code(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(Waiting { message_id: row.message_id, visits: from_text(&row.series_visits)? }))
        .transpose()
}

/// Keeps beside the text message that an event asked for, for want of an address, what it was written from.
pub async fn keep_visits(conn: &mut PgConnection, event_id: EventId, letter: &Letter) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set series_id = $2, series_visits = $3 \
         where event_id = $1 and template = $4 and channel = $5 and status = $6",
        event_id.0,
        letter.series_id.0,
        to_text(&letter.visits)?,
        Template::SeriesConfirmed.code(),
        ContactChannel::Sms.code(),
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops a text message about a series that is not sent, in the place of a letter that was sent before it came back, once no visit of the
/// series is to come any more.
pub async fn drop_over(conn: &mut PgConnection, series_id: SeriesId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set status = $4, recipient = null, body_text = null \
         where series_id = $1 and channel = $2 and status = $3 and series_visits is null and not exists ( \
             select from notifications.appointment as visit \
             where visit.series_id = $1 and visit.stands and visit.starts_at > $5)",
        series_id.0,
        ContactChannel::Sms.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dropped.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The text message about a series that is not sent yet, locked for whoever changes it.
pub async fn waiting_text(conn: &mut PgConnection, series_id: SeriesId) -> sqlx::Result<Option<Waiting>> {
    // Whoever gives the letter up at the moment, even one that a server had taken, writes the text first.
    sqlx::query!(
        "select from notifications.message where series_id = $1 and channel = $2 and status in ($3, $4) \
         order by message_id for update",
        series_id.0,
        ContactChannel::Email.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Sent.code(),
    )
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query!(
        r#"select message_id as "message_id: MessageId", series_visits as "series_visits!" from notifications.message
           where series_id = $1 and channel = $2 and status = $3 and series_visits is not null
           order by created_at desc, message_id desc limit 1 for update"#,
        series_id.0,
        ContactChannel::Sms.code(),
        MessageStatus::Queued.code(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(Waiting { message_id: row.message_id, visits: from_text(&row.series_visits)? }))
        .transpose()
}

/// Has a text message about a series be about those visits, with other words if there are any: whoever has taken it to send it as it was
/// does not any more.
pub async fn keep_text(
    conn: &mut PgConnection,
    message_id: MessageId,
    visits: &[AppointmentFact],
    words: Option<Personal<String>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set booking_id = coalesce($2, booking_id), series_visits = $3, \
         body_text = coalesce($4, body_text), \
         attempts = attempts + case when $4::text is null then 0 else 1 end where message_id = $1",
        message_id.0,
        visits.first().map(|visit| visit.booking_id.0),
        to_text(visits)?,
        words.as_ref().map(|words| words.expose().as_str()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the words of the letter that a text message goes instead of: what they say is not true any more.
pub async fn forget_letter_of(conn: &mut PgConnection, text: MessageId) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message as letter set recipient = null, subject = null, body_text = null, body_html = null, \
         calendar = null, series_visits = null from notifications.message as sms \
         where sms.message_id = $1 and letter.event_id = sms.event_id and letter.template = sms.template \
             and letter.channel = $2 and letter.status = $3",
        text.0,
        ContactChannel::Email.code(),
        MessageStatus::Dead.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
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

fn to_text(visits: &[AppointmentFact]) -> sqlx::Result<String> {
    serde_json::to_string(visits).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn from_text(visits: &str) -> sqlx::Result<Vec<AppointmentFact>> {
    // The reason would quote the visits.
    serde_json::from_str(visits)
        .map_err(|_| sqlx::Error::Decode("the database holds visits that cannot be read".into()))
}
