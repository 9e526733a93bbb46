//! A refund that the bank sent back after its adjustment note was issued.

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    desk::Desk,
    money::{BOOKING, Document, REFUND, documents, half_back, issue, note, paid, post},
};

/// Half was given back, with a note about it, and the bank sent it back.
async fn sent_back() -> Desk {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    assert_eq!(issue(&desk).await, 1);
    post(&desk, "refund_failed", REFUND, [5_500, -5_225, -250, -25]).await;
    desk
}

/// What takes the note back.
fn reversal(number: i64, corrects: i64) -> Document {
    ("reversal_note".to_owned(), number, 5_500, 500, Some(corrects))
}

#[tokio::test]
async fn a_note_whose_refund_came_back_is_taken_back_once_in_the_same_series() {
    let desk = sent_back().await;
    for issued in [1, 0] {
        assert_eq!(issue(&desk).await, issued);
    }
    let documents = documents(&desk).await;
    assert_eq!(documents[1..], [note(2, 5_500, 500), reversal(3, 2)]);
    let path = format!("/bookings/{BOOKING}/invoices");
    let (status, body) = desk.send(Method::GET, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let [_, given, taken_back] = body["items"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!(taken_back["corrects"], json!(2));
    for same in ["lines", "issuer_name", "issuer_abn", "recipient_name", "total_cents", "gst_cents"] {
        assert_eq!(taken_back[same], given[same], "{same}");
    }
    let told: Vec<Value> = sqlx::query_scalar(
        "select body from payments.outbox where name = 'invoice_issued' order by position",
    )
    .fetch_all(&desk.world.core.pool)
    .await
    .unwrap();
    let kinds: Vec<_> = told.iter().map(|fact| fact["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["tax_invoice", "adjustment_note", "reversal_note"]);
}

#[tokio::test]
async fn what_goes_back_after_all_has_a_note_over_all_of_it_again() {
    let desk = sent_back().await;
    assert_eq!(issue(&desk).await, 1);
    for refund in [0xE1, 0xE2] {
        half_back(&desk, Uuid::from_u128(refund)).await;
        assert_eq!(issue(&desk).await, 1);
    }
    assert_eq!(issue(&desk).await, 0);
    let documents = documents(&desk).await;
    assert_eq!(documents[2..], [reversal(3, 2), note(4, 5_500, 500), note(5, 5_500, 500)]);
}

#[tokio::test]
async fn one_that_came_back_before_it_was_written_about_has_both_documents_at_once() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    post(&desk, "refund_failed", REFUND, [5_500, -5_225, -250, -25]).await;
    assert_eq!(issue(&desk).await, 2);
    assert_eq!(issue(&desk).await, 0);
    let documents = documents(&desk).await;
    assert_eq!(documents[1..], [note(2, 5_500, 500), reversal(3, 2)]);
}
