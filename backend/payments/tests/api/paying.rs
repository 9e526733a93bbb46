//! Paying through the real client, at a sandbox that speaks like the processor.

mod ask_again;
mod asked_again;
mod bulk_billed;
mod bulk_billed_beside_banks;
mod called_off;
mod declined_balance;
mod failed_refunds;
mod fee_back;
mod given_up_shares;
mod going_back;
mod inquiries;
mod keeping;
mod late_fee;
mod log;
mod lost_disputes;
mod moved;
mod not_paid;
mod outages;
mod payouts;
mod refunded_at_processor;
mod refunds_in_two_tries;
mod refused_captures;
mod removed_cards;
mod rest_of_fee;
mod restricted;
mod staff;
mod till;
mod unreadable;
mod webhooks;

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    AudCents,
    bookings::Quote,
    payments::quote::{Collection, PaymentTicket, quote_message},
};
use uuid::Uuid;

use self::till::{BOOKING, GOOD_CARD, Till};

#[tokio::test]
async fn a_prepaid_visit_is_paid_on_the_processors_page() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let (status, checkout) = till.start(&quote, 1).await;
    assert_eq!(status, 201, "{checkout}");
    assert!(checkout["address"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{checkout}");
    assert_eq!(till.standing().await["status"], "awaiting");
    till.pay(GOOD_CARD).await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    assert_eq!(till.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn every_sort_of_card_pays_the_same() {
    for (card, brand) in [
        (GOOD_CARD, "visa"),
        ("4000000360000006", "an Australian one"),
        ("5555555555554444", "mastercard"),
        ("378282246310005", "amex"),
    ] {
        let till = Till::open().await;
        till.start(&till.quote(Collection::Prepaid, 30), 1).await;
        till.pay(card).await;
        let standing = till.standing().await;
        assert_eq!(
            (&standing["status"], &standing["paid_cents"]),
            (&json!("captured"), &json!(11_000)),
            "{brand}"
        );
        let charged: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
        assert_eq!(charged, [11_000], "{brand}");
    }
}

#[tokio::test]
async fn a_near_visit_is_held_and_a_far_one_keeps_a_card() {
    for (days, status) in [(3, "authorised"), (30, "card_saved")] {
        let till = Till::open().await;
        let (code, body) = till.start(&till.quote(Collection::AfterVisit, days), 1).await;
        assert_eq!(code, 201, "{body}");
        till.pay(GOOD_CARD).await;
        let standing = till.standing().await;
        assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!(status), &json!(0)));
        assert_eq!(standing["card"][1], "4242");
    }
}

#[tokio::test]
async fn asked_again_it_is_the_same_page() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let first = till.start(&quote, 1).await;
    assert_eq!(till.start(&quote, 1).await, first);
    assert_eq!(till.start(&quote, 2).await, first);
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let (status, problem) = till.start(&quote, 3).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/already-paid")));
}

#[tokio::test]
async fn a_card_is_kept_only_with_leave_also_where_that_is_wished_for_later() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Deposit, 30);
    // Not coming costs more than the deposit, so that its card is kept whether that is wished for or not.
    needs_leave(&till, &quote, false, 3).await;
    assert_eq!(till.start(&quote, 1).await.0, 201);
    needs_leave(&till, &quote, true, 2).await;
}

/// Without the text about cards nothing is begun.
async fn needs_leave(till: &Till, quote: &Quote, keep_card: bool, key: u128) {
    let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", Uuid::from_u128(key).to_string())
        .body(Body::from(json!({"quote": quote, "keep_card": keep_card}).to_string()))
        .unwrap();
    let (status, body) = till.answer(request).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/consent")), "{body}");
}

#[tokio::test]
async fn only_a_quote_that_bookings_signed_is_honoured() {
    let till = Till::open().await;
    let cheap = Quote { fee_cents: AudCents(1), ..till.quote(Collection::Prepaid, 30) };
    let (status, problem) = till.start(&cheap, 1).await;
    assert_eq!((status, &problem["type"]), (403, &json!("/problems/quote-signature")));
    let late = Quote { expires_at: till.world.core.now(), ..till.quote(Collection::Prepaid, 30) };
    let late = Quote { signature: till.bookings.sign(quote_message(&late).as_bytes()), ..late };
    let (status, problem) = till.start(&late, 2).await;
    assert_eq!((status, &problem["type"]), (410, &json!("/problems/quote-expired")));
    assert!(till.world.payments().await.is_empty());
}

/// One key of bookings' signs both.
#[tokio::test]
async fn a_quote_is_no_ticket_and_a_ticket_no_quote() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    assert_eq!(till.start(&quote, 1).await.0, 201);
    let good = till.ticket(till.world.core.now() + SignedDuration::from_mins(60));
    let ticket: PaymentTicket = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(good).unwrap()).unwrap();
    let other = Quote { signature: ticket.signature.clone(), ..quote.clone() };
    let (status, problem) = till.start(&other, 2).await;
    assert_eq!((status, &problem["type"]), (403, &json!("/problems/quote-signature")));
    let ticket = PaymentTicket { signature: quote.signature, ..ticket };
    let request = Request::get(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
        .header("payment-ticket", URL_SAFE_NO_PAD.encode(serde_json::to_vec(&ticket).unwrap()))
        .body(Body::empty())
        .unwrap();
    assert_eq!(till.answer(request).await.0, 404);
}

#[tokio::test]
async fn a_bookings_money_is_shown_by_its_ticket_alone() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    let path = format!("/api/v1/payments/bookings/{BOOKING}/payment");
    let bare = Request::get(&path).body(Body::empty()).unwrap();
    assert_eq!(till.answer(bare).await.0, 404);
    let in_an_hour = till.world.core.now() + SignedDuration::from_mins(60);
    let tickets = [
        (till.ticket(till.world.core.now()), 404),
        (till.ticket_for(Uuid::from_u128(0xB2).into(), in_an_hour), 404),
        (till.ticket(in_an_hour), 200),
    ];
    for (ticket, status) in tickets {
        let request = Request::get(&path).header("payment-ticket", ticket).body(Body::empty()).unwrap();
        assert_eq!(till.answer(request).await.0, status);
    }
}

#[tokio::test]
async fn another_card_can_be_given_after_one_failed() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::AfterVisit, 30), 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    // Four days before the visit the card has no money.
    till.card_fails().await;
    let (status, checkout) = till.repair(9).await;
    assert_eq!((status, &checkout["status"]), (201, &json!("awaiting")), "{checkout}");
    assert_eq!(till.entries("repair_payment").await, 1);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    assert_eq!(till.entries("repair_payment").await, 1);
}
