use icalendar::{
    Component as _,
    parser::{self, read_calendar, unfold},
};
use jiff::SignedDuration;
use shared_types::{Zone, bookings::AppointmentFact, payments::quote::Collection};
use uuid::Uuid;

use super::write;
use crate::domain::{
    fixtures::{appointment, collected, sender},
    locale::Locale,
    message::{About, Content, Template},
    reader::Reader,
};

/// One visit of several, a week after the one before, with a link of its own.
fn visit(nth: u128) -> AppointmentFact {
    let (fact, later) = (appointment(), SignedDuration::from_hours(24 * 7 * i64::try_from(nth).unwrap()));
    AppointmentFact {
        booking_id: Uuid::from_u128(100 + nth).into(),
        start: fact.start + later,
        end: fact.end + later,
        manage_token: Some(format!("{nth:032x}").into()),
        ..fact
    }
}

fn content(visits: Vec<AppointmentFact>) -> Content {
    let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
    let letter = write(Uuid::from_u128(7).into(), visits, Reader::of(Locale::English), &sender(), told_at)
        .unwrap()
        .unwrap();
    assert_eq!(letter.draft.template, Template::SeriesConfirmed);
    letter.draft.content.into_inner()
}

#[test]
fn one_letter_names_all_visits_and_says_once_what_is_the_same() {
    let content = content(vec![visit(0), visit(1), visit(2)]);
    assert_eq!(content.subject, "3 appointments confirmed, the first on Tuesday 24 November, 9:15 am");
    assert_eq!(
        content.body_text.trim_end(),
        "Hello Ada Nguyen,\n\
         \n\
         Your 3 appointments are confirmed.\n\
         \n\
         With: Kim Lee\n\
         Where: Harbour Practice; Rooms, East, 1 Example Street, Parramatta NSW 2150\n\
         Practice phone: (02) 5550 1234\n\
         Price: $85, paid to the practice\n\
         \n\
         When: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n\
         Cancelling: No cost until Monday 23 November, 9:15 am; $50 after that, unless somebody else takes the time\n\
         See, move or cancel it: https://hellomapper.example/manage/00000000000000000000000000000000\n\
         \n\
         When: Tuesday 1 December 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n\
         Cancelling: No cost until Monday 30 November, 9:15 am; $50 after that, unless somebody else takes the time\n\
         See, move or cancel it: https://hellomapper.example/manage/00000000000000000000000000000001\n\
         \n\
         When: Tuesday 8 December 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n\
         Cancelling: No cost until Monday 7 December, 9:15 am; $50 after that, unless somebody else takes the time\n\
         See, move or cancel it: https://hellomapper.example/manage/00000000000000000000000000000002\n\
         \n\
         Each link is yours alone and for one appointment. It asks for your date of birth or a code first.\n\
         If you did not agree to these appointments, open the links and cancel them, or call the practice on (02) 5550 1234.\n\
         \n\
         This message is about appointments of yours, so it cannot be switched off. Reminders can."
    );
    // What is said as text is said as HTML.
    for line in content.body_text.lines().filter(|line| line.contains(": ")) {
        let value = line.split_once(": ").map(|(_, value)| value).unwrap();
        assert!(content.body_html.contains(value), "{value:?} is only in the text:\n{}", content.body_html);
    }
}

#[test]
fn one_calendar_file_has_each_visit_under_its_own_id() {
    let calendar = content(vec![visit(0), visit(1), visit(2)]).calendar.unwrap();
    assert_eq!(calendar.method, "PUBLISH");
    let file = unfold(&calendar.file);
    let read: icalendar::Calendar =
        read_calendar(&file).map(|calendar: parser::Calendar<'_>| calendar.into()).unwrap();
    let said = |key: &str| -> Vec<String> {
        read.events().map(|event| event.property_value(key).unwrap().to_owned()).collect()
    };
    let ids = [100, 101, 102].map(|number| format!("{}@hellomapper", Uuid::from_u128(number)));
    assert_eq!(said("UID"), ids);
    assert_eq!(said("DTSTART"), ["20261124T091500", "20261201T091500", "20261208T091500"]);
    assert!(said("DESCRIPTION")[1].contains("/manage/00000000000000000000000000000001"));
    assert_eq!(calendar.file.matches("BEGIN:VTIMEZONE").count(), 1, "{}", calendar.file);
    assert_eq!(calendar.file.matches("BEGIN:VCALENDAR").count(), 1, "{}", calendar.file);
}

#[test]
fn no_letter_names_profession_or_appointment_type() {
    let content = content(vec![visit(0), visit(1)]);
    let calendar = content.calendar.unwrap().file.replace("\r\n ", "");
    let words = [content.subject, content.body_text, content.body_html, calendar].join("\n").to_lowercase();
    for absent in ["physio", "pelvic", "assessment", "consult", "therap", "doctor", "patient", "treatment"] {
        assert!(!words.contains(absent), "{absent}:\n{words}");
    }
}

#[test]
fn a_discreet_letter_says_appointments_and_when() {
    let discreet = |nth| AppointmentFact { discreet: true, ..visit(nth) };
    let content = content(vec![discreet(0), discreet(1)]);
    assert!(content.body_text.contains("Their pages also show with whom and where they are."));
    let calendar = content.calendar.unwrap().file.replace("\r\n ", "");
    assert_eq!(calendar.matches("SUMMARY:Appointment\r\n").count(), 2, "{calendar}");
    let words = [content.subject, content.body_text, content.body_html, calendar].join("\n");
    for absent in ["Kim", "Lee", "Harbour", "Example Street", "Parramatta", "5550"] {
        assert!(!words.contains(absent), "{absent}:\n{words}");
    }
}

#[test]
fn a_visit_at_another_place_says_its_own() {
    let mut elsewhere = visit(1);
    elsewhere.role.address = "2 Other Street, Perth WA 6000".to_owned();
    elsewhere.role.time_zone = "Australia/Perth".parse::<Zone>().unwrap();
    let content = content(vec![visit(0), elsewhere]);
    let (common, visits) = content.body_text.split_once("\n\nWhen: ").unwrap();
    assert!(!common.contains("Where: ") && common.contains("With: Kim Lee"), "{common}");
    assert!(visits.contains("Parramatta") && visits.contains("Perth time (UTC+8)"), "{visits}");
    assert_eq!(content.calendar.unwrap().file.matches("BEGIN:VTIMEZONE").count(), 2);
}

#[test]
fn how_it_is_paid_is_said_as_a_confirmation_says_it() {
    let prepaid = |nth| AppointmentFact { quote: collected(Collection::Prepaid).quote, ..visit(nth) };
    for visits in [vec![prepaid(0)], vec![prepaid(0), prepaid(1)]] {
        let text = content(visits).body_text;
        assert!(text.contains("Price: $85, paid with the booking\n"), "{text}");
    }
}

#[test]
fn what_is_kept_of_a_visit_is_what_can_be_said() {
    let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
    let letter = write(
        Uuid::from_u128(7).into(),
        vec![visit(0), visit(1)],
        Reader::of(Locale::English),
        &sender(),
        told_at,
    );
    let letter = letter.unwrap().unwrap();
    assert_eq!(letter.draft.about, About::Booking(Uuid::from_u128(100).into()));
    let kept = serde_json::to_string(&letter.visits).unwrap();
    assert!(!kept.contains("Physio") && !kept.contains("Pelvic"), "{kept}");
    let debug = format!("{:?}", letter.draft);
    assert!(!debug.contains("Ada") && !debug.contains("Kim"), "{debug}");
}

#[test]
fn of_one_visit_that_is_left_it_says_what_a_confirmation_would() {
    let content = content(vec![visit(0)]);
    assert_eq!(content.subject, "Appointment confirmed: Tuesday 24 November, 9:15 am");
    let told_at = "2026-11-22T00:00:00Z".parse().unwrap();
    assert!(
        write(Uuid::from_u128(7).into(), vec![], Reader::of(Locale::English), &sender(), told_at)
            .unwrap()
            .is_none()
    );
}
