//! Taking somebody out of what stays, and away what need not.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, BookingId, PatientId, PractitionerRoleId};
use sqlx::PgConnection;

/// Lets go of every time that an account holds and forgets its holds. Says how many, and whose times are free again.
///
/// # Errors
/// When the database fails.
pub async fn forget_holds(
    conn: &mut PgConnection,
    account: AccountId,
) -> sqlx::Result<(u64, Vec<PractitionerRoleId>)> {
    sqlx::query!(
        "delete from bookings.reservation where hold_id in (select hold_id from bookings.hold where account_id = $1)",
        account as AccountId,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from bookings.group_seat where hold_id in (select hold_id from bookings.hold where account_id = $1)",
        account as AccountId,
    )
    .execute(&mut *conn)
    .await?;
    let gone = sqlx::query!(
        r#"delete from bookings.hold where account_id = $1
           returning practitioner_role_id as "practitioner_role_id: PractitionerRoleId", status = 'active' as "active!""#,
        account as AccountId,
    )
    .fetch_all(conn)
    .await?;
    let mut freed: Vec<_> =
        gone.iter().filter(|hold| hold.active).map(|hold| hold.practitioner_role_id).collect();
    freed.sort_unstable();
    freed.dedup();
    Ok((gone.len() as u64, freed))
}

/// What these patients booked, or who has that account booked for nobody in particular.
///
/// # Errors
/// When the database fails.
pub async fn bookings_of(
    conn: &mut PgConnection,
    account: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<Vec<BookingId>> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    sqlx::query_scalar!(
        r#"select booking_id as "booking_id: BookingId" from bookings.appointment_party
           where patient_id = any($2) or (patient_id is null and account_id = $1) for update"#,
        account as AccountId,
        &patients,
    )
    .fetch_all(conn)
    .await
}

/// Cuts the ties between an account, its patients and what they booked: the practices keep their records, and nobody finds
/// them by signing in. `nobody` is the hash of a cookie that nobody has. What the account booked for others stays those
/// others'.
///
/// # Errors
/// When the database fails.
pub async fn cut_ties(
    conn: &mut PgConnection,
    account: AccountId,
    bookings: &[BookingId],
    nobody: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<()> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    sqlx::query!(
        "update bookings.appointment_party \
         set account_id = null, patient_id = null, claimed_at = null, guest_hash = $2, updated_at = $3 \
         where booking_id = any($1)",
        &bookings,
        nobody.as_slice(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update bookings.appointment_party set account_id = null, updated_at = $2 where account_id = $1",
        account as AccountId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets where patients were visited at home, unless somebody is still to go there. Says of how many bookings.
///
/// # Errors
/// When the database fails.
pub async fn forget_visits(
    conn: &mut PgConnection,
    bookings: &[BookingId],
    now: Timestamp,
) -> sqlx::Result<u64> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    let gone = sqlx::query!(
        "update bookings.appointment_party party \
         set visit_street = null, visit_locality = null, visit_postcode = null, updated_at = $2 \
         where booking_id = any($1) and visit_street is not null and not exists ( \
             select from bookings.appointment \
             where appointment.booking_id = party.booking_id and appointment.ends_at > $2 \
                 and appointment.status in \
                     ('requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult'))",
        &bookings,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}

/// Takes an account and its patients off every waitlist. Says how many places there were.
///
/// # Errors
/// When the database fails.
pub async fn forget_waiting(
    conn: &mut PgConnection,
    account: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<u64> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    let gone = sqlx::query!(
        "delete from bookings.waitlist_entry where account_id = $1 or patient_id = any($2)",
        account as AccountId,
        &patients,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}

/// Takes back the schedules that were given to an account to keep. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_keeper(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<u64> {
    let gone = sqlx::query!("delete from bookings.role_keeper where account_id = $1", account as AccountId)
        .execute(conn)
        .await?;
    Ok(gone.rows_affected())
}

/// Switches off the calendar feeds of an account and its patients, and cuts the tie between the account and the practitioners'
/// calendars that it gave us: those are read on, or the practitioners' time elsewhere would be sold. Says how many of each.
///
/// # Errors
/// When the database fails.
pub async fn forget_calendars(
    conn: &mut PgConnection,
    account: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<(u64, u64)> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    let feeds = sqlx::query!(
        "delete from bookings.calendar_feed where account_id = $1 or patient_id = any($2)",
        account as AccountId,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    let given = sqlx::query!(
        "update bookings.external_calendar set account_id = null where account_id = $1",
        account as AccountId,
    )
    .execute(conn)
    .await?;
    Ok((feeds.rows_affected(), given.rows_affected()))
}

/// Forgets browsers that opened a link to one of these bookings, and what let our staff see the patients. Says how many of
/// each.
///
/// # Errors
/// When the database fails.
pub async fn forget_ways_in(
    conn: &mut PgConnection,
    bookings: &[BookingId],
    patients: &[PatientId],
) -> sqlx::Result<(u64, u64)> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    let sessions = sqlx::query!("delete from bookings.manage_session where booking_id = any($1)", &bookings)
        .execute(&mut *conn)
        .await?;
    let grants = sqlx::query!("delete from bookings.access_grant where patient_id = any($1)", &patients)
        .execute(conn)
        .await?;
    Ok((sessions.rows_affected(), grants.rows_affected()))
}
