//! A time is kept for somebody while they book it.

mod own;
mod prices;
mod requests;
mod rules;

use axum::http::header;
use jiff::Timestamp;
use shared_types::{
    AppointmentTypeId, AudCents, PractitionerRoleId,
    bookings::{Hold, HoldStatus},
};

use crate::app::{App, LONG, MONDAY, ROLE, minutes, monday};

const PATH: &str = "/api/v1/bookings/holds";

/// Somebody new asks for a time; says whether they got it.
async fn check(app: &App, role: PractitionerRoleId, of: AppointmentTypeId, start: Timestamp, expected: bool) {
    let reply = app.browser().hold(app.key(), role, of, start).await;
    if expected {
        assert_eq!(reply.status, 201, "{start}: {}", reply.body);
    } else {
        reply.problem(409, "time-taken");
    }
}

#[tokio::test]
async fn a_free_time_is_kept_for_ten_minutes() {
    let app = App::new().await;
    let mut browser = app.browser();
    let reply = browser.hold(app.key(), ROLE, LONG, monday(10, 0)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let hold: Hold = reply.read();
    assert_eq!(hold.status, HoldStatus::Active);
    assert_eq!((hold.start, hold.end), (monday(10, 0), monday(10, 30)));
    assert_eq!(hold.expires_at, app.core.now() + minutes(10));
    assert_eq!(hold.as_of, app.core.now());
    assert_eq!(hold.role.practitioner_role_id, ROLE);
    assert_eq!(hold.appointment_type.name, "Standard consultation");
    assert_eq!((hold.policy.free_until_hours, hold.policy.late_fee_cents), (24, AudCents(5000)));
    let kept = "select count(*) from bookings.reservation where hold_id is not null and appointment_id is null \
                and during = tstzrange('2026-11-22T23:00:00Z', '2026-11-22T23:30:00Z')";
    assert_eq!(app.count(kept).await, 1);
    assert_eq!(app.audited(hold.booking_id.0).await, [("create_hold".to_owned(), "allowed".to_owned())]);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
}

#[tokio::test]
async fn the_first_hold_makes_a_guest_and_only_a_hash_is_kept() {
    let app = App::new().await;
    let mut browser = app.browser();
    let reply = browser.hold(app.key(), ROLE, LONG, monday(10, 0)).await;
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let secret = pair.strip_prefix("__Host-guest=").unwrap();
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    assert_eq!(attributes, "Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax");
    let stored: Vec<u8> =
        sqlx::query_scalar("select guest_hash from bookings.hold").fetch_one(&app.core.pool).await.unwrap();
    assert_eq!(stored, kernel::chance::hash_secret(secret));
    let again = browser.hold(app.key(), ROLE, LONG, monday(11, 0)).await;
    assert_eq!((again.status, again.headers.get(header::SET_COOKIE)), (201, None));
}

#[tokio::test]
async fn an_expired_hold_makes_way() {
    let app = App::new().await;
    let mut first = app.browser();
    let old = app.hold(&mut first, monday(10, 0)).await;
    app.advance(minutes(10) - jiff::SignedDuration::from_micros(1));
    check(&app, ROLE, LONG, monday(10, 0), false).await;
    app.advance(jiff::SignedDuration::from_micros(1));
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)), "free before any job ran");
    // A longer reach than the old one's: half of it lay in the way.
    check(&app, ROLE, LONG, monday(10, 15), true).await;
    assert_eq!(first.find_hold(&old).await.read::<Hold>().status, HoldStatus::Expired);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'expired'").await, 1);
}
