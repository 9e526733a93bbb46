//! From a search to a booked appointment, its mail, and its cancellation.

use hellomapper_tests::{
    Person, Running,
    mail::{self, Mail},
    running::count,
    until,
};
use jiff::{Timestamp, civil::Date};
use kernel::Clock;
use reqwest::Method;
use serde_json::Value;
use shared_types::{
    bookings::{
        Appointment, AppointmentStatus, AppointmentType, AppointmentTypes, Audience, CancelAppointment,
        Cancelling, ConfirmHold, Confirmation, ConsentGiven, CreateHold, FreeTimes, Hold, HoldStatus,
        ManageProof, OpenManageLink, PartyDetails,
    },
    providers::{ProviderSummary, SearchReply},
    users::ConsentText,
};
use sqlx::{AssertSqlSafe, PgConnection};

const BORN: &str = "1985-03-27";

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_finds_a_provider_books_opens_the_link_and_cancels() {
    let running = Running::start().await;
    let guest = Person::new(&running.settings.public_url);
    let found = soonest_near(&guest, "Sydney NSW 2000").await;
    let hold = hold_last_free_time(&guest, &found).await;
    assert_eq!(hold.status, HoldStatus::Active);
    assert_eq!(hold.role.name, found.name);
    let booked = confirm(&guest, &hold, "ada.nguyen@example.org").await;
    assert_eq!((booked.booking_id, booked.status), (hold.booking_id, AppointmentStatus::Confirmed));
    let booking_id = hold.booking_id.to_string();

    let message = mail::arrives(&running, "Appointment confirmed").await;
    assert!(message.header("To").contains("ada.nguyen@example.org"), "{}", message.header("To"));
    check_calendar(&message, &hold, "METHOD:PUBLISH", 0);
    let mut admin = running.database.administrator().await;
    assert_eq!(payment_status(&mut admin, &booking_id, "not_required").await, "not_required");

    // Another browser: the link and the date of birth are all it has.
    let elsewhere = Person::new(&running.settings.public_url);
    let path = format!("/api/v1/bookings/appointments/{}", booked.appointment_id);
    let stranger = elsewhere.send(Method::GET, &path, None::<&Value>).await;
    assert_eq!(stranger.status.as_u16(), 404, "an id is no authority: {}", stranger.body);
    let opened = open_link(&elsewhere, &message.manage_path(&running.settings.public_url)).await;
    assert_eq!(opened.appointment_id, booked.appointment_id);
    assert_eq!(opened.cancelling_now, Cancelling::WithoutCharge);
    let seen: Appointment = elsewhere.get(&path).await;
    assert_eq!(seen.start, hold.start);

    let cancel = CancelAppointment { version: opened.version };
    let cancelled: Appointment =
        elsewhere.send(Method::POST, &format!("{path}/cancel"), Some(&cancel)).await.expect(200);
    assert_eq!(cancelled.status, AppointmentStatus::CancelledByPatient);
    let message = mail::arrives(&running, "Appointment cancelled").await;
    check_calendar(&message, &hold, "METHOD:CANCEL", 1);
    assert_eq!(payment_status(&mut admin, &booking_id, "voided").await, "voided");

    // The time is others' again.
    let next = Person::new(&running.settings.public_url);
    let wanted = wanted(&hold);
    let again = next.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await;
    assert_eq!(again.status.as_u16(), 201, "{}", again.body);

    running.quiet().await;
    check_records(&mut admin, &booking_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_and_calendar_speak_the_time_of_the_place() {
    let running = Running::start().await;
    for (near, zone) in [
        ("Perth WA 6000", "Australia/Perth"),
        ("Adelaide SA 5000", "Australia/Adelaide"),
        ("Brisbane QLD 4000", "Australia/Brisbane"),
    ] {
        let guest = Person::new(&running.settings.public_url);
        let found = soonest_near(&guest, near).await;
        let hold = hold_last_free_time(&guest, &found).await;
        assert_eq!(hold.role.time_zone.name(), zone, "{near}");
        let address = format!("{}@example.org", near.split(' ').next().unwrap_or_default().to_lowercase());
        confirm(&guest, &hold, &address).await;
        let message = until(&format!("the mail to {address}"), || async {
            mail::all(&running.mail_folder()).into_iter().find(|mail| mail.header("To").contains(&address))
        })
        .await;
        check_calendar(&message, &hold, "METHOD:PUBLISH", 0);
    }
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_confirm_gives_the_same_reply_and_one_message() {
    let running = Running::start().await;
    let guest = Person::new(&running.settings.public_url);
    let found = soonest_near(&guest, "Melbourne VIC 3000").await;
    let hold = hold_last_free_time(&guest, &found).await;
    let details = details(&guest, "once@example.org").await;
    let (path, key) = (format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id), uuid::Uuid::from_u128(7));
    let first: Confirmation = guest.send_with_key(Method::POST, &path, Some(&details), key).await.expect(200);
    let second: Confirmation =
        guest.send_with_key(Method::POST, &path, Some(&details), key).await.expect(200);
    assert_eq!(first, second);
    mail::arrives(&running, "Appointment confirmed").await;
    running.quiet().await;
    assert_eq!(mail::all(&running.mail_folder()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_downloads_as_the_calendar_file_that_was_mailed() {
    let running = Running::start().await;
    let guest = Person::new(&running.settings.public_url);
    let found = soonest_near(&guest, "Sydney NSW 2000").await;
    let hold = hold_last_free_time(&guest, &found).await;
    let booked = confirm(&guest, &hold, "again@example.org").await;
    let path = format!("/api/v1/bookings/appointments/{}/calendar.ics", booked.appointment_id);
    let file = guest.send(Method::GET, &path, None::<&Value>).await;
    assert_eq!(file.status.as_u16(), 200, "{}", file.body);
    assert!(file.header("content-type").starts_with("text/calendar"), "{}", file.header("content-type"));
    assert_eq!(file.header("cache-control"), "no-store");
    let lines = file.body.replace("\r\n ", "");
    assert!(lines.contains(&format!("UID:{}@hellomapper\r\n", hold.booking_id)), "{lines}");
    let mailed = mail::arrives(&running, "Appointment confirmed").await.calendar();
    for start in ["UID", "DTSTART", "DTEND", "SUMMARY", "LOCATION"] {
        let mailed = mailed.iter().find(|line| line.starts_with(start)).map(String::as_str);
        assert_eq!(lines.lines().find(|line| line.starts_with(start)), mailed);
    }
}

/// The provider with the first free time around a place.
async fn soonest_near(person: &Person, near: &str) -> ProviderSummary {
    let near = near.replace(' ', "+");
    let path = format!("/api/v1/providers/search?near={near}&radius_m=50000&new_patients=true&order=soonest");
    let reply: SearchReply = person.get(&path).await;
    let found = reply.items.into_iter().find(|item| item.bookable && !item.next_free.is_empty());
    found.unwrap_or_else(|| panic!("the invented Australia has nobody to book near {near}"))
}

/// Holds the last free time of the coming four weeks: far enough away to cancel it without charge.
pub async fn hold_last_free_time(person: &Person, provider: &ProviderSummary) -> Hold {
    let role = provider.practitioner_role_id;
    let types: AppointmentTypes =
        person.get(&format!("/api/v1/bookings/roles/{role}/appointment-types")).await;
    let new_patients = |of: &&AppointmentType| of.audience != Audience::Existing;
    let of = types.items.iter().find(new_patients).expect("a type for new patients");
    let today = types.role.time_zone.date(Clock::System.now());
    let until = today.saturating_add(jiff::Span::new().days(27));
    let path = format!(
        "/api/v1/bookings/roles/{role}/free-times?appointment_type={}&from={today}&to={until}",
        of.appointment_type_id
    );
    let times: FreeTimes = person.get(&path).await;
    let start = *times.starts.last().expect("a free time in four weeks");
    let wanted = CreateHold {
        practitioner_role_id: role,
        appointment_type_id: of.appointment_type_id,
        start,
        cohort: None,
    };
    let hold: Hold = person.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await.expect(201);
    assert_eq!(person.cookie_names(), ["__Host-guest"]);
    assert_eq!(hold.start, start);
    hold
}

fn wanted(hold: &Hold) -> CreateHold {
    CreateHold {
        practitioner_role_id: hold.role.practitioner_role_id,
        appointment_type_id: hold.appointment_type.appointment_type_id,
        start: hold.start,
        cohort: None,
    }
}

async fn details(person: &Person, email: &str) -> ConfirmHold {
    let text: ConsentText = person.get("/api/v1/bookings/consent-texts/booking-collection").await;
    ConfirmHold {
        party: PartyDetails {
            name: "Ada Nguyen".to_owned().into(),
            preferred_name: None,
            date_of_birth: born().into(),
            email: email.to_owned().into(),
            mobile: "0491 570 006".to_owned().into(),
        },
        consent: ConsentGiven { text: text.text, version: text.version },
        patient_id: None,
        visit: None,
        text_me: false,
    }
}

pub async fn confirm(person: &Person, hold: &Hold, email: &str) -> Confirmation {
    let details = details(person, email).await;
    let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
    person.send(Method::POST, &path, Some(&details)).await.expect(200)
}

async fn open_link(person: &Person, path: &str) -> Appointment {
    let token = path.trim_start_matches("/manage/").to_owned();
    let link = OpenManageLink { token, proof: ManageProof::DateOfBirth(born()) };
    person.send(Method::POST, "/api/v1/bookings/manage/open", Some(&link)).await.expect(200)
}

fn born() -> Date {
    BORN.parse().expect("a date")
}

/// One event, with the booking's stable id, at the wall time of its place, in a zone that the file defines.
fn check_calendar(message: &Mail, hold: &Hold, method: &str, sequence: u32) {
    let lines = message.calendar();
    let has = |line: String| assert!(lines.contains(&line), "{line} in {lines:#?}");
    let zone = hold.role.time_zone;
    let wall = |instant: Timestamp| instant.to_zoned(zone.time_zone()).strftime("%Y%m%dT%H%M%S").to_string();
    has(method.to_owned());
    has(format!("UID:{}@hellomapper", hold.booking_id));
    has(format!("SEQUENCE:{sequence}"));
    has(format!("TZID:{}", zone.name()));
    has(format!("DTSTART;TZID={}:{}", zone.name(), wall(hold.start)));
    has(format!("DTEND;TZID={}:{}", zone.name(), wall(hold.end)));
    assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VEVENT").count(), 1);
}

/// The payment's status once it is the one expected.
async fn payment_status(admin: &mut PgConnection, booking_id: &str, expected: &str) -> String {
    let admin = tokio::sync::Mutex::new(admin);
    until(&format!("a payment that is {expected}"), || async {
        let mut conn = admin.lock().await;
        let status: Option<String> =
            sqlx::query_scalar("select status from payments.payment where booking_id = $1::uuid")
                .bind(booking_id)
                .fetch_optional(&mut **conn)
                .await
                .expect("an administrator may read");
        status.filter(|status| status == expected)
    })
    .await
}

/// A receipt for the consent, and a row for each act, in the act's own service.
async fn check_records(admin: &mut PgConnection, booking_id: &str) {
    let receipts = format!(
        "bookings.consent_receipt where subject_kind = 'booking' and subject_id = '{booking_id}' \
         and text = 'booking-collection'"
    );
    assert_eq!(count(admin, &receipts).await, 1);
    let acts: Vec<(String, String, String)> = sqlx::query_as(AssertSqlSafe(format!(
        "select action, actor_kind, outcome from bookings.audit_entry \
         where resource_kind = 'booking' and resource_id = '{booking_id}' order by occurred_at, audit_entry_id"
    )))
    .fetch_all(&mut *admin)
    .await
    .expect("an administrator may read");
    let acts: Vec<_> = acts.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(
        acts,
        [
            ("create_hold", "guest", "allowed"),
            ("confirm_hold", "guest", "allowed"),
            ("open_manage_link", "link", "allowed"),
            ("find_appointment", "link", "allowed"),
            ("cancel_appointment", "link", "allowed"),
        ]
    );
    // What was written, and to whom, is forgotten once it is sent.
    assert_eq!(count(admin, "notifications.message where status = 'sent' and recipient is null").await, 2);
    assert_eq!(count(admin, "notifications.message").await, 2);
}
