use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentStatus, Confirmation, Hold, HoldStatus},
    users::ConsentText,
};

use crate::app::{
    App, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, MONDAY, ORGANIZATION, ROLE, Reply,
    consent_text, details, minutes, monday, wall,
};

/// Everything a confirmation writes.
const WRITTEN: &str = "select (select count(*) from bookings.appointment) + (select count(*) from bookings.appointment_party) \
    + (select count(*) from bookings.manage_link) + (select count(*) from bookings.consent_receipt) \
    + (select count(*) from bookings.audit_entry where action = 'confirm_hold' and outcome = 'allowed') \
    + (select count(*) from bookings.outbox where name = 'appointment_confirmed') \
    + (select count(*) from bookings.reservation where appointment_id is not null) \
    + (select count(*) from bookings.idempotency where route = 'confirm_hold')";

#[tokio::test]
async fn a_hold_with_details_becomes_an_appointment() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let reply = browser.confirm(app.key(), &hold, &details(1)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let confirmation: Confirmation = reply.read();
    assert_eq!(
        (confirmation.booking_id, confirmation.status),
        (hold.booking_id, AppointmentStatus::Confirmed)
    );
    let appointment = browser.appointment(confirmation.appointment_id).await;
    assert_eq!((appointment.start, appointment.end, appointment.version), (hold.start, hold.end, 1));
    assert_eq!(appointment.email_hint, "a…@example.org");
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Consumed);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    assert_eq!(app.count(WRITTEN).await, 8, "one of each");
    let acts: Vec<_> = app.audited(hold.booking_id.0).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(acts, ["create_hold", "confirm_hold", "find_appointment"]);
}

#[tokio::test]
async fn the_practice_gets_tidy_details_and_a_receipt() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let mut details = details(1);
    details["name"] = "  Ada \t Nguyen ".into();
    details["mobile"] = "+61 (0)491 570 006".into();
    browser.confirm(app.key(), &hold, &details).await;
    let party: Value = sqlx::query_scalar("select to_jsonb(party) from bookings.appointment_party party")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    for (column, expected) in [
        ("name", json!("Ada Nguyen")),
        ("preferred_name", json!("Ada")),
        ("date_of_birth", json!("1980-02-29")),
        ("email", json!("ada1@example.org")),
        ("mobile", json!("+61491570006")),
        ("organization_id", json!(ORGANIZATION)),
        ("email_verified_at", Value::Null),
    ] {
        assert_eq!(party[column], expected, "{column}");
    }
    let receipt: (String, i32, String, String) =
        sqlx::query_as("select text, version, subject_kind, subject_id from bookings.consent_receipt")
            .fetch_one(&app.core.pool)
            .await
            .unwrap();
    assert_eq!(receipt, ("booking-collection".into(), 1, "booking".into(), hold.booking_id.to_string()));
}

#[tokio::test]
async fn only_the_event_carries_the_link_and_the_table_its_hash() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let reply = browser.confirm(app.key(), &hold, &app.details()).await;
    let token = app.manage_token(hold.booking_id.0).await;
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    assert!(!reply.body.to_string().contains(&token));
    let (hash, dies): (Vec<u8>, bool) = sqlx::query_as(
        "select token_hash, expires_at = timestamptz '2026-11-23T23:00:00Z' from bookings.manage_link",
    )
    .fetch_one(&app.core.pool)
    .await
    .unwrap();
    assert_eq!((hash.as_slice(), dies), (kernel::chance::hash_secret(&token).as_slice(), true));
    // The raw secret, and the guest's, in no table but the outbox.
    let guest = browser.cookies[0].1.clone();
    let mut admin = app.administrator().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables where table_schema = 'bookings' and table_name <> 'outbox'",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    for table in tables {
        let statement = format!("select count(*) from bookings.{table} as t where t::text ~ $1");
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(format!("{token}|{guest}|{}|{}", hex(&token), hex(&guest)))
            .fetch_one(&mut admin)
            .await
            .unwrap();
        assert_eq!(found, 0, "{table}");
    }
}

/// The same text as PostgreSQL would show its bytes.
fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn the_event_says_what_others_need_and_nothing_more() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.confirm(&mut browser, &hold).await;
    let fact = app.confirmed(hold.booking_id.0).await;
    assert_eq!((fact.sequence, fact.status), (0, AppointmentStatus::Confirmed));
    assert_eq!((fact.start, fact.end, fact.price_cents), (hold.start, hold.end, AudCents(8500)));
    assert_eq!((fact.quote_id, fact.bulk_billed), (hold.quote.quote_id, false));
    assert_eq!(
        (fact.patient_name.expose().as_str(), fact.email.expose().as_str()),
        ("Ada", "ada0@example.org")
    );
    let (body, about, version): (Value, String, i64) = sqlx::query_as(
        "select body, aggregate || ' ' || aggregate_id, aggregate_version from bookings.outbox \
         where name = 'appointment_confirmed'",
    )
    .fetch_one(&app.core.pool)
    .await
    .unwrap();
    assert_eq!((about, version), (format!("booking {}", hold.booking_id), 1));
    let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "appointment_id",
        "appointment_type_name",
        "booking_id",
        "bulk_billed",
        "discreet",
        "email",
        "end",
        "late_fee_cents",
        "manage_token",
        "patient_name",
        "policy",
        "price_cents",
        "quote",
        "quote_id",
        "role",
        "sequence",
        "start",
        "status",
        "telehealth",
    ];
    assert_eq!(fields, expected);
    let text = body.to_string();
    for private in ["1980", "0491", "+61491", "Nguyen 0", "reason", "referral", "symptom", "diagnos"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_written() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let mut all = details(1);
    for (field, wrong) in [("name", " "), ("date_of_birth", "2026-11-23"), ("email", "ada"), ("mobile", "12")]
    {
        let mut details = details(1);
        details[field] = wrong.into();
        all[field] = wrong.into();
        let problem = browser.confirm(app.key(), &hold, &details).await.problem(422, "invalid");
        let pointers: Vec<_> = problem.errors.into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, [format!("/{field}")]);
    }
    for (field, wrong) in [
        ("name", "A".repeat(121)),
        ("preferred_name", "A".repeat(61)),
        ("date_of_birth", "1895-01-01".to_owned()),
        ("email", "a@b.co\nBcc: x@y.zz".to_owned()),
        ("mobile", "(02) 9123 4567".to_owned()),
    ] {
        let mut details = details(1);
        details[field] = wrong.into();
        let problem = browser.confirm(app.key(), &hold, &details).await.problem(422, "invalid");
        assert_eq!(problem.errors[0].pointer, format!("/{field}"));
    }
    let problem = browser.confirm(app.key(), &hold, &all).await.problem(422, "invalid");
    let pointers: Vec<_> = problem.errors.into_iter().map(|error| error.pointer).collect();
    assert_eq!(pointers, ["/name", "/date_of_birth", "/email", "/mobile"]);
    assert_eq!(app.count(WRITTEN).await, 0);
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Active);
    app.confirm(&mut browser, &hold).await;
}

#[tokio::test]
async fn a_newborn_may_be_booked_on_the_day_of_birth_at_the_place() {
    let app = App::new().await;
    // Still Sunday in UTC, Monday in Sydney.
    app.advance_to(monday(6, 0));
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let mut details = details(1);
    details["date_of_birth"] = "2026-11-23".into();
    assert_eq!(browser.confirm(app.key(), &hold, &details).await.status, 200);
}

#[tokio::test]
async fn consent_must_be_to_the_text_that_applies() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let mut conn = app.core.pool.acquire().await.unwrap();
    kernel::consent::keep_text(&mut conn, &consent_text(2)).await.unwrap();
    drop(conn);
    for (text, version) in [("booking-collection", 1), ("booking-collection", 3), ("other", 2)] {
        let mut details = details(1);
        details["consent"] = json!({"text": text, "version": version});
        let problem = browser.confirm(app.key(), &hold, &details).await.problem(422, "invalid");
        assert_eq!(problem.errors[0].pointer, "/consent");
    }
    assert_eq!(app.count(WRITTEN).await, 0);
    let mut details = details(1);
    details["consent"]["version"] = 2.into();
    assert_eq!(browser.confirm(app.key(), &hold, &details).await.status, 200);
    assert_eq!(app.count("select version::bigint from bookings.consent_receipt").await, 2);
}

#[tokio::test]
async fn consent_is_to_what_applies_today_and_not_to_what_will() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let next = ConsentText { effective_on: MONDAY, ..consent_text(2) };
    let mut conn = app.core.pool.acquire().await.unwrap();
    kernel::consent::keep_text(&mut conn, &next).await.unwrap();
    drop(conn);
    let mut early = details(1);
    early["consent"]["version"] = 2.into();
    let problem = browser.confirm(app.key(), &hold, &early).await.problem(422, "invalid");
    assert_eq!(problem.errors[0].pointer, "/consent");
    assert_eq!(browser.confirm(app.key(), &hold, &details(1)).await.status, 200);
    assert_eq!(app.count("select version::bigint from bookings.consent_receipt").await, 1);
}

#[tokio::test]
async fn without_a_consent_there_is_no_booking() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let mut details = details(1);
    details.as_object_mut().unwrap().remove("consent");
    browser.confirm(app.key(), &hold, &details).await.problem(422, "invalid");
    assert_eq!(app.count(WRITTEN).await, 0);
}

#[tokio::test]
async fn a_hold_that_ended_offers_other_times_instead() {
    let app = App::new().await;
    let mut browser = app.browser();
    let expired = app.hold(&mut browser, monday(10, 0)).await;
    let released = app.hold(&mut browser, monday(11, 0)).await;
    browser.release(&released).await;
    app.advance(minutes(10));
    for hold in [expired, released] {
        let problem = browser.confirm(app.key(), &hold, &app.details()).await.problem(410, "hold-expired");
        assert_eq!(problem.alternatives.len(), 6);
        assert!(problem.alternatives.contains(&hold.start), "nobody took it meanwhile");
    }
    assert_eq!(app.count(WRITTEN).await, 0);
}

#[tokio::test]
async fn a_moment_before_its_end_a_hold_can_be_confirmed() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    app.advance(minutes(10) - jiff::SignedDuration::from_micros(1));
    app.confirm(&mut browser, &hold).await;
}

#[tokio::test]
async fn a_third_booking_to_come_of_one_address_or_mobile_is_refused() {
    let app = App::new().await;
    let starts = [monday(9, 0), monday(10, 0)];
    for (index, start) in starts.into_iter().enumerate() {
        let mut browser = app.browser();
        let hold = app.hold(&mut browser, start).await;
        let mut details = details(1);
        // Once by the address, once by the mobile.
        if index == 1 {
            details["email"] = "other@example.org".into();
        }
        assert_eq!(browser.confirm(app.key(), &hold, &details).await.status, 200);
    }
    let mut browser = app.browser();
    let third: Hold = browser.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(12, 0)).await.read();
    let mut same = details(1);
    browser.confirm(app.key(), &third, &same).await.problem(409, "too-many-bookings");
    same["email"] = "ADA1@Example.org".into();
    same["mobile"] = "0491 999 999".into();
    assert_eq!(browser.confirm(app.key(), &third, &same).await.status, 200, "one by that address so far");
    let elsewhere: Hold = browser.hold(app.key(), ELSEWHERE, LONG_ELSEWHERE, monday(14, 0)).await.read();
    let reply = browser.confirm(app.key(), &elsewhere, &details(1)).await;
    assert_eq!(reply.status, 200, "another practice counts for itself");
}

#[tokio::test]
async fn bookings_that_are_over_or_cancelled_count_no_longer() {
    let app = App::new().await;
    let mut browser = app.browser();
    let mut ids = Vec::new();
    for start in [monday(9, 0), monday(10, 0)] {
        let hold = app.hold(&mut browser, start).await;
        ids.push(browser.confirm(app.key(), &hold, &details(1)).await.read::<Confirmation>().appointment_id);
    }
    browser.cancel(ids[1], 1).await;
    let hold = app.hold(&mut browser, monday(11, 0)).await;
    assert_eq!(browser.confirm(app.key(), &hold, &details(1)).await.status, 200);
    app.advance_to(monday(9, 1));
    let hold = app.hold(&mut browser, wall(MONDAY, 13, 0)).await;
    assert_eq!(browser.confirm(app.key(), &hold, &details(1)).await.status, 200);
}

#[tokio::test]
async fn the_same_confirm_again_gets_the_same_reply() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let (key, details) = (app.key(), details(1));
    let first = browser.confirm(key, &hold, &details).await;
    app.advance(minutes(30));
    let again = browser.confirm(key, &hold, &details).await;
    let other_key = browser.confirm(app.key(), &hold, &details).await;
    // The ticket by which payments knows them is signed anew, and good for as long as the first was.
    let but_its_ticket = |reply: &Reply| {
        let mut body = reply.body.clone();
        let ticket = body.as_object_mut().unwrap().remove("payment_ticket");
        assert!(ticket.is_some_and(|ticket| ticket.is_object()), "{}", reply.body);
        body
    };
    for reply in [&first, &again, &other_key] {
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(but_its_ticket(reply), but_its_ticket(&first));
    }
    assert_eq!(app.count(WRITTEN).await, 8);
    let mut changed = details.clone();
    changed["email"] = "other@example.org".into();
    browser.confirm(key, &hold, &changed).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_confirm_without_a_key_is_refused() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
    browser.post(&path, None, &details(1)).await.problem(400, "idempotency-key-missing");
    assert_eq!(app.count(WRITTEN).await, 0);
}

#[tokio::test]
async fn nobody_else_can_confirm_a_hold() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let hold = app.hold(&mut owner, monday(10, 0)).await;
    app.hold(&mut other, monday(11, 0)).await;
    app.browser().confirm(app.key(), &hold, &details(1)).await.problem(404, "not-found");
    other.confirm(app.key(), &hold, &details(1)).await.problem(404, "not-found");
    // A manage session is no guest's cookie.
    let mut managing = app.browser();
    managing.cookies.push(("__Host-manage".to_owned(), "0".repeat(32)));
    managing.confirm(app.key(), &hold, &details(1)).await.problem(404, "not-found");
    assert_eq!(app.count(WRITTEN).await, 0);
}

#[tokio::test]
async fn another_browser_does_not_get_the_reply_by_the_key() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let hold = app.hold(&mut owner, monday(10, 0)).await;
    app.hold(&mut other, monday(11, 0)).await;
    let key = app.key();
    owner.confirm(key, &hold, &details(1)).await;
    other.confirm(key, &hold, &details(1)).await.problem(404, "not-found");
}

#[tokio::test]
async fn when_the_audit_row_cannot_be_written_nothing_is() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let mut admin = app.administrator().await;
    for statement in [
        "alter table bookings.audit_entry add constraint broken check (action <> 'confirm_hold')",
        "alter table bookings.audit_entry drop constraint broken",
    ] {
        let before = app.count(WRITTEN).await;
        assert_eq!(before, 0);
        sqlx::query(statement).execute(&mut admin).await.unwrap();
        if statement.contains("add") {
            let reply = browser.confirm(app.key(), &hold, &details(1)).await;
            let problem = reply.problem(503, "not-recorded");
            assert!(!format!("{problem:?}").contains("broken"), "{problem:?}");
        }
    }
    assert_eq!(app.count(WRITTEN).await, 0);
    assert_eq!(browser.find_hold(&hold).await.read::<Hold>().status, HoldStatus::Active);
    assert_eq!(browser.confirm(app.key(), &hold, &details(1)).await.status, 200);
    assert_eq!(app.count(WRITTEN).await, 8);
}
