//! What a member says of themselves changes: what they booked and is to come goes by it, and nothing else does.

use serde_json::{Value, json};
use shared_types::{
    PatientId,
    bookings::{BookingsEvent, Confirmation, Hold},
    users::{Claims, OwnDetails, OwnDetailsChanged, UsersEvent},
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, details, monday},
    members::{ADA, CHILD, ada, claims, signed_in},
};

/// Name, preferred name, address and mobile of a booking's record.
type Party = (String, Option<String>, String, String);

/// Ada of [`details`], as users knows her, has another name, another address and another number.
fn changed(app: &App) -> UsersEvent {
    let was = OwnDetails {
        name: Some("Ada Nguyen 1".to_owned().into()),
        preferred_name: Some("Ada".to_owned().into()),
        email: "ADA1@example.org".to_owned().into(),
        mobile: Some("+61491000001".to_owned().into()),
    };
    let is = OwnDetails {
        name: Some("Ada Tran".to_owned().into()),
        preferred_name: None,
        email: "tran@example.org".to_owned().into(),
        mobile: Some("+61491570006".to_owned().into()),
    };
    let account_id = ada(app).account_id;
    UsersEvent::OwnDetailsChanged(OwnDetailsChanged { account_id, patient_id: Some(ADA), was, is })
}

async fn book(app: &App, browser: &mut Browser, hour: i8, details: &Value) -> (Hold, Confirmation) {
    let hold = app.hold(browser, monday(hour, 0)).await;
    let reply = browser.confirm(app.key(), &hold, details).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    (hold, reply.read())
}

async fn party(app: &App, hold: &Hold) -> Party {
    sqlx::query_as(
        "select name, preferred_name, email, mobile from bookings.appointment_party where booking_id = $1",
    )
    .bind(hold.booking_id.0)
    .fetch_one(&mut app.administrator().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn what_is_to_come_goes_by_what_its_member_says_now() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let (hold, confirmation) = book(&app, &mut member, 10, &details(1)).await;
    // By another event of the same, too, nothing is done again.
    for version in 1..3 {
        app.receive("users", version, &changed(&app)).await;
    }
    let now = ("Ada Tran".to_owned(), None, "tran@example.org".to_owned(), "+61491570006".to_owned());
    assert_eq!(party(&app, &hold).await, now);
    let written = app.audited(hold.booking_id.0).await;
    assert_eq!(written.iter().filter(|(action, _)| action == "put_patient").count(), 1, "{written:?}");
    let seen = member.appointment(confirmation.appointment_id).await;
    assert_eq!(member.cancel(seen.appointment_id, seen.version).await.status, 200);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (fact.email.expose().as_str(), fact.patient_name.expose().as_str()),
        ("tran@example.org", "Ada Tran")
    );
}

#[tokio::test]
async fn what_is_over_was_typed_otherwise_or_is_somebody_elses_stays() {
    let app = App::new().await;
    let (of_guest, _) = book(&app, &mut app.browser(), 9, &details(1)).await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let (over, _) = book(&app, &mut member, 10, &details(1)).await;
    let mut typed = details(2);
    typed["preferred_name"] = json!("Addie");
    let (otherwise, _) = book(&app, &mut member, 11, &typed).await;
    let mut for_child = details(1);
    for_child["patient_id"] = json!(CHILD);
    let (of_child, _) = book(&app, &mut member, 12, &for_child).await;
    let other = Claims { patient_id: Some(PatientId(Uuid::from_u128(0xB))), ..claims(&app, 2) };
    let (of_other, _) = book(&app, &mut signed_in(&app, &other).await, 14, &details(1)).await;
    let stays = [&of_guest, &over, &otherwise, &of_other];
    let mut before = Vec::new();
    for hold in stays {
        before.push(party(&app, hold).await);
    }
    app.advance_to(monday(10, 0));
    app.receive("users", 1, &changed(&app)).await;
    for (hold, before) in stays.into_iter().zip(before) {
        assert_eq!(party(&app, hold).await, before);
    }
    let (name, preferred_name, email, mobile) = party(&app, &of_child).await;
    assert_eq!(
        (email.as_str(), mobile.as_str()),
        ("tran@example.org", "+61491570006"),
        "the parent is reached"
    );
    assert_eq!(
        (name.as_str(), preferred_name.as_deref()),
        ("Ada Nguyen 1", Some("Ada")),
        "it is the child's name"
    );
    let put = "select count(*) from bookings.audit_entry where action = 'put_patient'";
    assert_eq!(app.count(put).await, 1);
}
