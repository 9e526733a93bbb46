//! Files as calendar programs write them, files as nobody should, and any bytes at all.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use shared_types::{Zone, bookings::external_calendar::ReadFailure};

use super::{busy_times, read_duration};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A year from a Sunday in Sydney on.
fn window() -> Range<Timestamp> {
    at("2026-11-22T00:00:00Z")..at("2027-11-22T00:00:00Z")
}

fn file(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{events}END:VCALENDAR\r\n")
        .replace("\n ", "\n")
}

fn event(lines: &str) -> String {
    let lines: String = lines.split_whitespace().map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:VEVENT\r\nUID:1@example.org\r\n{lines}END:VEVENT\r\n")
}

fn read(zone: Zone, events: &str) -> Result<Vec<String>, ReadFailure> {
    let found = busy_times(file(events).as_bytes(), zone, &window())?;
    Ok(found.into_iter().map(|busy| format!("{} {}", busy.start, busy.end)).collect())
}

/// The first spans of a calendar of somebody who works in Sydney.
fn check(events: &str, expected: &[&str]) {
    let found = read(Zone::SYDNEY, events).unwrap();
    let found: Vec<_> = found.iter().take(expected.len().max(1)).map(String::as_str).collect();
    assert_eq!(found, expected, "{events}");
}

#[test]
fn single_events_take_their_time_wherever_they_are_written() {
    let nine = "2026-11-22T22:00:00Z 2026-11-22T23:00:00Z";
    for lines in [
        "DTSTART:20261122T220000Z DTEND:20261122T230000Z",
        "DTSTART;TZID=Australia/Sydney:20261123T090000 DTEND;TZID=Australia/Sydney:20261123T100000",
        "DTSTART;TZID=Australia/Perth:20261123T060000 DURATION:PT1H",
        "DTSTART:20261123T090000 DTEND:20261123T100000",
        "DTSTART;TZID=Australia/Perth:20261123T060000 DTEND;TZID=Australia/Sydney:20261123T100000",
    ] {
        check(&event(lines), &[nine]);
    }
}

#[test]
fn whole_days_are_those_where_the_practitioner_works() {
    check(&event("DTSTART;VALUE=DATE:20261201"), &["2026-11-30T13:00:00Z 2026-12-01T13:00:00Z"]);
    check(
        &event("DTSTART;VALUE=DATE:20270403 DTEND;VALUE=DATE:20270405"),
        &["2027-04-02T13:00:00Z 2027-04-04T14:00:00Z"],
    );
    let perth = read("Australia/Perth".parse().unwrap(), &event("DTSTART;VALUE=DATE:20261201")).unwrap();
    assert_eq!(perth, ["2026-11-30T16:00:00Z 2026-12-01T16:00:00Z"]);
}

#[test]
fn what_is_cancelled_free_ours_or_without_a_length_takes_nothing() {
    let time = "DTSTART:20261122T220000Z DTEND:20261122T230000Z";
    for lines in ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"] {
        check(&event(&format!("{time} {lines}")), &[]);
    }
    check(&event(time).replace("1@example.org", "0190@hellomapper"), &[]);
    check(&event("DTSTART:20261122T220000Z"), &[]);
    check(&event("DTSTART:20261122T220000Z DTEND:20261122T210000Z"), &[]);
    check(&event("DTSTART:20200101T000000Z DTEND:20200102T000000Z"), &[]);
}

/// Nine o'clock is nine o'clock: the week's event moves against UTC when Sydney's clock changes, Perth's does not, and Lord
/// Howe's moves by half an hour.
#[test]
fn weekly_events_keep_their_wall_clock_over_changes_of_the_clock() {
    for (zone, before, after, times) in [
        ("Australia/Sydney", "2027-03-28T22:00:00Z", "2027-04-04T23:00:00Z", 53),
        ("Australia/Perth", "2027-03-29T01:00:00Z", "2027-04-05T01:00:00Z", 52),
        ("Australia/Lord_Howe", "2027-03-28T22:00:00Z", "2027-04-04T22:30:00Z", 53),
    ] {
        let lines = format!("DTSTART;TZID={zone}:20260105T090000 DURATION:PT1H RRULE:FREQ=WEEKLY;BYDAY=MO");
        let found = read(Zone::SYDNEY, &event(&lines)).unwrap();
        for start in [before, after] {
            assert!(found.iter().any(|busy| busy.starts_with(start)), "{zone}: {start} in {found:?}");
        }
        assert_eq!(found.len(), times, "{zone}");
    }
}

#[test]
fn repetitions_end_leave_out_and_are_changed_one_by_one() {
    let daily = "DTSTART;TZID=Australia/Sydney:20261123T090000 DTEND;TZID=Australia/Sydney:20261123T100000";
    check(
        &event(&format!(
            "{daily} RRULE:FREQ=DAILY;UNTIL=20261124T220000Z EXDATE;TZID=Australia/Sydney:20261124T090000"
        )),
        &["2026-11-22T22:00:00Z 2026-11-22T23:00:00Z", "2026-11-24T22:00:00Z 2026-11-24T23:00:00Z"],
    );
    let moved = event(
        "RECURRENCE-ID;TZID=Australia/Sydney:20261124T090000 \
         DTSTART;TZID=Australia/Sydney:20261124T150000 DTEND;TZID=Australia/Sydney:20261124T160000",
    );
    let cancelled = event("RECURRENCE-ID:20261124T220000Z DTSTART:20261124T220000Z STATUS:CANCELLED");
    check(
        &format!("{}{moved}{cancelled}", event(&format!("{daily} RRULE:FREQ=DAILY;COUNT=4"))),
        &[
            "2026-11-22T22:00:00Z 2026-11-22T23:00:00Z",
            "2026-11-24T04:00:00Z 2026-11-24T05:00:00Z",
            "2026-11-25T22:00:00Z 2026-11-25T23:00:00Z",
        ],
    );
    check(
        &event(&format!("{daily} RDATE;TZID=Australia/Sydney:20261130T090000")),
        &["2026-11-22T22:00:00Z 2026-11-22T23:00:00Z", "2026-11-29T22:00:00Z 2026-11-29T23:00:00Z"],
    );
    check(
        &event(&format!("{daily} RDATE;VALUE=PERIOD:20261201T000000Z/PT30M")),
        &["2026-11-22T22:00:00Z 2026-11-22T23:00:00Z", "2026-12-01T00:00:00Z 2026-12-01T00:30:00Z"],
    );
}

#[test]
fn what_overlaps_is_one_span_and_listings_count_too() {
    let events = [
        event("DTSTART:20261123T000000Z DTEND:20261123T020000Z"),
        event("DTSTART:20261123T010000Z DTEND:20261123T030000Z"),
        event("DTSTART:20261123T030000Z DTEND:20261123T040000Z"),
        "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261124T000000Z/PT1H,20261125T000000Z/20261125T010000Z\r\n\
         FREEBUSY;FBTYPE=FREE:20261126T000000Z/PT1H\r\nEND:VFREEBUSY\r\n"
            .to_owned(),
    ];
    check(
        &events.concat(),
        &[
            "2026-11-23T00:00:00Z 2026-11-23T04:00:00Z",
            "2026-11-24T00:00:00Z 2026-11-24T01:00:00Z",
            "2026-11-25T00:00:00Z 2026-11-25T01:00:00Z",
        ],
    );
}

#[test]
fn an_event_whose_zone_nobody_knows_takes_every_hour_that_it_may_mean() {
    check(
        &event("DTSTART;TZID=Mars/Olympus:20261123T090000 DTEND;TZID=Mars/Olympus:20261123T100000"),
        &["2026-11-22T19:00:00Z 2026-11-23T22:00:00Z"],
    );
}

/// Files that mean harm, or that nobody can read for certain.
#[test]
fn hostile_files_are_refused_and_none_goes_on_for_ever() {
    let start = "DTSTART:20261122T220000Z DTEND:20261122T230000Z";
    let of = |lines: &str| read(Zone::SYDNEY, &event(&format!("{start} {lines}")));
    for rule in
        ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=MINUTELY;COUNT=999999999", "RRULE:FREQ=DAILY;BYHOUR=1,2,3"]
    {
        assert_eq!(of(rule), Err(ReadFailure::NotUnderstood), "{rule}");
    }
    // A rule that never comes true is over when the window is.
    assert_eq!(of("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").unwrap().len(), 1);
    assert_eq!(of("RRULE:FREQ=DAILY;INTERVAL=4294967295").unwrap().len(), 1);
    assert!(of("RRULE:FREQ=DAILY;COUNT=4294967295").unwrap().len() > 300);
    let ancient = event("DTSTART:00010101T000000Z DURATION:PT1H RRULE:FREQ=DAILY;COUNT=4294967295");
    let many: String = (0..12).map(|_| ancient.clone()).collect();
    assert_eq!(read(Zone::SYDNEY, &many), Err(ReadFailure::TooLarge));
    let endless: String = (0..20_001).map(|_| event(start)).collect();
    assert_eq!(read(Zone::SYDNEY, &endless), Err(ReadFailure::TooLarge));
    for lines in [
        "SUMMARY:nothing",
        "DTSTART:tomorrow DTEND:later",
        "DTSTART;TZID=Australia/Sydney:20261399T090000 DURATION:PT1H",
        "DTSTART:20261122T220000Z DURATION:P-1D",
        "DTSTART:20261122T220000Z DURATION:PT1H RDATE:never",
    ] {
        assert_eq!(read(Zone::SYDNEY, &event(lines)), Err(ReadFailure::NotUnderstood), "{lines}");
    }
    let long = event("DTSTART:20260101T000000Z DURATION:P99999999W");
    assert_eq!(read(Zone::SYDNEY, &long).unwrap(), ["2026-11-22T00:00:00Z 2027-11-22T00:00:00Z"]);
    let last = event("DTSTART:99991229T235900Z DTEND:99991229T235959Z RRULE:FREQ=YEARLY");
    assert!(read(Zone::SYDNEY, &last).unwrap().is_empty());
    let nested = format!("{}{}", "BEGIN:X\r\n".repeat(100_000), "END:X\r\n".repeat(100_000));
    assert_eq!(read(Zone::SYDNEY, &nested), Err(ReadFailure::NotACalendar));
}

#[test]
fn durations_read_as_the_standard_writes_them() {
    for (text, seconds) in [("PT1H30M", 5_400), ("P1DT1S", 86_401), ("-P2W", -1_209_600), ("+PT0S", 0)] {
        assert_eq!(read_duration(text), Some(SignedDuration::from_secs(seconds)), "{text}");
    }
    for text in ["", "P", "1H", "PT", "P1H", "PT1D", "PTT1H", "PT1", "P99999999999999999999W"] {
        let read = read_duration(text);
        assert!(read.is_none() || read.is_some_and(|read| read.is_zero()), "{text}: {read:?}");
    }
}

/// Pieces of which files are made, in any order.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("BEGIN:VEVENT\r\n".to_owned()),
        Just("END:VEVENT\r\n".to_owned()),
        Just("BEGIN:VTIMEZONE\r\nTZID:X\r\n".to_owned()),
        Just("END:VTIMEZONE\r\n".to_owned()),
        Just(
            "BEGIN:DAYLIGHT\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+1000\r\nTZOFFSETTO:-1200\r\n"
                .to_owned()
        ),
        Just("END:DAYLIGHT\r\n".to_owned()),
        "(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(;TZID=(X|Y|Australia/Sydney|UTC))?:[0-9]{8}(T[0-9]{6}Z?)?\r\n",
        "DURATION:[-+]?P[0-9]{0,20}[WD]?(T[0-9]{0,20}[HMS])?\r\n",
        "RRULE:FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;INTERVAL=[0-9]{1,10})?(;COUNT=[0-9]{1,10})?(;UNTIL=[0-9]{8}T[0-9]{6}Z)?\
         (;BYDAY=-?[0-9]{0,2}(MO|SU))?(;BYMONTH=[0-9]{1,2})?(;BYMONTHDAY=-?[0-9]{1,2})?(;BYSETPOS=-?[0-9]{1,3})?\r\n",
        "[A-Z-]{0,9}[;:=,\"]{0,3}\\PC{0,20}\r\n",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = busy_times(&bytes, Zone::SYDNEY, &window());
    }

    #[test]
    fn no_file_makes_it_panic_and_what_it_finds_is_in_order(
        pieces in proptest::collection::vec(piece(), 0..40),
        lines in proptest::collection::vec(piece(), 0..12),
    ) {
        let whole = event(&lines.concat());
        for text in [pieces.concat(), file(&pieces.concat()), file(&whole)] {
            let Ok(found) = busy_times(text.as_bytes(), Zone::SYDNEY, &window()) else { continue };
            for busy in &found {
                prop_assert!(busy.start < busy.end && window().start <= busy.start && busy.end <= window().end);
            }
            prop_assert!(found.windows(2).all(|two| two[0].end < two[1].start));
        }
    }
}
