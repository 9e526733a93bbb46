use jiff::{SignedDuration, Timestamp};
use kernel::ticket;
use shared_types::{
    HoldId,
    bookings::{Hold, HoldStatus},
    users::NoteTicket,
};
use uuid::Uuid;

use crate::app::{App, ORGANIZATION, minutes, monday};

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

/// What the hold's ticket for notes says at some time.
async fn note_ticket(app: &App, hold: &Hold, at: Timestamp) -> Option<NoteTicket> {
    let mut conn = app.core.pool.acquire().await.unwrap();
    let text = hold.note_ticket.as_ref().unwrap().expose();
    ticket::open(&mut conn, "bookings", NoteTicket::KIND, text, at).await.unwrap()
}

#[tokio::test]
async fn a_hold_carries_a_ticket_for_notes_until_five_minutes_after_its_end() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let expected = NoteTicket {
        booking_id: hold.booking_id,
        organization_id: ORGANIZATION,
        account_id: None,
        patient_id: None,
        start: hold.start,
    };
    let end = hold.expires_at + minutes(5);
    assert_eq!(note_ticket(&app, &hold, app.core.now()).await, Some(expected.clone()));
    assert_eq!(note_ticket(&app, &hold, end - SignedDuration::from_secs(1)).await, Some(expected));
    assert_eq!(note_ticket(&app, &hold, end).await, None);
}

#[tokio::test]
async fn where_there_is_no_practice_there_is_nobody_to_write_to() {
    let app = App::new().await;
    app.change("update bookings.role set organization_id = null").await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(hold.note_ticket, None);
}
