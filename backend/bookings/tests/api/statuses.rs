//! What the code and the database must agree about.

use std::collections::BTreeSet;

use shared_types::bookings::{
    AppointmentStatus, Audience, ChangeReason, FeeWaiver, HoldStatus,
    calendar_feed::FeedDetail,
    dispute::{DecisionReason, DisputeParty, DisputeStatus, Instead},
    external_calendar::ReadFailure,
    mistake::{MistakeDecider, MistakeStatus},
    pools::Rotation,
    resources::ResourceKind,
    waitlist::{OfferStatus, PriorityCause, RemovalReason, WaitlistStatus},
    webhook::{DeliveryFailure, DeliveryStatus, WebhookStatus},
};
use shared_types::{
    notifications::ReplyPurpose,
    payments::{PaymentStep, funding::Cohort},
    providers::Unlisted,
};

use crate::app::App;

/// The words a check constraint allows.
async fn allowed(app: &App, constraint: &str) -> BTreeSet<String> {
    let definition: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = $1 and connamespace = 'bookings'::regnamespace",
    )
    .bind(constraint)
    .fetch_one(&mut app.administrator().await)
    .await
    .unwrap();
    definition.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

fn codes<const N: usize>(codes: [&str; N]) -> BTreeSet<String> {
    codes.into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_code_and_the_database_know_the_same_states() {
    let app = App::new().await;
    assert_eq!(allowed(&app, "hold_status").await, codes(HoldStatus::ALL.map(HoldStatus::code)));
    assert_eq!(
        allowed(&app, "appointment_status").await,
        codes(AppointmentStatus::ALL.map(AppointmentStatus::code))
    );
    assert_eq!(allowed(&app, "appointment_reason").await, codes(ChangeReason::ALL.map(ChangeReason::code)));
    for constraint in ["appointment_cohort", "hold_cohort"] {
        assert_eq!(allowed(&app, constraint).await, codes(Cohort::ALL.map(Cohort::code)), "{constraint}");
    }
    let steps = codes(PaymentStep::ALL.map(PaymentStep::code));
    assert_eq!(allowed(&app, "appointment_payment_step").await, steps);
    let waivers = codes(FeeWaiver::ALL.map(FeeWaiver::code));
    assert_eq!(allowed(&app, "appointment_fee_waived_by").await, waivers);
    let waitlist = codes(WaitlistStatus::ALL.map(WaitlistStatus::code));
    assert_eq!(allowed(&app, "waitlist_entry_status").await, waitlist);
    let details = codes(FeedDetail::ALL.map(FeedDetail::code));
    assert_eq!(allowed(&app, "calendar_feed_detail").await, details);
    let failures = codes(ReadFailure::ALL.map(ReadFailure::code));
    assert_eq!(allowed(&app, "external_calendar_failure").await, failures);
    let offers = codes(OfferStatus::ALL.map(OfferStatus::code));
    assert_eq!(allowed(&app, "waitlist_offer_status").await, offers);
    let removals = codes(RemovalReason::ALL.map(RemovalReason::code));
    assert_eq!(allowed(&app, "waitlist_entry_removed_reason").await, removals);
    let causes = codes(PriorityCause::ALL.map(PriorityCause::code));
    assert_eq!(allowed(&app, "waitlist_entry_priority_cause").await, causes);
    let purposes = codes(ReplyPurpose::ALL.map(ReplyPurpose::code));
    assert_eq!(allowed(&app, "reply_link_purpose").await, purposes);
    let kinds = codes(ResourceKind::ALL.map(ResourceKind::code));
    assert_eq!(allowed(&app, "practice_resource_kind").await, kinds);
    assert_eq!(allowed(&app, "pool_rotation").await, codes(Rotation::ALL.map(Rotation::code)));
    let disputes = codes(DisputeStatus::ALL.map(DisputeStatus::code));
    assert_eq!(allowed(&app, "dispute_status").await, disputes);
    assert_eq!(allowed(&app, "dispute_opened_by").await, codes(DisputeParty::ALL.map(DisputeParty::code)));
    assert_eq!(allowed(&app, "dispute_reason").await, codes(DecisionReason::ALL.map(DecisionReason::code)));
    let mistakes = codes(MistakeStatus::ALL.map(MistakeStatus::code));
    assert_eq!(allowed(&app, "mistake_request_status").await, mistakes);
    let deciders = codes(MistakeDecider::ALL.map(MistakeDecider::code));
    assert_eq!(allowed(&app, "mistake_request_decided_as").await, deciders);
    let reasons = codes(ChangeReason::OF_PRACTICES.map(ChangeReason::code));
    assert_eq!(allowed(&app, "mistake_request_reason").await, reasons);
    assert_eq!(allowed(&app, "role_unlisted").await, codes(Unlisted::ALL.map(Unlisted::code)));
    assert_eq!(allowed(&app, "dispute_instead").await, codes(Instead::ALL.map(Instead::code)));
    let webhooks = codes(WebhookStatus::ALL.map(WebhookStatus::code));
    assert_eq!(allowed(&app, "webhook_status").await, webhooks);
    let deliveries = codes(DeliveryStatus::ALL.map(DeliveryStatus::code));
    assert_eq!(allowed(&app, "webhook_delivery_status").await, deliveries);
    let failures = codes(DeliveryFailure::ALL.map(DeliveryFailure::code));
    assert_eq!(allowed(&app, "webhook_delivery_failure").await, failures);
    let audiences = codes([Audience::All, Audience::New, Audience::Existing].map(Audience::code));
    assert_eq!(allowed(&app, "appointment_type_audience").await, audiences);
    // Hours can be for two more.
    let mut of_hours = audiences;
    of_hours.extend(codes([Audience::HomeVisit, Audience::Telehealth].map(Audience::code)));
    assert_eq!(allowed(&app, "availability_rule_audience").await, of_hours);
    assert_eq!(allowed(&app, "availability_exception_audience").await, of_hours);
}

#[tokio::test]
async fn every_state_reads_back_from_its_word() {
    for status in HoldStatus::ALL {
        assert_eq!(HoldStatus::from_code(status.code()), Some(status));
    }
    for status in AppointmentStatus::ALL {
        assert_eq!(AppointmentStatus::from_code(status.code()), Some(status));
    }
    assert_eq!(AppointmentStatus::from_code("Confirmed"), None);
}

#[tokio::test]
async fn only_the_word_of_an_upcoming_state_is_upcoming_in_the_database() {
    let app = App::new().await;
    let predicate: String =
        sqlx::query_scalar("select pg_get_indexdef('bookings.appointment_upcoming_idx'::regclass)")
            .fetch_one(&mut app.administrator().await)
            .await
            .unwrap();
    let upcoming: BTreeSet<_> = predicate.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    let expected = AppointmentStatus::ALL.into_iter().filter(|status| status.is_upcoming());
    assert_eq!(upcoming, expected.map(|status| status.code().to_owned()).collect());
}
