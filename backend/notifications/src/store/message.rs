//! Table `notifications.message`.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    BookingId, EventId, MessageId, notifications::MessageStatus, personal::Personal, users::ContactChannel,
};
use sqlx::PgConnection;

use super::taken_over;
use crate::{
    domain::message::{Calendar, Content, Draft, Template, TextDraft},
    gateways::{mail::Letter, sms::Text},
};

/// Queues a message that an event asks for. False when that event asked for it before.
pub async fn queue_message(
    conn: &mut PgConnection,
    message_id: MessageId,
    event_id: EventId,
    draft: &Draft,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let content = draft.content.expose();
    let calendar = content.calendar.as_ref();
    let queued = sqlx::query!(
        "insert into notifications.message (message_id, event_id, template, booking_id, recipient, subject, body_text, \
         body_html, calendar, calendar_method, status, next_attempt_at, created_at, account_id, organization_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14) \
         on conflict on constraint message_event_key do nothing",
        message_id.0,
        event_id.0,
        draft.template.code(),
        draft.about.booking_id().map(|booking| booking.0) as _,
        draft.recipient.expose(),
        content.subject,
        content.body_text,
        content.body_html,
        calendar.map(|calendar| calendar.file.as_str()),
        calendar.map(|calendar| calendar.method.as_str()),
        MessageStatus::Queued.code(),
        now.to_sqlx(),
        draft.account_id().map(|account| account.0) as _,
        draft.organization_id.map(|practice| practice.0) as _,
    )
    .execute(conn)
    .await?;
    Ok(queued.rows_affected() == 1)
}

/// Queues a text message for what is its cause. False when it was queued before.
pub async fn queue_text(
    conn: &mut PgConnection,
    message_id: MessageId,
    caused_by: EventId,
    draft: &TextDraft,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let queued = sqlx::query!(
        "insert into notifications.message (message_id, event_id, template, channel, booking_id, organization_id, \
         recipient, body_text, status, next_attempt_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) \
         on conflict on constraint message_event_key do nothing",
        message_id.0,
        caused_by.0,
        draft.template.code(),
        ContactChannel::Sms.code(),
        draft.about.booking_id().map(|booking| booking.0) as _,
        draft.organization_id.map(|practice| practice.0) as _,
        draft.recipient.expose(),
        draft.text.expose(),
        MessageStatus::Queued.code(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(queued.rows_affected() == 1)
}

/// Drops what is said of a booking by those kinds of message and is not sent: something else is true now, or it was answered. What was
/// sent goes no other way any more, should somebody report that it did not arrive.
pub async fn drop_unsent(
    conn: &mut PgConnection,
    booking_id: BookingId,
    templates: &[Template],
) -> sqlx::Result<()> {
    taken_over::end(conn, booking_id, templates).await?;
    sqlx::query!(
        "update notifications.message set status = $3, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, unsubscribe_url = null \
         where booking_id = $1 and template = any($2) and status in ($4, $5)",
        booking_id.0,
        &codes(templates),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what still waits to say of a booking by those kinds of message what is not true any more. What was given up stays where its
/// practice sees it.
pub async fn drop_waiting(
    conn: &mut PgConnection,
    booking_id: BookingId,
    templates: &[Template],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set status = $3, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null where booking_id = $1 and template = any($2) and status = $4",
        booking_id.0,
        &codes(templates),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has what an event asked for not sent any more from then on: what it carries is over by then.
pub async fn expire(conn: &mut PgConnection, event_id: EventId, at: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set expires_at = $2 where event_id = $1",
        event_id.0,
        at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what is of no use any more and is not with anybody who sends it now.
pub async fn drop_expired(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "with expired as materialized (
             select message_id from notifications.message
             where status = $3 and next_attempt_at <= $1 and expires_at <= $1 for update skip locked
         )
         update notifications.message as dropped set status = $2, recipient = null, subject = null, body_text = null,
             body_html = null, calendar = null, unsubscribe_url = null
         from expired where dropped.message_id = expired.message_id",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what is said of lateness, is not with anybody who sends it now, and whose appointment should have begun: by then it is
/// of no use.
pub async fn drop_late_lateness(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "with late as materialized (
             select message.message_id from notifications.message join notifications.appointment using (booking_id)
             where message.template = $2 and message.status = $4 and message.next_attempt_at <= $1
                 and appointment.starts_at <= $1
             for update of message skip locked
         )
         update notifications.message as dropped set status = $3, recipient = null, subject = null, body_text = null,
             body_html = null
         from late where dropped.message_id = late.message_id",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        Template::RunningLate.code(),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a message about the booking tells something later than `template` would.
pub async fn is_outdated(
    conn: &mut PgConnection,
    booking_id: BookingId,
    template: Template,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
            select from notifications.message where booking_id = $1 and template = any($2)
        ) as "exists!""#,
        booking_id.0,
        &codes(template.outdated_by()),
    )
    .fetch_one(conn)
    .await
}

/// What is sent, by its channel.
#[derive(Debug)]
pub enum Parcel {
    /// By mail.
    Mail(Letter),
    /// As a text message.
    Text(Text),
}

/// A message taken for one try.
#[derive(Debug)]
pub struct Claimed {
    /// Which.
    pub message_id: MessageId,
    /// What to send.
    pub parcel: Parcel,
    /// What caused it: an event, or the plan of a reminder.
    pub caused_by: EventId,
    /// About which booking.
    pub booking_id: Option<BookingId>,
    /// Which try this is, from 1. Whoever took the message later has a higher number, and the result of a lower one
    /// no longer counts.
    pub attempts: i32,
}

/// Takes messages that are due, for so long that their results are surely known by then; a process that dies leaves
/// them to be taken again.
///
/// Messages about one booking go out one after the other: the news that an appointment moved does not overtake the
/// news that it is confirmed. A text message waits for no mail that is tried again, nor the other way round, and codes wait
/// for nobody, since they expire.
pub async fn claim_messages(
    conn: &mut PgConnection,
    now: Timestamp,
    lease: SignedDuration,
    limit: i64,
) -> sqlx::Result<Vec<Claimed>> {
    let rows = sqlx::query!(
        r#"with due as materialized (
               select due.message_id from notifications.message as due
               where due.status = $4 and due.next_attempt_at <= $1 and (
                   due.template = $5
                   or not exists (
                       select from notifications.message as earlier
                       where earlier.booking_id = due.booking_id and earlier.channel = due.channel
                           and earlier.status = $4 and earlier.template <> $5
                           and (earlier.created_at, earlier.message_id) < (due.created_at, due.message_id)
                   )
               )
               order by due.next_attempt_at
               limit $3
               for update of due skip locked
           )
           update notifications.message as taken
           set attempts = taken.attempts + 1, next_attempt_at = $2
           from due where taken.message_id = due.message_id
           returning taken.message_id, taken.event_id, taken.channel, taken.booking_id,
               taken.recipient as "recipient!", taken.subject, taken.body_text as "body_text!", taken.body_html,
               taken.calendar, taken.calendar_method, taken.unsubscribe_url, taken.attempts, taken.created_at"#,
        now.to_sqlx(),
        (now + lease).to_sqlx(),
        limit,
        MessageStatus::Queued.code(),
        Template::ManageCode.code(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let channel = read_channel(&row.channel)?;
            let (message_id, recipient) = (MessageId::from(row.message_id), Personal::new(row.recipient));
            let attempt = row.attempts;
            let parcel = match channel {
                ContactChannel::Sms => {
                    Parcel::Text(Text { message_id, recipient, text: row.body_text.into(), attempt })
                }
                ContactChannel::Email => Parcel::Mail(Letter {
                    message_id,
                    recipient,
                    content: Personal::new(Content {
                        subject: row.subject.unwrap_or_default(),
                        body_text: row.body_text,
                        body_html: row.body_html.unwrap_or_default(),
                        calendar: row
                            .calendar
                            .zip(row.calendar_method)
                            .map(|(file, method)| Calendar { method, file }),
                    }),
                    unsubscribe: row.unsubscribe_url.map(Personal::new),
                    written_at: row.created_at.to_jiff(),
                    attempt,
                }),
            };
            Ok(Claimed {
                message_id,
                parcel,
                caused_by: row.event_id.into(),
                booking_id: row.booking_id.map(BookingId::from),
                attempts: attempt,
            })
        })
        .collect()
}

/// The names of those kinds in the database.
pub fn codes(templates: &[Template]) -> Vec<String> {
    templates.iter().map(|template| template.code().to_owned()).collect()
}

/// Reads a channel by its name in the database.
pub fn read_channel(code: &str) -> sqlx::Result<ContactChannel> {
    let unknown = || sqlx::Error::Decode("the database holds an unknown channel".into());
    ContactChannel::from_code(code).ok_or_else(unknown)
}

/// Whether a message that was taken is still to be sent by whoever took it: what it says may have changed since.
pub async fn is_wanted(conn: &mut PgConnection, claimed: &Claimed) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
            select from notifications.message where message_id = $1 and attempts = $2 and status = $3
        ) as "exists!""#,
        claimed.message_id.0,
        claimed.attempts,
        MessageStatus::Queued.code(),
    )
    .fetch_one(conn)
    .await
}

/// Lets a message that was taken wait until then, as if it had not been taken.
pub async fn wait(conn: &mut PgConnection, claimed: &Claimed, until: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set attempts = attempts - 1, next_attempt_at = $3 \
         where message_id = $1 and attempts = $2 and status = $4",
        claimed.message_id.0,
        claimed.attempts,
        until.to_sqlx() as jiff_sqlx::Timestamp,
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a message went out and forgets what it said and to whom. False when somebody else took it meanwhile.
pub async fn mark_sent(conn: &mut PgConnection, claimed: &Claimed, now: Timestamp) -> sqlx::Result<bool> {
    let sent = sqlx::query!(
        "update notifications.message set status = $3, sent_at = $4, recipient = null, subject = null, \
         body_text = null, body_html = null, calendar = null, unsubscribe_url = null, series_visits = null, last_error = null \
         where message_id = $1 and attempts = $2 and status = $5",
        claimed.message_id.0,
        claimed.attempts,
        MessageStatus::Sent.code(),
        now.to_sqlx(),
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(sent.rows_affected() == 1)
}

/// Notes a failed try: to be tried again then, or given up. `error` holds nothing personal.
pub async fn mark_failed(
    conn: &mut PgConnection,
    claimed: &Claimed,
    next_attempt_at: Option<Timestamp>,
    error: &str,
) -> sqlx::Result<bool> {
    let status = if next_attempt_at.is_some() { MessageStatus::Queued } else { MessageStatus::Dead };
    let failed = sqlx::query!(
        "update notifications.message set status = $3, next_attempt_at = coalesce($4, next_attempt_at), \
         last_error = $5 where message_id = $1 and attempts = $2 and status = $6",
        claimed.message_id.0,
        claimed.attempts,
        status.code(),
        next_attempt_at.map(|next| next.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        error,
        MessageStatus::Queued.code(),
    )
    .execute(conn)
    .await?;
    Ok(failed.rows_affected() == 1)
}

/// Forgets what messages said that were given up and written before `before`. Says how many.
pub async fn forget_undelivered(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "with old as materialized (
             select message_id from notifications.message
             where status = $1 and created_at < $2 and recipient is not null limit $3 for update skip locked
         )
         update notifications.message as forgotten set recipient = null, subject = null, body_text = null,
             body_html = null, calendar = null, unsubscribe_url = null, series_visits = null
         from old where forgotten.message_id = old.message_id",
        MessageStatus::Dead.code(),
        before.to_sqlx(),
        limit,
    )
    .execute(conn)
    .await?;
    Ok(forgotten.rows_affected())
}
