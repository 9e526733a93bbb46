//! By what somebody may see an appointment.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::cookies::Holder;
use shared_types::{AccountId, AppointmentId, BookingId, PatientId};
use sqlx::PgConnection;

/// What gives a holder an appointment, if anything does.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    pub booking_id: BookingId,
    /// Made with their guest cookie.
    pub by_guest: bool,
    /// Opened with their manage session.
    pub by_link: bool,
    /// The same with one that a reminder's link opened: it can cancel and do no more.
    pub by_cancelling_link: bool,
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
                       and not session.only_cancels
               ) as "by_link!",
               exists (
                   select from bookings.manage_session session
                   where session.session_hash = $3 and session.booking_id = appointment.booking_id and session.expires_at > $4
                       and session.only_cancels
               ) as "by_cancelling_link!",
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
