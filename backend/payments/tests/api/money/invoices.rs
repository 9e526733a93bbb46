//! Invoices and the notes about them, as they follow from the ledger.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{
    ABN, BOOKING, Document, INTENT, PAYMENT, REFUND, documents, half_back, issue, note, noted, paid, post,
    practice,
};
use crate::desk::Desk;

const CHARGEBACK: Uuid = Uuid::from_u128(0xD6);

/// A bank took back as much of it.
async fn lost(desk: &Desk, cents: i64) {
    sqlx::query(
        "insert into payments.chargeback (chargeback_id, payment_id, intent_id, processor_dispute, amount_cents, reason, \
         status, opened_at, updated_at) values ($1, $2, $3, 'dp_1', $4, 'general', 'lost', now(), now())",
    )
    .bind(CHARGEBACK)
    .bind(PAYMENT)
    .bind(INTENT)
    .bind(cents)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    post(desk, "chargeback_lost", CHARGEBACK, [-cents, cents - 550, 500, 50]).await;
}

/// Gets it as staff, and finds the look written down once.
async fn get(desk: &Desk, role: StaffRole, operation: &str, rest: &str) -> Value {
    let before = noted(desk, operation).await;
    let (status, body) = desk.send(Method::GET, &practice(rest), Some(&desk.staff(role)), Value::Null).await;
    assert_eq!(status, 200, "{operation}: {body}");
    assert_eq!(noted(desk, operation).await, before + 1, "{operation}");
    body
}

#[tokio::test]
async fn money_that_was_taken_has_a_tax_invoice_and_what_went_back_an_adjustment_note() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    assert_eq!(issue(&desk).await, 1);
    assert_eq!(issue(&desk).await, 0);
    let path = format!("/bookings/{BOOKING}/invoices");
    let (status, body) = desk.send(Method::GET, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let [invoice, note] = body["items"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!((&invoice["kind"], &invoice["number"]), (&json!("tax_invoice"), &json!(1)));
    assert_eq!((&invoice["total_cents"], &invoice["gst_cents"]), (&json!(11_000), &json!(1_000)));
    assert_eq!((&invoice["issuer_name"], &invoice["issuer_abn"]), (&json!("Harbour Pty Ltd"), &json!(ABN)));
    assert_eq!(invoice["recipient_name"], "Ada Example");
    assert_eq!(invoice["lines"][0]["text"], "Remedial massage with Kim Lee");
    assert_eq!(invoice["lines"][0]["service_date"], "2026-11-21");
    assert_eq!((&note["kind"], &note["number"]), (&json!("adjustment_note"), &json!(2)));
    assert_eq!((&note["total_cents"], &note["gst_cents"]), (&json!(5_500), &json!(500)));
    assert_eq!(note["corrects"], 1);
    assert_eq!(noted(&desk, "list_invoices").await, 1);
}

#[tokio::test]
async fn a_document_calls_a_fee_by_its_name_and_has_a_rebate_only_for_the_whole_price() {
    let visit = "Remedial massage with Kim Lee";
    let quoted = r#"update payments.payment set quote = '{"rebate_cents": 4000}'"#;
    let of_more = "update payments.payment set price_cents = 20000, patient_charge_cents = 20000";
    let fee = "update payments.payment set fee_kind = 'no_show_fee', fee_cents = 11000";
    for (what, text, rebate) in
        [(quoted, visit, 4_000), (of_more, visit, 0), (fee, "Fee for an appointment that was not kept", 0)]
    {
        let desk = paid().await;
        for statement in [quoted, what] {
            sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
        }
        assert_eq!(issue(&desk).await, 1);
        half_back(&desk, REFUND).await;
        // Less of what is left is a fee by then; the note says what was sold as its invoice does.
        let less = "update payments.payment set fee_cents = fee_cents / 2";
        sqlx::query(less).execute(&desk.world.core.pool).await.unwrap();
        assert_eq!(issue(&desk).await, 1);
        let sold: Vec<(String, i64)> = sqlx::query_as(
            "select lines->0->>'text', rebate_cents from payments.invoice where booking_id = $1 order by number",
        )
        .bind(BOOKING)
        .fetch_all(&desk.world.core.pool)
        .await
        .unwrap();
        assert_eq!(sold, [(text.to_owned(), rebate), (text.to_owned(), 0)]);
    }
}

#[tokio::test]
async fn what_a_bank_took_back_has_an_adjustment_note_too_once() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    lost(&desk, 11_000).await;
    assert_eq!(issue(&desk).await, 1);
    assert_eq!(issue(&desk).await, 0);
    let invoice: Document = ("tax_invoice".to_owned(), 1, 11_000, 1_000, None);
    assert_eq!(documents(&desk).await, [invoice, note(2, 11_000, 1_000)]);
}

#[tokio::test]
async fn a_bank_that_takes_back_what_went_back_already_corrects_what_is_left_and_no_more() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    assert_eq!(issue(&desk).await, 1);
    lost(&desk, 11_000).await;
    assert_eq!(issue(&desk).await, 1);
    assert_eq!(issue(&desk).await, 0);
    let notes: Vec<_> = documents(&desk).await.into_iter().skip(1).collect();
    assert_eq!(notes, [note(2, 5_500, 500), note(3, 5_500, 500)]);
}

#[tokio::test]
async fn notes_about_an_invoice_come_one_after_another_and_none_is_left_when_it_went_back_whole() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    half_back(&desk, Uuid::from_u128(0xD7)).await;
    for issued in [1, 1, 0] {
        assert_eq!(issue(&desk).await, issued);
    }
    lost(&desk, 11_000).await;
    assert_eq!(issue(&desk).await, 0);
    let documents = documents(&desk).await;
    let gst: i64 = documents.iter().skip(1).map(|document| document.3).sum();
    assert_eq!((documents.len(), gst), (3, 1_000));
}

#[tokio::test]
async fn a_document_is_printed_for_whose_it_is_and_for_the_practice_and_for_nobody_else() {
    let desk = paid().await;
    issue(&desk).await;
    let invoices = get(&desk, StaffRole::Billing, "list_practice_invoices", "/invoices").await;
    let id = invoices["items"][0]["invoice_id"].as_str().unwrap();
    let own = format!("/bookings/{BOOKING}/invoices/{id}/pdf");
    let practices = practice(&format!("/invoices/{id}/pdf"));
    let billing = desk.staff(StaffRole::Billing);
    for (path, cookie, operation) in
        [(&own, desk.ada(), "print_invoice"), (&practices, billing.clone(), "print_practice_invoice")]
    {
        let (status, file) = desk.send_with(Method::GET, path, Some(&cookie), Value::Null, Uuid::nil()).await;
        assert_eq!(status, 200);
        assert!(file.starts_with("%PDF-1.4") && file.contains("(Tax invoice and receipt)"), "{file}");
        assert_eq!(noted(&desk, operation).await, 1);
    }
    let (status, _) = desk.send(Method::GET, &own, None, Value::Null).await;
    assert_eq!(status, 404);
    let (status, _) = desk.send(Method::GET, &own, Some(&billing), Value::Null).await;
    assert_eq!(status, 404);
}
