//! A booking that cost something is bulk billed after all, as payments tells it once the money is back (C-52).

use serde_json::json;
use shared_types::{
    AudCents,
    bookings::{Appointment, AppointmentFact, AppointmentStatus, BookingsEvent, Confirmation},
    payments::{PaymentStep, PaymentsEvent},
};

use crate::app::{App, Browser, monday};

/// A visit on Monday at ten, paid for afterwards by card.
async fn booked(app: &App, browser: &mut Browser) -> Confirmation {
    app.collects_after_visits().await;
    let booking = app.awaiting(browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    booking
}

impl App {
    /// Payments tells that its money is back.
    async fn is_bulk_billed(&self, booking: &Confirmation) {
        let booking_id = booking.booking_id;
        self.receive("payments", 9, &PaymentsEvent::BookingBulkBilled { booking_id }).await;
    }

    /// What bookings tells of it.
    async fn told_bulk_billed(&self) -> Vec<AppointmentFact> {
        let facts = self.told("appointment_bulk_billed").await.into_iter().map(|event| match event {
            BookingsEvent::AppointmentBulkBilled(fact) => fact,
            other => panic!("{other:?}"),
        });
        facts.collect()
    }
}

const FEE: &str = "select late_fee_cents from bookings.appointment";

#[tokio::test]
async fn nothing_of_a_visit_costs_anything_any_more_and_it_is_told_once() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booking = booked(&app, &mut browser).await;
    let before = browser.appointment(booking.appointment_id).await;
    // Told twice, as another event the second time.
    app.is_bulk_billed(&booking).await;
    app.is_bulk_billed(&booking).await;
    let after = browser.appointment(booking.appointment_id).await;
    assert_eq!((after.status, after.version), (AppointmentStatus::Confirmed, before.version + 1));
    assert!(after.appointment_type.bulk_billed);
    assert_eq!(after.appointment_type.price_cents, AudCents::ZERO);
    assert_eq!(after.policy.late_fee_cents, AudCents::ZERO);
    assert_eq!(after.policy.free_until_hours, before.policy.free_until_hours);
    assert_eq!(after.quote, None, "nothing of what was quoted is owed");
    let told = app.told_bulk_billed().await;
    assert_eq!(told.len(), 1);
    let fact = &told[0];
    assert_eq!((fact.status, fact.start), (AppointmentStatus::Confirmed, before.start));
    assert_eq!((fact.bulk_billed, fact.price_cents), (true, AudCents::ZERO));
    assert_eq!((fact.late_fee_cents, fact.policy.late_fee_cents), (AudCents::ZERO, AudCents::ZERO));
    assert_eq!(fact.claimant.as_ref().unwrap().mobile_ends_with.expose().len(), 3);
    assert_eq!(fact.sequence, app.confirmed(booking.booking_id.0).await.sequence + 1);
    let written = "select count(*) from bookings.appointment_transition join bookings.appointment using (appointment_id) \
                   where step = 'bulk_bill' and taken_by = 'practice' and from_status = to_status \
                       and appointment_transition.version = appointment.version";
    assert_eq!(app.count(written).await, 1);
    let noted = "select count(*) from bookings.audit_entry where action = 'move_to_bulk_billing'";
    assert_eq!(app.count(noted).await, 1);
    // An hour before the start.
    app.advance_to(monday(9, 0));
    let cancelled: Appointment = browser.cancel(booking.appointment_id, after.version).await.read();
    assert_eq!(cancelled.status, AppointmentStatus::CancelledByPatient);
    assert_eq!(app.count(FEE).await, 0);
}

#[tokio::test]
async fn not_coming_costs_nothing_whatever_was_quoted() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booking = booked(&app, &mut browser).await;
    app.is_bulk_billed(&booking).await;
    app.advance_to(monday(10, 20));
    let version = browser.appointment(booking.appointment_id).await.version;
    let no_show = json!({"action": "no_show", "attested": true});
    let missed = app.acts(booking.appointment_id, version, no_show).await;
    assert_eq!((missed.no_show_fee_cents, app.count(FEE).await), (AudCents::ZERO, 0));
}

#[tokio::test]
async fn one_that_was_cancelled_late_meanwhile_stays_cancelled_without_its_fee() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booking = booked(&app, &mut browser).await;
    app.advance_to(monday(9, 0));
    let version = browser.appointment(booking.appointment_id).await.version;
    let cancelled: Appointment = browser.cancel(booking.appointment_id, version).await.read();
    assert_eq!((cancelled.status, app.count(FEE).await), (AppointmentStatus::CancelledLate, 5_000));
    app.is_bulk_billed(&booking).await;
    let after = browser.appointment(booking.appointment_id).await;
    assert_eq!((after.status, app.count(FEE).await), (AppointmentStatus::CancelledLate, 0));
    let told = app.told_bulk_billed().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].status, told[0].late_fee_cents), (AppointmentStatus::CancelledLate, AudCents::ZERO));
}

#[tokio::test]
async fn what_waits_for_its_payment_waits_no_longer() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.is_bulk_billed(&booking).await;
    let after = browser.appointment(booking.appointment_id).await;
    assert_eq!((after.status, after.pay_until), (AppointmentStatus::Confirmed, None));
    let fact = app.confirmed(booking.booking_id.0).await;
    assert!(fact.bulk_billed && fact.claimant.is_some() && fact.manage_token.is_some());
}
