//! A guest's number is told to who writes where they agreed to text messages, and to nobody otherwise.

use jiff::SignedDuration;
use kernel::{Chance, keys::Signer, ticket};
use serde_json::{Value, json};
use shared_types::{
    bookings::{BookingsEvent, ClaimedBookings, Confirmation, Hold},
    users::{ClaimStatement, Claims},
};
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, details, monday},
    members::{ADA, ada, claims, signed_in},
};

/// Confirms with that said of text messages, or nothing.
async fn confirm(app: &App, browser: &mut Browser, hold: &Hold, text_me: Option<bool>) -> Confirmation {
    let mut details = details(3);
    if let Some(text_me) = text_me {
        details["text_me"] = Value::Bool(text_me);
    }
    let reply = browser.confirm(app.key(), hold, &details).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

/// How many bookings have somebody who wants texts.
const WANTED: &str = "select count(*) from bookings.appointment_party where wants_texts";

#[tokio::test]
async fn a_number_is_told_where_its_guest_agreed_and_moves_along() {
    for (text_me, told) in [(None, None), (Some(false), None), (Some(true), Some("+61491000003"))] {
        let app = App::new().await;
        let mut browser = app.browser();
        let hold = app.hold(&mut browser, monday(10, 0)).await;
        confirm(&app, &mut browser, &hold, text_me).await;
        let fact = app.confirmed(hold.booking_id.0).await;
        assert_eq!(fact.text_to.as_ref().map(|mobile| mobile.expose().as_str()), told, "{text_me:?}");
        assert_eq!(app.count(WANTED).await, i64::from(told.is_some()));
    }
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let booked = confirm(&app, &mut browser, &hold, Some(true)).await;
    let moved = browser.r#move(app.key(), booked.appointment_id, 1, monday(14, 0)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let told = app.told("appointment_moved").await;
    let [BookingsEvent::AppointmentMoved(fact)] = told.as_slice() else { panic!("{} events", told.len()) };
    assert_eq!(fact.text_to.as_ref().unwrap().expose(), "+61491000003");
}

#[tokio::test]
async fn of_who_has_an_account_their_own_details_say_how_they_are_written_to() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut member, monday(10, 0)).await;
    confirm(&app, &mut member, &hold, Some(true)).await;
    assert_eq!(app.confirmed(hold.booking_id.0).await.text_to, None);
    assert_eq!(app.count(WANTED).await, 0);
}

#[tokio::test]
async fn what_a_guest_agreed_to_ends_once_the_booking_is_a_members() {
    let app = App::new().await;
    let signer = Signer::generate(&Chance::seeded(5));
    let mut conn = app.core.pool.acquire().await.unwrap();
    kernel::keys::learn(&mut conn, &app.core, &signer.published("users")).await.unwrap();
    drop(conn);
    let mut guest = app.browser();
    let hold = app.hold(&mut guest, monday(10, 0)).await;
    let booked = confirm(&app, &mut guest, &hold, Some(true)).await;
    assert_eq!(app.count(WANTED).await, 1);
    let statement = ClaimStatement {
        account_id: Uuid::from_u128(1).into(),
        patient_id: ADA,
        email: "ada3@example.org".to_owned().into(),
        date_of_birth: BORN.parse::<jiff::civil::Date>().unwrap().into(),
    };
    let end = app.core.now() + SignedDuration::from_mins(5);
    let body = json!({"ticket": ticket::sign(&signer, ClaimStatement::KIND, end, &statement).unwrap()});
    let mut member = signed_in(&app, &Claims { patient_id: Some(ADA), ..claims(&app, 1) }).await;
    let claimed: ClaimedBookings = member.post("/api/v1/bookings/me/claims", None, &body).await.read();
    assert_eq!(claimed.bookings, [booked.booking_id]);
    assert_eq!(app.count(WANTED).await, 0);
    assert_eq!(member.cancel(booked.appointment_id, 1).await.status, 200);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else {
        panic!("{} events", told.len())
    };
    assert_eq!((fact.account_id, fact.text_to.is_none()), (Some(Uuid::from_u128(1).into()), true));
}
