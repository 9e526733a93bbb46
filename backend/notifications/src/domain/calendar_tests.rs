//! The calendar file as messages carry it.

use icalendar::{
    Component, EventLike as _, Property,
    parser::{self, read_calendar, unfold},
};
use shared_types::{Zone, bookings::AppointmentFact};

use super::fixtures::{appointment, sender};
use kernel::calendar_file::{Method, write};

const LINK: &str = "https://hellomapper.example/manage/0123456789abcdef0123456789abcdef";

fn written(method: Method, fact: &AppointmentFact) -> String {
    write(method, fact, &sender().organizer(), Some(LINK), "2026-11-22T00:00:00Z".parse().unwrap())
}

/// The file as the crate's parser reads it.
fn read(file: &str) -> icalendar::Calendar {
    read_calendar(&unfold(file)).map(|calendar: parser::Calendar<'_>| calendar.into()).unwrap()
}

fn check(file: &str, expected: &[(&str, &str)]) {
    let calendar = read(file);
    let event = calendar.events().next().unwrap();
    for (key, value) in expected {
        assert_eq!(event.property_value(key), Some(*value), "{key} in\n{file}");
    }
}

#[test]
fn a_confirmation_reads_back_as_it_was_meant() {
    let file = written(Method::Publish, &appointment());
    let calendar = read(&file);
    assert_eq!(calendar.property_value("METHOD"), Some("PUBLISH"));
    assert_eq!(calendar.events().count(), 1);
    check(
        &file,
        &[
            ("UID", "00000000-0000-0000-0000-000000000001@hellomapper"),
            ("SEQUENCE", "3"),
            ("DTSTAMP", "20261122T000000Z"),
            ("DTSTART", "20261124T091500"),
            ("DTEND", "20261124T094500"),
            ("SUMMARY", "Appointment with Kim Lee"),
            ("STATUS", "CONFIRMED"),
            ("CLASS", "PRIVATE"),
            ("ORGANIZER", "mailto:no-reply@example.org"),
            ("LOCATION", "Harbour Practice; Rooms, East, 1 Example Street, Parramatta NSW 2150"),
            ("DESCRIPTION", &format!("See, move or cancel it: {LINK}\nPractice phone: (02) 5550 1234")),
        ],
    );
    let event = calendar.events().next().unwrap();
    let zone = |key: &str| event.properties()[key].params()["TZID"].value().to_owned();
    assert_eq!((zone("DTSTART").as_str(), zone("DTEND").as_str()), ("Australia/Sydney", "Australia/Sydney"));
    assert_eq!(event.get_location(), event.property_value("LOCATION"));
    assert!(event.get_attendees().is_empty());
}

#[test]
fn a_cancellation_takes_the_same_event_out() {
    let file = written(Method::Cancel, &AppointmentFact { sequence: 4, ..appointment() });
    assert_eq!(read(&file).property_value("METHOD"), Some("CANCEL"));
    check(
        &file,
        &[
            ("UID", "00000000-0000-0000-0000-000000000001@hellomapper"),
            ("SEQUENCE", "4"),
            ("STATUS", "CANCELLED"),
        ],
    );
}

#[test]
fn the_zone_is_written_before_the_event_and_without_id_or_stamp() {
    for zone in Zone::ALL {
        let mut fact = appointment();
        fact.role.time_zone = *zone;
        let file = written(Method::Publish, &fact);
        let (rules, event) = file.split_once("END:VTIMEZONE\r\n").unwrap();
        assert!(rules.contains(&format!("TZID:{zone}\r\n")), "{file}");
        assert!(!rules.contains("UID:") && !rules.contains("DTSTAMP:"), "{file}");
        assert!(event.starts_with("BEGIN:VEVENT\r\n"), "{file}");
        assert!(event.contains(&format!("DTSTART;TZID={zone}:")), "{file}");
        assert_eq!(read(&file).components.len(), 2, "{file}");
    }
}

#[test]
fn lines_end_with_both_characters_and_are_folded() {
    let mut fact = appointment();
    fact.role.address = "Überlange Straße ".repeat(20);
    let file = written(Method::Publish, &fact);
    assert!(!file.replace("\r\n", "").contains(['\r', '\n']), "{file:?}");
    // 75 octets, and one more where the crate counts the fold's own space too late.
    assert!(file.split("\r\n").all(|line| line.len() <= 76), "{file}");
    check(&file, &[("SEQUENCE", "3")]);
}

#[test]
fn an_operators_own_name_is_quoted() {
    let sender =
        crate::domain::sender::Sender::new("\"Lee: Bookings\" <desk@example.org>", "https://x.example")
            .unwrap();
    let file = write(
        Method::Publish,
        &appointment(),
        &sender.organizer(),
        None,
        "2026-11-22T00:00:00Z".parse().unwrap(),
    );
    let calendar = read(&file);
    let organizer: &Property = &calendar.events().next().unwrap().properties()["ORGANIZER"];
    assert_eq!(organizer.params()["CN"].value().trim_matches('"'), "Lee: Bookings");
}
