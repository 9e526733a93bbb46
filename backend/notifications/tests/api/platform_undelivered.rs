//! What administrators see of messages that did not arrive and that are about no practice's booking, and what they can do about them.

use axum::http::Method;
use serde_json::Value;
use shared_types::{
    bookings::BookingsEvent,
    users::{AccountMail, MailRequest, UsersEvent},
};
use uuid::Uuid;

use crate::{
    World, code_requested, envelope,
    practice::{OURS, ours, send, send_as, undelivered},
};

const PATH: &str = "/platform/undelivered";

async fn list(world: &World) -> Vec<Value> {
    let (status, page) = send(world, Method::GET, PATH, OURS).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

/// Somebody asked for a link for a new password, and for a code for a booking; a practice's booking was confirmed; none of it arrived.
async fn with_letters() -> World {
    let world = World::new().await;
    let request = MailRequest {
        mail: AccountMail::ResetPassword,
        account_id: Uuid::from_u128(1).into(),
        email: "ada@example.org".to_owned().into(),
        token: Some("0123456789abcdef0123456789abcdef".to_owned().into()),
        expires_at: Some("2026-11-22T01:00:00Z".parse().unwrap()),
        device: None,
        practice: None,
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::MailRequested(request))).await;
    world.receive(&code_requested(&world.core, 2)).await;
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(ours(1)))).await;
    world.mail.bounce();
    assert_eq!(world.send().await, 3);
    world
}

#[tokio::test]
async fn administrators_see_what_no_practice_does_and_send_it_again_once() {
    let world = with_letters().await;
    let found = list(&world).await;
    let mut kinds: Vec<_> = found.iter().map(|message| message["template"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["manage_code", "reset_password"]);
    for message in &found {
        assert_eq!(message["why"], "the mail server refused with 550");
        assert_eq!(message["can_be_sent_again"], true);
        let mut fields: Vec<_> = message.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        let told = [
            "attempts",
            "can_be_sent_again",
            "channel",
            "message_id",
            "reason",
            "template",
            "why",
            "written_at",
        ];
        assert_eq!(fields, told, "and nothing of whom it was for");
    }
    assert_eq!(undelivered(&world).await.len(), 1, "the practice sees its own");

    let reset = found.iter().find(|message| message["template"] == "reset_password").unwrap();
    let again = format!("{PATH}/{}/send-again", reset["message_id"].as_str().unwrap());
    let practices =
        format!("{PATH}/{}/send-again", undelivered(&world).await[0]["message_id"].as_str().unwrap());
    assert_eq!(send(&world, Method::POST, &practices, OURS).await.0, 404, "a practice sends its own again");
    let through_practice =
        format!("/practices/{OURS}/undelivered/{}/send-again", reset["message_id"].as_str().unwrap());
    assert_eq!(send(&world, Method::POST, &through_practice, OURS).await.0, 404, "and no other");
    world.mail.refuse(false);
    assert_eq!(send(&world, Method::POST, &again, OURS).await.0, 204);
    assert_eq!(send(&world, Method::POST, &again, OURS).await.0, 404, "it waits already");
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!(world.mail.subjects().len(), 1);
    assert_eq!(list(&world).await.len(), 1);
    let noted: i64 = sqlx::query_scalar(
        "select count(*) from notifications.audit_entry where action = 'send_platform_again'",
    )
    .fetch_one(&mut world.database.administrator().await)
    .await
    .unwrap();
    assert_eq!(noted, 1);
    // What the code opens is over; nobody is sent it then.
    world.at("2026-11-22T00:10:00Z");
    let code = list(&world).await.remove(0);
    assert_eq!(code["can_be_sent_again"], false);
    let again = format!("{PATH}/{}/send-again", code["message_id"].as_str().unwrap());
    assert_eq!(send(&world, Method::POST, &again, OURS).await.0, 404);
}

#[tokio::test]
async fn nobody_else_sees_it_or_sends_it_again() {
    let world = with_letters().await;
    let id = list(&world).await[0]["message_id"].as_str().unwrap().to_owned();
    assert_eq!(send_as(&world, &[], Method::GET, PATH, OURS).await.0, 404);
    let again = format!("{PATH}/{id}/send-again");
    assert_eq!(send_as(&world, &[], Method::POST, &again, OURS).await.0, 404);
    assert_eq!(list(&world).await.len(), 2);
}
