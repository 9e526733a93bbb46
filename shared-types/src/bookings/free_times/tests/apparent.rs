//! What the ranges say that are told to everybody.

use super::*;
use crate::bookings::free_times::apparent_busy;

impl Case {
    pub(super) fn apparent(&self) -> Vec<Busy> {
        apparent_busy(&self.availability, &self.offering, &self.busy, self.window.clone(), self.now)
    }
}

/// The ranges of that Tuesday, as `10:00-10:30`.
#[track_caller]
fn check_apparent(case: &Case, expected: &str) {
    let zone = case.availability.zone;
    let on_the_wall = |instant| zone.time(instant).strftime("%H:%M").to_string();
    let ranges = case.apparent().into_iter();
    let shown = ranges.map(|busy| format!("{}-{}", on_the_wall(busy.start), on_the_wall(busy.end)));
    assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn a_range_is_told_by_the_starts_it_takes_and_not_to_the_minute() {
    for (from, until, expected) in [
        ("10:00", "10:30", "10:00-10:30"),
        ("10:03", "10:07", "10:00-10:30"),
        ("10:03", "10:31", "10:00-11:00"),
        ("10:29", "11:01", "10:00-11:30"),
    ] {
        check_apparent(&Case::plain().taken(from, until), expected);
    }
}

#[test]
fn what_takes_no_start_is_not_told() {
    for (from, until) in [("06:00", "09:00"), ("12:00", "18:00"), ("20:15", "20:45")] {
        check_apparent(&Case::plain().taken(from, until), "");
    }
    check_apparent(&Case::plain().taken("07:10", "09:01"), "09:00-09:30");
    let mut on_leave = Case::plain().taken("10:00", "10:30");
    on_leave.availability.closures.push(Closure::days(TUESDAY, TUESDAY));
    check_apparent(&on_leave, "");
}

#[test]
fn ranges_that_touch_are_one() {
    check_apparent(&Case::plain().taken("10:00", "10:30").taken("10:30", "11:00"), "10:00-11:00");
    check_apparent(&Case::plain().taken("09:00", "09:30").taken("11:00", "11:30"), "09:00-09:30 11:00-11:30");
}

#[test]
fn free_starts_show_where_nothing_is_taken() {
    let mut case = Case::plain().taken("10:10", "10:20");
    (case.offering.step_minutes, case.offering.buffer_after_minutes) = (15, 10);
    // Free until 10:10 with the start at 9:30, and again from 10:30: 9:45, 10:00 and 10:15 are taken.
    check(&case, "09:00 09:15 09:30 10:30 10:45 11:00 11:15 11:30");
    check_apparent(&case, "10:10-10:30");
}

#[test]
fn only_the_part_that_counts_for_some_days_and_an_audience_is_told() {
    let (monday, wednesday) = (date(2026, 11, 23), date(2026, 11, 25));
    let rule = |audience, effective_from, effective_until| Rule {
        audience,
        effective_from,
        effective_until,
        ..daily(time(9, 0, 0, 0), time(12, 0, 0, 0))
    };
    let extra =
        |date, audience| ExtraHours { date, audience, opens: time(18, 0, 0, 0), closes: time(19, 0, 0, 0) };
    let all = Availability {
        rules: vec![
            rule(All, Some(date(2025, 1, 1)), Some(date(2028, 1, 1))),
            rule(New, Some(TUESDAY), Some(TUESDAY)),
            rule(Existing, None, None),
            rule(New, None, Some(monday)),
            rule(New, Some(date(2026, 11, 26)), None),
        ],
        closures: vec![
            Closure::days(date(2026, 1, 1), TUESDAY),
            Closure::days(monday, monday),
            Closure::days(wednesday, TUESDAY),
        ],
        extra_hours: vec![extra(monday, New), extra(wednesday, New), extra(wednesday, Existing)],
        ..Case::plain().availability
    };
    let part = Availability {
        zone: Zone::SYDNEY,
        rules: vec![rule(All, None, None), rule(New, None, Some(TUESDAY))],
        closures: vec![Closure::days(TUESDAY, TUESDAY)],
        extra_hours: vec![extra(wednesday, New)],
    };
    let for_new = Offering { audience: New, ..Case::plain().offering };
    assert_eq!(all.between(TUESDAY, wednesday, for_new), part);
}
