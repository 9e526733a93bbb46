use jiff::SignedDuration;
use kernel::Service;
use serde_json::json;
use shared_types::{Zone, bookings::BookingsEvent};
use uuid::Uuid;

use super::details;
use crate::{World, browser::ADA};

async fn run(service: &Service, name: &str) -> u64 {
    service.jobs.iter().find(|job| job.name == name).unwrap().run_once().await.unwrap()
}

/// Moves the clock to the beginning of a day in Sydney.
fn on(world: &World, day: &str) {
    let day: jiff::civil::Date = day.parse().unwrap();
    let start = Zone::SYDNEY.start_of_day(day);
    world.core.clock.advance(start.duration_since(world.core.now()));
}

async fn registered(world: &World) -> Vec<(String, i64)> {
    sqlx::query_as("select record_class, row_count from users.destruction order by record_class")
        .fetch_all(&world.core.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_ended_is_kept_for_seven_years_and_then_goes() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    assert_eq!(browser.put("me/patient", details("1980-02-28", 1)).await.status, 200);
    let mut child = details("2020-03-10", 0);
    (child["kind"], child["statement"]) = (json!("child"), json!({"text": "parent-statement", "version": 1}));
    let added = browser.post("me/dependants", child).await.json();
    world.signs_in_anew(&browser, ADA).await;
    let path = format!("me/dependants/{}", added["patient"]["patient_id"].as_str().unwrap());
    assert_eq!(browser.delete(&path).await.status, 204);
    world
        .insert(
            "insert into users.access_grant (access_grant_id, account_id, patient_id, category, reason, granted_at, \
             expires_at) values (gen_random_uuid(), $1, $2, 'fault', 'Something of ours was broken then.', \
             '2026-11-22T00:00:00Z', '2026-11-22T01:00:00Z')",
            world.account_id(ADA).await,
            Uuid::from_u128(9),
        )
        .await;
    on(&world, "2033-11-22");
    assert_eq!(run(&service, "users.destroy_expired").await, 0, "the last of the seven years' days");
    on(&world, "2033-11-23");
    assert_eq!(run(&service, "users.destroy_expired").await, 3);
    assert_eq!(run(&service, "users.destroy_expired").await, 0);
    for table in ["delegation", "access_grant", "patient_history"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    assert_eq!(world.count("patient").await, 2, "what has not ended stays");
    assert_eq!(world.count("consent_receipt").await, 3, "and what it rests on");
    let one = |class: &str| (class.to_owned(), 1);
    assert_eq!(registered(&world).await, [one("access_grant"), one("delegation"), one("patient_history")]);
}

#[tokio::test]
async fn what_is_left_of_a_closed_account_goes_after_seven_years() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    assert_eq!(browser.post("me/erasure", json!({"email": ADA})).await.status, 202);
    on(&world, "2033-11-22");
    assert_eq!(run(&service, "users.destroy_expired").await, 0);
    on(&world, "2033-11-23");
    assert_eq!(run(&service, "users.destroy_expired").await, 2, "the account and its receipt");
    assert_eq!((world.count("account").await, world.count("consent_receipt").await), (0, 0));
    assert_eq!(world.count("erasure").await, 1, "the register stays");
}

#[tokio::test]
async fn notes_go_with_the_record_of_their_booking() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (booking, account) = (Uuid::from_u128(0xB0), Uuid::from_u128(0xA));
    for statement in [
        "insert into users.booking (booking_id, organization_id, starts_at, status, version) \
         values ($1, $2, now(), 'confirmed', 1)",
        "insert into users.note_thread (booking_id, organization_id, epoch, newest_at) values ($1, $2, 1, now())",
        "insert into users.sealed_note (note_id, version, booking_id, epoch, author_side, account_id, key_id, \
         padded_bytes, envelope, created_at) values ($1, 1, $1, 1, 'patient', $2, decode(repeat('07', 32), 'hex'), 1024, \
         'sealed', '2026-11-22T00:00:00Z')",
    ] {
        world.insert(statement, booking, account).await;
    }
    let event = BookingsEvent::BookingDestroyed { booking_id: booking.into() };
    world.told_by(&service, "bookings", &event).await;
    for table in ["booking", "note_thread", "sealed_note"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    assert_eq!(registered(&world).await, [("sealed_note".to_owned(), 1)]);
}

#[tokio::test]
async fn replies_are_kept_for_a_day() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    let invite =
        json!({"email": "bo@example.org", "scopes": ["details"], "expires_at": "2027-11-22T00:00:00Z"});
    assert_eq!(browser.post("me/delegations", invite).await.status, 202);
    world.core.clock.advance(SignedDuration::from_hours(24));
    run(&service, "users.forget_replies").await;
    assert_eq!(world.count("idempotency").await, 1);
    world.core.clock.advance(SignedDuration::from_secs(1));
    run(&service, "users.forget_replies").await;
    assert_eq!(world.count("idempotency").await, 0);
}
