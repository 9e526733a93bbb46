use jiff::Timestamp;
use kernel::{inbox, outbox::Envelope};
use serde::Serialize;
use shared_types::{
    BookingId, PractitionerRoleId, ResourceId, Zone,
    bookings::AppointmentTypes,
    payments::{PaymentStep, PaymentsEvent},
    providers::{ProvidersEvent, RoleFact},
    users::{SigningKey, UsersEvent},
};
use uuid::Uuid;

use crate::app::{App, ELSEWHERE, LONG, MONDAY, NOW, ORGANIZATION, RESOURCE, ROLE, consent_text, monday};

impl App {
    /// An event of another service, as the relay has it.
    pub fn envelope<E: Serialize>(&self, producer: &str, version: i64, event: &E) -> Envelope {
        let event = serde_json::to_value(event).unwrap();
        Envelope {
            event_id: self.core.id(),
            producer: producer.to_owned(),
            name: event["name"].as_str().unwrap().to_owned(),
            version: 1,
            aggregate: "test".to_owned(),
            aggregate_id: "test".to_owned(),
            aggregate_version: version,
            occurred_at: NOW.parse::<Timestamp>().unwrap(),
            request_id: None,
            body: event["body"].clone(),
        }
    }

    /// Hands an event over as the relay does.
    pub async fn receive<E: Serialize>(&self, producer: &str, version: i64, event: &E) {
        let envelope = self.envelope(producer, version, event);
        // Every event may come twice.
        for _ in 0..2 {
            inbox::receive(&self.core, &*self.subscriber, &envelope).await.unwrap();
        }
    }

    async fn name_of(&self, role: PractitionerRoleId) -> String {
        let path = format!("/api/v1/bookings/roles/{role}/appointment-types");
        self.browser().get(&path).await.read::<AppointmentTypes>().role.name
    }
}

/// A role as providers tell it.
pub fn fact(role: PractitionerRoleId, name: &str) -> RoleFact {
    RoleFact {
        practitioner_role_id: role,
        resource_id: RESOURCE,
        organization_id: Some(ORGANIZATION),
        slug: "dr-ada-nguyen".to_owned(),
        name: name.to_owned(),
        profession_name: None,
        discreet: true,
        organization_name: None,
        phone: None,
        address: "1 Wigram Street, Harris Park NSW 2150".to_owned(),
        point: None,
        time_zone: Zone::SYDNEY,
        state: "QLD".to_owned(),
        regions: vec!["qld-brisbane".to_owned()],
        bookable: true,
        unlisted: None,
    }
}

#[tokio::test]
async fn a_new_role_is_kept_with_its_holidays() {
    let app = App::new().await;
    let role = PractitionerRoleId(Uuid::from_u128(0x77));
    let fact = RoleFact { resource_id: ResourceId(Uuid::from_u128(0x78)), ..fact(role, "New") };
    app.receive("providers", 1, &ProvidersEvent::PractitionerRoleChanged(fact)).await;
    assert_eq!(app.name_of(role).await, "New");
    let scopes: Vec<String> =
        sqlx::query_scalar("select holiday_scopes from bookings.role where practitioner_role_id = $1")
            .bind(role.0)
            .fetch_one(&app.core.pool)
            .await
            .unwrap();
    assert_eq!(scopes, ["AU", "QLD", "qld-brisbane"]);
}

#[tokio::test]
async fn older_news_of_a_role_changes_nothing() {
    let app = App::new().await;
    for (version, name) in [(5, "Fifth"), (4, "Fourth"), (5, "Fifth again")] {
        app.receive("providers", version, &ProvidersEvent::PractitionerRoleChanged(fact(ROLE, name))).await;
        assert_eq!(app.name_of(ROLE).await, "Fifth");
    }
    app.receive("providers", 6, &ProvidersEvent::PractitionerRoleChanged(fact(ROLE, "Sixth"))).await;
    assert_eq!(app.name_of(ROLE).await, "Sixth");
}

#[tokio::test]
async fn a_role_that_closes_takes_no_new_bookings_and_keeps_what_it_has() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    let held = app.hold(&mut browser, monday(11, 0)).await;
    let closed = RoleFact { bookable: false, ..fact(ROLE, "Closed") };
    app.receive("providers", 9, &ProvidersEvent::PractitionerRoleChanged(closed)).await;
    browser.hold(app.key(), ROLE, LONG, monday(12, 0)).await.problem(409, "not-bookable");
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    app.change("update bookings.appointment_type set active = false where appointment_type_id = '00000000-0000-0000-0000-000000000021'")
        .await;
    app.confirm(&mut browser, &held).await;
    assert_eq!(browser.appointment(booked.appointment_id).await.role.name, "Closed");
    assert_eq!(browser.cancel(booked.appointment_id, 1).await.status, 200);
    assert_eq!(app.name_of(ELSEWHERE).await, "Dr Ada Nguyen");
}

#[tokio::test]
async fn texts_and_keys_of_users_are_kept_once() {
    let app = App::new().await;
    app.receive("users", 1, &UsersEvent::ConsentTextPublished(consent_text(2))).await;
    assert_eq!(app.count("select max(version)::bigint from bookings.consent_text").await, 2);
    let key = SigningKey {
        kid: "k".to_owned(),
        issuer: "users".to_owned(),
        public_key: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    };
    app.receive("users", 1, &UsersEvent::SigningKeyPublished(key)).await;
    assert_eq!(app.count("select count(*) from bookings.signing_key where issuer = 'users'").await, 1);
    assert_eq!(app.count("select count(*) from bookings.inbox").await, 2);
}

#[tokio::test]
async fn news_of_payments_is_taken_note_of() {
    let app = App::new().await;
    let (booking_id, step) = (BookingId(Uuid::from_u128(1)), PaymentStep::NotRequired);
    app.receive("payments", 1, &PaymentsEvent::PaymentStepCompleted { booking_id, step }).await;
    assert_eq!(app.count("select count(*) from bookings.inbox").await, 1);
}
