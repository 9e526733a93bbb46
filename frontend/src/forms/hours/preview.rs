//! What patients would see of a schedule that is not kept yet.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use shared_types::{
    PractitionerRoleId, ResourceId, Zone,
    bookings::{
        Busy, Closure,
        free_times::{free_times, with_open_sessions},
        practice::{CalendarAppointment, PracticeCalendar, RoleCalendar, TakenBy, TakenSpan},
        schedule::{Holiday, PutSchedule, RoleType},
    },
};

use crate::calendar::words::is_on_the_wall;

/// What patients would see of a type under a schedule, from one day to another: the very function that the server asks.
/// What is taken comes from the practice's calendar: of the practitioner, and of the rooms and devices that the type needs,
/// with whomever they are used. A day that has as many of the type as its practice wants offers none; times that are held do not
/// count for that, since the calendar does not say for which type they are.
pub fn would_see(
    schedule: &PutSchedule,
    (zone, holidays): (Zone, &[Holiday]),
    of: &RoleType,
    calendar: &PracticeCalendar,
    role_id: PractitionerRoleId,
    now: Timestamp,
) -> Vec<Timestamp> {
    let needs = |id: &ResourceId| of.draft.resources.contains(id);
    let own = |role: &&RoleCalendar| role.practitioner_role_id == role_id;
    let booked = calendar.roles.iter().flat_map(|role| &role.appointments).filter(|one| {
        one.practitioner_role_id == role_id || one.resources.iter().any(|taken| needs(&taken.resource_id))
    });
    let taken = || calendar.roles.iter().filter(own).flat_map(|role| &role.taken);
    let span = |taken: &TakenSpan| Busy { start: taken.start, end: taken.end };
    let busy: Vec<Busy> = booked
        .filter_map(|one| one.takes)
        .map(|(start, end)| Busy { start, end })
        .chain(taken().map(span))
        .collect();
    let elsewhere: Vec<Busy> = taken().filter(|taken| taken.by == TakenBy::Elsewhere).map(span).collect();
    let mut availability = schedule.availability(zone, holidays, of.appointment_type_id);
    for date in full_days(of, calendar, role_id, zone) {
        availability.closures.push(Closure::days(date, date));
        availability.extra_hours.retain(|extra| extra.date != date);
    }
    let offering = of.draft.offering(&schedule.settings);
    let window = zone.days(calendar.from, calendar.to);
    let starts = free_times(&availability, &offering, &busy, window.clone(), now);
    let offered = free_times(&availability, &offering, &elsewhere, window.clone(), now);
    let mut open = open_sessions(of, calendar, role_id);
    open.retain(|start| offered.binary_search(start).is_ok());
    with_open_sessions(starts, &open, &window)
}

/// Whether all of the days are taken elsewhere, as they are once the other calendar was not read lately: no hours change that.
pub fn is_all_elsewhere(calendar: &PracticeCalendar, role_id: PractitionerRoleId) -> bool {
    let mut own = calendar.roles.iter().filter(|role| role.practitioner_role_id == role_id);
    own.any(|role| {
        let days = role.time_zone.days(calendar.from, calendar.to);
        let mut elsewhere = role.taken.iter().filter(|taken| taken.by == TakenBy::Elsewhere);
        elsewhere.any(|taken| taken.start <= days.start && days.end <= taken.end)
    })
}

/// When groups of a type start in which somebody has a seat and somebody else can have one.
fn open_sessions(of: &RoleType, calendar: &PracticeCalendar, role_id: PractitionerRoleId) -> Vec<Timestamp> {
    let Some(seats) = of.draft.seats else { return Vec::new() };
    let mut seated: BTreeMap<Timestamp, u16> = BTreeMap::new();
    for one in booked_of(of, calendar, role_id).filter(|one| one.takes.is_some()) {
        *seated.entry(one.start).or_default() += 1;
    }
    seated.into_iter().filter(|(_, taken)| *taken < seats).map(|(start, _)| start).collect()
}

/// Days on which as many of a type take place as its practice wants.
fn full_days(
    of: &RoleType,
    calendar: &PracticeCalendar,
    role_id: PractitionerRoleId,
    zone: Zone,
) -> Vec<Date> {
    let Some(cap) = of.draft.daily_cap else { return Vec::new() };
    let mut booked: BTreeMap<Date, u16> = BTreeMap::new();
    for one in booked_of(of, calendar, role_id).filter(|one| is_on_the_wall(one.status)) {
        *booked.entry(zone.date(one.start)).or_default() += 1;
    }
    booked.into_iter().filter(|(_, count)| *count >= cap).map(|(date, _)| date).collect()
}

/// What of a type is booked with a role, whatever became of it.
fn booked_of<'a>(
    of: &RoleType,
    calendar: &'a PracticeCalendar,
    role_id: PractitionerRoleId,
) -> impl Iterator<Item = &'a CalendarAppointment> {
    let id = of.appointment_type_id;
    let own = calendar.roles.iter().filter(move |role| role.practitioner_role_id == role_id);
    own.flat_map(|role| &role.appointments).filter(move |one| one.appointment_type.appointment_type_id == id)
}
