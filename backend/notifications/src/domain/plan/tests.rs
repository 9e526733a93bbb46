use jiff::{SignedDuration, Timestamp, civil::time};
use proptest::prelude::*;
use shared_types::Zone;

use super::{Kind, Quiet, Turn, plan, turn};

/// What is due for an appointment in that zone, told long before: kind and moment, on the wall.
fn due(zone: &str, start: &str) -> Vec<String> {
    let zone: Zone = zone.parse().unwrap();
    let start: Timestamp = start.parse().unwrap();
    let told_at = start - SignedDuration::from_hours(30 * 24);
    let words = |at: Timestamp| at.to_zoned(zone.time_zone()).strftime("%a %-d %b %H:%M").to_string();
    plan(start, Quiet::at(zone), told_at).into_iter().map(|one| words(one.due_at)).collect()
}

#[test]
fn reminders_are_due_two_days_and_three_hours_before() {
    // Tuesday 24 November 2026, 2 pm in Sydney.
    assert_eq!(due("Australia/Sydney", "2026-11-24T03:00:00Z"), ["Sun 22 Nov 14:00", "Tue 24 Nov 11:00"]);
}

#[test]
fn what_would_fall_into_the_night_goes_the_evening_before() {
    // Tuesday 9:15 am: three hours before it is 6:15 am.
    assert_eq!(due("Australia/Sydney", "2026-11-23T22:15:00Z"), ["Sun 22 Nov 09:15", "Mon 23 Nov 20:30"]);
    // Tuesday 7 am, in a place that opens early, and 9:30 pm in one that closes late.
    assert_eq!(due("Australia/Perth", "2026-11-23T23:00:00Z"), ["Sat 21 Nov 20:30", "Mon 23 Nov 20:30"]);
    assert_eq!(due("Australia/Perth", "2026-11-24T13:30:00Z"), ["Sun 22 Nov 20:30", "Tue 24 Nov 18:30"]);
}

#[test]
fn clocks_that_change_in_between_do_not_move_it_into_the_night() {
    // Sydney's clocks go forward on Sunday 4 October 2026 at 2 am: 48 hours before Monday 8:30 am it is Saturday 7:30 am.
    assert_eq!(due("Australia/Sydney", "2026-10-04T21:30:00Z"), ["Fri 2 Oct 20:30", "Sun 4 Oct 20:30"]);
    // Lord Howe's go back by half an hour on Sunday 4 April 2027.
    assert_eq!(due("Australia/Lord_Howe", "2027-04-04T22:30:00Z"), ["Sat 3 Apr 09:30", "Sun 4 Apr 20:30"]);
}

#[test]
fn a_patients_own_night_is_on_their_own_wall() {
    // A patient in Perth of a practice in Sydney: Sydney's 7 am is Perth's 4 am.
    let quiet =
        Quiet { from: time(22, 0, 0, 0), until: time(6, 30, 0, 0), zone: "Australia/Perth".parse().unwrap() };
    let at = |instant: &str| -> Timestamp { instant.parse().unwrap() };
    let until = at("2026-11-25T00:00:00Z");
    assert_eq!(turn(at("2026-11-23T20:00:00Z"), until, quiet), Turn::Wait(at("2026-11-23T22:30:00Z")));
    assert_eq!(turn(at("2026-11-23T13:59:00Z"), until, quiet), Turn::Write);
    assert_eq!(turn(at("2026-11-23T14:00:00Z"), until, quiet), Turn::Wait(at("2026-11-23T22:30:00Z")));
    let start = at("2026-11-24T17:00:00Z");
    let due: Vec<_> =
        plan(start, quiet, at("2026-11-01T00:00:00Z")).into_iter().map(|one| one.due_at).collect();
    assert_eq!(due, [at("2026-11-22T13:30:00Z"), at("2026-11-24T13:30:00Z")]);
}

#[test]
fn whoever_was_just_told_needs_no_reminder() {
    let start: Timestamp = "2026-11-24T03:00:00Z".parse().unwrap();
    let kinds = |hours: i64| -> Vec<Kind> {
        let told_at = start - SignedDuration::from_hours(hours);
        plan(start, Quiet::at(Zone::SYDNEY), told_at).into_iter().map(|one| one.kind).collect()
    };
    assert_eq!(kinds(54), [Kind::TwoDays, Kind::ThreeHours]);
    assert_eq!(kinds(53), [Kind::ThreeHours]);
    assert_eq!(kinds(9), [Kind::ThreeHours]);
    assert_eq!(kinds(8), []);
}

#[test]
fn after_a_downtime_nothing_old_is_sent() {
    let until: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
    let check = |now: &str, expected| {
        assert_eq!(turn(now.parse().unwrap(), until, Quiet::at(Zone::SYDNEY)), expected, "{now}");
    };
    check("2026-11-22T03:00:00Z", Turn::Write);
    // 11 pm in Sydney, and nobody is woken.
    check("2026-11-22T12:00:00Z", Turn::Wait("2026-11-22T21:00:00Z".parse().unwrap()));
    check("2026-11-23T02:59:59Z", Turn::Write);
    check("2026-11-23T03:00:00Z", Turn::Late);
    check("2026-11-30T03:00:00Z", Turn::Late);
    // The morning would be too late.
    let dawn = "2026-11-22T20:00:00Z".parse().unwrap();
    assert_eq!(turn("2026-11-22T12:00:00Z".parse().unwrap(), dawn, Quiet::at(Zone::SYDNEY)), Turn::Late);
}

proptest! {
    #[test]
    fn a_reminder_is_sent_by_day_before_the_appointment_and_in_time(
        minutes in 0_i64..3 * 365 * 24 * 60, zone in 0..Zone::ALL.len(), ahead in 0_i64..60 * 24,
    ) {
        let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let (start, zone) = (first + SignedDuration::from_mins(minutes), Zone::ALL[zone]);
        let told_at = start - SignedDuration::from_hours(ahead);
        for one in plan(start, Quiet::at(zone), told_at) {
            let wall = zone.time(one.due_at);
            prop_assert!(wall >= time(8, 0, 0, 0) && wall < time(21, 0, 0, 0), "{one:?} at {wall}");
            prop_assert!(told_at < one.due_at && one.due_at <= start - one.kind.lead());
            prop_assert!(one.due_at < one.useful_until && one.useful_until < start);
            prop_assert_eq!(turn(one.due_at, one.useful_until, Quiet::at(zone)), Turn::Write);
        }
    }
}
