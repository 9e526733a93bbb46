use shared_types::bookings::{Hold, HoldStatus};

use crate::app::{App, LONG, MONDAY, ROLE, minutes, monday};

#[tokio::test]
async fn a_time_let_go_is_free_again() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    assert_eq!(browser.release(&hold).await.status, 204);
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Released);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    let acts: Vec<_> = app.audited(hold.booking_id.0).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(acts, ["create_hold", "release_hold"]);
    app.hold(&mut app.browser(), monday(10, 0)).await;
}

#[tokio::test]
async fn letting_go_twice_is_no_mistake() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    for _ in 0..2 {
        assert_eq!(browser.release(&hold).await.status, 204);
    }
    assert_eq!(app.audited(hold.booking_id.0).await.len(), 2);
}

#[tokio::test]
async fn letting_go_of_what_was_confirmed_changes_nothing() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.confirm(&mut browser, &hold).await;
    assert_eq!(browser.release(&hold).await.status, 204);
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Consumed);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
}

#[tokio::test]
async fn letting_go_late_does_not_free_what_somebody_else_has_now() {
    let app = App::new().await;
    let (mut slow, mut quick) = (app.browser(), app.browser());
    let old = app.hold(&mut slow, monday(10, 0)).await;
    app.advance(minutes(10));
    app.hold(&mut quick, monday(10, 0)).await;
    assert_eq!(slow.release(&old).await.status, 204);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
}

#[tokio::test]
async fn nobody_else_can_let_a_time_go() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let hold = app.hold(&mut owner, monday(10, 0)).await;
    app.hold(&mut other, monday(11, 0)).await;
    app.browser().release(&hold).await.problem(404, "not-found");
    other.release(&hold).await.problem(404, "not-found");
    assert_eq!(owner.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Active);
}
