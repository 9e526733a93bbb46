//! A person's rights over what notifications keeps of them.

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::Value;
use shared_types::{
    PatientId,
    bookings::{AppointmentFact, BookingsEvent},
    export::DataExport,
    users::{
        AccountMail, Claims, ErasureAnswer, ErasureRequest, LeaveEnded, MailRequest, OwnAccount, Strength,
        UsersEvent,
    },
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, appointment, confirmed, envelope, run};

const ADA: PatientId = PatientId(Uuid::from_u128(0xA));
const ACCOUNT: Uuid = Uuid::from_u128(1);
const EMAIL: &str = "ada@example.org";

async fn export(world: &World) -> DataExport {
    let claims = Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: ACCOUNT.into(),
        patient_id: Some(ADA),
        strength: Strength::Password,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: world.core.now(),
        expires_at: world.core.now() + SignedDuration::from_mins(10),
    };
    let cookie = TokenIssuer::known_to(&world.core).await.cookie(&claims);
    let request = Request::get("/api/v1/notifications/me/export").header("cookie", cookie);
    let response = world.service.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn rows<'a>(export: &'a DataExport, part: &str) -> &'a [Value] {
    &export.parts.iter().find(|candidate| candidate.name == part).unwrap().rows
}

fn messages(export: &DataExport) -> &[Value] {
    rows(export, "message")
}

/// A letter about Ada's account, and the confirmation of a booking of hers.
async fn with_messages() -> World {
    let world = World::new().await;
    world.receive(&letter(&world, AccountMail::ResetPassword)).await;
    let mut fact = appointment(1);
    (fact.account_id, fact.patient_id) = (Some(ACCOUNT.into()), Some(ADA));
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    world
}

fn letter(world: &World, mail: AccountMail) -> kernel::outbox::Envelope {
    let request = MailRequest {
        mail,
        account_id: ACCOUNT.into(),
        email: EMAIL.to_owned().into(),
        token: Some("0123456789abcdef0123456789abcdef".to_owned().into()),
        expires_at: None,
        device: None,
        practice: None,
    };
    envelope(&world.core, "users", &UsersEvent::MailRequested(request))
}

#[tokio::test]
async fn messages_are_handed_out_without_what_their_links_can_do() {
    let world = with_messages().await;
    world.receive(&confirmed(&world.core, 2)).await;
    let export = export(&world).await;
    let templates: Vec<_> = messages(&export).iter().map(|row| row["template"].as_str().unwrap()).collect();
    assert_eq!(templates.len(), 2, "none of a stranger's: {templates:?}");
    assert!(templates.contains(&"reset_password") && templates.contains(&"appointment_confirmed"));
    assert!(messages(&export).iter().all(|row| row["recipient"] == EMAIL));
    assert!(!serde_json::to_string(&export).unwrap().contains("0123456789abcdef"));
}

#[tokio::test]
async fn where_no_reminders_go_is_handed_out_by_the_address_that_users_told_and_by_none_that_was_typed() {
    let world = World::new().await;
    let parent = Uuid::from_u128(2).into();
    for (booking, account, email) in
        [(1, parent, "parent@example.org"), (2, ACCOUNT.into(), "else@example.org")]
    {
        let fact = AppointmentFact {
            account_id: Some(account),
            patient_id: Some(ADA),
            email: email.to_owned().into(),
            ..appointment(booking)
        };
        world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    }
    let own = OwnAccount { account_id: ACCOUNT.into(), email: EMAIL.to_uppercase().into() };
    let ended = LeaveEnded { account_id: parent, patient_id: ADA, own: Some(own) };
    world.receive(&envelope(&world.core, "users", &UsersEvent::LeaveEnded(ended))).await;
    for address in [EMAIL, "parent@example.org", "else@example.org"] {
        sqlx::query(
            "insert into notifications.reminder_stop (channel, address, stopped_at) values ('email', $1, now())",
        )
        .bind(address)
        .execute(&world.core.pool)
        .await
        .unwrap();
    }
    let export = export(&world).await;
    let stopped: Vec<_> = rows(&export, "reminder_stop").iter().map(|row| &row["address"]).collect();
    assert_eq!(stopped, [EMAIL]);
    assert!(rows(&export, "unsubscribe_link").is_empty(), "no reminder was written yet");
}

#[tokio::test]
async fn erasing_takes_every_message_but_the_one_that_says_so() {
    let world = with_messages().await;
    world.receive(&letter(&world, AccountMail::AccountClosed)).await;
    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: ACCOUNT.into(),
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: EMAIL.to_uppercase().into(),
    };
    let event = envelope(&world.core, "users", &UsersEvent::ErasureRequested(request));
    world.receive(&event).await;
    world.receive(&event).await;
    assert_eq!(world.messages().await, [("account_closed".to_owned(), "queued".to_owned())]);
    let told: Vec<Value> = sqlx::query_scalar("select body from notifications.outbox")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(told.len(), 1);
    let answer: ErasureAnswer = serde_json::from_value(told[0].clone()).unwrap();
    assert_eq!((answer.service.as_str(), answer.erased[0].rows), ("notifications", 2));
    assert_eq!(world.send().await, 1);
    let sent = world.mail.sent.lock().unwrap().clone();
    let body = &sent[0].content.expose().body_text;
    assert!(body.contains("https://hellomapper.example/privacy"), "{body}");
}

#[tokio::test]
async fn a_practice_learns_that_there_is_a_statement_and_not_a_word_of_it() {
    let world = World::new().await;
    world.receive(&letter(&world, AccountMail::PatientStatement)).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(world.mail.subjects(), ["A patient has added a statement"]);
}

#[tokio::test]
async fn messages_go_after_three_months_and_are_registered() {
    let world = with_messages().await;
    assert_eq!(world.send().await, 2);
    world.receive(&confirmed(&world.core, 2)).await;
    let destroy = || run(&world.service, "notifications.destroy_expired");
    world.core.clock.advance(SignedDuration::from_hours(90 * 24));
    assert_eq!(destroy().await, 2, "what reminders would be written from");
    assert_eq!(destroy().await, 0);
    world.core.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(destroy().await, 3, "the messages, and the notice beside one of them");
    assert_eq!(destroy().await, 0);
    let waiting = [("appointment_confirmed".to_owned(), "queued".to_owned())];
    assert_eq!(world.messages().await, waiting, "what still waits is not over");
    let left: (i64, i64) = sqlx::query_as(
        "select (select count(*) from notifications.booking_owner), (select sum(row_count)::bigint from \
         notifications.destruction)",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    assert_eq!(left, (0, 2));
}
