//! Times that are offered to those who wait. Each is kept by a hold of its own; who is asked, and what they made of it, is here.

use std::ops::Range;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentTypeId, BookingId, HoldId, OrganizationId, PatientId, PractitionerRoleId, WaitlistEntryId,
    bookings::waitlist::{OfferMade, OfferStatus, WaitlistOffer},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Offers a held time to somebody.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    entry: WaitlistEntryId,
    offer: &WaitlistOffer,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.waitlist_offer (waitlist_offer_id, waitlist_entry_id, hold_id, practitioner_role_id, \
         appointment_type_id, starts_at, ends_at, offered_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        entry as WaitlistEntryId,
        offer.hold_id as HoldId,
        offer.practitioner_role_id as PractitionerRoleId,
        offer.appointment_type_id as AppointmentTypeId,
        offer.start.to_sqlx() as jiff_sqlx::Timestamp,
        offer.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        offer.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update bookings.waitlist_entry set status = 'offered' where waitlist_entry_id = $1",
        entry as WaitlistEntryId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many of these holds are open offers.
///
/// # Errors
/// When the database fails.
pub async fn count_open(conn: &mut PgConnection, holds: &[HoldId]) -> Result<usize> {
    let holds: Vec<Uuid> = holds.iter().map(|hold| hold.0).collect();
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from bookings.waitlist_offer where hold_id = any($1) and status = 'open'"#,
        &holds,
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(count)?)
}

/// What is offered to somebody at `now`.
///
/// # Errors
/// When the database fails.
pub async fn open(
    conn: &mut PgConnection,
    entry: WaitlistEntryId,
    now: Timestamp,
) -> sqlx::Result<Option<WaitlistOffer>> {
    let row = sqlx::query!(
        r#"select hold_id as "hold_id: HoldId", practitioner_role_id as "practitioner_role_id: PractitionerRoleId",
               appointment_type_id as "appointment_type_id: AppointmentTypeId", starts_at, ends_at, expires_at,
               (select count(*) from bookings.waitlist_offer other
                where other.practitioner_role_id = offer.practitioner_role_id and other.starts_at = offer.starts_at
                    and other.status in ('declined', 'lapsed')) as "passed!"
           from bookings.waitlist_offer offer
           where waitlist_entry_id = $1 and status = 'open' and expires_at > $2"#,
        entry as WaitlistEntryId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| WaitlistOffer {
        hold_id: row.hold_id,
        practitioner_role_id: row.practitioner_role_id,
        appointment_type_id: row.appointment_type_id,
        start: row.starts_at.to_jiff(),
        end: row.ends_at.to_jiff(),
        expires_at: row.expires_at.to_jiff(),
        passed: row.passed,
    }))
}

/// The patient for whom somebody waits to whom a hold is offered; none where it is no offer, or they wait for nobody in particular.
///
/// # Errors
/// When the database fails.
pub async fn patient_of(conn: &mut PgConnection, hold: HoldId) -> sqlx::Result<Option<PatientId>> {
    let patient = sqlx::query_scalar!(
        r#"select entry.patient_id as "patient_id: PatientId"
           from bookings.waitlist_offer offer join bookings.waitlist_entry entry using (waitlist_entry_id)
           where offer.hold_id = $1"#,
        hold as HoldId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(patient.flatten())
}

/// The times of a practitioner that somebody was asked about already in this place, or that they let go in another place of
/// theirs since they joined here. Who joins anew is asked anew.
///
/// # Errors
/// When the database fails.
pub async fn asked(
    conn: &mut PgConnection,
    entry: WaitlistEntryId,
    role: PractitionerRoleId,
) -> sqlx::Result<Vec<Range<Timestamp>>> {
    let times = sqlx::query!(
        "select offer.starts_at, offer.ends_at
         from bookings.waitlist_entry entry
             join bookings.waitlist_entry place
                 on place.account_id = entry.account_id and place.patient_id is not distinct from entry.patient_id
             join bookings.waitlist_offer offer on offer.waitlist_entry_id = place.waitlist_entry_id
         where entry.waitlist_entry_id = $1 and offer.practitioner_role_id = $2 and (
             place.waitlist_entry_id = entry.waitlist_entry_id
             or (offer.status in ('declined', 'lapsed') and offer.offered_at >= entry.joined_at)
         )",
        entry as WaitlistEntryId,
        role as PractitionerRoleId,
    )
    .fetch_all(conn)
    .await?;
    Ok(times.into_iter().map(|time| time.starts_at.to_jiff()..time.ends_at.to_jiff()).collect())
}

/// The times with a practice's people that some places were asked about, the latest first.
///
/// # Errors
/// When the database fails, or holds a state that this build does not know.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
    entries: &[WaitlistEntryId],
) -> Result<Vec<(WaitlistEntryId, OfferMade)>> {
    let entries: Vec<Uuid> = entries.iter().map(|entry| entry.0).collect();
    let rows = sqlx::query!(
        r#"select offer.waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId",
               offer.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", offer.starts_at, offer.offered_at,
               offer.expires_at, offer.status
           from bookings.waitlist_offer offer join bookings.role using (practitioner_role_id)
           where offer.waitlist_entry_id = any($1) and role.organization_id = $2
           order by offer.offered_at desc, offer.waitlist_offer_id"#,
        &entries,
        organization as OrganizationId,
    )
    .fetch_all(conn)
    .await?;
    let made = rows.into_iter().map(|row| {
        let offer = OfferMade {
            practitioner_role_id: row.practitioner_role_id,
            start: row.starts_at.to_jiff(),
            offered_at: row.offered_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            status: OfferStatus::from_code(&row.status).context("a known state of an offer")?,
        };
        Ok((row.waitlist_entry_id, offer))
    });
    made.collect()
}

/// Has those wait again whose offer's time is up. Says for whose times.
///
/// # Errors
/// When the database fails.
pub async fn lapse(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<Vec<PractitionerRoleId>> {
    sqlx::query_scalar!(
        r#"with lapsed as (
               update bookings.waitlist_offer set status = 'lapsed' where waitlist_offer_id in (
                   select waitlist_offer_id from bookings.waitlist_offer where status = 'open' and expires_at <= $1
                   order by expires_at limit 100 for update skip locked
               )
               returning waitlist_entry_id, practitioner_role_id
           ), back as (
               update bookings.waitlist_entry set status = 'waiting'
               where status = 'offered' and waitlist_entry_id in (select waitlist_entry_id from lapsed)
           )
           select distinct practitioner_role_id as "practitioner_role_id!: PractitionerRoleId" from lapsed order by 1"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}

/// Notes that an offer was taken, if the hold was one: also when its time ran out while it was being taken, since who has what they
/// waited for waits no more.
///
/// # Errors
/// When the database fails.
pub async fn taken(conn: &mut PgConnection, hold: HoldId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "with taken as (
             update bookings.waitlist_offer set status = 'booked' where hold_id = $1 and status in ('open', 'lapsed')
             returning waitlist_entry_id
         )
         update bookings.waitlist_entry set status = 'booked', ended_at = $2
         where status in ('waiting', 'offered') and waitlist_entry_id in (select waitlist_entry_id from taken)",
        hold as HoldId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has whoever took a time from a waitlist wait again where they waited before, since nothing came of what was booked with it. That
/// they were asked about it stays written: they are asked about another one. Says for whose times they wait, at which nobody may be
/// looking any more.
///
/// # Errors
/// When the database fails.
pub async fn came_to_nothing(
    conn: &mut PgConnection,
    booking: BookingId,
    how: OfferStatus,
) -> sqlx::Result<Vec<PractitionerRoleId>> {
    sqlx::query_scalar!(
        r#"with undone as (
               update bookings.waitlist_offer set status = $2
               where status = 'booked' and hold_id = (select hold_id from bookings.hold where booking_id = $1)
               returning waitlist_entry_id
           ), back as (
               update bookings.waitlist_entry set status = 'waiting', ended_at = null
               where status = 'booked' and waitlist_entry_id in (select waitlist_entry_id from undone)
               returning waitlist_entry_id
           )
           select practitioner_role_id as "practitioner_role_id: PractitionerRoleId" from bookings.waitlist_choice
           where waitlist_entry_id in (select waitlist_entry_id from back)"#,
        booking as BookingId,
        how.code(),
    )
    .fetch_all(conn)
    .await
}

/// Notes that an offer was declined, if the hold was one: they wait for another time.
///
/// # Errors
/// When the database fails.
pub async fn declined(conn: &mut PgConnection, hold: HoldId) -> sqlx::Result<()> {
    sqlx::query!(
        "with declined as (
             update bookings.waitlist_offer set status = 'declined' where hold_id = $1 and status = 'open'
             returning waitlist_entry_id
         )
         update bookings.waitlist_entry set status = 'waiting'
         where status = 'offered' and waitlist_entry_id in (select waitlist_entry_id from declined)",
        hold as HoldId,
    )
    .execute(conn)
    .await?;
    Ok(())
}
