//! Appointments: each change is a compare-and-swap on the version.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::cookies::Holder;
use shared_types::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, BookingId, PatientId, PractitionerRoleId, QuoteId,
    ResourceId,
    bookings::{AppointmentStatus, AppointmentType, CancellationPolicy},
    personal::Personal,
};
use sqlx::{PgConnection, types::Json};

/// One link of a booking's chain, with how to reach the patient and whose it is.
#[derive(Clone, Debug)]
pub struct AppointmentRow {
    pub appointment_id: AppointmentId,
    pub booking_id: BookingId,
    pub practitioner_role_id: PractitionerRoleId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub status: AppointmentStatus,
    pub sequence: i32,
    pub version: i32,
    pub replaces: Option<AppointmentId>,
    pub appointment_type: AppointmentType,
    pub policy: CancellationPolicy,
    pub quote_id: QuoteId,
    pub late_fee_cents: AudCents,
    pub patient_name: Personal<String>,
    pub email: Personal<String>,
    pub account_id: Option<AccountId>,
    pub patient_id: Option<PatientId>,
}

/// Writes a new link.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut PgConnection, row: &AppointmentRow, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, \
         starts_at, ends_at, status, sequence, version, replaces, appointment_type, policy, quote_id, price_cents, \
         bulk_billed, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)",
        row.appointment_id as AppointmentId,
        row.booking_id as BookingId,
        row.practitioner_role_id as PractitionerRoleId,
        row.appointment_type.appointment_type_id as AppointmentTypeId,
        row.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.ends_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.status.code(),
        row.sequence,
        row.version,
        row.replaces as Option<AppointmentId>,
        Json(&row.appointment_type) as Json<&AppointmentType>,
        Json(&row.policy) as Json<&CancellationPolicy>,
        row.quote_id as QuoteId,
        row.appointment_type.price_cents.0,
        row.appointment_type.bulk_billed,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What gives a holder an appointment, if anything does.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    pub booking_id: BookingId,
    /// Made with their guest cookie.
    pub by_guest: bool,
    /// Opened with their manage session.
    pub by_link: bool,
    /// The account that made or claimed it.
    pub account_id: Option<AccountId>,
    /// The patient, when known by an account or a carer.
    pub patient_id: Option<PatientId>,
}

/// How a holder may see an appointment; `None` when there is no such appointment.
///
/// # Errors
/// When the database fails.
pub async fn access(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    holder: &Holder,
    now: Timestamp,
) -> sqlx::Result<Option<Access>> {
    sqlx::query_as!(
        Access,
        r#"select appointment.booking_id as "booking_id: BookingId",
               coalesce(party.guest_hash = $2, false) as "by_guest!",
               exists (
                   select from bookings.manage_session session
                   where session.session_hash = $3 and session.booking_id = appointment.booking_id and session.expires_at > $4
               ) as "by_link!",
               party.account_id as "account_id: AccountId", party.patient_id as "patient_id: PatientId"
           from bookings.appointment join bookings.appointment_party party using (booking_id)
           where appointment.appointment_id = $1"#,
        appointment as AppointmentId,
        holder.guest.as_ref().map(<[u8; 32]>::as_slice),
        holder.manage.as_ref().map(<[u8; 32]>::as_slice),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await
}

/// The newest link of a booking's chain.
///
/// # Errors
/// When the database fails.
pub async fn newest_of(conn: &mut PgConnection, booking: BookingId) -> Result<Option<AppointmentRow>> {
    let id = sqlx::query_scalar!(
        r#"select appointment_id as "appointment_id: AppointmentId" from bookings.appointment
           where booking_id = $1 order by sequence desc, created_at desc limit 1"#,
        booking as BookingId
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => by_id(conn, id).await,
        None => Ok(None),
    }
}

/// An appointment, whoever asks: see [`access`] first.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut PgConnection, appointment: AppointmentId) -> Result<Option<AppointmentRow>> {
    let row = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId",
               appointment.practitioner_role_id as "practitioner_role_id: PractitionerRoleId",
               appointment.starts_at, appointment.ends_at, appointment.status, appointment.sequence, appointment.version,
               appointment.replaces, appointment.appointment_type as "appointment_type: Json<AppointmentType>",
               appointment.policy as "policy: Json<CancellationPolicy>", appointment.quote_id as "quote_id: QuoteId",
               appointment.late_fee_cents as "late_fee_cents: AudCents", party.name, party.preferred_name, party.email,
               party.account_id as "account_id: AccountId", party.patient_id as "patient_id: PatientId"
           from bookings.appointment join bookings.appointment_party party using (booking_id)
           where appointment.appointment_id = $1"#,
        appointment as AppointmentId
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let status = AppointmentStatus::from_code(&row.status).context("a known appointment status")?;
    Ok(Some(AppointmentRow {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        practitioner_role_id: row.practitioner_role_id,
        starts_at: row.starts_at.to_jiff(),
        ends_at: row.ends_at.to_jiff(),
        status,
        sequence: row.sequence,
        version: row.version,
        replaces: row.replaces.map(Into::into),
        appointment_type: row.appointment_type.0,
        policy: row.policy.0,
        quote_id: row.quote_id,
        late_fee_cents: row.late_fee_cents,
        patient_name: row.preferred_name.unwrap_or(row.name).into(),
        email: row.email.into(),
        account_id: row.account_id,
        patient_id: row.patient_id,
    }))
}

/// Whose time an appointment takes.
///
/// # Errors
/// When the database fails.
pub async fn resource_of(conn: &mut PgConnection, role: PractitionerRoleId) -> sqlx::Result<ResourceId> {
    sqlx::query_scalar!(
        r#"select resource_id as "resource_id: ResourceId" from bookings.role where practitioner_role_id = $1"#,
        role as PractitionerRoleId
    )
    .fetch_one(conn)
    .await
}

/// Changes where an appointment stands, if it is still as last seen. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn change_status(
    conn: &mut PgConnection,
    seen: &AppointmentRow,
    version: i32,
    status: AppointmentStatus,
    late_fee_cents: AudCents,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.appointment set status = $4, late_fee_cents = $5, \
         sequence = sequence + case when $4 = 'rescheduled' then 0 else 1 end, \
         version = version + 1, updated_at = $6 where appointment_id = $1 and version = $2 and status = $3",
        seen.appointment_id as AppointmentId,
        version,
        seen.status.code(),
        status.code(),
        late_fee_cents as AudCents,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The appointment that a hold became.
///
/// # Errors
/// When the database fails.
pub async fn of_booking(
    conn: &mut PgConnection,
    booking: BookingId,
) -> sqlx::Result<Option<(AppointmentId, String)>> {
    let row = sqlx::query!(
        r#"select appointment_id as "appointment_id: AppointmentId", status from bookings.appointment
           where booking_id = $1 order by sequence limit 1"#,
        booking as BookingId
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.appointment_id, row.status)))
}
