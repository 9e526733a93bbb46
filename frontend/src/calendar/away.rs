//! Days and parts of days on which a practitioner is not there: in words, as the agenda lists them, and as a time that was drawn
//! takes one.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration,
    civil::{Date, Time},
};
use shared_types::{
    Zone,
    bookings::{
        Availability, Busy, Closure,
        practice::{PracticeCalendar, RoleCalendar},
        schedule::OutsideAppointment,
    },
    problem::FieldError,
    time,
};

use crate::{
    components::{agenda::plus_days, times_agenda::day_and_month},
    forms::when::When,
};

/// What stands in the grid where somebody is not there.
pub const NOT_AVAILABLE: &str = "Not available";

/// A day, or a part of one, on which somebody is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Spell {
    /// On which day it is.
    pub date: Date,
    /// Whose day; nobody is named where it is a holiday of everybody.
    who: String,
    /// Since when until when, or which holiday.
    what: String,
}

impl Spell {
    /// `Not available, 1:00 pm to 3:00 pm` or `Public holiday, Show day`, and before it who, where that has to be said.
    pub fn words(&self, several: bool) -> String {
        if several && !self.who.is_empty() {
            format!("{}: {}", self.who, self.what)
        } else {
            self.what.clone()
        }
    }
}

/// All of them in a calendar, in order: of each day the whole ones first.
pub fn spells(calendar: &PracticeCalendar) -> Vec<Spell> {
    let count = (calendar.to - calendar.from).get_days();
    let days = (0..=count).map(|offset| plus_days(calendar.from, offset.into()));
    days.flat_map(|date| whole_days(calendar, date).into_iter().chain(parts(calendar, date))).collect()
}

/// A line for each reason that the day is off for, however many it is off for.
fn whole_days(calendar: &PracticeCalendar, date: Date) -> Vec<Spell> {
    let mut reasons = BTreeMap::<Option<&str>, Vec<&str>>::new();
    for role in &calendar.roles {
        let closed = role.closed.iter().find(|closed| (closed.first..=closed.last).contains(&date));
        // Hours that were added for the day count on a day off, too.
        let opens = role.open.iter().any(|open| role.time_zone.date(open.start) == date);
        if let Some(closed) = closed.filter(|closed| closed.holiday.is_some() || !opens) {
            reasons.entry(closed.holiday.as_deref()).or_default().push(&role.name);
        }
    }
    let spell = |(holiday, mut names): (Option<&str>, Vec<&str>)| {
        let everybody = holiday.is_some() && names.len() == calendar.roles.len();
        // Who is off at two places, and cannot be told apart there, is named once.
        names.dedup();
        let who = if everybody { String::new() } else { names.join(", ") };
        let what = match holiday {
            Some(name) => format!("Public holiday, {name}"),
            None => format!("{NOT_AVAILABLE} all day"),
        };
        Spell { date, who, what }
    };
    reasons.into_iter().map(spell).collect()
}

/// The parts of a day that are off, in order of time.
fn parts(calendar: &PracticeCalendar, date: Date) -> Vec<Spell> {
    let mut parts: Vec<_> = calendar
        .roles
        .iter()
        .flat_map(|role| role.away.iter().map(move |away| (role, *away)))
        .filter(|(role, away)| role.time_zone.date(away.start) == date)
        .collect();
    parts.sort_by_key(|(_, away)| (away.start, away.end));
    let spell = |(role, away): (&RoleCalendar, Busy)| {
        let [from, until] =
            [away.start, away.end].map(|instant| time::clock_words(role.time_zone.time(instant)));
        Spell { date, who: role.name.clone(), what: format!("{NOT_AVAILABLE}, {from} to {until}") }
    };
    parts.into_iter().map(spell).collect()
}

/// `Tuesday 24 November, 1:00 pm to 3:00 pm`; the year where it is another than today's.
pub fn closure_words(closure: Closure, today: Date) -> String {
    let day =
        |date: Date| if date.year() == today.year() { day_and_month(date) } else { time::long_date(date) };
    let single = closure.first == closure.last;
    let days =
        if single { day(closure.first) } else { format!("{} to {}", day(closure.first), day(closure.last)) };
    let Some((from, until)) = closure.part() else { return days };
    let each = if single { "" } else { "each day " };
    format!("{days}, {each}{} to {}", time::clock_words(from), time::clock_words(until))
}

/// The part of a day that was drawn or typed.
///
/// # Errors
/// When it lasts until midnight or longer: a part of a day ends on it.
pub fn time_off(when: When) -> Result<Closure, FieldError> {
    let at = |minute: i32| Time::midnight().checked_add(SignedDuration::from_mins(minute.into())).ok();
    match (at(when.minute), at(when.minute + when.minutes)) {
        (Some(from), Some(until)) => Ok(Closure::part_of(when.date, from, until)),
        (None, _) | (_, None) => {
            Err(FieldError::new("/minutes", "A time off ends before midnight: use fewer minutes"))
        }
    }
}

/// How many of what lies outside of the hours lie in a time off.
pub fn lying_in(off: Closure, zone: Zone, outside: &[OutsideAppointment]) -> usize {
    let days = Availability { zone, rules: Vec::new(), closures: vec![off], extra_hours: Vec::new() };
    outside.iter().filter(|one| days.is_off(one.start, one.end)).count()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use shared_types::{
        Zone,
        bookings::{
            Audience, Busy, Closure,
            practice::{ClosedDays, OpenSpan, PracticeCalendar},
            schedule::OutsideAppointment,
        },
    };

    use super::{closure_words, lying_in, spells, time_off};
    use crate::{
        calendar::sample::{appointment, calendar},
        forms::when::When,
    };

    #[test]
    fn days_off_and_parts_of_them_are_said_in_words() {
        let (today, tuesday) = (date(2026, 11, 23), date(2026, 11, 24));
        let part = Closure::part_of(tuesday, time(13, 0, 0, 0), time(15, 0, 0, 0));
        for (closure, expected) in [
            (part, "Tuesday 24 November, 1:00 pm to 3:00 pm"),
            (
                Closure { last: date(2026, 11, 26), ..part },
                "Tuesday 24 November to Thursday 26 November, each day 1:00 pm to 3:00 pm",
            ),
            (Closure::days(tuesday, tuesday), "Tuesday 24 November"),
            (
                Closure::days(date(2026, 12, 24), date(2027, 1, 3)),
                "Thursday 24 December to Sunday 3 January 2027",
            ),
        ] {
            assert_eq!(closure_words(closure, today), expected);
        }
    }

    #[test]
    fn what_was_drawn_is_a_part_of_its_day_and_ends_on_it() {
        let when = When { date: date(2026, 11, 24), minute: 780, minutes: 120 };
        let part = Closure::part_of(when.date, time(13, 0, 0, 0), time(15, 0, 0, 0));
        assert_eq!(time_off(when), Ok(part));
        let late = When { minute: 23 * 60, minutes: 60, ..when };
        assert_eq!(time_off(late).unwrap_err().pointer, "/minutes");
    }

    #[test]
    fn of_what_lies_outside_of_the_hours_only_what_overlaps_a_time_off_lies_in_it() {
        let off = Closure::part_of(date(2026, 11, 24), time(13, 0, 0, 0), time(15, 0, 0, 0));
        let outside = |start: &str, minutes| {
            let one = appointment(1, start, minutes);
            OutsideAppointment {
                appointment_id: one.appointment_id,
                status: one.status,
                appointment_type_name: one.appointment_type.name,
                start: one.start,
                end: one.end,
            }
        };
        // In Sydney: until one, from a quarter to one, from two, from three, and from two the day after.
        let all = [
            outside("2026-11-24T01:15:00Z", 45),
            outside("2026-11-24T01:45:00Z", 45),
            outside("2026-11-24T03:00:00Z", 30),
            outside("2026-11-24T04:00:00Z", 45),
            outside("2026-11-25T03:00:00Z", 30),
        ];
        assert_eq!(lying_in(off, Zone::SYDNEY, &all), 2);
        // In Perth those two hours begin three hours later.
        assert_eq!(lying_in(off, "Australia/Perth".parse().unwrap(), &all), 0);
        assert_eq!(lying_in(off, Zone::SYDNEY, &[]), 0);
    }

    #[test]
    fn who_is_not_there_is_listed_by_the_clock_of_the_place() {
        let mut calendar = calendar(Vec::new());
        let [start, end] = ["2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z"].map(|at| at.parse().unwrap());
        calendar.roles[0].away.push(Busy { start, end });
        let spells = spells(&calendar);
        assert_eq!((spells.len(), spells[0].date), (1, date(2026, 11, 24)));
        assert_eq!(spells[0].words(false), "Not available, 1:00 pm to 3:00 pm");
        assert_eq!(spells[0].words(true), "Priya Nairwood: Not available, 1:00 pm to 3:00 pm");
    }

    #[test]
    fn whole_days_off_are_listed_and_a_holiday_of_everybody_once() {
        let mut calendar = calendar(Vec::new());
        let (tuesday, wednesday) = (date(2026, 11, 24), date(2026, 11, 25));
        let closed = |first, last, holiday: Option<&str>| ClosedDays {
            first,
            last,
            holiday: holiday.map(ToOwned::to_owned),
        };
        calendar.roles[0].closed = vec![closed(tuesday, tuesday, Some("Show day"))];
        let mut other = calendar.roles[0].clone();
        other.name = "Sam Cole".to_owned();
        other.closed.push(closed(wednesday, date(2026, 12, 4), None));
        calendar.roles.push(other);
        let listed = |calendar: &PracticeCalendar| -> Vec<_> {
            spells(calendar).iter().map(|spell| (spell.date, spell.words(true))).collect()
        };
        let away = |date| (date, "Sam Cole: Not available all day".to_owned());
        let expected = [(tuesday, "Public holiday, Show day".to_owned()), away(wednesday)];
        let rest = [26, 27, 28, 29].map(|day| away(date(2026, 11, day)));
        assert_eq!(listed(&calendar), [&expected[..], &rest[..]].concat());

        // One of them works on holidays, and the other on that Wednesday after all.
        calendar.roles[0].closed.clear();
        let [start, end] = ["2026-11-24T22:00:00Z", "2026-11-25T01:00:00Z"].map(|at| at.parse().unwrap());
        calendar.roles[1].open.push(OpenSpan { start, end, audience: Audience::All });
        let holiday = (tuesday, "Sam Cole: Public holiday, Show day".to_owned());
        assert_eq!(listed(&calendar), [&[holiday][..], &rest[..]].concat());
    }
}
