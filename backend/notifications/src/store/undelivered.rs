//! Messages that did not reach who they were for: a practice sees those about its bookings, and administrators all others.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    BookingId, MessageId, OrganizationId, PatientId,
    notifications::{MessageStatus, UndeliveredMessage, UndeliveredPlatformMessage},
    users::ContactChannel,
};
use sqlx::PgConnection;

use super::message::read_channel;
use crate::domain::{plan::PlanState, undelivered::reason};

/// A message that was given up.
#[derive(Debug)]
pub struct Undelivered {
    /// Which.
    pub message_id: MessageId,
    /// About which booking.
    pub booking_id: Option<BookingId>,
    /// Whose, where that is known.
    pub patient_id: Option<PatientId>,
    template: String,
    channel: ContactChannel,
    note: Option<String>,
    attempts: i32,
    written_at: Timestamp,
    can_be_sent_again: bool,
}

impl Undelivered {
    /// As a practice sees it; none where it is about no booking, which no practice's is.
    pub fn of_practice(self) -> Option<UndeliveredMessage> {
        Some(UndeliveredMessage {
            message_id: self.message_id,
            booking_id: self.booking_id?,
            template: self.template,
            channel: self.channel,
            reason: reason(self.note.as_deref()),
            why: self.note,
            attempts: self.attempts,
            written_at: self.written_at,
            can_be_sent_again: self.can_be_sent_again,
        })
    }

    /// As administrators see it.
    pub fn of_platform(self) -> UndeliveredPlatformMessage {
        UndeliveredPlatformMessage {
            message_id: self.message_id,
            template: self.template,
            channel: self.channel,
            reason: reason(self.note.as_deref()),
            why: self.note,
            attempts: self.attempts,
            written_at: self.written_at,
            can_be_sent_again: self.can_be_sent_again,
        }
    }
}

/// How many one page has.
const PAGE: usize = 50;

/// One page of messages of a practice's bookings that were given up, or without a practice of all others, the newest first, each with its
/// patient where that is known, and where to go on. `before` is the last of the page before.
pub async fn page(
    conn: &mut PgConnection,
    organization_id: Option<OrganizationId>,
    before: Option<MessageId>,
    now: Timestamp,
) -> sqlx::Result<(Vec<Undelivered>, Option<String>)> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = list(conn, organization_id, before, now, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().map(|message| message.message_id.to_string()).filter(|_| more);
    Ok((rows, next))
}

async fn list(
    conn: &mut PgConnection,
    organization_id: Option<OrganizationId>,
    before: Option<MessageId>,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Undelivered>> {
    let rows = sqlx::query!(
        r#"select message.message_id as "message_id: MessageId", message.booking_id as "booking_id?: BookingId",
               message.template, message.channel, message.last_error, message.attempts, message.created_at,
               owner.patient_id as "patient_id?: PatientId",
               (message.recipient is not null and coalesce(message.expires_at > $4, true)
                and (plan.message_plan_id is null or (
                   plan.state = $6 and plan.useful_until > $4 and not exists (
                       select from notifications.message as other
                       where other.event_id = message.event_id and other.message_id <> message.message_id)
               )) and not exists (
                   select from notifications.message as later
                   where later.booking_id = message.booking_id and later.template like 'appointment%'
                       and later.event_id <> message.event_id
                       and (later.created_at, later.message_id) > (message.created_at, message.message_id)
               ) and not exists (
                   select from notifications.message as other
                   where other.event_id = message.event_id and other.template = message.template
                       and other.message_id <> message.message_id and other.status in ($7, $8)
               )) as "can_be_sent_again!"
           from notifications.message
           left join notifications.booking_owner as owner on owner.booking_id = message.booking_id
           left join notifications.message_plan as plan on plan.message_plan_id = message.event_id
           where message.status = $2 and (
                   message.organization_id = $1 and message.booking_id is not null
                   or $1::uuid is null and (message.organization_id is null or message.booking_id is null)
               )
               and ($3::uuid is null or (message.created_at, message.message_id) <
                   (select created_at, message_id from notifications.message where message_id = $3))
           order by message.created_at desc, message.message_id desc limit $5"#,
        organization_id.map(|id| id.0) as _,
        MessageStatus::Dead.code(),
        before.map(|id| id.0),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
        PlanState::Written.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Sent.code(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Undelivered {
                message_id: row.message_id,
                booking_id: row.booking_id,
                patient_id: row.patient_id,
                template: row.template,
                channel: read_channel(&row.channel)?,
                note: row.last_error,
                attempts: row.attempts,
                written_at: row.created_at.to_jiff(),
                can_be_sent_again: row.can_be_sent_again,
            })
        })
        .collect()
}

/// A message that was queued again.
#[derive(Debug)]
pub struct Again {
    /// About which booking, where it is about one; a practice's always is.
    pub booking_id: Option<BookingId>,
    /// Whose.
    pub patient_id: Option<PatientId>,
}

/// Queues a message of a practice, or without one any other, again as if it had not been tried, if its words are still there and of use,
/// and no later news of the booking came, and it has not gone another way meanwhile; a reminder also if its time is not over.
pub async fn queue_again(
    conn: &mut PgConnection,
    organization_id: Option<OrganizationId>,
    message_id: MessageId,
    now: Timestamp,
) -> sqlx::Result<Option<Again>> {
    // The plan first, as everybody does who changes both.
    sqlx::query!(
        "select from notifications.message_plan where message_plan_id = ( \
         select event_id from notifications.message where message_id = $1) for update",
        message_id.0,
    )
    .execute(&mut *conn)
    .await?;
    // Then all that its cause brought about, so that of two who press at once about two ways the second sees the first.
    sqlx::query!(
        "select from notifications.message where event_id = ( \
         select event_id from notifications.message where message_id = $1) order by message_id for update",
        message_id.0,
    )
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query!(
        r#"update notifications.message as again set status = $4, attempts = 0, next_attempt_at = $3, last_error = null
           where message_id = $1 and status = $5 and recipient is not null and (
                   organization_id = $2 and booking_id is not null
                   or $2::uuid is null and (organization_id is null or booking_id is null)
               ) and coalesce(expires_at > $3, true) and not exists (
                   select from notifications.message_plan as plan
                   where plan.message_plan_id = again.event_id and (
                       plan.state <> $6 or plan.useful_until <= $3 or exists (
                           select from notifications.message as other
                           where other.event_id = again.event_id and other.message_id <> again.message_id))
               ) and not exists (
                   select from notifications.message as later
                   where later.booking_id = again.booking_id and later.template like 'appointment%'
                       and later.event_id <> again.event_id
                       and (later.created_at, later.message_id) > (again.created_at, again.message_id)
               ) and not exists (
                   select from notifications.message as other
                   where other.event_id = again.event_id and other.template = again.template
                       and other.message_id <> again.message_id and other.status in ($4, $7)
               )
           returning booking_id as "booking_id?: BookingId", (
               select patient_id from notifications.booking_owner as owner where owner.booking_id = again.booking_id
           ) as "patient_id?: PatientId""#,
        message_id.0,
        organization_id.map(|id| id.0) as _,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
        PlanState::Written.code(),
        MessageStatus::Sent.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Again { booking_id: row.booking_id, patient_id: row.patient_id }))
}
