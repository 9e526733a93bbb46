//! Somebody says that they will come by answering a reminder: without a sign-in, so nothing is shown to them.

use anyhow::Context as _;
use jiff::Timestamp;
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{BookingId, bookings::AppointmentStatus};
use sqlx::PgConnection;

use crate::{
    domain::Step,
    steps::{self, Wanted},
    store::{
        appointment::{self, StepBy},
        calendar, reservation,
    },
};

/// Notes it, for an appointment that begins when the reminder said. False when there is none any more: then nothing is changed.
/// Saying it twice is as good as once.
///
/// # Errors
/// When the database fails.
pub async fn will_come(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    start: Timestamp,
    (actor, action): (Actor, &'static str),
) -> anyhow::Result<bool> {
    let Some(before) = appointment::newest_of(conn, booking_id).await? else { return Ok(false) };
    let day = before.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = calendar::load(conn, before.practitioner_role_id, day, day).await?;
    let calendar = found.context("the appointment's role is there")?;
    reservation::lock(conn, calendar.resource_id).await?;
    // Whoever held the lock may have changed it.
    let Some(mut row) = appointment::newest_of(conn, booking_id).await? else { return Ok(false) };
    if row.starts_at != start || row.practitioner_role_id != before.practitioner_role_id {
        return Ok(false);
    }
    if row.status == AppointmentStatus::Confirmed && row.attendance_confirmed_at.is_some() {
        return Ok(true);
    }
    let Ok(to) = row.standing().confirm_attendance(core.now()) else { return Ok(false) };
    let (version, whose) = (row.version, row.patient_id);
    let wanted = Wanted { to, step: Step::ConfirmAttendance, reason: None, by: StepBy::Patient };
    if !steps::take(conn, core, &mut row, &calendar, version, wanted).await? {
        return Ok(false);
    }
    let entry = audit::Entry {
        actor,
        action,
        resource: booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(true)
}
