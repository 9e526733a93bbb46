//! Text messages that come in, and which reminder they answer.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    BookingId, OrganizationId, PatientId, notifications::MessageStatus, users::ContactChannel,
};
use sqlx::PgConnection;

use super::message::drop_unsent;
use crate::domain::{message::Template, plan::Kind};

/// Notes that a message came in. False when it came before.
pub async fn receive(conn: &mut PgConnection, provider_id: &str, now: Timestamp) -> sqlx::Result<bool> {
    let received = sqlx::query!(
        "insert into notifications.text_received (provider_id, received_at) values ($1, $2) \
         on conflict on constraint text_received_pkey do nothing",
        provider_id,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(received.rows_affected() == 1)
}

/// An appointment to come that a number was reminded of by text message.
#[derive(Debug)]
pub struct Reminded {
    /// Which booking.
    pub booking_id: BookingId,
    /// When it starts, as the reminder said.
    pub start: Timestamp,
    /// Whose; none for a guest's.
    pub patient_id: Option<PatientId>,
    /// The practice.
    pub organization_id: Option<OrganizationId>,
    /// The preferred language.
    pub language: String,
}

/// Those that still begin when the reminder said, the next first.
pub async fn reminded_at(
    conn: &mut PgConnection,
    mobile: &str,
    now: Timestamp,
) -> sqlx::Result<Vec<Reminded>> {
    let rows = sqlx::query!(
        r#"select appointment.booking_id as "booking_id: BookingId", appointment.starts_at,
               appointment.organization_id as "organization_id: OrganizationId",
               reached.patient_id as "patient_id?: PatientId", reached.language as "language!", plan.kind, plan.useful_until
           from (
                   select owner.booking_id, owner.patient_id, contact.language
                   from notifications.contact join notifications.booking_owner as owner using (patient_id)
                   where contact.mobile = $1
                   union all
                   select booking_id, null, 'en' from notifications.guest_number where mobile = $1
               ) as reached
               join notifications.appointment using (booking_id)
               join notifications.message_plan as plan using (booking_id)
               join notifications.message on message.event_id = plan.message_plan_id
           where appointment.stands and appointment.starts_at > $2
               and message.channel = $3 and message.status = $4
           order by appointment.starts_at, appointment.booking_id"#,
        mobile,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        ContactChannel::Sms.code(),
        MessageStatus::Sent.code(),
    )
    .fetch_all(conn)
    .await?;
    let mut found: Vec<Reminded> = Vec::new();
    for row in rows {
        let start = row.starts_at.to_jiff();
        let spoke_of = Kind::from_code(&row.kind).map(|kind| kind.start(row.useful_until.to_jiff()));
        if spoke_of == Some(start) && found.iter().all(|one| one.booking_id != row.booking_id) {
            found.push(Reminded {
                booking_id: row.booking_id,
                start,
                patient_id: row.patient_id,
                organization_id: row.organization_id,
                language: row.language,
            });
        }
    }
    Ok(found)
}

/// How many answers of ours about a booking were written since then.
pub async fn count_answers(
    conn: &mut PgConnection,
    booking_id: BookingId,
    since: Timestamp,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from notifications.message
           where booking_id = $1 and template = $2 and created_at > $3"#,
        booking_id.0,
        Template::TextAnswer.code(),
        since.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
}

/// Drops answers of ours, proposals and what was said of lateness that are not sent: what they would say of a booking is over.
pub async fn drop_outdated(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    let over = [Template::TextAnswer, Template::TimeProposed, Template::RunningLate];
    drop_unsent(conn, booking_id, &over).await
}

/// Forgets a batch of ids of messages that came in before then. Says how many.
pub async fn forget_received(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select provider_id from notifications.text_received where received_at < $1 \
             order by received_at limit $2 for update skip locked \
         ) \
         delete from notifications.text_received as received using old where received.provider_id = old.provider_id",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
