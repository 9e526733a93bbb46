//! The free times of a role across its appointment types, for those who ask about all of them at once. They follow from the same
//! rules and the same function as everywhere else.

use std::ops::Range;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use shared_types::{AppointmentTypeId, PractitionerRoleId};
use sqlx::PgConnection;

use crate::{
    fhir::{self, Appointment, Base, Slot, SlotId, SlotStatus},
    holding,
    store::calendar::{self, Calendar, TypeRow},
};

/// A role's calendar with the days of a window, whatever its zone; `None` for a role that is not there.
///
/// # Errors
/// When the database fails.
pub async fn calendar_for(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    window: &Range<Timestamp>,
) -> Result<Option<Calendar>> {
    let day = |instant: Timestamp| instant.to_zoned(TimeZone::UTC).date();
    let (first, last) = (day(window.start).saturating_sub(1.day()), day(window.end).saturating_add(1.day()));
    calendar::load(conn, role, first, last).await
}

/// What is free of some types within a window, in order of time; of every type when none is named.
///
/// # Errors
/// When the database fails.
pub async fn of_role(
    conn: &mut PgConnection,
    calendar: &Calendar,
    types: &[AppointmentTypeId],
    window: &Range<Timestamp>,
    now: Timestamp,
) -> Result<Vec<SlotId>> {
    let wanted = |row: &&TypeRow| types.is_empty() || types.contains(&row.appointment_type_id);
    let taken = calendar::busy(conn, &calendar.takes_at_all(), window, now).await?;
    let mut slots = Vec::new();
    for row in calendar.types.iter().filter(wanted) {
        let starts = calendar.free_times(row, &taken, window, now);
        slots.extend(starts.into_iter().map(|start| SlotId {
            start,
            practitioner_role_id: calendar.role.practitioner_role_id,
            appointment_type_id: row.appointment_type_id,
        }));
    }
    slots.sort_unstable();
    Ok(slots)
}

/// The same of what a program books by itself: see [`needs_page`].
///
/// # Errors
/// When the database fails.
pub async fn for_programs(
    conn: &mut PgConnection,
    calendar: &Calendar,
    types: &[AppointmentTypeId],
    window: &Range<Timestamp>,
    now: Timestamp,
) -> Result<Vec<SlotId>> {
    let mut by_page = Vec::new();
    for row in &calendar.types {
        if needs_page(conn, calendar, row, now).await? {
            by_page.push(row.appointment_type_id);
        }
    }
    let mut slots = of_role(conn, calendar, types, window, now).await?;
    slots.retain(|id| !by_page.contains(&id.appointment_type_id));
    Ok(slots)
}

/// Whether a type is booked on its page alone: FHIR has neither a way to pay nor an address to be visited at. Nor is anything proposed
/// for which its practice can charge nobody.
///
/// # Errors
/// When the database fails.
pub async fn needs_page(
    conn: &mut PgConnection,
    calendar: &Calendar,
    row: &TypeRow,
    now: Timestamp,
) -> Result<bool> {
    if row.home_visit {
        return Ok(true);
    }
    let offer = holding::offer(conn, calendar, row, now, None).await?;
    Ok(offer.map_or(true, |offer| offer.needs_payment_step()))
}

/// A free time as others see it; `None` when the role does not offer its type.
pub fn as_slot(base: &Base, calendar: &Calendar, id: SlotId) -> Option<Slot> {
    let row = calendar.find_type(id.appointment_type_id)?;
    Some(fhir::slot(base, id, &calendar.role, &row.appointment_type(), end(row, id), SlotStatus::Free))
}

/// A free time as what could be booked; `None` when the role does not offer its type.
pub fn as_proposal(base: &Base, calendar: &Calendar, id: SlotId) -> Option<Appointment> {
    let row = calendar.find_type(id.appointment_type_id)?;
    Some(fhir::proposed(base, id, &calendar.role, &row.appointment_type(), end(row, id)))
}

fn end(row: &TypeRow, id: SlotId) -> Timestamp {
    id.start.saturating_add(SignedDuration::from_mins(row.duration_minutes.into())).unwrap_or(id.start)
}
