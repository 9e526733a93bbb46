//! Calendar files as they are mailed, read by two programs that share no code with ours or with each other.

use std::{fs, path::PathBuf, sync::Arc};

use kernel::{
    Core, Service,
    testing::{Database, read_mailed_by_others},
};
use notifications::gateways::{Files, mail::Mail};
use serde_json::{Value, json};
use shared_types::{
    SeriesId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, SeriesFact},
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{World, appointment, envelope, receive, run, sender};

/// The service, with mail that goes into files.
struct Post {
    _database: Database,
    _home: TempDir,
    folder: PathBuf,
    core: Core,
    service: Service,
}

impl Post {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("mail");
        let mail: Arc<dyn Mail> = Arc::new(Files::new(folder.clone(), sender().from));
        let (database, core, service) = World::with(mail).await;
        Self { _database: database, _home: home, folder, core, service }
    }

    /// What the two understand of the file in the only letter that an event causes.
    async fn read(&self, event: &BookingsEvent) -> Value {
        receive(&self.core, &self.service, &envelope(&self.core, "bookings", event)).await;
        assert_eq!(run(&self.service, "notifications.send_messages").await, 1);
        let letters: Vec<_> =
            fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [letter]: [PathBuf; 1] = letters.try_into().unwrap();
        let mail = fs::read_to_string(&letter).unwrap();
        fs::remove_file(letter).unwrap();
        read_mailed_by_others(&mail)
    }
}

/// The appointment of that booking, at a place in a zone.
fn at(booking: u128, zone: &str, start: &str, end: &str) -> AppointmentFact {
    let mut fact = appointment(booking);
    fact.role.time_zone = zone.parse().unwrap();
    AppointmentFact { start: start.parse().unwrap(), end: end.parse().unwrap(), ..fact }
}

/// That both understand that method and those appointments, with where each stands, and that each zone's rules are in the file.
fn check(read: &Value, method: &str, zones: &[&str], expected: &[(&AppointmentFact, &str)]) {
    assert_eq!(read["attachment"], json!({"name": "appointment.ics", "method": method}));
    let event = |(fact, status): &(&AppointmentFact, &str)| {
        json!({
            "uid": format!("{}@hellomapper", fact.booking_id),
            "sequence": fact.sequence,
            "status": status,
            "summary": "Appointment with Kim Lee",
            "location": "Harbour Practice, 1 Example Street, Parramatta NSW 2150",
            "stamp": "2026-11-22T00:00:00Z",
            "start": fact.start.to_string(),
            "end": fact.end.to_string(),
        })
    };
    let events: Vec<_> = expected.iter().map(event).collect();
    let whole = json!({"name": null, "method": method, "zones": zones, "events": events});
    for reader in ["icalendar", "vobject"] {
        assert_eq!(read[reader], whole, "{reader}");
    }
}

/// Lord Howe's clocks are put back by half an hour between the two times: a move keeps the entry and raises its sequence, and a
/// cancellation takes the same entry out.
#[tokio::test]
async fn an_appointment_is_understood_when_it_is_booked_moved_and_cancelled() {
    let (post, zone) = (Post::new().await, "Australia/Lord_Howe");
    let booked = at(1, zone, "2027-04-02T22:00:00Z", "2027-04-02T22:30:00Z");
    let read = post.read(&BookingsEvent::AppointmentConfirmed(booked.clone())).await;
    check(&read, "PUBLISH", &[zone], &[(&booked, "CONFIRMED")]);
    let moved = AppointmentFact {
        sequence: 1,
        manage_token: None,
        ..at(1, zone, "2027-04-04T23:00:00Z", "2027-04-04T23:30:00Z")
    };
    let read = post.read(&BookingsEvent::AppointmentMoved(moved.clone())).await;
    check(&read, "PUBLISH", &[zone], &[(&moved, "CONFIRMED")]);
    let status = AppointmentStatus::CancelledByPatient;
    let cancelled = AppointmentFact { sequence: 2, status, ..moved };
    let read = post.read(&BookingsEvent::AppointmentCancelled(cancelled.clone())).await;
    check(&read, "CANCEL", &[zone], &[(&cancelled, "CANCELLED")]);
}

#[tokio::test]
async fn a_visit_during_which_the_clocks_change_begins_and_ends_when_it_does() {
    let post = Post::new().await;
    for (booking, zone, start, end) in [
        // Back by half an hour, and on by one.
        (1, "Australia/Lord_Howe", "2027-04-03T14:00:00Z", "2027-04-03T15:30:00Z"),
        (2, "Australia/Lord_Howe", "2027-10-02T15:00:00Z", "2027-10-02T16:00:00Z"),
        // Back by a whole hour, and never.
        (3, "Australia/Sydney", "2027-04-03T14:30:00Z", "2027-04-03T17:00:00Z"),
        (4, "Australia/Perth", "2027-04-03T14:30:00Z", "2027-04-03T17:00:00Z"),
    ] {
        let fact = at(booking, zone, start, end);
        let read = post.read(&BookingsEvent::AppointmentConfirmed(fact.clone())).await;
        check(&read, "PUBLISH", &[zone], &[(&fact, "CONFIRMED")]);
    }
}

#[tokio::test]
async fn one_file_of_a_series_is_understood_as_each_of_its_visits() {
    let post = Post::new().await;
    let visits = vec![
        at(1, "Australia/Lord_Howe", "2027-04-02T22:00:00Z", "2027-04-02T22:30:00Z"),
        at(2, "Australia/Lord_Howe", "2027-04-09T22:30:00Z", "2027-04-09T23:00:00Z"),
        at(3, "Australia/Perth", "2027-04-16T02:00:00Z", "2027-04-16T02:30:00Z"),
    ];
    let series_id = SeriesId(Uuid::from_u128(0x5E));
    let read =
        post.read(&BookingsEvent::SeriesBooked(SeriesFact { series_id, visits: visits.clone() })).await;
    let expected: Vec<_> = visits.iter().map(|visit| (visit, "CONFIRMED")).collect();
    check(&read, "PUBLISH", &["Australia/Lord_Howe", "Australia/Perth"], &expected);
}

#[tokio::test]
async fn of_a_discreet_appointment_they_learn_when_it_is_and_no_more() {
    let post = Post::new().await;
    let discreet = AppointmentFact { discreet: true, ..appointment(1) };
    let read = post.read(&BookingsEvent::AppointmentConfirmed(discreet)).await;
    for reader in ["icalendar", "vobject"] {
        let event = &read[reader]["events"][0];
        assert_eq!((&event["summary"], &event["location"]), (&json!("Appointment"), &Value::Null), "{event}");
        assert_eq!(event["start"], "2026-11-23T22:15:00Z", "{event}");
    }
}
