//! What the endpoints have in common that lay an appointment before somebody to decide about.

use kernel::{
    Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::AppointmentId;
use sqlx::PgConnection;

use super::views::load_calendar;
use crate::store::{
    appointment::{self, AppointmentRow},
    calendar::Calendar,
};

/// An appointment with its practitioner's calendar of its day, if it is there.
pub(super) async fn appointment_of(
    conn: &mut PgConnection,
    id: AppointmentId,
) -> Result<Option<(AppointmentRow, Calendar)>, Reject> {
    let Some(row) = appointment::by_id(conn, id).await? else { return Ok(None) };
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(conn, row.practitioner_role_id, day, day).await?;
    Ok(Some((row, calendar)))
}

/// What is written down of somebody of the platform who reads an appointment or decides about it.
pub(super) fn platform_entry(caller: &SignedIn, row: &AppointmentRow, action: &'static str) -> audit::Entry {
    audit::Entry {
        actor: Actor::of(caller),
        action,
        resource: row.booking_id.into(),
        whose: row.patient_id,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    }
}
