//! Free times arranged for reading: by day and part of the day, by closeness. Pure.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
};
use shared_types::Zone;

/// A part of a day, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayPart {
    /// Before noon.
    Morning,
    /// From noon.
    Afternoon,
    /// From 5 pm: after work.
    Evening,
}

impl DayPart {
    /// In the order of the day.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// The part a time on the wall falls in.
    pub fn of(time: Time) -> Self {
        match time.hour() {
            0..=11 => Self::Morning,
            12..=16 => Self::Afternoon,
            _ => Self::Evening,
        }
    }

    /// Its heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Morning => "Morning",
            Self::Afternoon => "Afternoon",
            Self::Evening => "Evening",
        }
    }

    /// Its name inside an element's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }
}

/// A day with free times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which, on the calendar of the place.
    pub date: Date,
    /// Its parts that have times, in order.
    pub parts: Vec<(DayPart, Vec<Timestamp>)>,
}

/// Starts, in order, by day and part of the day at the place. Days and parts without times are left out.
pub fn by_day(starts: &[Timestamp], zone: Zone) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for &start in starts {
        let (date, part) = (zone.date(start), DayPart::of(zone.time(start)));
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day { date, parts: Vec::new() });
        }
        let Some(day) = days.last_mut() else { continue };
        match day.parts.last_mut() {
            Some((last, times)) if *last == part => times.push(start),
            _ => day.parts.push((part, vec![start])),
        }
    }
    days
}

/// The Monday of a date's week.
pub fn monday_of(date: Date) -> Date {
    plus_days(date, -i64::from(date.weekday().to_monday_zero_offset()))
}

/// Some days later, or earlier when negative; stays put at the ends of the calendar.
pub fn plus_days(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).unwrap_or(date)
}

/// The `count` starts closest to a wanted one, in the order of the clock.
pub fn nearest(starts: &[Timestamp], wanted: Timestamp, count: usize) -> Vec<Timestamp> {
    let mut closest = starts.to_vec();
    // Of two that are equally close the earlier.
    closest.sort_unstable_by_key(|start| ((start.as_second() - wanted.as_second()).abs(), *start));
    closest.truncate(count);
    closest.sort_unstable();
    closest
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use shared_types::Zone;

    use super::{DayPart, by_day, monday_of, nearest};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// In Sydney: Tuesday 9:15 am, 12:00 pm, 5:00 pm; Wednesday 12:15 am.
    fn starts() -> Vec<Timestamp> {
        ["2026-11-23T22:15:00Z", "2026-11-24T01:00:00Z", "2026-11-24T06:00:00Z", "2026-11-24T13:15:00Z"]
            .map(at)
            .to_vec()
    }

    #[test]
    fn days_are_those_of_the_place() {
        let days = by_day(&starts(), Zone::SYDNEY);
        assert_eq!(days.len(), 2);
        assert_eq!(days[0].date, date(2026, 11, 24));
        let parts: Vec<_> = days[0].parts.iter().map(|(part, times)| (*part, times.len())).collect();
        assert_eq!(parts, [(DayPart::Morning, 1), (DayPart::Afternoon, 1), (DayPart::Evening, 1)]);
        assert_eq!(days[1].parts[0].0, DayPart::Morning);
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        assert_eq!(monday_of(date(2026, 11, 29)), date(2026, 11, 23));
        assert_eq!(monday_of(date(2026, 11, 23)), date(2026, 11, 23));
    }

    #[test]
    fn the_nearest_times_come_in_the_order_of_the_clock() {
        let near = nearest(&starts(), at("2026-11-24T01:30:00Z"), 2);
        assert_eq!(near, [at("2026-11-23T22:15:00Z"), at("2026-11-24T01:00:00Z")].to_vec());
    }
}
