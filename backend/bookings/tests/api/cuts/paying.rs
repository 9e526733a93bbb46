//! What payments tells of a booking's money, and what a patient and the platform make of what is booked.

use kernel::testing::Cuts;
use serde_json::json;
use shared_types::{
    AudCents, BookingId,
    bookings::{Appointment, AppointmentStatus},
    notifications::{AttendanceFact, NotificationsEvent},
    payments::{
        ClaimFact, FailedStep, PaymentFact, PaymentFailure, PaymentStatus, PaymentStep, PaymentsEvent,
        claim::ClaimStatus,
    },
    providers::Unlisted,
};
use uuid::Uuid;

use super::{APPOINTMENTS, TUESDAY, deciding::administrator, nothing_is_wrong, once, receives};
use crate::app::{App, ROLE, monday, post, wall};

/// Payments tells that all of it was taken.
pub fn captured(booking_id: BookingId) -> PaymentsEvent {
    PaymentsEvent::PaymentChanged(PaymentFact {
        payment_id: Uuid::from_u128(1).into(),
        booking_id,
        quote_id: Uuid::from_u128(2).into(),
        status: PaymentStatus::Captured,
        total_cents: AudCents(8_500),
        captured_cents: AudCents(8_500),
        refunded_cents: AudCents::ZERO,
        fee_cents: AudCents::ZERO,
        fee_owed_cents: AudCents::ZERO,
    })
}

#[tokio::test]
async fn what_payments_tells_is_taken_whole_or_not_at_all() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let lapsing = app.awaiting(&mut app.browser(), monday(10, 0)).await.booking_id;
    let free = app.awaiting(&mut app.browser(), monday(11, 0)).await.booking_id;
    let failed = || {
        PaymentsEvent::PaymentStepFailed(FailedStep {
            booking_id: lapsing,
            failure: PaymentFailure::Declined,
            repair_until: monday(9, 0),
            fee: None,
            balance: None,
        })
    };
    let done = |step| PaymentsEvent::PaymentStepCompleted { booking_id: lapsing, step };
    let claim = ClaimFact {
        claim_id: Uuid::from_u128(1).into(),
        booking_id: free,
        status: ClaimStatus::Ready,
        is_lodged: true,
    };
    let told = [
        failed(),
        done(PaymentStep::CardSaved),
        failed(),
        done(PaymentStep::Authorised),
        PaymentsEvent::PaymentLapsed { booking_id: lapsing },
        // It comes too late.
        done(PaymentStep::Captured),
        captured(lapsing),
        PaymentsEvent::BookingBulkBilled { booking_id: free },
        PaymentsEvent::ClaimChanged(claim),
    ];
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    for (version, event) in (2..).zip(&told) {
        receives(&app, &mut cuts, ("payments", version), event).await;
    }
    for (event, times) in [
        ("appointment_confirmed", 2),
        ("appointment_bulk_billed", 1),
        // Money that comes too late is told of as what it is for.
        ("appointment_cancelled", 2),
    ] {
        assert_eq!(app.told(event).await.len(), times, "{event}");
    }
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    let lodged = "select count(*) from bookings.appointment where status = 'confirmed' and claim_lodged_at is not null";
    assert_eq!(app.count(lodged).await, 1);
    nothing_is_wrong(&app, &["pay", "lapse", "bulk_bill"]).await;
}

#[tokio::test]
async fn what_a_patient_says_of_coming_and_the_platform_cancels_is_whole_or_not_at_all() {
    let app = App::new().await;
    let mut patient = app.browser();
    let coming = app.book(&mut patient, monday(10, 0)).await;
    let answering = app.book(&mut app.browser(), monday(11, 0)).await;
    let mut ended = Vec::new();
    for hour in [10, 11] {
        ended.push(app.book(&mut app.browser(), wall(TUESDAY, hour, 0)).await);
    }
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    let path = format!("{APPOINTMENTS}/{}/attendance", coming.appointment_id);
    let body = json!({"version": coming.version}).to_string();
    let comes: Appointment = once(&mut cuts, &mut patient, || post(&path, None, body.clone())).await.read();
    let fact = AttendanceFact { booking_id: answering.booking_id, start: answering.start };
    let answered = NotificationsEvent::AttendanceAnswered(fact);
    receives(&app, &mut cuts, ("notifications", 1), &answered).await;
    app.advance_to(monday(9, 0));
    let path = format!("{APPOINTMENTS}/{}/arrival", coming.appointment_id);
    let body = json!({"version": comes.version}).to_string();
    let there: Appointment = once(&mut cuts, &mut patient, || post(&path, None, body.clone())).await.read();
    assert_eq!(there.status, AppointmentStatus::Arrived);

    app.unlisted(9, Some(Unlisted::Suspended)).await;
    let seen: Vec<_> = ended
        .iter()
        .map(|one| json!({"appointment_id": one.appointment_id, "version": one.version}))
        .collect();
    let path = format!("/api/v1/bookings/platform/reviews/{ROLE}/cancel");
    let body = json!({"appointments": seen}).to_string();
    let mut platform = administrator(&app).await;
    once(&mut cuts, &mut platform, || post(&path, None, body.clone())).await;
    assert_eq!(app.told("appointment_changed").await.len(), 3);
    assert_eq!(app.told("appointment_cancelled").await.len(), 2);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
    nothing_is_wrong(&app, &["confirm_attendance", "arrive", "cancel_by_admin"]).await;
}
