//! Column `late_minutes` of `notifications.message`: what is said of lateness, so that it can be said the other way.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    BookingId, EventId, MessageId, PatientId, notifications::MessageStatus, users::ContactChannel,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::message::Template;

/// A letter or a text message about lateness that is not sent any more.
#[derive(Clone, Copy, Debug)]
pub struct Unsent {
    /// What caused it.
    pub event_id: EventId,
    /// About which booking.
    pub booking_id: BookingId,
    /// How late it says that it is; none where it was written before that was kept, or stands in for a letter.
    pub minutes: Option<u16>,
}

impl Unsent {
    fn read(event_id: Uuid, booking_id: Uuid, late_minutes: Option<i16>) -> anyhow::Result<Self> {
        let minutes = late_minutes.map(u16::try_from).transpose()?;
        Ok(Self { event_id: event_id.into(), booking_id: booking_id.into(), minutes })
    }
}

/// Keeps how late the message says that it is which an event asked for.
pub async fn keep(conn: &mut PgConnection, event_id: EventId, minutes: u16) -> anyhow::Result<()> {
    sqlx::query!(
        "update notifications.message set late_minutes = $2 where event_id = $1 and template = $3",
        event_id.0,
        i16::try_from(minutes)?,
        Template::RunningLate.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what would be said of lateness in text messages to a number, and what was given up there, which could be sent again.
pub async fn take_back(conn: &mut PgConnection, mobile: &str) -> anyhow::Result<Vec<Unsent>> {
    let rows = sqlx::query!(
        r#"update notifications.message set status = $4, recipient = null, subject = null, body_text = null, body_html = null
           where recipient = $1 and channel = $2 and template = $3 and status in ($5, $6)
           returning event_id, booking_id as "booking_id!", late_minutes"#,
        mobile,
        ContactChannel::Sms.code(),
        Template::RunningLate.code(),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Unsent::read(row.event_id, row.booking_id, row.late_minutes)).collect()
}

/// A message about lateness that was given up and would have gone that way; none where something else is true by now.
pub async fn given_up(
    conn: &mut PgConnection,
    message_id: MessageId,
    way: ContactChannel,
    now: Timestamp,
) -> anyhow::Result<Option<Unsent>> {
    let row = sqlx::query!(
        r#"select event_id, booking_id as "booking_id!", late_minutes from notifications.message
           where message_id = $1 and channel = $2 and template = $3 and status = $4 and coalesce(expires_at > $5, true)"#,
        message_id.0,
        way.code(),
        Template::RunningLate.code(),
        MessageStatus::Dead.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Unsent::read(row.event_id, row.booking_id, row.late_minutes)).transpose()
}

/// Has what is to be said of lateness in text messages to a patient go to the number that they have now, where they still want texts
/// and nobody there has asked for no more; also what was given up at the old one, unless it is said by mail. It is due at once, and
/// whoever has taken it to send it to the old number does not any more.
pub async fn redirect(conn: &mut PgConnection, patient: PatientId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set recipient = contact.mobile, status = $4, attempts = attempts + 1, \
         next_attempt_at = $6 from notifications.booking_owner join notifications.contact using (patient_id) \
         where message.booking_id = booking_owner.booking_id and booking_owner.patient_id = $1 \
             and message.channel = $2 and message.template = $3 and message.status in ($4, $5) \
             and $2 = any(contact.contact_by) and message.recipient <> contact.mobile and not exists ( \
                 select from notifications.reminder_stop where channel = $2 and address = contact.mobile) \
             and not (message.status = $5 and exists ( \
                 select from notifications.message as other where other.event_id = message.event_id \
                     and other.template = message.template and other.channel <> message.channel))",
        patient.0,
        ContactChannel::Sms.code(),
        Template::RunningLate.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what is to be said of lateness in text messages to a patient who wants none, or has another number than they go to: by now, or
/// since they have in their account what they booked as a guest. To be called once [`redirect`] has taken those that can go to the
/// number that they have.
pub async fn take_back_unwanted(conn: &mut PgConnection, patient: PatientId) -> anyhow::Result<Vec<Unsent>> {
    let rows = sqlx::query!(
        r#"update notifications.message set status = $4, recipient = null, subject = null, body_text = null, body_html = null
           from notifications.booking_owner left join notifications.contact on contact.patient_id = booking_owner.patient_id
           where message.booking_id = booking_owner.booking_id and booking_owner.patient_id = $1
               and message.channel = $2 and message.template = $3 and message.status in ($5, $6)
               and message.recipient is not null and (contact.patient_id is null
                   or $2 <> all(contact.contact_by) or message.recipient is distinct from contact.mobile)
           returning message.event_id as "event_id!", message.booking_id as "booking_id!",
               message.late_minutes as "late_minutes?""#,
        patient.0,
        ContactChannel::Sms.code(),
        Template::RunningLate.code(),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Unsent::read(row.event_id, row.booking_id, row.late_minutes)).collect()
}
