//! A month as whole weeks, and how much there is on each of its days.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _, civil::Date};
use shared_types::Zone;

/// The first day of a day's month.
pub fn first_of_month(day: Date) -> Date {
    day.first_of_month()
}

/// Some months later, or earlier when negative: the first day there; stays put at the ends of the calendar.
pub fn plus_months(day: Date, months: i64) -> Date {
    first_of_month(day).checked_add(months.months()).unwrap_or(day)
}

/// The month in weeks from Monday to Sunday; days of other months are left out.
pub fn weeks(day: Date) -> Vec<[Option<Date>; 7]> {
    let mut weeks: Vec<[Option<Date>; 7]> = Vec::new();
    let mut next = Some(first_of_month(day));
    while let Some(date) = next.filter(|date| date.month() == day.month()) {
        let nth = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        if nth == 0 || weeks.is_empty() {
            weeks.push([None; 7]);
        }
        if let Some(week) = weeks.last_mut() {
            week[nth] = Some(date);
        }
        next = date.tomorrow().ok();
    }
    weeks
}

/// How many start on each day, each on the calendar of its own place.
pub fn counts(starts: impl IntoIterator<Item = (Timestamp, Zone)>) -> BTreeMap<Date, usize> {
    let mut counts = BTreeMap::new();
    for (start, zone) in starts {
        *counts.entry(zone.date(start)).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, civil::date};
    use shared_types::Zone;

    use super::{counts, plus_months, weeks};

    #[test]
    fn a_month_is_told_in_weeks_from_monday_to_sunday() {
        // November 2026 begins on a Sunday and ends on a Monday.
        let november = weeks(date(2026, 11, 26));
        assert_eq!(november.len(), 6);
        assert_eq!(november[0], [None, None, None, None, None, None, Some(date(2026, 11, 1))]);
        assert_eq!(november[5][0], Some(date(2026, 11, 30)));
        assert!(november[5][1..].iter().all(Option::is_none));
        assert_eq!(weeks(date(2027, 2, 1)).len(), 4, "28 days from a Monday");
    }

    #[test]
    fn every_month_has_each_of_its_days_once() {
        for year in 2024..2030 {
            for month in 1..=12 {
                let first = date(year, month, 1);
                let days: Vec<_> = weeks(first).into_iter().flatten().flatten().collect();
                assert_eq!(days.len(), usize::from(first.days_in_month().unsigned_abs()), "{first}");
                assert!(days.is_sorted());
            }
        }
    }

    #[test]
    fn months_are_turned_from_their_first_day() {
        assert_eq!(plus_months(date(2026, 1, 31), 1), date(2026, 2, 1));
        assert_eq!(plus_months(date(2026, 1, 31), -1), date(2025, 12, 1));
    }

    #[test]
    fn days_are_counted_on_the_wall_also_where_the_clock_changes() {
        // Each whole hour of the Sunday that is 25 hours long in Sydney, and of the one that has 23; the same in Lord Howe,
        // where the change is half an hour, and in Perth, which has none.
        let perth: Zone = "Australia/Perth".parse().unwrap();
        let lord_howe: Zone = "Australia/Lord_Howe".parse().unwrap();
        for (zone, day, expected) in [
            (Zone::SYDNEY, date(2027, 4, 4), 25),
            (Zone::SYDNEY, date(2027, 10, 3), 23),
            (lord_howe, date(2027, 4, 4), 25),
            (lord_howe, date(2027, 10, 3), 24),
            (perth, date(2027, 4, 4), 24),
        ] {
            let first = zone.start_of_day(day);
            let hours = (0..30).map(|hour| (first + SignedDuration::from_hours(hour), zone));
            assert_eq!(counts(hours)[&day], expected, "{zone} {day}");
        }
    }
}
