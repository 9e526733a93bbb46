//! What was paid beforehand for a visit, and is kept as a fee, is called a fee on its document, whole or in part.

use crate::money::{BOOKING, issue, paid};

/// The document's line, what it says that was taken, and the rebate on it, once something is so of the payment.
async fn document(what: &'static str) -> (String, i64, i64) {
    let desk = paid().await;
    let quoted = r#"update payments.payment set quote = '{"rebate_cents": 4000}'"#;
    for statement in [quoted, what] {
        sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
    }
    assert_eq!(issue(&desk).await, 1);
    sqlx::query_as(
        "select lines->0->>'text', total_cents, rebate_cents from payments.invoice where booking_id = $1",
    )
    .bind(BOOKING)
    .fetch_one(&desk.world.core.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_part_that_is_kept_as_a_fee_is_said_whether_it_is_counted_as_one_yet_or_owed() {
    let owed = "update payments.payment set fee_kind = 'late_fee', fee_owed_cents = 5000";
    let kept = "update payments.payment set fee_kind = 'late_fee', fee_cents = 5000, refunding_cents = 6000";
    for what in [owed, kept] {
        let text = "Paid beforehand, of which $50.00 is the fee for a late cancellation".to_owned();
        assert_eq!(document(what).await, (text, 11_000, 0), "{what}");
    }
    let absent =
        "update payments.payment set fee_kind = 'no_show_fee', fee_cents = 3000, fee_owed_cents = 2000";
    let text = "Paid beforehand, of which $50.00 is the fee for an appointment that was not kept".to_owned();
    assert_eq!(document(absent).await, (text, 11_000, 0));
}

#[tokio::test]
async fn what_is_owed_whole_as_a_fee_is_one() {
    let owed = "update payments.payment set fee_kind = 'late_fee', fee_owed_cents = 11000";
    assert_eq!(document(owed).await, ("Fee for a late cancellation".to_owned(), 11_000, 0));
}

#[tokio::test]
async fn what_was_taken_as_a_fee_stays_one_when_it_is_waived() {
    let waived = "with taken as (update payments.intent set purpose = 'late_fee') \
        update payments.payment set fee_kind = 'late_fee'";
    assert_eq!(document(waived).await, ("Fee for a late cancellation".to_owned(), 11_000, 0));
}

#[tokio::test]
async fn a_visit_without_a_fee_stays_a_visit() {
    // It was waived before anything was kept.
    let waived = "update payments.payment set fee_kind = 'late_fee'";
    assert_eq!(document(waived).await, ("Remedial massage with Kim Lee".to_owned(), 11_000, 4_000));
}
