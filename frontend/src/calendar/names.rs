//! What the people of a calendar are called where their names do not tell them apart.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    bookings::practice::{PracticeCalendar, PracticeRole, PracticeRoles},
    time::{clocks_differ, wall_words},
};

/// The same calendar, in which whoever works at two places is called by the place, too, and everybody by their clock where the
/// practice has several: their times stand side by side.
pub fn told_apart(calendar: &Rc<PracticeCalendar>, roles: &PracticeRoles) -> Rc<PracticeCalendar> {
    let days = (calendar.from, calendar.to);
    let mut named = Rc::clone(calendar);
    for role in &roles.items {
        let Some(marks) = marks(role, &roles.items, days) else { continue };
        let columns = Rc::make_mut(&mut named).roles.iter_mut();
        for column in columns.filter(|column| column.practitioner_role_id == role.practitioner_role_id) {
            column.name = format!("{} ({marks})", role.name);
        }
    }
    named
}

/// `12 Church Street, Perth time`: what tells somebody from others of their practice on some days, if it takes anything.
fn marks(role: &PracticeRole, all: &[PracticeRole], (from, to): (Date, Date)) -> Option<String> {
    let days = role.time_zone.days(from, to);
    let twice = all.iter().any(|other| other.name == role.name && other.address != role.address);
    let differs = |other: &PracticeRole| {
        [days.start, days.end].into_iter().any(|at| clocks_differ(role.time_zone, other.time_zone, at))
    };
    // Mostly there is one zone, which costs nothing to see.
    let clocks = all.iter().any(|other| other.time_zone != role.time_zone && differs(other));
    let place = twice.then(|| role.address.clone());
    let marks: Vec<String> = place.into_iter().chain(clocks.then(|| wall_words(role.time_zone))).collect();
    (!marks.is_empty()).then(|| marks.join(", "))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::{
        PractitionerRoleId,
        bookings::practice::{PracticeCalendar, PracticeRole, PracticeRoles, RoleCalendar},
    };
    use uuid::Uuid;

    use super::told_apart;
    use crate::calendar::{
        sample::{appointment, calendar},
        sheet::{columns, entries},
        view::CalendarView,
    };

    /// The nth of the practice.
    fn role(nth: u128, name: &str, address: &str, zone: &str) -> PracticeRole {
        PracticeRole {
            practitioner_role_id: PractitionerRoleId(Uuid::from_u128(nth)),
            name: name.to_owned(),
            profession_name: None,
            address: address.to_owned(),
            time_zone: zone.parse().unwrap(),
            bookable: true,
            schedule_version: Some(1),
            may_edit: true,
            appointment_types: Vec::new(),
        }
    }

    /// What these are called in a calendar of the week that each has one appointment in.
    fn named(items: Vec<PracticeRole>) -> Rc<PracticeCalendar> {
        let mut week = calendar(vec![appointment(1, "2026-11-22T22:15:00Z", 45)]);
        let column = week.roles.remove(0);
        week.roles = items
            .iter()
            .map(|role| RoleCalendar {
                practitioner_role_id: role.practitioner_role_id,
                name: role.name.clone(),
                time_zone: role.time_zone,
                ..column.clone()
            })
            .collect();
        let week = Rc::new(week);
        told_apart(&week, &PracticeRoles { items, as_of: week.as_of })
    }

    fn names(items: Vec<PracticeRole>) -> Vec<String> {
        named(items).roles.iter().map(|column| column.name.clone()).collect()
    }

    #[test]
    fn one_person_at_two_places_is_called_by_the_place() {
        let priya = |nth, address| role(nth, "Priya Nairwood", address, "Australia/Sydney");
        let sam = || role(3, "Sam Cole", "12 Church Street", "Australia/Melbourne");
        let two = || vec![priya(1, "12 Church Street"), priya(2, "3 High Street"), sam()];
        let expected = ["Priya Nairwood (12 Church Street)", "Priya Nairwood (3 High Street)", "Sam Cole"];
        assert_eq!(names(two()), expected);
        assert_eq!(names(vec![priya(1, "12 Church Street"), sam()]), ["Priya Nairwood", "Sam Cole"]);
        // So are the columns of a day, and the lines of the agenda.
        let calendar = named(two());
        let day = columns(&calendar, &CalendarView::read("view=day&day=2026-11-23"), calendar.from);
        assert_eq!(day.iter().map(|column| &*column.name).collect::<Vec<_>>(), expected);
        let listed = entries(&calendar);
        assert_eq!(listed.iter().map(|entry| &*entry.with).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn everybody_is_called_by_their_clock_where_clocks_differ() {
        let two = |zone| {
            names(vec![
                role(1, "Priya Nairwood", "12 Church Street", "Australia/Sydney"),
                role(2, "Priya Nairwood", "3 High Street", zone),
                role(3, "Sam Cole", "12 Church Street", "Australia/Sydney"),
            ])
        };
        assert_eq!(
            two("Australia/Perth"),
            [
                "Priya Nairwood (12 Church Street, Sydney time)",
                "Priya Nairwood (3 High Street, Perth time)",
                "Sam Cole (Sydney time)",
            ]
        );
        assert_eq!(two("Australia/Melbourne")[2], "Sam Cole", "they are the same");
        assert_eq!(two("Australia/Brisbane")[2], "Sam Cole (Sydney time)", "in summer they are not");
    }
}
