//! Cards that say no, before the visit and after it.

use serde_json::json;
use shared_types::{
    AudCents,
    bookings::{AppointmentStatus, BookingsEvent, FeeWaiver},
    payments::{FailedStep, PaymentFailure, PaymentStep, PaymentsEvent},
};

use super::status;
use crate::{
    app::{App, monday},
    practice::{at_practice, desk},
};

#[tokio::test]
async fn a_failed_card_is_shown_until_another_is_given() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::InsufficientFunds,
        repair_until: monday(9, 0),
        fee: None,
        balance: None,
    };
    app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.status, AppointmentStatus::Confirmed);
    assert_eq!(view.payment_failure, Some(PaymentFailure::InsufficientFunds));
    assert_eq!(view.repair_until, Some(monday(9, 0)));
    app.paid(&booking, PaymentStep::Authorised).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!((view.payment_failure, view.repair_until), (None, None));
}

#[tokio::test]
async fn a_first_card_that_failed_is_changed_while_the_booking_waits_and_no_longer() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::Declined,
        repair_until: monday(9, 0),
        fee: None,
        balance: None,
    };
    app.receive("payments", 2, &PaymentsEvent::PaymentStepFailed(failed)).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.status, AppointmentStatus::AwaitingPayment);
    assert!(view.pay_until.is_some() && view.repair_until == view.pay_until);
}

#[tokio::test]
async fn a_lapsed_payment_cancels_without_charge() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    let booking_id = booking.booking_id;
    app.receive("payments", 3, &PaymentsEvent::PaymentLapsed { booking_id }).await;
    assert_eq!(status(&mut browser, &booking).await, AppointmentStatus::CancelledByAdmin);
    let told = app.facts("appointment_cancelled").await;
    assert_eq!((told.len(), told[0].late_fee_cents), (1, AudCents::ZERO));
}

#[tokio::test]
async fn once_the_time_for_another_card_is_over_it_is_said_that_it_was_not_charged_and_no_time_is_shown() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    app.advance_to(monday(10, 20));
    app.acts(booking.appointment_id, 2, json!({"action": "no_show", "attested": true})).await;
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::Declined,
        repair_until: monday(12, 0),
        fee: None,
        balance: None,
    };
    app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
    for (at, until) in [(monday(11, 59), Some(monday(12, 0))), (monday(12, 0), None)] {
        app.advance_to(at);
        let view = browser.appointment(booking.appointment_id).await;
        assert_eq!((view.payment_failure, view.repair_until), (Some(PaymentFailure::Declined), until));
    }
    app.paid(&booking, PaymentStep::Captured).await;
    assert_eq!(browser.appointment(booking.appointment_id).await.payment_failure, None);
}

#[tokio::test]
async fn not_coming_costs_what_was_quoted_and_the_practice_can_let_it_go() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    app.advance_to(monday(10, 20));
    app.acts(booking.appointment_id, 2, json!({"action": "no_show", "attested": true})).await;
    let owed = "select late_fee_cents from bookings.appointment";
    assert_eq!(app.count(owed).await, 9_000);
    // What is owed can be paid with another card when the first says no.
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::Declined,
        repair_until: monday(23, 0),
        fee: None,
        balance: None,
    };
    app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.repair_until, Some(monday(23, 0)));
    let path = at_practice(&format!("appointments/{}/waive-fee", booking.appointment_id));
    let key = app.key();
    for _ in 0..2 {
        let waived = desk(&app).await.post(&path, Some(key), &json!({"version": 3})).await;
        assert_eq!(waived.status, 200, "{}", waived.body);
    }
    assert_eq!(app.count(owed).await, 0);
    let written = "select count(*) from bookings.appointment_transition join bookings.appointment using (appointment_id) \
                   where step = 'waive_fee' and taken_by = 'practice' and appointment_transition.version = appointment.version";
    assert_eq!(app.count(written).await, 1);
    assert_eq!(browser.appointment(booking.appointment_id).await.payment_failure, None);
    let told = app.told("late_fee_waived").await;
    let expected =
        BookingsEvent::LateFeeWaived { booking_id: booking.booking_id, waived_by: FeeWaiver::Practice };
    assert_eq!(told, [expected]);
    let again = desk(&app).await.post(&path, Some(app.key()), &json!({"version": 4})).await;
    again.problem(409, "nothing-owed");
}
