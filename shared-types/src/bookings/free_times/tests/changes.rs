//! Every change of a clock on Australian soil from 2026 to 2028: which there are, and hours and visits across each.

use jiff::civil::Weekday;

use super::{properties::minute_by_minute, *};

/// The first Sundays of April and October, on which clocks go back and on.
const CHANGES: [(Date, i64); 6] = [
    (date(2026, 4, 5), -1),
    (date(2026, 10, 4), 1),
    (date(2027, 4, 4), -1),
    (date(2027, 10, 3), 1),
    (date(2028, 4, 2), -1),
    (date(2028, 10, 1), 1),
];

/// By how many minutes the clock of a zone changes, which for some is never.
fn shift(zone: Zone) -> i64 {
    match zone.name() {
        "Australia/Lord_Howe" => 30,
        "Australia/Brisbane" | "Australia/Darwin" | "Australia/Eucla" | "Australia/Lindeman"
        | "Australia/Perth" | "Indian/Christmas" | "Indian/Cocos" => 0,
        _ => 60,
    }
}

/// Every zone around every change, also those whose clock goes on as ever.
fn everywhere() -> impl Iterator<Item = (Zone, Date, SignedDuration)> {
    Zone::ALL.iter().flat_map(|zone| {
        CHANGES.map(|(date, way)| (*zone, date, SignedDuration::from_mins(way * shift(*zone))))
    })
}

#[test]
fn clocks_change_on_these_days_and_on_no_others() {
    let from: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let until: Timestamp = "2029-01-01T00:00:00Z".parse().unwrap();
    for zone in Zone::ALL {
        let rules = zone.time_zone();
        let mut offset = rules.to_offset(from);
        let mut found = Vec::new();
        for change in rules.following(from).take_while(|change| change.timestamp() < until) {
            let minutes = i64::from(change.offset().seconds() - offset.seconds()) / 60;
            offset = change.offset();
            found.push((zone.date(change.timestamp()), minutes));
        }
        let changes = CHANGES.iter().map(|(date, way)| (*date, way * shift(*zone)));
        let expected: Vec<_> = changes.filter(|(_, minutes)| *minutes != 0).collect();
        assert_eq!(found, expected, "{zone}");
    }
}

#[test]
fn daily_hours_stay_where_they_are_on_the_wall_across_every_change() {
    for (zone, date, shift) in everywhere() {
        let mut case = Case::on(zone.name(), date, time(9, 0, 0, 0), time(10, 0, 0, 0));
        case.window = zone.start_of_day(date - 7.days())..zone.start_of_day(date + 8.days());
        let expected = ["09:00 09:30"; 15].join(" ");
        assert_eq!(case.on_the_wall("%H:%M"), expected, "{zone} {date}");
        let starts = case.starts();
        let night = starts[14].duration_since(starts[12]);
        assert_eq!(night, SignedDuration::from_hours(24) - shift, "the night to {date} in {zone}");
    }
}

#[test]
fn a_weekly_visit_is_at_the_same_hour_whatever_the_clock_did_in_between() {
    for (zone, date, shift) in everywhere() {
        let mut case = Case::on(zone.name(), date, time(9, 0, 0, 0), time(9, 30, 0, 0));
        case.availability.rules[0].weekdays = Weekdays::from_days(&[Weekday::Sunday]);
        case.window = zone.start_of_day(date - 14.days())..zone.start_of_day(date + 15.days());
        let starts = case.starts();
        let weeks: Vec<_> = starts.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect();
        let week = SignedDuration::from_hours(7 * 24);
        assert_eq!(weeks, [week, week - shift, week, week], "{zone} {date}");
        assert!(starts.iter().all(|start| zone.time(*start) == time(9, 0, 0, 0)), "{zone} {date}");
    }
}

#[test]
fn the_night_of_every_change_is_offered_as_the_wall_shows_it() {
    for (zone, date, _) in everywhere() {
        for (step_minutes, duration_minutes) in [(30, 30), (15, 45), (20, 90)] {
            let mut case = Case::on(zone.name(), date, time(0, 0, 0, 0), time(5, 0, 0, 0));
            case.offering = Offering { step_minutes, duration_minutes, ..case.offering };
            assert_eq!(case.starts(), minute_by_minute(&case), "{zone} {date}, every {step_minutes} min");
        }
    }
}

#[test]
fn a_practice_in_perth_is_two_hours_behind_sydney_in_winter_and_three_in_summer() {
    for (day, hours) in [
        (date(2026, 4, 4), 3),
        (date(2026, 4, 5), 2),
        (date(2026, 10, 3), 2),
        (date(2026, 10, 4), 3),
        (date(2027, 4, 3), 3),
        (date(2027, 4, 4), 2),
        (date(2028, 10, 1), 3),
    ] {
        let case = Case::on("Australia/Perth", day, time(21, 30, 0, 0), time(22, 0, 0, 0));
        let start = case.starts()[0];
        let there = day.at(21, 30, 0, 0) + hours.hours();
        let seen = (Zone::SYDNEY.date(start), Zone::SYDNEY.time(start));
        assert_eq!(seen, (there.date(), there.time()), "{day}");
        // Late in Perth is the next day in Sydney: the day that is asked for is the place's.
        assert_eq!(seen.0 > day, hours == 3, "{day}");
    }
}
