//! Table `payments.billed_visit`: what is written of a visit on its documents.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, BookingId, PatientId, Zone, personal::Personal};
use sqlx::PgConnection;
use uuid::Uuid;

/// Who came, whom they saw and when.
#[derive(Clone, Debug)]
pub struct BilledVisit {
    /// For which booking.
    pub booking_id: BookingId,
    /// Who came.
    pub recipient_name: Personal<String>,
    /// Whom they saw.
    pub practitioner_name: String,
    /// What it is called on a document.
    pub service_text: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// Where.
    pub zone: Zone,
}

/// Keeps what is written on a booking's documents. Those that were issued stay as they are.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep_visit(conn: &mut PgConnection, visit: &BilledVisit, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.billed_visit (booking_id, recipient_name, practitioner_name, service_text, starts_at, \
         time_zone, updated_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict on constraint billed_visit_pkey do update set recipient_name = excluded.recipient_name, \
         practitioner_name = excluded.practitioner_name, service_text = excluded.service_text, \
         starts_at = excluded.starts_at, time_zone = excluded.time_zone, updated_at = excluded.updated_at",
        visit.booking_id.0,
        visit.recipient_name.expose(),
        visit.practitioner_name,
        visit.service_text,
        visit.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        visit.zone.name(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps since when a booking's visit is over: the first word of it counts until it is taken back with `None`. Does nothing where nothing
/// is written of the visit.
///
/// # Errors
/// When the table cannot be changed.
pub async fn set_over(
    conn: &mut PgConnection,
    booking_id: BookingId,
    over_at: Option<Timestamp>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.billed_visit \
         set over_at = case when $2::timestamptz is not null then coalesce(over_at, $2) end where booking_id = $1",
        booking_id.0,
        over_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When a booking's visit starts, as bookings last told; none before it did.
///
/// # Errors
/// When the table cannot be read.
pub async fn starts_at(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Timestamp>> {
    let found = sqlx::query_scalar!(
        "select starts_at from payments.billed_visit where booking_id = $1",
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(jiff_sqlx::Timestamp::to_jiff))
}

/// Takes the names of somebody off their documents, and forgets what else was kept for those. To be called while their bookings are
/// still theirs. Says how many bookings that were.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_person(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<u64> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let bookings = sqlx::query_scalar!(
        "select booking_id from payments.booking_owner \
         where patient_id = any($2) or (patient_id is null and account_id = $1)",
        account_id.0,
        &patients,
    )
    .fetch_all(&mut *conn)
    .await?;
    forget_bookings(conn, &bookings).await
}

/// The same for bookings. Says of how many something was kept.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_bookings(conn: &mut PgConnection, bookings: &[Uuid]) -> sqlx::Result<u64> {
    sqlx::query!(
        "update payments.invoice set recipient_name = null \
         where booking_id = any($1) and recipient_name is not null",
        bookings,
    )
    .execute(&mut *conn)
    .await?;
    let gone = sqlx::query!("delete from payments.billed_visit where booking_id = any($1)", bookings)
        .execute(conn)
        .await?;
    Ok(gone.rows_affected())
}
