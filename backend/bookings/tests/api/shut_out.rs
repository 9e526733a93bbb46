//! Somebody may no longer act for a patient, such as a parent whom a young person has shut out: what they were given for what they
//! booked opens nothing any more, and the patient has all of it in their own account.

use kernel::chance::hash_secret;
use serde_json::json;
use shared_types::{
    BookingId,
    bookings::{Appointment, AppointmentStatus, BookingsEvent, Confirmation},
    notifications::{NotificationsEvent, ReplyLinkFact, ReplyPurpose},
    users::{Claims, LeaveEnded, OwnAccount, UsersEvent},
};
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, MONDAY, monday, wall},
    members::{CHILD, ada, claims, signed_in},
};

/// The young person's own account.
const YOUNG: u128 = 9;
/// A cookie of the parent's browser, from before its owner signed in.
const COOKIE: &str = "00000000000000000000000000000000";

/// The parent books for the child.
async fn book(app: &App, start: jiff::Timestamp) -> Appointment {
    let mut parent = signed_in(app, &ada(app)).await;
    let hold = app.hold(&mut parent, start).await;
    let mut child = app.details();
    child["patient_id"] = json!(CHILD);
    let confirmation: Confirmation = parent.confirm(app.key(), &hold, &child).await.read();
    parent.appointment(confirmation.appointment_id).await
}

async fn young(app: &App) -> Browser {
    signed_in(app, &Claims { patient_id: Some(CHILD), ..claims(app, YOUNG) }).await
}

/// The child shuts the parent out.
async fn shut_out(app: &App) {
    let own = OwnAccount {
        account_id: Uuid::from_u128(YOUNG).into(),
        email: "young@example.org".to_owned().into(),
    };
    let fact = LeaveEnded { account_id: ada(app).account_id, patient_id: CHILD, own: Some(own) };
    app.receive("users", 9, &UsersEvent::LeaveEnded(fact)).await;
}

/// notifications tells of a reminder's link that cancels.
async fn remind(app: &App, booking_id: BookingId, start: jiff::Timestamp, token: &str) {
    let fact =
        ReplyLinkFact { booking_id, purpose: ReplyPurpose::Cancel, start, token_hash: hash_secret(token) };
    app.receive("notifications", 1, &NotificationsEvent::ReplyLinkMade(fact)).await;
}

/// As a booking that was made before its owner signed in is tied to a browser.
async fn tie_to_cookie(app: &App) {
    sqlx::query("update bookings.appointment_party set guest_hash = $1")
        .bind(hash_secret(COOKIE).as_slice())
        .execute(&mut app.administrator().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_a_parent_was_given_opens_nothing_once_they_are_shut_out() {
    let app = App::new().await;
    let past = book(&app, monday(10, 0)).await;
    let coming = book(&app, wall(MONDAY.tomorrow().unwrap(), 10, 0)).await;
    tie_to_cookie(&app).await;
    app.advance_to(monday(12, 0));
    let proof = json!({"date_of_birth": BORN});
    let mut guest = app.browser();
    guest.cookies.push(("__Host-guest".to_owned(), COOKIE.to_owned()));
    let mut opened = Vec::new();
    for booked in [&past, &coming] {
        let token = app.manage_token(booked.booking_id.0).await;
        let mut browser = app.browser();
        assert_eq!(browser.open(&token, proof.clone()).await.status, 200);
        browser.appointment(booked.appointment_id).await;
        guest.appointment(booked.appointment_id).await;
        opened.push((booked, token, browser));
    }
    remind(&app, coming.booking_id, coming.start, "before").await;
    shut_out(&app).await;
    for (booked, token, mut browser) in opened {
        browser.find(booked.appointment_id).await.problem(404, "not-found");
        browser.cancel(booked.appointment_id, booked.version).await.problem(404, "not-found");
        guest.find(booked.appointment_id).await.problem(404, "not-found");
        app.browser().open(&token, proof.clone()).await.problem(404, "not-found");
        app.browser().send_code(&token).await.problem(404, "not-found");
    }
    app.browser().open("before", proof).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_young_person_has_what_was_booked_for_them_in_their_own_account() {
    let app = App::new().await;
    let booked = book(&app, monday(10, 0)).await;
    shut_out(&app).await;
    let mut young = young(&app).await;
    let seen = young.appointment(booked.appointment_id).await;
    assert!(seen.payment_ticket.is_some(), "what is paid for it is theirs, too");
    // The link of a later reminder, which goes to their own address, works as anybody's.
    remind(&app, booked.booking_id, booked.start, "after").await;
    let reply = app.browser().open("after", json!({"date_of_birth": BORN})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let cancelled: Appointment = young.cancel(booked.appointment_id, booked.version).await.read();
    assert!(cancelled.status != AppointmentStatus::Confirmed);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact.account_id, Some(Uuid::from_u128(YOUNG).into()), "and what is told, is told to them");
}

#[tokio::test]
async fn what_a_parent_booked_for_themselves_stays_theirs() {
    let app = App::new().await;
    let own = app.book(&mut signed_in(&app, &ada(&app)).await, monday(10, 0)).await;
    let token = app.manage_token(own.booking_id.0).await;
    shut_out(&app).await;
    let reply = app.browser().open(&token, json!({"date_of_birth": BORN})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    signed_in(&app, &ada(&app)).await.appointment(own.appointment_id).await;
}
