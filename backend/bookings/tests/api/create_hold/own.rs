//! What somebody holds already.

use shared_types::bookings::Hold;

use super::check;
use crate::app::{
    App, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, ROLE, SHORT, minutes, monday,
};

#[tokio::test]
async fn a_third_hold_of_one_guest_is_refused() {
    let app = App::new().await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(10, 0)).await;
    app.hold(&mut browser, monday(11, 0)).await;
    let third = browser.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(12, 0)).await;
    third.problem(409, "too-many-holds");
    check(&app, COLLEAGUE, LONG_COLLEAGUE, monday(12, 0), true).await;
    assert_eq!(browser.release(&first).await.status, 204);
    app.hold(&mut browser, monday(13, 0)).await;
    app.advance(minutes(10));
    app.hold(&mut browser, monday(14, 0)).await;
    app.hold(&mut browser, monday(15, 0)).await;
}

#[tokio::test]
async fn the_very_time_one_holds_already_is_the_same_hold() {
    let app = App::new().await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(10, 0)).await;
    app.hold(&mut browser, monday(11, 0)).await;
    app.advance(minutes(3));
    // With two holds already, and although its role takes no more bookings.
    app.change("update bookings.role set bookable = false where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    let key = app.key();
    let again = browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    assert_eq!(again.status, 201, "{}", again.body);
    // Not a minute longer than before.
    let mut kept = first.clone();
    (kept.as_of, kept.role.bookable) = (app.core.now(), false);
    assert_eq!(again.read::<Hold>(), kept);
    assert_eq!(browser.hold(key, ROLE, LONG, monday(10, 0)).await.body, again.body);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 2);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
    assert_eq!(app.audited(first.booking_id.0).await.len(), 1);
}

#[tokio::test]
async fn what_only_overlaps_ones_own_hold_is_taken() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.hold(&mut browser, monday(10, 0)).await;
    // Later, shorter, at the other practice: each is another time, and nobody is in two places.
    for (role, of, start) in [
        (ROLE, LONG, monday(10, 15)),
        (ROLE, SHORT, monday(10, 0)),
        (ELSEWHERE, LONG_ELSEWHERE, monday(10, 0)),
    ] {
        browser.hold(app.key(), role, of, start).await.problem(409, "time-taken");
    }
    app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await.problem(409, "time-taken");
}

#[tokio::test]
async fn a_hold_that_ended_is_not_given_again() {
    let app = App::new().await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(10, 0)).await;
    app.advance(minutes(10));
    let second = app.hold(&mut browser, monday(10, 0)).await;
    assert_ne!(first.hold_id, second.hold_id);
    assert_eq!(second.expires_at, app.core.now() + minutes(10));
    assert_eq!(browser.release(&second).await.status, 204);
    assert_ne!(app.hold(&mut browser, monday(10, 0)).await.hold_id, second.hold_id);
}

#[tokio::test]
async fn a_confirmed_hold_counts_no_longer() {
    let app = App::new().await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(10, 0)).await;
    app.confirm(&mut browser, &first).await;
    app.hold(&mut browser, monday(11, 0)).await;
    app.hold(&mut browser, monday(12, 0)).await;
}
