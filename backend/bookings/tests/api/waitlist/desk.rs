//! The waitlist at a practice's desk: who is on it, and how a place ends there.

use serde_json::json;
use shared_types::{
    OrganizationId, WaitlistEntryId,
    bookings::waitlist::{OfferStatus, PracticeWaiting, RemovalReason, WaitlistEntry, WaitlistStatus},
    page::Page,
    users::StaffRole,
};
use uuid::Uuid;

use super::{WAITLIST, entry, full, join, let_go, member, wanted};
use crate::{
    app::{App, Browser, ELSEWHERE, LONG, MONDAY, ROLE, Reply, minutes, monday},
    members::{ada, signed_in},
    practice::{at_practice, desk, staff_of},
};

/// Everybody who waits, as the desk sees them.
async fn at_the_desk(app: &App) -> Vec<PracticeWaiting> {
    let reply = desk(app).await.get(&at_practice("waitlist")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<Page<PracticeWaiting>>().items
}

async fn remove(browser: &mut Browser, path: &str, entry: WaitlistEntryId) -> Reply {
    browser.post(&format!("{path}/{entry}/remove"), None, &json!({"reason": "seen"})).await
}

#[tokio::test]
async fn a_practice_sees_who_waits_in_which_order_and_names_only_those_who_were_there() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut known = signed_in(&app, &ada(&app)).await;
    app.book(&mut known, monday(12, 0)).await;
    let mut newcomer = member(&app, 2).await;
    join(&app, &mut newcomer).await;
    app.advance(minutes(1));
    join(&app, &mut known).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let waiting = at_the_desk(&app).await;
    let seen: Vec<_> = waiting.iter().map(|one| (one.position, one.name.is_some(), one.status)).collect();
    assert_eq!(seen, [(1, false, WaitlistStatus::Offered), (2, true, WaitlistStatus::Waiting)]);
    assert_eq!(waiting[1].name.as_ref().unwrap().expose().split(' ').next(), Some("Ada"));
    let [offer] = waiting[0].offers.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((offer.start, offer.status), (monday(10, 0), OfferStatus::Open));
    let offer = entry(&mut newcomer).await.offer.unwrap();
    let_go(&mut newcomer, offer).await;
    assert_eq!(at_the_desk(&app).await[0].offers[0].status, OfferStatus::Declined);
    let another = OrganizationId(Uuid::from_u128(0x42));
    let mut others = staff_of(&app, another, StaffRole::Reception).await;
    let path = format!("/api/v1/bookings/practices/{another}/waitlist");
    assert!(others.get(&path).await.read::<Page<PracticeWaiting>>().items.is_empty());
    remove(&mut others, &path, waiting[0].waitlist_entry_id).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_practice_ends_a_place_with_it_says_why_and_lets_an_offered_time_go() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    let joined = join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let path = at_practice("waitlist");
    let mut desk = desk(&app).await;
    desk.post(&format!("{path}/{}/remove", joined.waitlist_entry_id), None, &json!({}))
        .await
        .problem(422, "invalid");
    for _ in 0..2 {
        assert_eq!(remove(&mut desk, &path, joined.waitlist_entry_id).await.status, 204);
    }
    let ended = entry(&mut waiting).await;
    assert_eq!((ended.status, ended.removed_reason), (WaitlistStatus::Removed, Some(RemovalReason::Seen)));
    assert!(ended.offer.is_none() && at_the_desk(&app).await.is_empty());
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));

    // What they wait for elsewhere stays.
    let mut elsewhere = member(&app, 2).await;
    let mut wanted = wanted();
    wanted["others"] =
        json!([{"practitioner_role_id": ELSEWHERE, "appointment_type_id": crate::app::LONG_ELSEWHERE}]);
    let both: WaitlistEntry = elsewhere.post(WAITLIST, Some(app.key()), &wanted).await.read();
    assert_eq!(remove(&mut desk, &path, both.waitlist_entry_id).await.status, 204);
    let left = entry(&mut elsewhere).await;
    assert_eq!((left.status, left.with.len()), (WaitlistStatus::Waiting, 1));
    assert_eq!(left.with[0].practitioner_role_id, ELSEWHERE);
}
