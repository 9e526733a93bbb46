//! What patients would see of a schedule that is not kept yet.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shared_types::{
    PractitionerRoleId, ResourceId, Zone,
    bookings::{
        Busy,
        free_times::{free_times, with_open_sessions},
        practice::{PracticeCalendar, RoleCalendar},
        schedule::{Holiday, PutSchedule, RoleType},
    },
};

/// What patients would see of a type under a schedule, from one day to another: the very function that the server asks.
/// What is taken comes from the practice's calendar: of the practitioner, and of the rooms and devices that the type needs,
/// with whomever they are used.
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
    let elsewhere = calendar.roles.iter().filter(own).flat_map(|role| &role.taken);
    let busy: Vec<Busy> = booked
        .filter_map(|one| one.takes)
        .chain(elsewhere.map(|taken| (taken.start, taken.end)))
        .map(|(start, end)| Busy { start, end })
        .collect();
    let availability = schedule.availability(zone, holidays, of.appointment_type_id);
    let offering = of.draft.offering(&schedule.settings);
    let window = zone.days(calendar.from, calendar.to);
    let starts = free_times(&availability, &offering, &busy, window.clone(), now);
    let offered = free_times(&availability, &offering, &[], window.clone(), now);
    let mut open = open_sessions(of, calendar, role_id);
    open.retain(|start| offered.binary_search(start).is_ok());
    with_open_sessions(starts, &open, &window)
}

/// When groups of a type start in which somebody has a seat and somebody else can have one.
fn open_sessions(of: &RoleType, calendar: &PracticeCalendar, role_id: PractitionerRoleId) -> Vec<Timestamp> {
    let Some(seats) = of.draft.seats else { return Vec::new() };
    let mut seated: BTreeMap<Timestamp, u16> = BTreeMap::new();
    let roles = calendar.roles.iter().filter(|role| role.practitioner_role_id == role_id);
    for one in roles.flat_map(|role| &role.appointments).filter(|one| one.takes.is_some()) {
        if one.appointment_type.appointment_type_id == of.appointment_type_id {
            *seated.entry(one.start).or_default() += 1;
        }
    }
    seated.into_iter().filter(|(_, taken)| *taken < seats).map(|(start, _)| start).collect()
}
