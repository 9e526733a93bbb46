//! What bookings tells of free times and prices.

use jiff::{SignedDuration, Timestamp};
use kernel::{inbox, outbox::Envelope};
use shared_types::{
    AudCents, PractitionerRoleId,
    bookings::{Audience, BookingsEvent, NextFreeFact, NextFreeOfType},
    providers::ProviderProfile,
};
use uuid::Uuid;

use crate::app::{App, Listing, NOW, at};

/// One appointment type with its next starts.
pub fn offer(nth: u128, name: &str, audience: Audience, starts: &[&str]) -> NextFreeOfType {
    NextFreeOfType {
        appointment_type_id: Uuid::from_u128(nth).into(),
        name: name.to_owned(),
        duration_minutes: 30,
        price_cents: AudCents(9_000),
        bulk_billed: false,
        telehealth: false,
        audience,
        starts: starts.iter().map(|start| at(start)).collect(),
        notice_minutes: 0,
        valid_until: jiff::civil::date(2026, 12, 20),
        home_visit: None,
    }
}

pub fn changed(role: PractitionerRoleId, as_of: Timestamp, types: Vec<NextFreeOfType>) -> NextFreeFact {
    NextFreeFact { practitioner_role_id: role, as_of, types }
}

/// Hands the fact over as the relay does, under an id of its own.
pub async fn tell(app: &App, fact: &NextFreeFact) {
    receive(app, &envelope(app, fact)).await;
}

async fn receive(app: &App, envelope: &Envelope) {
    inbox::receive(&app.core, &*app.service.subscriber, envelope).await.unwrap();
}

fn envelope(app: &App, fact: &NextFreeFact) -> Envelope {
    let event = serde_json::to_value(BookingsEvent::NextFreeChanged(fact.clone())).unwrap();
    Envelope {
        event_id: app.core.id(),
        producer: "bookings".to_owned(),
        name: event["name"].as_str().unwrap().to_owned(),
        version: 1,
        aggregate: "practitioner_role".to_owned(),
        aggregate_id: fact.practitioner_role_id.to_string(),
        aggregate_version: 1,
        occurred_at: fact.as_of,
        request_id: None,
        body: event["body"].clone(),
    }
}

async fn profile(app: &App) -> ProviderProfile {
    app.read("/api/v1/providers/providers/ada-example").await
}

async fn starts(app: &App) -> Vec<Timestamp> {
    let reply = app.search("near=Parramatta").await;
    assert_eq!(reply.items[0].next_free, profile(app).await.summary.next_free);
    reply.items.into_iter().next().unwrap().next_free
}

#[tokio::test]
async fn what_is_newer_wins_and_what_is_older_is_ignored() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let (tuesday, wednesday, thursday) =
        ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z");
    let all = |start: &str| vec![offer(1, "Visit", Audience::All, &[start])];
    tell(&app, &changed(role, NOW, all(tuesday))).await;
    assert_eq!(starts(&app).await, [at(tuesday)]);
    let later = NOW + SignedDuration::from_secs(60);
    tell(&app, &changed(role, later, all(wednesday))).await;
    assert_eq!(starts(&app).await, [at(wednesday)]);
    tell(&app, &changed(role, later - SignedDuration::from_secs(1), all(thursday))).await;
    assert_eq!(starts(&app).await, [at(wednesday)]);
    tell(&app, &changed(role, later + SignedDuration::from_secs(1), Vec::new())).await;
    assert_eq!(starts(&app).await, []);
    assert!(profile(&app).await.fees.is_empty());
}

#[tokio::test]
async fn a_repeat_is_harmless() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let fact = changed(role, NOW, vec![offer(1, "Visit", Audience::All, &["2026-11-24T00:00:00Z"])]);
    let told = envelope(&app, &fact);
    for _ in 0..3 {
        receive(&app, &told).await;
    }
    // The same fact under another id, as a republication tells it.
    tell(&app, &fact).await;
    assert_eq!(starts(&app).await.len(), 1);
    assert_eq!(profile(&app).await.fees.len(), 1);
}

#[tokio::test]
async fn prices_are_replaced_as_a_whole_and_in_the_practices_order() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let fees = async || -> Vec<(String, i64)> {
        let fees = profile(&app).await.fees;
        fees.into_iter().map(|fee| (fee.name, fee.price_cents.0)).collect()
    };
    let visits =
        vec![offer(3, "First visit", Audience::New, &[]), offer(1, "Visit", Audience::Existing, &[])];
    tell(&app, &changed(role, NOW, visits)).await;
    assert_eq!(fees().await, [("First visit".to_owned(), 9_000), ("Visit".to_owned(), 9_000)]);
    let mut dearer = offer(1, "Visit, now longer", Audience::All, &[]);
    dearer.price_cents = AudCents(12_000);
    tell(&app, &changed(role, NOW + SignedDuration::from_secs(1), vec![dearer])).await;
    assert_eq!(fees().await, [("Visit, now longer".to_owned(), 12_000)]);
}

#[tokio::test]
async fn the_next_eight_that_a_new_patient_may_book_are_kept() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let day = |day: i8| format!("2026-12-{day:02}T00:00:00Z");
    let days = |range: std::ops::RangeInclusive<i8>| range.map(day).collect::<Vec<_>>();
    let (new, all, existing) = (days(3..=8), days(5..=12), days(1..=2));
    let list = |starts: &[String]| starts.iter().map(|start| at(start)).collect::<Vec<_>>();
    let of = |nth, audience, starts: &[String]| NextFreeOfType {
        starts: list(starts),
        ..offer(nth, "Visit", audience, &[])
    };
    let types =
        vec![of(1, Audience::New, &new), of(2, Audience::All, &all), of(3, Audience::Existing, &existing)];
    tell(&app, &changed(role, NOW, types)).await;
    assert_eq!(starts(&app).await, list(&days(3..=10)));
    // Where new patients are not taken, those of the others are better than none.
    let types = vec![of(1, Audience::New, &[]), of(3, Audience::Existing, &existing)];
    tell(&app, &changed(role, NOW, types)).await;
    assert_eq!(starts(&app).await, list(&existing));
}

#[tokio::test]
async fn a_fact_of_somebody_unknown_is_passed_over() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example")).await;
    let visits = vec![offer(1, "Visit", Audience::All, &["2026-11-24T00:00:00Z"])];
    tell(&app, &changed(Uuid::from_u128(404).into(), NOW, visits)).await;
    assert_eq!(starts(&app).await, []);
}

#[tokio::test]
async fn a_time_is_shown_until_its_notice_begins() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let (soon, later) = (NOW + SignedDuration::from_hours(2), NOW + SignedDuration::from_hours(3));
    let with_notice = |nth, notice_minutes, starts: &[Timestamp]| NextFreeOfType {
        notice_minutes,
        starts: starts.to_vec(),
        ..offer(nth, "Visit", Audience::All, &[])
    };
    // The second type can be booked until an hour before, and only its time is left when the day's first has come too near.
    let types = vec![with_notice(1, 120, &[soon, later]), with_notice(2, 60, &[later])];
    tell(&app, &changed(role, NOW - SignedDuration::from_secs(1), types)).await;
    assert_eq!(starts(&app).await, [later]);
}
