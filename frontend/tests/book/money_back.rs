//! What is said of a booking's money: what not coming costs before it is made, that it was paid, and what goes back.

use std::rc::Rc;

use frontend::components::{
    appointment_card::{AppointmentCard, AppointmentCardProps},
    booking_summary::{BookingSummary, BookingSummaryProps},
    manage_cancel::{ManageCancel, ManageCancelProps},
    manage_view::{ManageView, ManageViewProps, Outcome},
    money_back::CardMoney,
    party_check::{PartyCheck, PartyCheckProps},
};
use shared_types::{
    AudCents, OrganizationId,
    bookings::{Appointment, AppointmentStatus, Cancelling, Hold, Quote},
    payments::{
        PaymentStatus,
        funding::FundingMode,
        pay::PaymentStanding,
        quote::{Collection, QuoteTerms, TaxCode},
    },
};
use uuid::Uuid;
use yew::Html;

use crate::{
    canned::{appointment, hold},
    higher_charge::paid,
    parts::{cancel_props, check_props, html, in_order, view_props},
};

/// $120, of which a deposit is $30; not coming costs $50.
pub fn quote(collection: Collection) -> Quote {
    let hold = hold();
    let deposit = if collection == Collection::Deposit { 3_000 } else { 0 };
    let terms = QuoteTerms {
        hold_id: hold.hold_id,
        organization_id: OrganizationId(Uuid::from_u128(90)),
        appointment_type_id: hold.appointment_type.appointment_type_id,
        start: hold.start,
        funding: FundingMode::Private,
        collection,
        tax_code: TaxCode::FreeHealth,
        total_cents: AudCents(12_000),
        deposit_cents: AudCents(deposit),
        late_fee_cents: AudCents(4_000),
        no_show_fee_cents: AudCents(5_000),
        free_until_hours: 24,
    };
    Quote { terms: Some(terms), ..hold.quote }
}

/// $110 by card.
fn taken() -> CardMoney {
    CardMoney::Read(Rc::new(paid(PaymentStatus::Captured, None)))
}

async fn question(cancelling: Cancelling, money: fn() -> CardMoney) -> String {
    html::<ManageCancel>(move || ManageCancelProps { money: money(), ..cancel_props(cancelling) }).await
}

async fn answer(status: AppointmentStatus, money: fn() -> CardMoney) -> String {
    html::<ManageView>(move || ManageViewProps {
        money: money(),
        ..view_props(status, Some(Outcome::Cancelled))
    })
    .await
}

#[tokio::test]
async fn not_coming_has_its_price_at_the_last_look_and_in_the_summary() {
    let check = html::<PartyCheck>(|| {
        let props = check_props(None);
        let hold = Hold { quote: quote(Collection::AfterVisit), ..(*props.hold).clone() };
        PartyCheckProps { hold: Rc::new(hold), ..props }
    })
    .await;
    in_order(&check, &["Cancelling", "Not coming", "$50", "Confirm booking"]);
    let summary = |quote: Quote| {
        let hold = hold();
        BookingSummaryProps {
            role: hold.role,
            appointment_type: Some(hold.appointment_type),
            when: Some((hold.start, hold.as_of)),
            quote: Some(quote),
            policy: Some(hold.policy),
        }
    };
    let with = html::<BookingSummary>(move || summary(quote(Collection::AfterVisit))).await;
    in_order(&with, &["Cancelling", "Not coming", "$50"]);
    let without = html::<BookingSummary>(move || summary(hold().quote)).await;
    assert!(!without.contains("Not coming"), "{without}");
}

#[tokio::test]
async fn what_was_paid_is_said_to_be_paid() {
    let card = |status, collection| {
        html::<AppointmentCard>(move || AppointmentCardProps {
            appointment: Appointment {
                status,
                quote: Some(quote(collection)),
                ..appointment(Cancelling::WithoutCharge)
            },
            with_policy: true,
            children: Html::default(),
        })
    };
    let waits = card(AppointmentStatus::AwaitingPayment, Collection::Prepaid).await;
    assert!(waits.contains("You pay when you book."), "{waits}");
    let paid = card(AppointmentStatus::Confirmed, Collection::Prepaid).await;
    in_order(&paid, &["$120", "You paid when you booked.", "Cancelling", "Not coming", "$50"]);
    assert!(!paid.contains("You pay"), "{paid}");
    let deposit = card(AppointmentStatus::Confirmed, Collection::Deposit).await;
    assert!(deposit.contains("You paid $30 when you booked. You pay the rest at the practice."), "{deposit}");
    let later = card(AppointmentStatus::Confirmed, Collection::AfterVisit).await;
    assert!(later.contains("The card you gave is charged after the visit."), "{later}");
    let cancelled = card(AppointmentStatus::CancelledByPatient, Collection::Prepaid).await;
    assert!(cancelled.contains("$120") && !cancelled.contains("when you book"), "{cancelled}");
}

#[tokio::test]
async fn what_goes_back_is_said_before_the_button_and_after_it() {
    let words = "You get $110 back to your card; banks take up to ten days.";
    let before = question(Cancelling::WithoutCharge, taken).await;
    in_order(&before, &["Cancelling now costs nothing.", words, "Cancel the appointment"]);
    let after = answer(AppointmentStatus::CancelledByPatient, taken).await;
    in_order(&after, &["Cancelled", words]);
    assert!(!after.contains("There is nothing to pay"), "{after}");
}

#[tokio::test]
async fn a_fee_is_kept_of_what_was_paid_and_the_rest_goes_back() {
    let words = "Of the $110 you paid, $40 is kept for the fee and $70 goes back to your card";
    let before = question(Cancelling::LateFee { fee_cents: AudCents(4_000) }, taken).await;
    in_order(&before, &["Cancelling now costs $40", words, "Cancel the appointment"]);
    let after = answer(AppointmentStatus::CancelledLate, taken).await;
    in_order(&after, &["The late fee is $40", words, "you get the $40 back, too"]);
    let all = question(Cancelling::LateFee { fee_cents: AudCents(11_000) }, taken).await;
    assert!(all.contains("The $110 you paid is kept for the fee."), "{all}");
}

#[tokio::test]
async fn without_an_answer_the_words_are_true_and_name_no_amount() {
    let prepaid = || CardMoney::NotRead(Collection::Prepaid);
    let words = "What you paid goes back to your card; banks take up to ten days.";
    in_order(&question(Cancelling::WithoutCharge, prepaid).await, &[words, "Cancel the appointment"]);
    in_order(&answer(AppointmentStatus::CancelledByPatient, prepaid).await, &[words]);
    let later = question(Cancelling::WithoutCharge, || CardMoney::NotRead(Collection::AfterVisit)).await;
    assert!(later.contains("Nothing is charged to your card."), "{later}");
}

#[tokio::test]
async fn what_is_held_is_let_go_and_who_may_not_see_money_reads_nothing_of_it() {
    let held = || {
        let held = PaymentStanding {
            held_cents: AudCents(11_000),
            paid_cents: AudCents::ZERO,
            ..paid(PaymentStatus::Authorised, None)
        };
        CardMoney::Read(Rc::new(held))
    };
    let held = question(Cancelling::WithoutCharge, held).await;
    assert!(held.contains("The $110 held on your card is let go."), "{held}");
    let nothing = question(Cancelling::WithoutCharge, || CardMoney::NotOurs).await;
    assert!(!nothing.contains("your card"), "{nothing}");
}
