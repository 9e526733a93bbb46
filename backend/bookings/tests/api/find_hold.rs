use shared_types::{
    HoldId,
    bookings::{Hold, HoldStatus},
};
use uuid::Uuid;

use crate::app::{App, minutes, monday};

#[tokio::test]
async fn a_guest_sees_their_own_hold() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.advance(minutes(4));
    let seen: Hold = browser.find_hold(&hold).await.read();
    assert_eq!(seen, Hold { as_of: app.core.now(), ..hold });
}

#[tokio::test]
async fn a_hold_whose_time_is_up_reads_as_expired_before_any_job_ran() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.advance(minutes(10));
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Expired);
}

#[tokio::test]
async fn nobody_else_learns_of_a_hold() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let hold = app.hold(&mut owner, monday(10, 0)).await;
    app.hold(&mut other, monday(11, 0)).await;
    app.browser().find_hold(&hold).await.problem(404, "not-found");
    other.find_hold(&hold).await.problem(404, "not-found");
    let unknown = Hold { hold_id: HoldId(Uuid::from_u128(9)), ..hold };
    owner.find_hold(&unknown).await.problem(404, "not-found");
}
