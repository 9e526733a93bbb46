//! When a time would suit somebody who waits.

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};

use crate::{Zone, bookings::Weekdays, problem::FieldError};

/// When a time would suit, on the wall of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wishes {
    /// On which days of the week.
    pub weekdays: Weekdays,
    /// The earliest start.
    pub from: Time,
    /// The latest start.
    pub until: Time,
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
}

impl Wishes {
    /// Whether a start would suit.
    pub fn suits(&self, start: Timestamp, zone: Zone) -> bool {
        let (day, time) = (zone.date(start), zone.time(start));
        self.weekdays.contains(day.weekday())
            && (self.from..=self.until).contains(&time)
            && (self.first..=self.last).contains(&day)
    }

    /// Checks that there can be such a time; `today` is the day at the place.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.weekdays == Weekdays::default() {
            errors.push(FieldError::new("/wishes/weekdays", "Choose at least one day"));
        }
        if self.until < self.from {
            errors.push(FieldError::new("/wishes/until", "This is before the earliest start"));
        }
        // It may be over, but the database knows none of some thousand years ago.
        if self.first.year() < today.year() - 1 {
            errors.push(FieldError::new("/wishes/first", "Give a day of this year or later"));
        }
        if self.last < self.first || self.last < today || self.last.year() > today.year() + 1 {
            let detail =
                "Give a day that is not over, not before the first, and within this year or the next";
            errors.push(FieldError::new("/wishes/last", detail));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::Wishes;
    use crate::{Zone, bookings::Weekdays};

    #[test]
    fn a_start_suits_by_its_day_and_hour_at_the_place() {
        let wishes = Wishes {
            weekdays: Weekdays::from_bits(1).unwrap(),
            from: time(9, 0, 0, 0),
            until: time(12, 0, 0, 0),
            first: date(2026, 11, 23),
            last: date(2026, 11, 30),
        };
        let at = |day: i8, hour: i8| {
            let wall = date(2026, 11, day).at(hour, 0, 0, 0);
            Zone::SYDNEY.time_zone().to_timestamp(wall).unwrap()
        };
        for (day, hour, expected) in
            [(23, 9, true), (23, 12, true), (23, 13, false), (24, 9, false), (30, 9, true), (16, 9, false)]
        {
            assert_eq!(wishes.suits(at(day, hour), Zone::SYDNEY), expected, "{day} {hour}");
        }
        assert!(wishes.check(date(2026, 11, 30)).is_ok());
        assert!(wishes.check(date(2026, 12, 1)).is_err(), "its last day is over");
        let ancient = Wishes { first: date(-5000, 1, 1), ..wishes };
        assert_eq!(ancient.check(date(2026, 11, 30)).unwrap_err()[0].pointer, "/wishes/first");
    }
}
