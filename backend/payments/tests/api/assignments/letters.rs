//! The letter that opens an assignment for who has no account.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use super::{agreed, answer_path, kind};
use crate::desk::Desk;

#[tokio::test]
async fn the_letter_opens_with_three_points_of_identity_and_five_tries() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let token = desk.tokens().await.remove(0);
    let points = |family: &str| json!({"token": token, "family_name": family, "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    let open = async |family: &str| desk.send(Method::POST, "/assignments/open", None, points(family)).await;
    let (status, body) = open("Other").await;
    assert_eq!((status, kind(&body)), (403, "identity"));
    let offered = desk.assignments(1).await.remove(0);
    let mut answer = agreed(&offered);
    answer["token"] = json!(token);
    let (status, body) = desk.send(Method::POST, &answer_path(&offered), None, answer.clone()).await;
    assert_eq!((status, kind(&body)), (403, "identity"), "the link alone is not enough");
    let (status, body) = open("example").await;
    assert_eq!((status, &body["assignment_id"]), (200, &offered["assignment_id"]), "{body}");
    let (status, body) = desk.send(Method::POST, &answer_path(&offered), None, answer).await;
    assert_eq!((status, &body["status"]), (200, &json!("assigned")), "{body}");
    for _ in 0..4 {
        assert_eq!(open("Other").await.0, 403);
    }
    assert_eq!(open("Example").await.0, 404);
}

#[tokio::test]
async fn whoever_decides_longer_than_the_proof_lasts_gives_it_once_more() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let token = desk.tokens().await.remove(0);
    let points = json!({"token": token, "family_name": "Example", "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    let (status, offered) = desk.send(Method::POST, "/assignments/open", None, points.clone()).await;
    assert_eq!(status, 200, "{offered}");
    desk.world.core.clock.advance(SignedDuration::from_mins(31));
    let mut answer = agreed(&offered);
    answer["token"] = json!(token);
    let (path, key) = (answer_path(&offered), Uuid::from_u128(79));
    let (status, text) = desk.send_with(Method::POST, &path, None, answer.clone(), key).await;
    assert!(status == 403 && text.contains("Half an hour is over"), "{status}: {text}");
    assert_eq!(desk.send(Method::POST, "/assignments/open", None, points).await.0, 200);
    let (status, text) = desk.send_with(Method::POST, &path, None, answer, key).await;
    assert_eq!(status, 200, "{text}");
}
