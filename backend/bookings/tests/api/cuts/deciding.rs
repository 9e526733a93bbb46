//! What takes two: a dispute with its answer and its decision, and that an appointment never was one, agreed on.

use jiff::SignedDuration;
use kernel::testing::Cuts;
use serde_json::json;
use shared_types::{
    bookings::{dispute::DisputeStanding, mistake::PracticeMistake},
    users::{Claims, PlatformRole, StaffRole},
};

use super::{APPOINTMENTS, TUESDAY, nothing_is_wrong, once, paying::captured};
use crate::{
    app::{App, Browser, monday, post, wall},
    members::{ada, claims, signed_in},
    mistakes::manager,
    practice::{at_practice, staff},
};

/// An administrator of the platform, signed in a moment ago.
pub async fn administrator(app: &App) -> Browser {
    signed_in(app, &Claims { platform: vec![PlatformRole::Administrator], ..claims(app, 90) }).await
}

#[tokio::test]
async fn what_takes_two_people_is_decided_once_or_not_at_all() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let right = app.book(&mut patient, monday(10, 0)).await.appointment_id;
    let wrong = app.book(&mut patient, monday(10, 30)).await.appointment_id;
    let mistaken = app.book(&mut app.browser(), wall(TUESDAY, 15, 0)).await;
    app.receive("payments", 5, &captured(mistaken.booking_id)).await;
    app.advance_to(monday(10, 45));
    let mut patient = signed_in(&app, &ada(&app)).await;
    let mut disputes = Vec::new();
    for id in [right, wrong] {
        app.acts(id, 1, json!({"action": "no_show", "attested": true})).await;
        let body = json!({"version": 2, "text": "I was there."});
        let reply = patient.post(&format!("{APPOINTMENTS}/{id}/dispute"), None, &body).await;
        disputes.push(reply.read::<DisputeStanding>().dispute.unwrap().dispute_id);
    }
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    let mut owner = staff(&app, StaffRole::Owner).await;
    let path = at_practice(&format!("appointments/{right}/dispute/answer"));
    let body = json!({"version": 1, "text": "The door was locked."}).to_string();
    once(&mut cuts, &mut owner, || post(&path, None, body.clone())).await;
    // The other one nobody answers for a day.
    app.advance(SignedDuration::from_hours(24));
    let mut platform = administrator(&app).await;
    for (dispute, version, upheld) in [(disputes[0], 2, true), (disputes[1], 1, false)] {
        let path = format!("/api/v1/bookings/platform/disputes/{dispute}/decide");
        let body =
            json!({"version": version, "upheld": upheld, "reason": "times_show_it", "note": "See the log."});
        let body = body.to_string();
        once(&mut cuts, &mut platform, || post(&path, None, body.clone())).await;
    }
    assert_eq!(app.told("dispute_decided").await.len(), 2);
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 5_000);

    let (mut asking, mut agreeing) = (manager(&app, 60).await, manager(&app, 61).await);
    let path = at_practice(&format!("appointments/{}/mistake", mistaken.appointment_id));
    let body = json!({"version": 1, "reason": "mistake", "note": "Booked twice."}).to_string();
    let asked: PracticeMistake =
        once(&mut cuts, &mut asking, || post(&path, None, body.clone())).await.read();
    let path = at_practice(&format!("mistakes/{}/approve", asked.request.mistake_request_id));
    let body = json!({"version": 1}).to_string();
    once(&mut cuts, &mut agreeing, || post(&path, None, body.clone())).await;
    assert_eq!(app.told("mistake_asked").await.len(), 1);
    assert_eq!(app.told("appointment_cancelled").await.len(), 1);
    nothing_is_wrong(&app, &["no_show", "uphold_dispute", "reject_dispute", "enter_in_error"]).await;
}
