//! Cases a practice would recognise, then properties over every zone.

mod apparent;
mod changes;
mod parts_off;
mod properties;

use std::ops::Range;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time, date, time},
};

use super::{
    Availability, Busy, Closure, ExtraHours, Offering, Rule, Weekdays, first_free_times, free_times,
};
use crate::{
    Zone,
    bookings::Audience::{self, All, Existing, New},
};

/// A question, whole.
#[derive(Clone, Debug)]
struct Case {
    availability: Availability,
    offering: Offering,
    busy: Vec<Busy>,
    window: Range<Timestamp>,
    now: Timestamp,
}

impl Case {
    /// What is free on one day, asked thirty days earlier: half an hour each half hour, these hours each day.
    fn on(zone: &str, date: Date, opens: Time, closes: Time) -> Self {
        let zone: Zone = zone.parse().unwrap();
        let offering = Offering {
            duration_minutes: 30,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            step_minutes: 30,
            notice_minutes: 0,
            horizon_days: 60,
            audience: All,
            telehealth: false,
        };
        Self {
            availability: Availability {
                zone,
                rules: vec![daily(opens, closes)],
                closures: Vec::new(),
                extra_hours: Vec::new(),
            },
            offering,
            busy: Vec::new(),
            window: zone.start_of_day(date)..zone.start_of_day(date.tomorrow().unwrap()),
            now: zone.start_of_day(date - 30.days()),
        }
    }

    /// Tuesday 24 November 2026 in Sydney, nine to twelve.
    fn plain() -> Self {
        Self::on("Australia/Sydney", TUESDAY, time(9, 0, 0, 0), time(12, 0, 0, 0))
    }

    fn starts(&self) -> Vec<Timestamp> {
        free_times(&self.availability, &self.offering, &self.busy, self.window.clone(), self.now)
    }

    /// The starts as the wall shows them, such as `09:00 09:30` or, with `%H:%M%:z`, `09:00+11:00 09:30+11:00`.
    fn on_the_wall(&self, format: &str) -> String {
        let zone = self.availability.zone.time_zone();
        let shown =
            self.starts().into_iter().map(|start| start.to_zoned(zone.clone()).strftime(format).to_string());
        shown.collect::<Vec<_>>().join(" ")
    }

    /// Adds a taken time of that Tuesday.
    fn taken(mut self, from: &str, until: &str) -> Self {
        self.busy.push(Busy { start: tuesday(from), end: tuesday(until) });
        self
    }
}

const TUESDAY: Date = date(2026, 11, 24);
const EVERY_DAY: u8 = 127;

fn daily(opens: Time, closes: Time) -> Rule {
    let weekdays = Weekdays::from_bits(EVERY_DAY).unwrap();
    Rule { weekdays, opens, closes, audience: All, effective_from: None, effective_until: None }
}

fn tuesday(wall: &str) -> Timestamp {
    format!("2026-11-24T{wall}+11:00").parse().unwrap()
}

#[track_caller]
fn check(case: &Case, expected: &str) {
    assert_eq!(case.on_the_wall("%H:%M"), expected);
}

#[test]
fn starts_follow_the_step_and_end_by_closing() {
    check(&Case::plain(), "09:00 09:30 10:00 10:30 11:00 11:30");

    let mut long = Case::plain();
    long.offering.duration_minutes = 60;
    long.offering.step_minutes = 45;
    check(&long, "09:00 09:45 10:30");
}

/// The transitions of `domain/compliance.md` 2.8 and their neighbourhood; half-hour steps, appointments as given.
#[test]
fn wall_times_that_do_not_exist_are_skipped_and_of_two_the_earlier_is_offered() {
    let (spring, autumn) = (date(2026, 10, 4), date(2027, 4, 4));
    for (zone, date, opens, closes, duration_minutes, expected) in [
        // Sydney's clock goes from 02:00 to 03:00.
        ("Sydney", spring, (1, 0), (4, 0), 30, "01:00+10:00 01:30+10:00 03:00+11:00 03:30+11:00"),
        ("Sydney", spring, (2, 30), (4, 0), 30, "03:00+11:00 03:30+11:00"),
        ("Sydney", spring, (1, 0), (2, 30), 30, "01:00+10:00 01:30+10:00"),
        ("Sydney", spring, (1, 0), (2, 30), 45, "01:00+10:00"),
        ("Sydney", spring, (1, 0), (4, 0), 90, "01:00+10:00 01:30+10:00"),
        ("Sydney", spring, (2, 0), (3, 0), 30, ""),
        // Sydney's clock goes from 03:00 back to 02:00.
        (
            "Sydney",
            autumn,
            (1, 30),
            (4, 0),
            30,
            "01:30+11:00 02:00+11:00 02:30+11:00 03:00+10:00 03:30+10:00",
        ),
        ("Sydney", autumn, (1, 30), (2, 30), 30, "01:30+11:00 02:00+11:00"),
        ("Sydney", autumn, (2, 0), (4, 0), 120, "02:00+11:00 02:30+11:00"),
        ("Hobart", autumn, (2, 30), (3, 30), 30, "02:30+11:00 03:00+10:00"),
        // Lord Howe's clock goes from 02:00 to 02:30, and from 02:00 back to 01:30.
        ("Lord_Howe", spring, (1, 30), (3, 30), 30, "01:30+10:30 02:30+11:00 03:00+11:00"),
        ("Lord_Howe", spring, (1, 45), (3, 0), 30, "01:45+10:30"),
        ("Lord_Howe", autumn, (1, 0), (2, 30), 30, "01:00+11:00 01:30+11:00 02:00+10:30"),
        ("Lord_Howe", autumn, (1, 45), (2, 30), 15, "01:45+11:00 02:15+10:30"),
        // Brisbane's does neither.
        ("Brisbane", spring, (1, 30), (3, 0), 30, "01:30+10:00 02:00+10:00 02:30+10:00"),
        ("Brisbane", autumn, (1, 30), (3, 0), 30, "01:30+10:00 02:00+10:00 02:30+10:00"),
    ] {
        let [opens, closes] = [opens, closes].map(|(hour, minute)| time(hour, minute, 0, 0));
        let mut case = Case::on(&format!("Australia/{zone}"), date, opens, closes);
        case.offering.duration_minutes = duration_minutes;
        assert_eq!(case.on_the_wall("%H:%M%:z"), expected, "{zone} {date} {opens} to {closes}");
    }
}

#[test]
fn nine_in_the_morning_is_nine_on_the_wall_of_each_zone() {
    for (zone, january, july) in [
        ("Australia/Sydney", "+11:00", "+10:00"),
        ("Australia/Melbourne", "+11:00", "+10:00"),
        ("Australia/Hobart", "+11:00", "+10:00"),
        ("Australia/Brisbane", "+10:00", "+10:00"),
        ("Australia/Adelaide", "+10:30", "+09:30"),
        ("Australia/Darwin", "+09:30", "+09:30"),
        ("Australia/Broken_Hill", "+10:30", "+09:30"),
        ("Australia/Perth", "+08:00", "+08:00"),
        ("Australia/Eucla", "+08:45", "+08:45"),
        ("Australia/Lord_Howe", "+11:00", "+10:30"),
        ("Pacific/Norfolk", "+12:00", "+11:00"),
        ("Indian/Christmas", "+07:00", "+07:00"),
        ("Indian/Cocos", "+06:30", "+06:30"),
    ] {
        for (date, offset) in [(date(2027, 1, 15), january), (date(2027, 7, 15), july)] {
            let case = Case::on(zone, date, time(9, 0, 0, 0), time(9, 30, 0, 0));
            assert_eq!(case.on_the_wall("%H:%M%:z"), format!("09:00{offset}"), "{zone} {date}");
        }
    }
}

#[test]
fn a_patient_in_perth_sees_nine_in_sydney_as_six_in_january() {
    let case = Case::on("Australia/Sydney", date(2027, 1, 15), time(9, 0, 0, 0), time(9, 30, 0, 0));
    let perth: Zone = "Australia/Perth".parse().unwrap();
    assert_eq!(perth.time(case.starts()[0]), time(6, 0, 0, 0));
}

#[test]
fn an_appointment_may_touch_what_is_taken() {
    check(&Case::plain().taken("09:30", "10:00"), "09:00 10:00 10:30 11:00 11:30");
    check(&Case::plain().taken("09:31", "09:59"), "09:00 10:00 10:30 11:00 11:30");
    check(&Case::plain().taken("09:29", "10:01"), "10:30 11:00 11:30");
}

#[test]
fn taken_times_may_come_in_any_order_and_overlap() {
    let case = Case::plain().taken("11:00", "11:30").taken("09:00", "11:00").taken("09:30", "10:00");
    check(&case, "11:30");
}

#[test]
fn an_empty_or_reversed_taken_time_takes_nothing() {
    check(
        &Case::plain().taken("09:15", "09:15").taken("11:00", "10:00"),
        "09:00 09:30 10:00 10:30 11:00 11:30",
    );
}

#[test]
fn buffers_add_up_and_are_not_shared() {
    // Somebody else's appointment is from 10:10 to 10:30; it keeps ten minutes before and after.
    let mut case = Case::plain().taken("10:00", "10:40");
    case.offering.step_minutes = 5;
    case.offering.buffer_before_minutes = 10;
    case.offering.buffer_after_minutes = 5;
    check(&case, "09:00 09:05 09:10 09:15 09:20 09:25 10:50 10:55 11:00 11:05 11:10 11:15 11:20 11:25 11:30");
}

#[test]
fn on_leave_nothing_is_free() {
    let (monday, wednesday) = (date(2026, 11, 23), date(2026, 11, 25));
    for (first, last, expected) in [
        (monday, wednesday, ""),
        (monday, TUESDAY, ""),
        (TUESDAY, wednesday, ""),
        (monday, monday, "09:00 09:30 10:00 10:30 11:00 11:30"),
        (wednesday, wednesday, "09:00 09:30 10:00 10:30 11:00 11:30"),
        (wednesday, monday, "09:00 09:30 10:00 10:30 11:00 11:30"),
    ] {
        let mut case = Case::plain();
        case.availability.closures.push(Closure::days(first, last));
        check(&case, expected);
    }
}

#[test]
fn extra_hours_count_on_a_closed_day_and_add_to_an_open_one() {
    let mut case = Case::plain();
    let [opens, closes] = [time(11, 0, 0, 0), time(12, 30, 0, 0)];
    case.availability.extra_hours.push(ExtraHours { date: TUESDAY, opens, closes, audience: All });
    check(&case, "09:00 09:30 10:00 10:30 11:00 11:30 12:00");

    case.availability.closures.push(Closure::days(TUESDAY, TUESDAY));
    check(&case, "11:00 11:30 12:00");
}

#[test]
fn overlapping_rules_give_each_start_once_and_do_not_join() {
    let mut case = Case::plain();
    case.availability.rules = vec![
        daily(time(10, 0, 0, 0), time(11, 0, 0, 0)),
        daily(time(9, 0, 0, 0), time(10, 15, 0, 0)),
        daily(time(9, 15, 0, 0), time(10, 15, 0, 0)),
        daily(time(10, 0, 0, 0), time(10, 30, 0, 0)),
    ];
    check(&case, "09:00 09:15 09:30 09:45 10:00 10:30");
}

#[test]
fn a_rule_counts_on_its_weekdays_and_from_its_first_day_to_its_last() {
    let (monday, wednesday) = (date(2026, 11, 23), date(2026, 11, 25));
    for (weekdays, from, until, counts) in [
        (EVERY_DAY, Some(TUESDAY), Some(TUESDAY), true),
        (EVERY_DAY, Some(wednesday), None, false),
        (EVERY_DAY, None, Some(monday), false),
        (0b000_0010, None, None, true),
        (0b111_1101, None, None, false),
        (0, None, None, false),
    ] {
        let mut case = Case::plain();
        let rule = &mut case.availability.rules[0];
        rule.weekdays = Weekdays::from_bits(weekdays).unwrap();
        (rule.effective_from, rule.effective_until) = (from, until);
        assert_eq!(!case.starts().is_empty(), counts, "{weekdays:b} from {from:?} until {until:?}");
    }
}

#[test]
fn notice_is_counted_from_now() {
    for (now, notice_minutes, expected) in [
        ("09:30:00", 0, "09:30 10:00 10:30 11:00 11:30"),
        ("09:30:01", 0, "10:00 10:30 11:00 11:30"),
        ("09:30:00", 90, "11:00 11:30"),
        ("09:30:01", 90, "11:30"),
        ("09:30:00", u32::MAX, ""),
    ] {
        let mut case = Case::plain();
        case.now = tuesday(now);
        case.offering.notice_minutes = notice_minutes;
        check(&case, expected);
    }
}

#[test]
fn the_horizon_counts_whole_days_of_the_zone() {
    for (now, horizon_days, expected) in [
        // Half past eleven at night, so the next day is half an hour away.
        ("2026-11-23T23:30:00+11:00", 0, ""),
        ("2026-11-23T23:30:00+11:00", 1, "09:00 09:30 10:00 10:30 11:00 11:30"),
        ("2026-11-24T00:00:00+11:00", 0, "09:00 09:30 10:00 10:30 11:00 11:30"),
        ("2026-11-14T15:00:00+11:00", 9, ""),
        ("2026-11-14T15:00:00+11:00", 10, "09:00 09:30 10:00 10:30 11:00 11:30"),
        ("2026-11-14T15:00:00+11:00", u16::MAX, "09:00 09:30 10:00 10:30 11:00 11:30"),
    ] {
        let mut case = Case::plain();
        case.now = now.parse().unwrap();
        case.offering.horizon_days = horizon_days;
        check(&case, expected);
    }
}

#[test]
fn hours_are_for_an_audience() {
    let mut case = Case::plain();
    case.availability.rules = [(9, New), (10, Existing), (11, All)]
        .map(|(hour, audience)| Rule { audience, ..daily(time(hour, 0, 0, 0), time(hour, 30, 0, 0)) })
        .to_vec();
    let extra = |hour, audience| {
        let [opens, closes] = [time(hour, 0, 0, 0), time(hour, 30, 0, 0)];
        ExtraHours { date: TUESDAY, opens, closes, audience }
    };
    case.availability.extra_hours = vec![extra(13, New), extra(14, Existing)];
    for (audience, expected) in
        [(All, "09:00 10:00 11:00 13:00 14:00"), (New, "09:00 11:00 13:00"), (Existing, "10:00 11:00 14:00")]
    {
        case.offering.audience = audience;
        check(&case, expected);
    }
}

#[test]
fn the_window_includes_its_start_and_not_its_end() {
    for (from, until, expected) in [
        ("09:30", "10:30", "09:30 10:00"),
        ("09:31", "10:31", "10:00 10:30"),
        ("10:00", "10:00", ""),
        ("11:00", "10:00", ""),
    ] {
        let mut case = Case::plain();
        case.window = tuesday(from)..tuesday(until);
        check(&case, expected);
    }
}

#[test]
fn what_makes_no_sense_gives_nothing() {
    let reversed = Case::on("Australia/Sydney", TUESDAY, time(12, 0, 0, 0), time(9, 0, 0, 0));
    let closed = Case::on("Australia/Sydney", TUESDAY, time(9, 0, 0, 0), time(9, 0, 0, 0));
    let (mut no_step, mut no_duration) = (Case::plain(), Case::plain());
    no_step.offering.step_minutes = 0;
    no_duration.offering.duration_minutes = 0;
    for case in [reversed, closed, no_step, no_duration] {
        check(&case, "");
    }
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let mut case = Case::plain();
    case.window = Timestamp::MIN..Timestamp::MAX;
    assert_eq!(case.starts().len(), 61 * 6);

    case.offering.horizon_days = u16::MAX;
    for now in [Timestamp::MIN, Timestamp::MAX] {
        case.now = now;
        let first =
            first_free_times(&case.availability, &case.offering, &case.busy, case.window.clone(), now, 3);
        assert_eq!(first.is_empty(), now == Timestamp::MAX);
    }
}

#[test]
fn the_first_few_are_the_beginning_of_all() {
    let mut case = Case::plain();
    case.window.end += SignedDuration::from_hours(24 * 5);
    let all = case.starts();
    for count in [0, 1, 8, all.len(), all.len() + 1] {
        let first = first_free_times(
            &case.availability,
            &case.offering,
            &case.busy,
            case.window.clone(),
            case.now,
            count,
        );
        assert_eq!(first, all[..count.min(all.len())]);
    }
}

#[test]
fn availability_crosses_the_wire_whole() {
    let mut case = Case::plain();
    case.availability.closures.push(Closure::days(TUESDAY, TUESDAY));
    case.availability.closures.push(Closure::part_of(TUESDAY, time(13, 0, 0, 0), time(15, 0, 0, 0)));
    let json = serde_json::to_string(&case.availability).unwrap();
    assert_eq!(serde_json::from_str::<Availability>(&json).unwrap(), case.availability);
    // As it was written before there were parts of days.
    let whole = r#"{"first":"2026-11-24","last":"2026-11-24"}"#;
    assert_eq!(serde_json::from_str::<Closure>(whole).unwrap(), Closure::days(TUESDAY, TUESDAY));
    assert_eq!(serde_json::to_string(&Closure::days(TUESDAY, TUESDAY)).unwrap(), whole);
}
