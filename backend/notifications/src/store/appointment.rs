//! Table `notifications.appointment`: what is needed to remind somebody, until the appointment is over or cancelled.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, OrganizationId, Zone, bookings::AppointmentFact};
use sqlx::PgConnection;

use super::{
    owner,
    preference::{read_minutes, read_names},
};
use crate::domain::{plan::Quiet, upcoming::Upcoming};

/// Keeps what was told, or only that it was told when nobody is to be reminded any more. False when later news came before.
pub async fn keep(conn: &mut PgConnection, fact: &AppointmentFact, stands: bool) -> sqlx::Result<bool> {
    let role = &fact.role;
    let kept = |text: &String| stands.then(|| text.clone());
    let kept_name = |text: &Option<String>| text.clone().filter(|_| stands);
    let done = sqlx::query!(
        "insert into notifications.appointment as old (booking_id, version, stands, organization_id, starts_at, ends_at, \
         time_zone, discreet, practitioner_name, organization_name, phone, address, patient_name, email, series_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         on conflict on constraint appointment_pkey do update set version = excluded.version, stands = excluded.stands, \
         organization_id = excluded.organization_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at, \
         time_zone = excluded.time_zone, discreet = excluded.discreet, practitioner_name = excluded.practitioner_name, \
         organization_name = excluded.organization_name, phone = excluded.phone, address = excluded.address, \
         patient_name = excluded.patient_name, email = excluded.email, \
         series_id = coalesce(excluded.series_id, old.series_id) where old.version <= excluded.version",
        fact.booking_id.0,
        fact.sequence,
        stands,
        role.organization_id.map(|id| id.0),
        fact.start.to_sqlx() as jiff_sqlx::Timestamp,
        fact.end.to_sqlx() as jiff_sqlx::Timestamp,
        role.time_zone.name(),
        fact.discreet,
        kept(&role.name),
        kept_name(&role.organization_name),
        kept_name(&role.phone),
        kept(&role.address),
        kept(fact.patient_name.expose()),
        kept(fact.email.expose()),
        fact.series_id.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether later news of a booking came before, by which its appointment is off or at another time.
pub async fn is_overtaken(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
            select from notifications.appointment
            where booking_id = $1 and version > $2 and (not stands or starts_at <> $3)
        ) as "exists!""#,
        fact.booking_id.0,
        fact.sequence,
        fact.start.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
}

/// An appointment to come, if it still stands.
pub async fn find(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Upcoming>> {
    let row = sqlx::query!(
        r#"select appointment.organization_id as "organization_id: OrganizationId", starts_at, ends_at,
               appointment.time_zone, discreet, practitioner_name as "practitioner_name!", organization_name, phone,
               address as "address!", patient_name as "patient_name!", coalesce(owner.write_to, email) as "email!",
               preference.names as "names?", preference.quiet_from as "quiet_from?",
               preference.quiet_until as "quiet_until?", preference.time_zone as "own_zone?"
           from notifications.appointment
               left join notifications.booking_owner as owner using (booking_id)
               left join notifications.preference on preference.account_id = owner.account_id
           where appointment.booking_id = $1 and stands"#,
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let zone = read_zone(&row.time_zone)?;
    let said = row.quiet_from.zip(row.quiet_until);
    let quiet =
        said.map(|(from, until)| read_quiet(from, until, row.own_zone.as_deref(), zone)).transpose()?;
    let names = row.names.as_deref().map(read_names).transpose()?;
    Ok(Some(Upcoming {
        booking_id,
        organization_id: row.organization_id,
        start: row.starts_at.to_jiff(),
        end: row.ends_at.to_jiff(),
        zone,
        quiet: quiet.unwrap_or_else(|| Quiet::at(zone)),
        names: names.unwrap_or_default(),
        discreet: row.discreet,
        practitioner_name: row.practitioner_name,
        organization_name: row.organization_name,
        phone: row.phone,
        address: row.address,
        patient_name: row.patient_name.into(),
        email: row.email.into(),
    }))
}

/// Reads a night.
fn read_quiet(from: i16, until: i16, own: Option<&str>, place: Zone) -> sqlx::Result<Quiet> {
    let zone = own.map(read_zone).transpose()?.unwrap_or(place);
    Ok(Quiet { from: read_minutes(from)?, until: read_minutes(until)?, zone })
}

/// Reads a zone by its name in the database.
pub fn read_zone(name: &str) -> sqlx::Result<Zone> {
    name.parse().map_err(|_| sqlx::Error::Decode("the database holds an unknown zone".into()))
}

/// When not to remind of a booking, while the zone of its place is known.
pub async fn quiet_of(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Quiet>> {
    let row = sqlx::query!(
        r#"select appointment.time_zone, preference.quiet_from as "quiet_from?",
               preference.quiet_until as "quiet_until?", preference.time_zone as "own_zone?"
           from notifications.appointment
               left join notifications.booking_owner as owner using (booking_id)
               left join notifications.preference on preference.account_id = owner.account_id
           where appointment.booking_id = $1"#,
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let place = read_zone(&row.time_zone)?;
    match row.quiet_from.zip(row.quiet_until) {
        None => Ok(Some(Quiet::at(place))),
        Some((from, until)) => Ok(Some(read_quiet(from, until, row.own_zone.as_deref(), place)?)),
    }
}

/// Forgets an appointment with its plans.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications.message_plan where booking_id = $1", booking_id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from notifications.appointment where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a batch of appointments that ended before `before`: nobody is reminded of them any more. And whose they were, where nothing
/// else is kept of them.
pub async fn forget_ended(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select booking_id from notifications.appointment where ends_at < $1 \
             order by ends_at limit $2 for update skip locked \
         ) \
         delete from notifications.appointment as ended using old where ended.booking_id = old.booking_id \
         returning ended.booking_id",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    owner::forget_idle(conn, &gone).await?;
    Ok(gone.len() as u64)
}
