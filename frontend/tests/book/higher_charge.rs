//! A higher price that a practice asks for, as its patient reads it.

use std::rc::Rc;

use frontend::pages::higher_charge::{HigherCharge, HigherChargeProps};
use shared_types::{
    AudCents, BookingId, PaymentId, QuoteId,
    payments::{PaymentStatus, pay::PaymentStanding, quote::Collection},
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::as_of,
};

pub fn paid(status: PaymentStatus, asked: Option<i64>) -> PaymentStanding {
    PaymentStanding {
        payment_id: PaymentId(Uuid::from_u128(7)),
        booking_id: BookingId(Uuid::from_u128(8)),
        quote_id: QuoteId(Uuid::from_u128(9)),
        organization_id: None,
        status,
        collection: Collection::Prepaid,
        total_cents: AudCents(11_000),
        held_cents: AudCents::ZERO,
        paid_cents: AudCents(11_000),
        refunded_cents: AudCents::ZERO,
        fee_cents: AudCents::ZERO,
        fee_owed_cents: AudCents::ZERO,
        charged_at: None,
        failure: None,
        repair_until: None,
        asked_cents: asked.map(AudCents),
        asked_reason: asked.map(|_| "It took <an hour> longer.".to_owned().into()),
        checkout: None,
        card: None,
        updated_at: as_of(),
    }
}

async fn page(payment: PaymentStanding) -> String {
    html::<HigherCharge>(move || HigherChargeProps {
        payment: Rc::new(payment),
        booking: None,
        on_agreed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_patient_reads_what_is_asked_for_and_need_not_agree() {
    in_order(
        &page(paid(PaymentStatus::Captured, Some(13_000))).await,
        &[
            "Your practice asks for $20 more",
            "The price was $110. The new one is $130 in all, of which $110 is taken already.",
            "The practice’s reason: “It took &lt;an hour&gt; longer.”",
            "Unless you agree, nothing more is charged",
            // Not before the box is ticked.
            "disabled",
            "Agree to $130",
        ],
    );
}

#[tokio::test]
async fn what_was_asked_for_without_a_reason_says_so() {
    let asked = PaymentStanding { asked_reason: None, ..paid(PaymentStatus::Captured, Some(13_000)) };
    let page = page(asked).await;
    in_order(&page, &["Your practice asks for $20 more", "The practice wrote no reason.", "Agree to $130"]);
    assert!(!page.contains("The practice’s reason"), "{page}");
}

#[tokio::test]
async fn a_price_before_anything_is_taken_is_said_without_what_was_taken() {
    let held = PaymentStanding {
        paid_cents: AudCents::ZERO,
        held_cents: AudCents(11_000),
        ..paid(PaymentStatus::Authorised, Some(13_000))
    };
    let page = page(held).await;
    in_order(&page, &["The new one is $130 in all."]);
    assert!(!page.contains("taken already"), "{page}");
}

#[tokio::test]
async fn nothing_is_asked_where_nobody_asks_or_the_payment_is_over() {
    for payment in [paid(PaymentStatus::Captured, None), paid(PaymentStatus::Refunded, Some(13_000))] {
        let page = page(payment).await;
        assert!(!page.contains("Agree") && !page.contains("asks for"), "{page}");
    }
}
