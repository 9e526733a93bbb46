//! What is quoted, to whom, and which of the practice's rules it follows.

use serde_json::json;
use shared_types::{
    AudCents, OrganizationId,
    bookings::{Appointment, AppointmentStatus, AppointmentTypes, Hold},
    payments::{
        PaymentStep, PaymentsEvent, PracticeAccountFact,
        funding::{Cohort, FundingFact, FundingMode},
        practice::OnboardingStatus,
        quote::{Collection, TaxCode},
    },
};
use uuid::Uuid;

use super::rule;
use crate::app::{App, LONG, ORGANIZATION, ROLE, minutes, monday, wanted};

#[tokio::test]
async fn a_quote_says_fee_rebate_gap_and_terms() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    let (quote, terms) = (&hold.quote, hold.quote.terms.as_ref().unwrap());
    let amounts = (quote.fee_cents.0, quote.rebate_cents.0, quote.gap_cents.0);
    assert_eq!(amounts, (11_000, 6_130, 4_870));
    assert_eq!((terms.hold_id, terms.organization_id, terms.start), (hold.hold_id, ORGANIZATION, hold.start));
    assert_eq!((terms.collection, terms.tax_code), (Collection::AfterVisit, TaxCode::FreeMedical));
    assert_eq!((terms.total_cents, terms.late_fee_cents), (AudCents(11_000), AudCents(5_000)));
    assert_eq!((terms.no_show_fee_cents, terms.free_until_hours), (AudCents(9_000), 24));
    assert_eq!(hold.appointment_type.price_cents, AudCents(11_000));
    // It binds as long as a booking can wait for its payment.
    assert_eq!(quote.expires_at, hold.expires_at + minutes(35));
}

#[tokio::test]
async fn everybody_is_told_the_price_of_the_rule_for_anyone() {
    let app = App::new().await;
    let price = async || {
        let path = format!("/api/v1/bookings/roles/{ROLE}/appointment-types");
        let types: AppointmentTypes = app.browser().get(&path).await.read();
        let of = types.items.into_iter().find(|of| of.appointment_type_id == LONG).unwrap();
        (of.price_cents, of.bulk_billed)
    };
    assert_eq!(price().await, (AudCents(8_500), false));
    app.collects_after_visits().await;
    assert_eq!(price().await, (AudCents(11_000), false));
    let rules = vec![rule(Cohort::Anyone, FundingMode::BulkBilled, Collection::AtPractice)];
    let fact = FundingFact {
        organization_id: ORGANIZATION,
        appointment_type_id: LONG,
        version: 2,
        rules,
        eligibility: Vec::new(),
    };
    app.receive("payments", 2, &PaymentsEvent::FundingChanged(fact)).await;
    assert_eq!(price().await, (AudCents::ZERO, true));
}

#[tokio::test]
async fn without_an_account_that_collects_it_is_paid_at_the_practice() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let account = PracticeAccountFact {
        organization_id: ORGANIZATION,
        status: OnboardingStatus::Started,
        bulk_bills_everything: false,
        attested_at: None,
    };
    app.receive("payments", 2, &PaymentsEvent::PracticeAccountChanged(account)).await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let terms = hold.quote.terms.clone().unwrap();
    assert_eq!((terms.collection, terms.needs_payment_step()), (Collection::AtPractice, false));
    assert_eq!(hold.quote.expires_at, hold.expires_at);
    assert_eq!(app.confirm(&mut browser, &hold).await.status, AppointmentStatus::Confirmed);
}

#[tokio::test]
async fn another_sort_of_patient_has_the_same_hold_at_another_price() {
    let app = App::new().await;
    app.collects(vec![
        rule(Cohort::Anyone, FundingMode::Private, Collection::Prepaid),
        rule(Cohort::Concession, FundingMode::BulkBilled, Collection::AtPractice),
    ])
    .await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(10, 0)).await;
    assert_eq!((first.cohorts.as_slice(), first.cohort), (&[Cohort::Concession, Cohort::Anyone][..], None));
    let mut body = wanted(ROLE, LONG, monday(10, 0));
    body["cohort"] = json!("concession");
    let reply = browser.post("/api/v1/bookings/holds", Some(app.key()), &body).await;
    let priced: Hold = reply.read();
    assert_eq!((priced.hold_id, priced.expires_at), (first.hold_id, first.expires_at));
    // What was offered before cannot be paid for it.
    assert_ne!(priced.booking_id, first.booking_id);
    assert_eq!(priced.quote.booking_id, priced.booking_id);
    assert!(priced.appointment_type.bulk_billed);
    assert_eq!(priced.quote.terms.as_ref().unwrap().funding, FundingMode::BulkBilled);
    assert_eq!((priced.quote.fee_cents, priced.policy.late_fee_cents), (AudCents::ZERO, AudCents::ZERO));
    let confirmed = app.confirm(&mut browser, &priced).await;
    assert_eq!(confirmed.status, AppointmentStatus::Confirmed);
    let fact = app.confirmed(confirmed.booking_id.0).await;
    let claimant = fact.claimant.unwrap();
    assert_eq!(claimant.mobile_ends_with.expose().len(), 3);
    assert_eq!(fact.quote.unwrap().quote_id, priced.quote.quote_id);
}

#[tokio::test]
async fn a_price_for_children_is_for_children() {
    let app = App::new().await;
    app.collects(vec![rule(Cohort::Under16, FundingMode::BulkBilled, Collection::AtPractice)]).await;
    let mut browser = app.browser();
    let mut body = wanted(ROLE, LONG, monday(10, 0));
    body["cohort"] = json!("under_16");
    let hold: Hold = browser.post("/api/v1/bookings/holds", Some(app.key()), &body).await.read();
    let mut details = app.details();
    let refused = browser.confirm(app.key(), &hold, &details).await.problem(422, "invalid");
    assert_eq!(refused.errors[0].pointer, "/date_of_birth");
    details["date_of_birth"] = json!("2010-11-24");
    assert_eq!(browser.confirm(app.key(), &hold, &details).await.status, 200);
}

#[tokio::test]
async fn a_move_takes_the_quote_along() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    let before = browser.appointment(booking.appointment_id).await;
    let moved = browser.r#move(app.key(), booking.appointment_id, before.version, monday(14, 0)).await;
    let moved: Appointment = moved.read();
    assert_eq!(moved.quote, before.quote);
    assert_eq!(moved.status, AppointmentStatus::Confirmed);
}

#[tokio::test]
async fn older_rules_and_another_practices_change_nothing() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let fact = |version, organization_id| FundingFact {
        organization_id,
        appointment_type_id: LONG,
        version,
        rules: Vec::new(),
        eligibility: Vec::new(),
    };
    app.receive("payments", 9, &PaymentsEvent::FundingChanged(fact(0, ORGANIZATION))).await;
    let held = app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(held.quote.fee_cents, AudCents(11_000));
    let other = OrganizationId(Uuid::from_u128(0x42));
    app.receive("payments", 10, &PaymentsEvent::FundingChanged(fact(2, other))).await;
    let held = app.hold(&mut app.browser(), monday(11, 0)).await;
    assert_eq!(held.quote.fee_cents, AudCents(11_000), "nobody sets another practice's prices");
}
