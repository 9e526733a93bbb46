//! When the visits of a series are, and how each of those times stands.

use std::ops::Range;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
};
use shared_types::{
    Zone,
    bookings::{
        Availability, Busy,
        schedule::Holiday,
        series::{Every, Finding},
    },
};

use super::{Seen, is_within};

/// When each visit starts: always at that time on the wall. Where the clock skips it, as long after; where the clock shows it
/// twice, the first time.
pub fn starts(date: Date, time: Time, every: Every, visits: u16, zone: Zone) -> Vec<Timestamp> {
    let rules = zone.time_zone();
    let days = (0..i32::from(visits)).map(|nth| date.saturating_add((nth * every.days()).days()));
    days.filter_map(|day| rules.to_timestamp(day.to_datetime(time)).ok()).collect()
}

/// What the times of a series are held against.
pub struct Around<'a> {
    /// The hours that are for its type.
    pub hours: &'a Availability,
    /// Where its visits are.
    pub seen: Seen,
    /// The public holidays among its closures.
    pub holidays: &'a [Holiday],
    /// What is booked or held.
    pub taken: &'a [Busy],
    /// What the practitioner's other calendar says.
    pub elsewhere: &'a [Busy],
    /// The last day that patients can book.
    pub last_day: Date,
}

/// How a visit, which takes `during` with its buffers, stands. What cannot be booked at all is said before anything else.
pub fn finding(around: &Around<'_>, visit: &Range<Timestamp>, during: &Range<Timestamp>) -> Finding {
    let overlaps = |busy: &Busy| busy.start < during.end && during.start < busy.end;
    if around.taken.iter().any(overlaps) {
        return Finding::Taken;
    }
    if !is_within(around.hours, around.seen, visit.start, visit.end) {
        let day = around.hours.zone.date(visit.start);
        let closed = around.hours.is_off(visit.start, visit.end);
        let holiday = around.holidays.iter().find(|holiday| holiday.date == day);
        return if closed {
            Finding::Closed { holiday: holiday.map(|holiday| holiday.name.clone()) }
        } else {
            Finding::OutsideHours
        };
    }
    if around.elsewhere.iter().any(overlaps) {
        Finding::BusyElsewhere
    } else if around.hours.zone.date(visit.start) > around.last_day {
        Finding::TooFar
    } else {
        Finding::Free
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date, time};
    use shared_types::{
        Zone,
        bookings::{
            Audience, Availability, Busy, Closure, Rule, Weekdays,
            schedule::Holiday,
            series::{Every, Finding},
        },
    };

    use super::{Around, Seen, finding, starts};

    /// What a weekly series shows in UTC and on the wall, from that day on.
    fn weekly(zone: &str, first: jiff::civil::Date, hour: i8) -> Vec<String> {
        let zone: Zone = zone.parse().unwrap();
        let starts = starts(first, time(hour, 15, 0, 0), Every::Week, 3, zone);
        assert!(starts.iter().all(|start| zone.time(*start) == time(hour, 15, 0, 0)), "{starts:?}");
        starts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_wall_shows_the_same_time_when_the_clocks_change() {
        // Sunday 4 October 2026 begins summer time, Sunday 4 April 2027 ends it.
        assert_eq!(
            weekly("Australia/Sydney", date(2026, 9, 29), 9),
            ["2026-09-28T23:15:00Z", "2026-10-05T22:15:00Z", "2026-10-12T22:15:00Z"]
        );
        assert_eq!(
            weekly("Australia/Sydney", date(2027, 3, 30), 9),
            ["2027-03-29T22:15:00Z", "2027-04-05T23:15:00Z", "2027-04-12T23:15:00Z"]
        );
        assert_eq!(
            weekly("Australia/Lord_Howe", date(2026, 9, 29), 9),
            ["2026-09-28T22:45:00Z", "2026-10-05T22:15:00Z", "2026-10-12T22:15:00Z"]
        );
        assert_eq!(
            weekly("Australia/Perth", date(2026, 9, 29), 9),
            ["2026-09-29T01:15:00Z", "2026-10-06T01:15:00Z", "2026-10-13T01:15:00Z"]
        );
    }

    #[test]
    fn fortnights_skip_a_week_and_a_skipped_minute_comes_later() {
        let every = starts(date(2026, 9, 20), time(2, 30, 0, 0), Every::Fortnight, 2, Zone::SYDNEY);
        let walls: Vec<_> =
            every.iter().map(|start| (Zone::SYDNEY.date(*start), Zone::SYDNEY.time(*start))).collect();
        let skipped = (date(2026, 10, 4), time(3, 30, 0, 0));
        assert_eq!(walls, [(date(2026, 9, 20), time(2, 30, 0, 0)), skipped]);
    }

    #[test]
    fn each_time_is_found_as_it_stands() {
        let (monday, holiday, leave) = (date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7));
        let part = date(2026, 12, 14);
        let rule = Rule {
            weekdays: Weekdays::from_days(&[Weekday::Monday]),
            opens: time(9, 0, 0, 0),
            closes: time(12, 0, 0, 0),
            audience: Audience::All,
            effective_from: None,
            effective_until: None,
        };
        let hours = Availability {
            zone: Zone::SYDNEY,
            rules: vec![rule],
            closures: vec![
                Closure::days(holiday, holiday),
                Closure::days(leave, leave),
                Closure::part_of(part, time(10, 15, 0, 0), time(11, 0, 0, 0)),
            ],
            extra_hours: Vec::new(),
        };
        let visit = |day: jiff::civil::Date, hour| {
            let at = |minute| Zone::SYDNEY.time_zone().to_timestamp(day.at(hour, minute, 0, 0)).unwrap();
            at(0)..at(30)
        };
        let busy = |day, hour| {
            let range = visit(day, hour);
            Busy { start: range.start, end: range.end }
        };
        let (taken, elsewhere) = ([busy(monday, 9), busy(monday, 15)], [busy(monday, 10)]);
        let around = Around {
            hours: &hours,
            seen: Seen { telehealth: false, home_visit: false },
            holidays: &[Holiday { date: holiday, name: "Show day".to_owned() }],
            taken: &taken,
            elsewhere: &elsewhere,
            last_day: date(2026, 12, 20),
        };
        let closed = |name: Option<&str>| Finding::Closed { holiday: name.map(str::to_owned) };
        for (day, hour, expected) in [
            (monday, 9, Finding::Taken),
            (monday, 10, Finding::BusyElsewhere),
            (monday, 11, Finding::Free),
            (monday, 14, Finding::OutsideHours),
            (monday, 15, Finding::Taken),
            (holiday, 9, closed(Some("Show day"))),
            (leave, 9, closed(None)),
            (part, 9, Finding::Free),
            (part, 10, closed(None)),
            (part, 11, Finding::Free),
            (date(2026, 12, 21), 9, Finding::TooFar),
        ] {
            let visit = visit(day, hour);
            assert_eq!(finding(&around, &visit, &visit), expected, "{day} {hour}");
        }
        let rule = Rule { audience: Audience::Telehealth, ..hours.rules[0].clone() };
        let by_video = Availability { rules: vec![rule], ..hours.clone() };
        let visit = visit(monday, 11);
        for (telehealth, expected) in [(false, Finding::OutsideHours), (true, Finding::Free)] {
            let seen = Seen { telehealth, home_visit: false };
            let around = Around { hours: &by_video, seen, ..around };
            assert_eq!(finding(&around, &visit, &visit), expected, "{seen:?}");
        }
    }
}
