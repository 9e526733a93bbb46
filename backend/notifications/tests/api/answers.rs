//! What people answer to text messages: yes, no, no more. It comes by the gateway's hand or not at all.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha1::Sha1;
use shared_types::{
    PatientId,
    bookings::{AppointmentFact, BookingsEvent},
    users::{ContactChannel, PatientContact, UsersEvent},
};
use uuid::Uuid;

use crate::{World, appointment, cancelled, envelope};

pub const SECRET: &str = "the gateway's secret";
const PATH: &str = "/api/v1/notifications/texts";
const ADA: &str = "+61491570006";

/// Tuesday 1 December 2026, 2 pm in Sydney.
fn far(booking: u128, patient: u128) -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        account_id: Some(Uuid::from_u128(1).into()),
        patient_id: Some(Uuid::from_u128(patient).into()),
        ..appointment(booking)
    }
}

async fn hear(world: &World, event: &UsersEvent) {
    world.receive(&envelope(&world.core, "users", event)).await;
}

/// Somebody who wants text messages at Ada's number, and has an appointment.
async fn texted(world: &World, booking: u128, patient: u128) {
    let contact = PatientContact {
        patient_id: PatientId(Uuid::from_u128(patient)),
        version: 1,
        contact_by: vec![ContactChannel::Sms],
        mobile: Some(ADA.to_owned().into()),
        language: "en".to_owned(),
    };
    hear(world, &UsersEvent::PatientContactChanged(contact)).await;
    let fact = far(booking, patient);
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    world.send().await;
}

/// With each of them reminded two days before.
async fn reminded(appointments: u128) -> World {
    let world = World::answered_by(Some(SECRET)).await;
    for number in 1..=appointments {
        texted(&world, number, 0xA0 + number).await;
    }
    world.at("2026-11-29T03:00:00Z");
    world.remind().await;
    world.send().await;
    assert_eq!(world.sms.texts().len() as u128, appointments);
    world
}

fn form(id: &str, from: &str, body: &str) -> Vec<(&'static str, String)> {
    let fields = [("MessageSid", id), ("To", "+61491570156"), ("From", from), ("Body", body)];
    fields.map(|(name, value)| (name, value.to_owned())).into()
}

/// Signs as the provider says that it does.
fn signature(secret: &str, form: &[(&str, String)]) -> String {
    signed(secret, PATH, form)
}

/// The same for what is posted to that path.
pub fn signed(secret: &str, path: &str, form: &[(&str, String)]) -> String {
    let mut fields = form.to_vec();
    fields.sort();
    let fields: String = fields.into_iter().map(|(name, value)| format!("{name}{value}")).collect();
    let mut mac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("https://hellomapper.example{path}{fields}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn post(world: &World, form: &[(&str, String)], signature: &str) -> (u16, String) {
    post_to(world, PATH, form, signature).await
}

/// The same to another path.
pub async fn post_to(world: &World, path: &str, form: &[(&str, String)], signature: &str) -> (u16, String) {
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature);
    world.call(request.body(Body::from(body)).unwrap()).await
}

/// A message as the gateway hands it on.
pub async fn text(world: &World, id: &str, from: &str, body: &str) {
    let form = form(id, from, body);
    let (status, reply) = post(world, &form, &signature(SECRET, &form)).await;
    assert_eq!((status, reply.ends_with("<Response/>")), (200, true), "{reply}");
}

#[tokio::test]
async fn yes_is_told_to_bookings_once() {
    let world = reminded(1).await;
    assert!(world.sms.texts()[0].ends_with("Reply Y if you will come, N if not, STOP for no more texts."));
    text(&world, "SM1", ADA, "Yes!").await;
    text(&world, "SM1", ADA, "Yes!").await;
    let told = world.told("attendance_answered").await;
    assert_eq!(told, [json!({"booking_id": Uuid::from_u128(1), "start": "2026-12-01T03:00:00Z"})]);
    world.send().await;
    assert_eq!(world.sms.texts().len(), 1, "a yes is not answered");
}

#[tokio::test]
async fn no_cancels_nothing_and_says_where_to_see_what_it_costs() {
    let world = reminded(1).await;
    text(&world, "SM1", "0491 570 006", "n").await;
    world.send().await;
    let texts = world.sms.texts();
    let link = texts[1].rsplit_once("https://hellomapper.example/reply/no/").unwrap();
    assert!(link.0.contains("nothing is cancelled yet") && link.1.len() == 32, "{}", texts[1]);
    let told = world.told("reply_link_made").await;
    assert_eq!((told.len(), &told[0]["purpose"]), (1, &json!("cancel")));
    let hash: [u8; 32] = serde_json::from_value(told[0]["token_hash"].clone()).unwrap();
    assert_eq!(hash, kernel::chance::hash_secret(link.1), "bookings knows the hash and not the secret");
    assert!(!told[0].to_string().contains(link.1));
    assert!(world.told("attendance_answered").await.is_empty());
    // Only so often in a day.
    for id in ["SM2", "SM3", "SM4", "SM5"] {
        text(&world, id, ADA, "N").await;
    }
    // Messages about one booking go one after the other.
    while world.send().await > 0 {}
    assert_eq!(world.sms.texts().len(), 4);
}

#[tokio::test]
async fn where_several_appointments_could_be_meant_none_is() {
    let world = reminded(2).await;
    text(&world, "SM1", ADA, "Y").await;
    world.send().await;
    assert!(world.told("attendance_answered").await.is_empty());
    assert!(world.sms.texts()[2].contains("nothing was changed"), "{:?}", world.sms.texts());
}

#[tokio::test]
async fn what_is_over_or_was_never_asked_is_not_answered() {
    let world = reminded(1).await;
    text(&world, "SM1", "+61491570156", "Y").await;
    world.receive(&cancelled(&world.core, 1)).await;
    text(&world, "SM2", ADA, "Y").await;
    text(&world, "SM3", ADA, "N").await;
    world.send().await;
    assert!(world.told("attendance_answered").await.is_empty());
    assert_eq!(world.sms.texts().len(), 1);
}

#[tokio::test]
async fn an_answer_to_an_older_time_says_nothing_about_the_new_one() {
    let world = reminded(1).await;
    let later = AppointmentFact {
        sequence: 1,
        start: "2026-12-09T03:00:00Z".parse().unwrap(),
        end: "2026-12-09T03:30:00Z".parse().unwrap(),
        ..far(1, 0xA1)
    };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentMoved(later))).await;
    text(&world, "SM1", ADA, "Y").await;
    assert!(world.told("attendance_answered").await.is_empty());
}

#[tokio::test]
async fn a_link_that_was_not_sent_yet_goes_with_the_appointment() {
    let world = reminded(1).await;
    text(&world, "SM1", ADA, "N").await;
    world.receive(&cancelled(&world.core, 1)).await;
    world.send().await;
    assert_eq!(world.sms.texts().len(), 1);
}

#[tokio::test]
async fn stop_ends_text_messages_at_once_and_start_resumes_them() {
    let world = World::answered_by(Some(SECRET)).await;
    texted(&world, 1, 0xA1).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    text(&world, "SM1", ADA, "STOP").await;
    assert_eq!(world.send().await, 0, "not even what was written");
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 0));
    assert_eq!(world.plans(1).await[1].3.as_deref(), Some("unwanted"));
    let stops = "select count(*) from notifications.reminder_stop";
    let count = || async { sqlx::query_scalar::<_, i64>(stops).fetch_one(&world.core.pool).await.unwrap() };
    assert_eq!(count().await, 1);
    text(&world, "SM2", ADA, "start").await;
    assert_eq!(count().await, 0);
    // A number that is nobody's is not written down.
    text(&world, "SM3", "+61491570156", "STOP").await;
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn after_stop_a_reminder_that_was_written_as_a_text_goes_by_mail_and_once() {
    let world = World::answered_by(Some(SECRET)).await;
    texted(&world, 1, 0xA1).await;
    let contact = PatientContact {
        patient_id: PatientId(Uuid::from_u128(0xA1)),
        version: 2,
        contact_by: vec![ContactChannel::Sms, ContactChannel::Email],
        mobile: Some(ADA.to_owned().into()),
        language: "en".to_owned(),
    };
    hear(&world, &UsersEvent::PatientContactChanged(contact)).await;
    // Three hours before; the reminder of two days is over by then.
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 2);
    text(&world, "SM1", ADA, "STOP").await;
    assert_eq!(world.send().await, 0, "no text goes out");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert!(world.sms.texts().is_empty());
    assert_eq!(world.mail.subjects().len(), 2, "the news itself, and the reminder");
    assert_eq!(world.plans(1).await[1].2, "written");
    text(&world, "SM2", ADA, "STOP").await;
    assert_eq!((world.remind().await, world.send().await), (0, 0));
}

#[tokio::test]
async fn after_stop_a_text_that_had_gone_by_mail_already_does_not_go_twice() {
    let world = World::answered_by(Some(SECRET)).await;
    texted(&world, 1, 0xA1).await;
    let contact = PatientContact {
        patient_id: PatientId(Uuid::from_u128(0xA1)),
        version: 2,
        contact_by: vec![ContactChannel::Sms, ContactChannel::Email],
        mobile: Some(ADA.to_owned().into()),
        language: "en".to_owned(),
    };
    hear(&world, &UsersEvent::PatientContactChanged(contact)).await;
    *world.sms.refusing.lock().unwrap() = Some(400);
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (2, 1));
    assert_eq!(world.remind().await, 1, "by mail, which is not sent yet");
    text(&world, "SM1", ADA, "STOP").await;
    assert_eq!((world.send().await, world.remind().await, world.send().await), (1, 0, 0));
    assert_eq!(world.mail.subjects().len(), 2);
}

#[tokio::test]
async fn nobody_but_the_gateway_is_heard() {
    let world = reminded(1).await;
    let form = form("SM1", ADA, "Y");
    let right = signature(SECRET, &form);
    let mut changed = form.clone();
    changed[3].1 = "N".to_owned();
    for (form, signature) in [
        (&form, ""),
        (&form, "nonsense"),
        (&form, signature("guessed", &form).as_str()),
        (&changed, right.as_str()),
    ] {
        assert_eq!(post(&world, form, signature).await.0, 404);
    }
    assert!(world.told("attendance_answered").await.is_empty());
    let deaf = World::new().await;
    assert_eq!(post(&deaf, &form, &right).await.0, 404);
}
