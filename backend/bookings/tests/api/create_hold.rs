use axum::http::{Request, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{Timestamp, ToSpan, civil::date};
use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId, AudCents, PractitionerRoleId,
    bookings::{BookingsEvent, Hold, HoldStatus},
    payments::quote::quote_message,
};
use uuid::Uuid;

use crate::app::{
    App, COLLEAGUE, ELSEWHERE, IMPORTED, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, MONDAY, NOW, PUBLIC_URL, ROLE,
    SHORT, minutes, monday, post, wall, wanted,
};

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
async fn times_outside_the_rules_are_refused() {
    let app = App::new().await;
    app.change(
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, last_date) \
         values (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', 'leave', '2026-12-01', '2026-12-02')",
    )
    .await;
    bookings::holidays::load(&mut app.database.connect("bookings_migrate").await).await.unwrap();
    let horizon = date(2026, 11, 22) + 60.days();
    for (what, start) in [
        ("yesterday", wall(date(2026, 11, 20), 10, 0)),
        ("Sunday", wall(date(2026, 11, 29), 10, 0)),
        ("before opening", monday(8, 45)),
        ("would end after closing", monday(16, 45)),
        ("off the grid", monday(10, 5)),
        ("off the grid by a second", monday(10, 0) + jiff::SignedDuration::from_secs(1)),
        ("off the grid by a microsecond", monday(10, 0) + jiff::SignedDuration::from_micros(1)),
        ("first day of leave", wall(date(2026, 12, 1), 9, 0)),
        ("last day of leave", wall(date(2026, 12, 2), 16, 30)),
        ("Christmas Day, a Friday", wall(date(2026, 12, 25), 10, 0)),
        ("a day beyond the horizon", wall(horizon + 1.days(), 10, 0)),
        ("years away", wall(date(2036, 11, 24), 10, 0)),
    ] {
        let reply = app.browser().hold(app.key(), ROLE, LONG, start).await;
        assert_eq!(reply.status, 409, "{what}: {}", reply.body);
        reply.problem(409, "time-taken");
        assert_eq!(reply.headers.get(header::SET_COOKIE), None, "{what}");
    }
    assert_eq!(app.count("select count(*) from bookings.hold").await, 0);
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 0);
    check(&app, ROLE, LONG, wall(date(2026, 12, 3), 9, 0), true).await;
    check(&app, ROLE, LONG, monday(16, 30), true).await;
    check(&app, ROLE, LONG, wall(horizon, 10, 0), true).await;
}

#[tokio::test]
async fn a_refusal_offers_the_six_nearest_times_in_order() {
    let app = App::new().await;
    check(&app, ROLE, LONG, monday(12, 0), true).await;
    let reply = app.browser().hold(app.key(), ROLE, LONG, monday(12, 0)).await;
    let nearest = [(11, 0), (11, 15), (11, 30), (12, 30), (12, 45), (13, 0)];
    let nearest = nearest.map(|(hour, minute)| monday(hour, minute));
    assert_eq!(reply.problem(409, "time-taken").alternatives, nearest);
}

#[tokio::test]
async fn notice_counts_to_the_minute_from_when_the_time_was_shown() {
    let app = App::new().await;
    app.advance_to(monday(9, 21));
    check(&app, ROLE, LONG, monday(10, 15), false).await;
    // Who looked at the page for five minutes still gets what it shows.
    app.advance_to(monday(9, 35));
    check(&app, ROLE, LONG, monday(10, 30), true).await;
}

#[tokio::test]
async fn instants_at_the_edges_of_time_are_refused_calmly() {
    let app = App::new().await;
    for start in [
        Timestamp::MIN.to_string(),
        Timestamp::MAX.to_string(),
        "-004800-01-01T00:00:00Z".to_owned(),
        "9999-12-30T00:00:00Z".to_owned(),
        "1969-12-31T23:59:59.999999999Z".to_owned(),
    ] {
        let body = json!({"practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": start});
        let reply = app.browser().post(PATH, Some(app.key()), &body).await;
        assert!(matches!(reply.status, 409 | 422), "{start}: {}", reply.body);
    }
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

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let app = App::with_burst(3).await;
    for _ in 0..3 {
        app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await;
    }
    let reply = app.browser().hold(app.key(), ROLE, LONG, monday(11, 0)).await;
    reply.problem(429, "rate-limited");
    assert_eq!(reply.headers[header::RETRY_AFTER], "10");
    let mut neighbour = app.browser();
    neighbour.address = ([203, 0, 113, 9], 1).into();
    assert_eq!(neighbour.hold(app.key(), ROLE, LONG, monday(11, 0)).await.status, 201);
}

#[tokio::test]
async fn buffers_add_up_and_are_never_shared() {
    let app = App::new().await;
    // Takes 9:55 to 10:25.
    check(&app, ROLE, SHORT, monday(10, 0), true).await;
    check(&app, ROLE, LONG, monday(9, 30), false).await;
    check(&app, ROLE, LONG, monday(10, 15), false).await;
    check(&app, ROLE, LONG, monday(9, 15), true).await;
    check(&app, ROLE, LONG, monday(10, 30), true).await;
    // Buffers of the one that comes later count as well: this one would need 11:55 to 12:25.
    check(&app, ROLE, LONG, monday(12, 30), true).await;
    check(&app, ROLE, SHORT, monday(12, 15), false).await;
    check(&app, ROLE, SHORT, monday(13, 0), false).await;
    check(&app, ROLE, SHORT, monday(13, 15), true).await;
    check(&app, ROLE, SHORT, monday(12, 0), true).await;
    // Between two short ones both buffers stand: 13:40 is where the one at 13:15 ends.
    check(&app, ROLE, SHORT, monday(13, 30), false).await;
    check(&app, ROLE, SHORT, monday(13, 45), true).await;
}

#[tokio::test]
async fn nobody_is_booked_at_two_practices_at_once() {
    let app = App::new().await;
    check(&app, ROLE, LONG, monday(10, 0), true).await;
    check(&app, ELSEWHERE, LONG_ELSEWHERE, monday(10, 0), false).await;
    check(&app, ELSEWHERE, LONG_ELSEWHERE, monday(9, 45), false).await;
    assert!(!app.free_on(ELSEWHERE, LONG_ELSEWHERE, MONDAY).await.contains(&monday(10, 0)));
    check(&app, ELSEWHERE, LONG_ELSEWHERE, monday(10, 30), true).await;
    check(&app, ROLE, LONG, monday(10, 30), false).await;
    check(&app, COLLEAGUE, LONG_COLLEAGUE, monday(10, 0), true).await;
}

#[tokio::test]
async fn the_quote_is_signed_with_the_published_key() {
    let app = App::new().await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    let quote = hold.quote;
    assert_eq!(
        (quote.fee_cents, quote.gap_cents, quote.rebate_cents),
        (AudCents(8500), AudCents(8500), AudCents(0))
    );
    assert_eq!((quote.booking_id, quote.expires_at), (hold.booking_id, hold.expires_at));
    let key: Vec<u8> = sqlx::query_scalar(
        "select public_key from bookings.signing_key where kid = $1 and issuer = 'bookings'",
    )
    .bind(&quote.kid)
    .fetch_one(&app.core.pool)
    .await
    .unwrap();
    let key: [u8; 32] = key.try_into().unwrap();
    let message = quote_message(&quote);
    assert!(kernel::keys::verify(&key, message.as_bytes(), &quote.signature));
    let mut cheaper = quote.clone();
    cheaper.fee_cents = AudCents(1);
    assert!(!kernel::keys::verify(&key, quote_message(&cheaper).as_bytes(), &quote.signature));
}

#[tokio::test]
async fn a_start_publishes_the_quote_key_once() {
    let app = App::new().await;
    let signer = kernel::keys::Signer::generate(&app.core.chance);
    for _ in 0..2 {
        let settings = bookings::config::Settings::plain(PUBLIC_URL, 300);
        let cipher = kernel::column_cipher::ColumnCipher::of(&[crate::app::KEY; 32], &[]);
        bookings::service(app.core.clone(), signer.clone(), cipher, &settings).await.unwrap();
    }
    let told = app.told("signing_key_published").await;
    let [BookingsEvent::SigningKeyPublished(key)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((key.kid.as_str(), key.issuer.as_str()), (signer.kid(), "bookings"));
    assert_eq!(URL_SAFE_NO_PAD.decode(&key.public_key).unwrap().len(), 32);
}

#[tokio::test]
async fn nothing_is_charged_for_a_bulk_billed_appointment() {
    let app = App::new().await;
    let reply = app.browser().hold(app.key(), ROLE, SHORT, monday(10, 0)).await;
    let hold: Hold = reply.read();
    assert!(hold.appointment_type.bulk_billed);
    let quote = &hold.quote;
    for amount in [quote.fee_cents, quote.gap_cents, hold.policy.late_fee_cents] {
        assert_eq!(amount, AudCents::ZERO);
    }
}

#[tokio::test]
async fn what_nobody_offers_is_not_found() {
    let app = App::new().await;
    app.change("update bookings.appointment_type set active = false where appointment_type_id = '00000000-0000-0000-0000-000000000024'")
        .await;
    for (role, of) in [
        (PractitionerRoleId(Uuid::from_u128(0x99)), LONG),
        (ROLE, AppointmentTypeId(Uuid::from_u128(0x99))),
        (ROLE, LONG_ELSEWHERE),
        (IMPORTED, LONG),
        (COLLEAGUE, LONG_COLLEAGUE),
    ] {
        app.browser().hold(app.key(), role, of, monday(10, 0)).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_role_that_stopped_taking_bookings_says_so() {
    let app = App::new().await;
    app.change("update bookings.role set bookable = false where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await.problem(409, "not-bookable");
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_reply() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.hold(&mut browser, monday(9, 0)).await;
    let key = app.key();
    let first = browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    app.advance(minutes(3));
    let again = browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 2);
}

#[tokio::test]
async fn a_key_is_good_for_one_body_and_one_browser() {
    let app = App::new().await;
    let (mut browser, mut other) = (app.browser(), app.browser());
    app.hold(&mut browser, monday(9, 0)).await;
    app.hold(&mut other, monday(9, 30)).await;
    let key = app.key();
    assert_eq!(browser.hold(key, ROLE, LONG, monday(10, 0)).await.status, 201);
    browser.hold(key, ROLE, LONG, monday(11, 0)).await.problem(422, "idempotency-key-reused");
    other.hold(key, ROLE, LONG, monday(10, 0)).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_refused_request_may_be_tried_again_with_its_key() {
    let app = App::new().await;
    let (mut first, mut second) = (app.browser(), app.browser());
    let hold = app.hold(&mut first, monday(10, 0)).await;
    let key = app.key();
    second.hold(key, ROLE, LONG, monday(10, 0)).await.problem(409, "time-taken");
    first.release(&hold).await;
    assert_eq!(second.hold(key, ROLE, LONG, monday(10, 0)).await.status, 201);
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let app = App::new().await;
    let mut browser = app.browser();
    let key = app.key();
    browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    app.advance(jiff::SignedDuration::from_hours(24));
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 1);
    app.advance(minutes(1));
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 0);
}

#[tokio::test]
async fn a_request_without_a_proper_key_is_refused() {
    let app = App::new().await;
    let body = wanted(ROLE, LONG, monday(10, 0));
    app.browser().post(PATH, None, &body).await.problem(400, "idempotency-key-missing");
    for bad in ["", "1", "not-a-uuid"] {
        let request = Request::post(PATH)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", bad)
            .body(body.to_string().into())
            .unwrap();
        app.browser().send(request).await.problem(400, "idempotency-key-missing");
    }
}

#[tokio::test]
async fn bodies_that_are_not_a_request_are_refused_without_quoting_them() {
    let app = App::new().await;
    for (body, status, kind) in [
        ("{\"start\":".to_owned(), 400, "unreadable"),
        (String::new(), 400, "unreadable"),
        ("[]".to_owned(), 422, "invalid"),
        ("{}".to_owned(), 422, "invalid"),
        (
            json!({"practitioner_role_id": "Ada Nguyen", "appointment_type_id": LONG, "start": NOW})
                .to_string(),
            422,
            "invalid",
        ),
        (
            json!({"practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": "Ada Nguyen"})
                .to_string(),
            422,
            "invalid",
        ),
        (" ".repeat(70_000), 413, "too-large"),
    ] {
        let reply = app.browser().send(post(PATH, Some(app.key()), body)).await;
        let problem = reply.problem(status, kind);
        assert!(!format!("{problem:?}").contains("Nguyen"), "{problem:?}");
    }
    let request = Request::post(PATH).header("idempotency-key", app.key().to_string());
    let request = request.body(wanted(ROLE, LONG, monday(10, 0)).to_string().into()).unwrap();
    app.browser().send(request).await.problem(415, "unreadable");
}

#[tokio::test]
async fn a_form_on_another_site_cannot_hold_a_time() {
    let app = App::new().await;
    for (name, value, expected) in [
        ("sec-fetch-site", "cross-site", 403),
        ("origin", "https://evil.example", 403),
        ("origin", "http://localhost:8080", 201),
    ] {
        let mut request = post(PATH, Some(app.key()), wanted(ROLE, LONG, monday(10, 0)).to_string());
        request.headers_mut().insert(name, value.parse().unwrap());
        request.headers_mut().insert(header::HOST, "localhost:8080".parse().unwrap());
        let reply = app.browser().send(request).await;
        assert_eq!(reply.status, expected, "{name}: {value}: {}", reply.body);
        if expected == 403 {
            reply.problem(403, "forbidden-origin");
        }
    }
}

#[tokio::test]
async fn later_changes_of_price_and_policy_do_not_touch_a_booking() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.change("update bookings.schedule set late_fee_cents = 9900, free_until_hours = 72").await;
    app.change(
        "update bookings.appointment_type set price_cents = 20000, name = 'Dearer' where not bulk_billed",
    )
    .await;
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().quote, hold.quote);
    let confirmation = app.confirm(&mut browser, &hold).await;
    let appointment = browser.appointment(confirmation.appointment_id).await;
    assert_eq!(appointment.policy, hold.policy);
    assert_eq!(appointment.appointment_type, hold.appointment_type);
    let row: (i64, Value) = sqlx::query_as("select price_cents, policy from bookings.appointment")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    assert_eq!(row, (8500, json!({"free_until_hours": 24, "late_fee_cents": 5000})));
}

#[tokio::test]
async fn a_first_request_whose_reply_was_lost_is_repeated_with_its_key() {
    let app = App::new().await;
    let key = app.key();
    // The cookie went down with the first reply.
    let first: Hold = app.browser().hold(key, ROLE, LONG, monday(10, 0)).await.read();
    let mut again = app.browser();
    let hold: Hold = again.hold(key, ROLE, LONG, monday(10, 0)).await.read();
    assert_eq!(hold, first);
    assert_eq!(again.find_hold(&hold).await.status, 200);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 1);
}
