//! Text messages in table `notifications.message` that go in the place of letters.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, EventId, MessageId, PatientId, Zone,
    notifications::MessageStatus,
    personal::Personal,
    users::{AccountMail, ContactChannel},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{appointment::read_zone, message::codes};
use crate::domain::{
    by_text::{TOLD, overtaken_by},
    message::Template,
};

/// A letter that was given up.
#[derive(Debug)]
pub struct GivenUp {
    /// What it was written for.
    pub event_id: EventId,
    /// The name of what kind it is.
    pub template: String,
    /// About which booking.
    pub booking_id: Option<BookingId>,
    /// About which account.
    pub account_id: Option<AccountId>,
    /// From when on it is of no use.
    pub expires_at: Option<Timestamp>,
}

/// A patient who wants text messages, and gets them, with what is known of the appointment.
#[derive(Debug)]
pub struct Reached {
    /// A mobile in E.164.
    pub mobile: Personal<String>,
    /// The preferred language.
    pub language: String,
    /// The account that is told of it.
    pub account_id: Option<AccountId>,
    /// When the appointment begins.
    pub start: Option<Timestamp>,
    /// The place's zone.
    pub zone: Option<Zone>,
    /// Whether it will take place, where that was told.
    pub stands: Option<bool>,
    /// Whether a guest booked it, who agreed to a text message where a letter does not arrive.
    pub is_guest: bool,
}

impl Reached {
    /// Whether nothing is known against it that the appointment is still to come.
    pub fn lies_ahead(&self, now: Timestamp) -> bool {
        self.stands != Some(false) && self.start.is_none_or(|start| start > now)
    }
}

/// A letter that was given up, unless a later one told, or tells, of the same booking what became of it, or it is about a series of which
/// no visit is to come any more.
pub async fn given_up(
    conn: &mut PgConnection,
    message_id: MessageId,
    now: Timestamp,
) -> sqlx::Result<Option<GivenUp>> {
    let row = sqlx::query!(
        r#"select letter.event_id as "event_id: EventId", letter.template, letter.booking_id as "booking_id: BookingId",
               letter.account_id as "account_id: AccountId", letter.expires_at
           from notifications.message as letter
           where letter.message_id = $1 and letter.channel = $2 and letter.status = $3 and not (
               letter.template = any($4) and exists (
                   select from notifications.message as later
                   where later.booking_id = letter.booking_id and later.event_id <> letter.event_id
                       and (later.template = $5 or later.template like 'appointment%' and letter.template like 'appointment%')
                       and (later.created_at, later.message_id) > (letter.created_at, letter.message_id)))
               and coalesce((
                   select bool_or(visit.stands and visit.starts_at > $6) from notifications.appointment as visit
                   where visit.series_id = letter.series_id), true)"#,
        message_id.0,
        ContactChannel::Email.code(),
        MessageStatus::Dead.code(),
        &codes(&overtaken_by(Template::AppointmentCancelled)),
        Template::AppointmentCancelled.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| GivenUp {
        event_id: row.event_id,
        template: row.template,
        booking_id: row.booking_id,
        account_id: row.account_id,
        expires_at: row.expires_at.map(|at| at.to_jiff()),
    }))
}

/// A text message that stands in for a letter.
#[derive(Debug)]
pub struct InPlace {
    /// About which booking.
    pub booking_id: Option<BookingId>,
    /// About which account.
    pub account_id: Option<AccountId>,
    /// From when on it is of no use.
    pub expires_at: Option<Timestamp>,
}

/// That one; none where it is a text message of its own, as reminders are.
pub async fn text(conn: &mut PgConnection, text: MessageId) -> sqlx::Result<Option<InPlace>> {
    let row = sqlx::query!(
        r#"select booking_id as "booking_id: BookingId", account_id as "account_id: AccountId", expires_at
           from notifications.message where message_id = $1 and channel = $2 and template = any($3)"#,
        text.0,
        ContactChannel::Sms.code(),
        &codes(&TOLD),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| InPlace {
        booking_id: row.booking_id,
        account_id: row.account_id,
        expires_at: row.expires_at.map(|at| at.to_jiff()),
    }))
}

/// Whoever can be written to by text message about a booking: a patient who wants texts, or a guest who agreed to them. Nobody, where
/// they did not or there is no mobile, or somebody there has asked for no more.
pub async fn of_booking(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Reached>> {
    let row = sqlx::query!(
        r#"select reached.mobile as "mobile!", reached.language as "language!", reached.account_id as "account_id?: AccountId",
               reached.is_guest as "is_guest!",
               coalesce(appointment.starts_at, payer.starts_at, reached.starts_at) as "starts_at?",
               coalesce(appointment.time_zone, payer.time_zone, reached.time_zone) as "time_zone?",
               appointment.stands as "stands?"
           from (
                   select owner.booking_id, contact.mobile, contact.language, owner.account_id, false as is_guest,
                       null::timestamptz as starts_at, null::text as time_zone
                   from notifications.booking_owner as owner join notifications.contact using (patient_id)
                   where owner.booking_id = $1 and contact.mobile is not null and $2 = any(contact.contact_by)
                   union all
                   select booking_id, mobile, 'en', null, true, starts_at, time_zone
                   from notifications.guest_number where booking_id = $1
               ) as reached
               left join notifications.appointment on appointment.booking_id = reached.booking_id
               left join notifications.payer on payer.booking_id = reached.booking_id
           where not exists (
               select from notifications.reminder_stop where channel = $2 and address = reached.mobile)"#,
        booking_id.0,
        ContactChannel::Sms.code(),
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Reached {
        mobile: row.mobile.into(),
        language: row.language,
        account_id: row.account_id,
        start: row.starts_at.map(|at| at.to_jiff()),
        zone: row.time_zone.as_deref().map(read_zone).transpose()?,
        stands: row.stands,
        is_guest: row.is_guest,
    }))
}

/// The account that looks after a booking, with what is known of the appointment.
#[derive(Debug)]
pub struct LooksAfter {
    /// The account.
    pub account_id: AccountId,
    /// When the appointment begins.
    pub start: Timestamp,
    /// The place's zone.
    pub zone: Zone,
    /// Whether it will take place, where that was told.
    pub stands: Option<bool>,
}

/// The account that looks after a booking, while it is known when that is.
pub async fn looks_after(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<LooksAfter>> {
    let row = sqlx::query!(
        r#"select owner.account_id as "account_id!: AccountId",
               coalesce(appointment.starts_at, payer.starts_at) as "starts_at!",
               coalesce(appointment.time_zone, payer.time_zone) as "time_zone!", appointment.stands as "stands?"
           from notifications.booking_owner as owner
               left join notifications.appointment on appointment.booking_id = owner.booking_id
               left join notifications.payer on payer.booking_id = owner.booking_id
           where owner.booking_id = $1 and owner.account_id is not null
               and coalesce(appointment.starts_at, payer.starts_at) is not null"#,
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (start, zone) = (row.starts_at.to_jiff(), read_zone(&row.time_zone)?);
    Ok(Some(LooksAfter { account_id: row.account_id, start, zone, stands: row.stands }))
}

/// The letter that was given up and in whose place a text message went.
pub async fn letter_of(conn: &mut PgConnection, text: MessageId) -> sqlx::Result<Option<MessageId>> {
    sqlx::query_scalar!(
        r#"select letter.message_id as "message_id: MessageId"
           from notifications.message as sms join notifications.message as letter using (event_id, template)
           where sms.message_id = $1 and sms.channel = $2 and letter.channel = $3 and letter.status = $4"#,
        text.0,
        ContactChannel::Sms.code(),
        ContactChannel::Email.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_optional(conn)
    .await
}

/// The same about a time that is held for a patient whom an account waits for.
pub async fn of_offer(
    conn: &mut PgConnection,
    account_id: AccountId,
    expires_at: Timestamp,
) -> sqlx::Result<Option<Reached>> {
    let row = sqlx::query!(
        r#"select contact.mobile as "mobile!", contact.language, offered.time_zone
           from notifications.offered join notifications.contact on contact.patient_id = offered.patient_id
           where offered.account_id = $1 and offered.expires_at = $2 and contact.mobile is not null
               and $3 = any(contact.contact_by) and not exists (
               select from notifications.reminder_stop where channel = $3 and address = contact.mobile)"#,
        account_id.0,
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
        ContactChannel::Sms.code(),
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Reached {
        mobile: row.mobile.into(),
        language: row.language,
        account_id: Some(account_id),
        start: None,
        zone: Some(read_zone(&row.time_zone)?),
        stands: None,
        is_guest: false,
    }))
}

/// Queues a text message in the place of a letter, as of when that was written: due then, and of no use from then on, if ever. False when
/// it was queued before.
pub async fn queue_instead(
    conn: &mut PgConnection,
    message_id: MessageId,
    letter: MessageId,
    (mobile, text): (&Personal<String>, &Personal<String>),
    (due, of_use_until): (Timestamp, Option<Timestamp>),
) -> sqlx::Result<bool> {
    let queued = sqlx::query!(
        "insert into notifications.message (message_id, event_id, template, channel, booking_id, organization_id, \
         account_id, recipient, body_text, status, next_attempt_at, created_at, expires_at, series_id, series_visits) \
         select $2, event_id, template, $3, booking_id, organization_id, account_id, $4, $5, $6, $7, created_at, $8, \
         series_id, series_visits \
         from notifications.message where message_id = $1 \
         on conflict on constraint message_event_key do nothing",
        letter.0,
        message_id.0,
        ContactChannel::Sms.code(),
        mobile.expose(),
        text.expose(),
        MessageStatus::Queued.code(),
        due.to_sqlx() as jiff_sqlx::Timestamp,
        of_use_until.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(queued.rows_affected() == 1)
}

/// Has a message that was just queued wait until then.
pub async fn wait_until(conn: &mut PgConnection, message_id: MessageId, due: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message set next_attempt_at = $2 where message_id = $1",
        message_id.0,
        due.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops text messages that are not sent and say of a booking what those news have overtaken.
pub async fn drop_overtaken(
    conn: &mut PgConnection,
    booking_id: BookingId,
    news: Template,
) -> sqlx::Result<()> {
    // Whoever gives a letter up at the moment, even one that a server had taken, either has written its text by then, or sees
    // afterwards what is told now.
    sqlx::query!(
        "select from notifications.message \
         where booking_id = $1 and channel = $2 and template = any($3) and status in ($4, $5) \
         order by message_id for update",
        booking_id.0,
        ContactChannel::Email.code(),
        &codes(&TOLD),
        MessageStatus::Queued.code(),
        MessageStatus::Sent.code(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message set status = $3, recipient = null, body_text = null \
         where booking_id = $1 and channel = $2 and status = $4 and template = any($5)",
        booking_id.0,
        ContactChannel::Sms.code(),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        &codes(&overtaken_by(news)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back what would go to a number in the place of letters, and what was given up there, which could be sent again.
pub async fn take_back(conn: &mut PgConnection, mobile: &str) -> sqlx::Result<()> {
    let texts = sqlx::query_scalar!(
        "select message_id from notifications.message \
         where recipient = $1 and channel = $2 and template = any($3) and status in ($4, $5) order by message_id for update",
        mobile,
        ContactChannel::Sms.code(),
        &codes(&TOLD),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    give_up(conn, &texts).await
}

/// A patient has another number by now, wants no texts any more, or has what they booked as a guest in their account: what is not sent
/// yet goes to the number that they have, or not at all. Whoever has taken it to send it to the old number does not any more.
pub async fn chosen_anew(conn: &mut PgConnection, patient: PatientId) -> sqlx::Result<()> {
    let texts = of_patient(conn, patient).await?;
    sqlx::query!(
        "update notifications.message set recipient = contact.mobile, attempts = attempts + 1 \
         from notifications.contact where message.message_id = any($1) and message.status = $4 and contact.patient_id = $2 \
             and $3 = any(contact.contact_by) and message.recipient <> contact.mobile and not exists ( \
                 select from notifications.reminder_stop where channel = $3 and address = contact.mobile)",
        &texts,
        patient.0,
        ContactChannel::Sms.code(),
        MessageStatus::Queued.code(),
    )
    .execute(&mut *conn)
    .await?;
    let closed = sqlx::query_scalar!(
        "select message.message_id from notifications.message \
             left join notifications.contact on contact.patient_id = $2 \
         where message.message_id = any($1) and message.recipient is not null and (contact.patient_id is null \
             or $3 <> all(contact.contact_by) or message.recipient is distinct from contact.mobile)",
        &texts,
        patient.0,
        ContactChannel::Sms.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    give_up(conn, &closed).await
}

/// Text messages in the place of letters to a patient that are not sent, locked: about bookings, and about times that are held for them.
async fn of_patient(conn: &mut PgConnection, patient: PatientId) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select message_id from notifications.message where message_id in ( \
             select of_booking.message_id from notifications.booking_owner \
                 join notifications.message as of_booking using (booking_id) where booking_owner.patient_id = $1 \
             union all \
             select of_offer.message_id from notifications.offered \
                 join notifications.message as of_offer on of_offer.account_id = offered.account_id \
                     and of_offer.expires_at = offered.expires_at and of_offer.template = $6 \
             where offered.patient_id = $1 \
         ) and channel = $2 and template = any($3) and status in ($4, $5) order by message_id for update",
        patient.0,
        ContactChannel::Sms.code(),
        &codes(&TOLD),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
        Template::Account(AccountMail::TimeOffered).code(),
    )
    .fetch_all(conn)
    .await
}

/// Forgets text messages that are not sent any more. One that is there in the place of a letter is dropped, since the practice sees that
/// the letter did not arrive; where there is no letter, the practice sees that the text did not.
async fn give_up(conn: &mut PgConnection, texts: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message as sms set recipient = null, body_text = null, series_visits = null, \
         status = case when exists ( \
             select from notifications.message as letter \
             where letter.event_id = sms.event_id and letter.template = sms.template and letter.channel = $2 \
         ) then $3::text else $4::text end where sms.message_id = any($1)",
        texts,
        ContactChannel::Email.code(),
        MessageStatus::Dropped.code(),
        MessageStatus::Dead.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
