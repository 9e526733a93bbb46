//! Records of bookings at the end of their time (C-43).

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, PatientId, Zone, personal::Personal, retention};
use sqlx::PgConnection;

use super::payment_standing;

/// What decides how long a booking's record is kept, and what the register says of it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which booking.
    pub booking_id: BookingId,
    /// Whose, where they have an account or a carer.
    pub patient_id: Option<PatientId>,
    /// The patient's name.
    pub name: Personal<String>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// The first day that the record covers.
    pub from: Date,
    /// The last day that the record covers.
    pub until: Date,
    /// The day of the patient's last appointment with the practice, whichever booking it was of.
    pub last_service: Date,
}

impl Record {
    /// The last day it is kept.
    pub fn keep_until(&self) -> Date {
        retention::keep_until(*self.date_of_birth.expose(), self.last_service)
    }
}

/// A booking the last day of whose record may have come, locked; one that nobody else has at the moment, and none of those left out.
///
/// # Errors
/// When the database fails.
pub async fn claim_due(
    conn: &mut PgConnection,
    left_out: &[BookingId],
    today: Date,
) -> sqlx::Result<Option<BookingId>> {
    let left_out: Vec<_> = left_out.iter().map(|booking| booking.0).collect();
    sqlx::query_scalar!(
        r#"select booking_id as "booking_id: BookingId" from bookings.appointment_party
           where coalesce(keep_until, (created_at at time zone 'UTC')::date + 2555) < $1 and booking_id <> all($2)
           order by coalesce(keep_until, (created_at at time zone 'UTC')::date + 2555)
           limit 1 for update skip locked"#,
        today.to_sqlx() as jiff_sqlx::Date,
        &left_out,
    )
    .fetch_optional(conn)
    .await
}

/// Some bookings' records. Somebody is the same patient of a practice when they have the same date of birth and the same
/// account, address or number: one who booked as a guest is known by nothing else.
///
/// # Errors
/// When the database fails.
pub async fn records(conn: &mut PgConnection, bookings: &[BookingId]) -> sqlx::Result<Vec<Record>> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    let rows = sqlx::query!(
        r#"select party.booking_id as "booking_id: BookingId", party.patient_id as "patient_id: PatientId", party.name,
               party.date_of_birth, party.created_at, covered.first as "first?",
               covered.last as "last?", served.last as "served?"
           from bookings.appointment_party party
               cross join lateral (
                   select min(starts_at) as first, max(ends_at) as last from bookings.appointment
                   where appointment.booking_id = party.booking_id
               ) covered
               cross join lateral (
                   select max(appointment.ends_at) as last
                   from bookings.appointment_party other join bookings.appointment using (booking_id)
                   where other.date_of_birth = party.date_of_birth
                       and other.organization_id is not distinct from party.organization_id
                       -- Who gave the desk no address or number is known by the other, or by neither.
                       and (other.booking_id = party.booking_id or other.patient_id = party.patient_id
                           or (lower(other.email) = lower(party.email) and party.email <> '')
                           or (other.mobile = party.mobile and party.mobile <> ''))
               ) served
           where party.booking_id = any($1)"#,
        &bookings,
    )
    .fetch_all(conn)
    .await?;
    let day = |time: Timestamp| Zone::SYDNEY.date(time);
    let records = rows.into_iter().map(|row| {
        let made = row.created_at.to_jiff();
        let last = row.last.map_or(made, jiff_sqlx::Timestamp::to_jiff);
        Record {
            booking_id: row.booking_id,
            patient_id: row.patient_id,
            name: row.name.into(),
            date_of_birth: row.date_of_birth.to_jiff().into(),
            from: day(row.first.map_or(made, jiff_sqlx::Timestamp::to_jiff)),
            until: day(last),
            last_service: day(row.served.map_or(last, |served| served.to_jiff().max(last))),
        }
    });
    Ok(records.collect())
}

/// Notes until when a record is kept, so that nobody looks at it before.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, booking: BookingId, until: Date) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment_party set keep_until = $2 where booking_id = $1",
        booking as BookingId,
        until.to_sqlx() as jiff_sqlx::Date,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Destroys all there is of a booking.
///
/// # Errors
/// When the database fails.
pub async fn destroy(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from bookings.reservation where appointment_id in ( \
         select appointment_id from bookings.appointment where booking_id = $1)",
        booking as BookingId,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from bookings.group_seat where appointment_id in ( \
         select appointment_id from bookings.appointment where booking_id = $1)",
        booking as BookingId,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from bookings.appointment where booking_id = $1", booking as BookingId)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from bookings.manage_session where booking_id = $1", booking as BookingId)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from bookings.reply_link where booking_id = $1", booking as BookingId)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from bookings.manage_link where booking_id = $1", booking as BookingId)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "delete from bookings.consent_receipt where subject_kind = 'booking' and subject_id = $1::uuid::text",
        booking as BookingId,
    )
    .execute(&mut *conn)
    .await?;
    payment_standing::forget(conn, booking).await?;
    // Statements go with it.
    sqlx::query!("delete from bookings.appointment_party where booking_id = $1", booking as BookingId)
        .execute(conn)
        .await?;
    Ok(())
}
