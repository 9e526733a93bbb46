//! What cannot be done keeps nothing else back: the others are done, the job fails, and what failed is done as soon as it can be.

use shared_types::AppointmentId;

use super::PUBLISH;
use crate::app::{App, minutes, monday};

const EXPIRED: &str = "select count(*) from bookings.appointment where status = 'expired'";

/// Of two appointments the job comes to the broken one first.
async fn the_other_one_is_done(app: &App, job: &str, broken: AppointmentId, done: &'static str) {
    app.change(
        "update bookings.appointment set time_zone = 'Nowhere' \
         where starts_at = (select min(starts_at) from bookings.appointment)",
    )
    .await;
    assert_eq!(app.count(done).await, 0, "{job}");
    let failure = app.failure(job).await;
    assert!(failure.contains(&broken.to_string()), "{job}: {failure}");
    assert_eq!(app.count(done).await, 1, "{job}");
    app.change("update bookings.appointment set time_zone = 'Australia/Sydney' where time_zone = 'Nowhere'")
        .await;
    assert_eq!(app.run(job).await, 1, "{job}: it was due as before");
    assert_eq!(app.count(done).await, 2, "{job}");
}

#[tokio::test]
async fn a_request_that_cannot_be_ended_keeps_no_other_one_open() {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000021'",
    )
    .await;
    let broken = app.book(&mut app.browser(), monday(10, 0)).await.appointment_id;
    app.book(&mut app.browser(), monday(11, 0)).await;
    // Requests end two hours before they would begin at the latest.
    app.advance_to(monday(9, 0));
    the_other_one_is_done(&app, "bookings.expire_requests", broken, EXPIRED).await;
}

#[tokio::test]
async fn an_unpaid_booking_that_cannot_be_given_up_keeps_no_other_ones_time() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let broken = app.awaiting(&mut app.browser(), monday(14, 0)).await.appointment_id;
    app.advance(minutes(1));
    app.awaiting(&mut app.browser(), monday(15, 0)).await;
    app.advance(minutes(35));
    the_other_one_is_done(&app, "bookings.give_up_awaiting", broken, EXPIRED).await;
}

#[tokio::test]
async fn a_visit_that_cannot_be_completed_keeps_no_other_one_open() {
    let app = App::new().await;
    let broken = app.book(&mut app.browser(), monday(14, 0)).await.appointment_id;
    app.book(&mut app.browser(), monday(15, 0)).await;
    app.advance_to(monday(15, 0) + minutes(14 * 60));
    let completed = "select count(*) from bookings.appointment where status = 'completed'";
    the_other_one_is_done(&app, "bookings.complete_unmarked", broken, completed).await;
    assert_eq!(app.told("visit_presumed").await.len(), 2);
}

#[tokio::test]
async fn a_role_whose_times_cannot_be_told_keeps_no_other_ones_back() {
    let app = App::new().await;
    app.change("update bookings.role set time_zone = 'Nowhere' where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    // It has been due for longest.
    app.change("update bookings.schedule set next_free_due_at = '2026-11-21' where practitioner_role_id <> '00000000-0000-0000-0000-000000000011'")
        .await;
    app.failure(PUBLISH).await;
    assert_eq!(app.told("next_free_changed").await.len(), 2);
    app.change("update bookings.role set time_zone = 'Australia/Sydney' where time_zone = 'Nowhere'").await;
    assert_eq!(app.run(PUBLISH).await, 1, "it was due as before");
    assert_eq!(app.told("next_free_changed").await.len(), 3);
}

#[tokio::test]
async fn a_record_that_cannot_be_destroyed_keeps_no_other_one() {
    let app = App::new().await;
    for hour in [14, 15] {
        app.book(&mut app.browser(), monday(hour, 0)).await;
    }
    app.on("2034-01-01");
    // It has been due for longest.
    app.change(
        "update bookings.appointment_party set date_of_birth = 'infinity', keep_until = '2030-01-01' \
         where booking_id = (select booking_id from bookings.appointment order by starts_at limit 1)",
    )
    .await;
    app.failure("bookings.destroy_expired").await;
    let left = "select count(*) from bookings.appointment_party";
    assert_eq!(app.count(left).await, 1);
    app.change("update bookings.appointment_party set date_of_birth = '1980-02-29'").await;
    assert_eq!(app.run("bookings.destroy_expired").await, 1, "it was due as before");
    assert_eq!(app.count(left).await, 0);
}
