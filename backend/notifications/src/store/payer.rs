//! Table `notifications.payer`: who pays a booking through us, for letters about money.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AudCents, BookingId, OrganizationId, PatientId, bookings::AppointmentFact};
use sqlx::PgConnection;

use super::{appointment::read_zone, owner};
use crate::domain::money::Payer;

/// Keeps whoever pays for an appointment that something is collected for; the latest start counts. Its payment is waited for since
/// `awaited_at`, which is none once it is booked: from then on, what was told while it was not changes nothing.
pub async fn keep(
    conn: &mut PgConnection,
    fact: &AppointmentFact,
    awaited_at: Option<Timestamp>,
) -> sqlx::Result<()> {
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    // Who is bulk billed pays nothing, and is asked for their assignment of benefit.
    let is_written_to = fact.bulk_billed || terms.is_some_and(|terms| terms.needs_payment_step());
    if fact.email.expose().is_empty() || !is_written_to {
        return Ok(());
    }
    sqlx::query!(
        "insert into notifications.payer as old (booking_id, organization_id, starts_at, time_zone, patient_name, email, \
         awaited_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict on constraint payer_pkey do update set \
         organization_id = excluded.organization_id, starts_at = excluded.starts_at, time_zone = excluded.time_zone, \
         patient_name = excluded.patient_name, email = excluded.email, awaited_at = excluded.awaited_at \
         where old.awaited_at is not null or excluded.awaited_at is null",
        fact.booking_id.0,
        fact.role.organization_id.map(|id| id.0),
        fact.start.to_sqlx() as jiff_sqlx::Timestamp,
        fact.role.time_zone.name(),
        fact.patient_name.expose(),
        fact.email.expose(),
        awaited_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Who pays a booking, while it is known.
pub async fn find(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Payer>> {
    let row = sqlx::query!(
        r#"select organization_id as "organization_id: OrganizationId", starts_at, time_zone, patient_name, email,
               awaited_at is null as "is_booked!", settled_version
           from notifications.payer where booking_id = $1"#,
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Payer {
        booking_id,
        organization_id: row.organization_id,
        start: row.starts_at.to_jiff(),
        zone: read_zone(&row.time_zone)?,
        name: row.patient_name.into(),
        email: row.email.into(),
        is_booked: row.is_booked,
        settled_version: row.settled_version,
    }))
}

/// Who pays the latest booking of a patient at a practice, while it is known.
pub async fn latest_of(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    patient_id: PatientId,
) -> sqlx::Result<Option<Payer>> {
    let latest = sqlx::query_scalar!(
        "select payer.booking_id from notifications.payer \
         join notifications.booking_owner owner on owner.booking_id = payer.booking_id \
         where payer.organization_id = $1 and owner.patient_id = $2 and payer.awaited_at is null \
         order by payer.starts_at desc, payer.booking_id desc limit 1",
        organization_id.0,
        patient_id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match latest {
        Some(booking_id) => find(conn, booking_id.into()).await,
        None => Ok(None),
    }
}

/// Notes that of a booking's payment, as it is with this version, nothing is left to collect.
pub async fn settle(conn: &mut PgConnection, booking_id: BookingId, version: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.payer set settled_version = $2 where booking_id = $1 and settled_version < $2",
        booking_id.0,
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes which higher price a booking's payer is asked for: the latest counts.
pub async fn ask(conn: &mut PgConnection, booking_id: BookingId, total: AudCents) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.payer set asked_cents = $2 where booking_id = $1",
        booking_id.0,
        total.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a price that is agreed to is the one that a booking's payer was asked for last.
pub async fn is_agreed(
    conn: &mut PgConnection,
    booking_id: BookingId,
    total: AudCents,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
            select from notifications.payer where booking_id = $1 and asked_cents = $2
        ) as "exists!""#,
        booking_id.0,
        total.0,
    )
    .fetch_one(conn)
    .await
}

/// The bookings of a patient at a practice whose payers are known.
pub async fn bookings_of(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    patient_id: PatientId,
) -> sqlx::Result<Vec<BookingId>> {
    sqlx::query_scalar!(
        r#"select payer.booking_id as "booking_id: BookingId" from notifications.payer
           join notifications.booking_owner owner on owner.booking_id = payer.booking_id
           where payer.organization_id = $1 and owner.patient_id = $2 order by payer.booking_id"#,
        organization_id.0,
        patient_id.0,
    )
    .fetch_all(conn)
    .await
}

/// Forgets who paid a booking.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications.payer where booking_id = $1", booking_id.0).execute(conn).await?;
    Ok(())
}

/// Forgets a batch whose visits were before `before`, and those that never came to a booking and were begun before `begun_before`,
/// with their guests' numbers; and whose they were, where nothing else is kept of them.
pub async fn forget_over(
    conn: &mut PgConnection,
    (before, begun_before): (Timestamp, Timestamp),
    limit: i64,
) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        r#"with old as materialized (
               select booking_id from notifications.payer where starts_at < $1 or awaited_at < $2
               order by booking_id limit $3 for update skip locked
           )
           delete from notifications.payer as payer using old where payer.booking_id = old.booking_id
           returning payer.booking_id, payer.awaited_at is null as "was_booked!""#,
        before.to_sqlx() as jiff_sqlx::Timestamp,
        begun_before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let unbooked: Vec<_> = gone.iter().filter(|row| !row.was_booked).map(|row| row.booking_id).collect();
    sqlx::query!("delete from notifications.guest_number where booking_id = any($1)", &unbooked)
        .execute(&mut *conn)
        .await?;
    let bookings: Vec<_> = gone.iter().map(|row| row.booking_id).collect();
    owner::forget_idle(conn, &bookings).await?;
    Ok(gone.len() as u64)
}
