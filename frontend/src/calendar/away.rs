//! Parts of days on which a practitioner is not there: in words, as the agenda lists them, and as a time that was drawn takes
//! one.

use std::rc::Rc;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
};
use shared_types::{
    Zone,
    bookings::{Closure, practice::PracticeCalendar},
    problem::FieldError,
    time,
};

use crate::{components::times_agenda::day_and_month, forms::when::When};

/// What stands in the grid where somebody is not there.
pub const NOT_AVAILABLE: &str = "Not available";

/// A part of a day on which somebody is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Spell {
    /// Their name.
    pub with: Rc<str>,
    /// The place's zone.
    pub zone: Zone,
    /// From this instant.
    pub start: Timestamp,
    /// Until this one, excluded.
    pub end: Timestamp,
}

impl Spell {
    /// On which day it is.
    pub fn date(&self) -> Date {
        self.zone.date(self.start)
    }

    /// `Not available, 1:00 pm to 3:00 pm`, and before it who, where that has to be said.
    pub fn words(&self, several: bool) -> String {
        let [from, until] = [self.start, self.end].map(|instant| time::clock_words(self.zone.time(instant)));
        let who = if several { format!("{}: ", self.with) } else { String::new() };
        format!("{who}{NOT_AVAILABLE}, {from} to {until}")
    }
}

/// All of them in a calendar, in order of time.
pub fn spells(calendar: &PracticeCalendar) -> Vec<Spell> {
    let mut spells: Vec<Spell> = calendar
        .roles
        .iter()
        .flat_map(|role| {
            let with: Rc<str> = role.name.as_str().into();
            role.away.iter().map(move |away| Spell {
                with: Rc::clone(&with),
                zone: role.time_zone,
                start: away.start,
                end: away.end,
            })
        })
        .collect();
    spells.sort_by_key(|spell| (spell.start, spell.end));
    spells
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

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use shared_types::bookings::{Busy, Closure};

    use super::{closure_words, spells, time_off};
    use crate::{calendar::sample::calendar, forms::when::When};

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
    fn who_is_not_there_is_listed_by_the_clock_of_the_place() {
        let mut calendar = calendar(Vec::new());
        let [start, end] = ["2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z"].map(|at| at.parse().unwrap());
        calendar.roles[0].away.push(Busy { start, end });
        let spells = spells(&calendar);
        assert_eq!((spells.len(), spells[0].date()), (1, date(2026, 11, 24)));
        assert_eq!(spells[0].words(false), "Not available, 1:00 pm to 3:00 pm");
        assert_eq!(spells[0].words(true), "Priya Nairwood: Not available, 1:00 pm to 3:00 pm");
    }
}
