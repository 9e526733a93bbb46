//! Somebody may no longer act for a patient, such as a parent whom a young person has shut out: the letter that they were sent opens
//! nothing any more, and the patient is asked in their own account.

use axum::http::Method;
use serde_json::json;
use shared_types::{
    AccountId,
    users::{LeaveEnded, OwnAccount, UsersEvent},
};
use uuid::Uuid;

use crate::desk::{ADA, Desk, bulk_billed};

/// Who booked for Ada.
const PARENT: AccountId = AccountId(Uuid::from_u128(0xBB));
/// Her own account.
const OWN: AccountId = AccountId(Uuid::from_u128(0xAA));

#[tokio::test]
async fn the_letter_of_who_was_shut_out_opens_nothing_and_the_patient_answers_for_themselves() {
    let desk = Desk::open().await;
    let mut fact = bulk_billed(1);
    fact.account_id = Some(PARENT);
    desk.world.receive(&desk.world.confirmed(&fact)).await.unwrap();
    let token = desk.tokens().await.remove(0);
    let points = json!({"token": token, "family_name": "Example", "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    let (status, offered) = desk.send(Method::POST, "/assignments/open", None, points.clone()).await;
    assert_eq!(status, 200, "{offered}");
    let own = OwnAccount { account_id: OWN, email: "ada@example.org".to_owned().into() };
    let ended = LeaveEnded { account_id: PARENT, patient_id: ADA, own: Some(own) };
    desk.world.receive(&desk.world.envelope("users", &UsersEvent::LeaveEnded(ended))).await.unwrap();
    assert_eq!(desk.send(Method::POST, "/assignments/open", None, points).await.0, 404);
    let path = format!("/assignments/{}/answer", offered["assignment_id"].as_str().unwrap());
    let answer =
        json!({"agrees": false, "document_sha256": offered["document_sha256"], "relation": "patient"});
    let mut by_letter = answer.clone();
    by_letter["token"] = json!(token);
    assert_eq!(desk.send(Method::POST, &path, None, by_letter).await.0, 404, "the three points were right");
    let (status, declined) = desk.send(Method::POST, &path, Some(&desk.ada()), answer).await;
    assert_eq!((status, &declined["status"]), (200, &json!("declined")), "{declined}");
    let told = desk.world.told().await;
    assert_eq!(told.last().unwrap()["account_id"], json!(OWN), "what is told later is told to the patient");
}
