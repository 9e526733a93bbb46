use jiff::SignedDuration;
use kernel::{inbox, outbox::Envelope};
use shared_types::{
    OrganizationId,
    payments::{PaymentsEvent, PracticeAccountFact, practice::OnboardingStatus},
    providers::{Origin, PracticeProfile},
};

use crate::app::{App, Listing, NOW, names};

fn path(slug: &str) -> String {
    format!("/api/v1/providers/practices/{slug}")
}

#[tokio::test]
async fn a_practice_says_where_it_is_and_who_works_there() {
    let app = App::new().await;
    app.list(&Listing::new("Bruce Example")).await;
    app.list(&Listing::new("Ada Example").north(2.0).town("Northmead", "NSW", "2152")).await;
    app.list(&Listing::new("Somebody Else").practice("Elsewhere")).await;
    let practice: PracticeProfile = app.read(&path("banksia-clinic")).await;
    assert_eq!(practice.organization.name, "Banksia Clinic");
    assert_eq!(practice.organization.phone.as_deref(), Some("(02) 5550 0000"));
    assert_eq!(practice.website.as_deref(), Some("https://example.org"));
    assert_eq!(practice.as_of, NOW);
    assert_eq!(names(&practice.practitioners), ["Ada Example", "Bruce Example"]);
    let mut suburbs: Vec<_> = practice.locations.iter().map(|location| location.suburb.as_str()).collect();
    suburbs.sort_unstable();
    assert_eq!(suburbs, ["Northmead", "Parramatta"]);
    assert!(practice.locations.iter().all(|location| location.time_zone.name() == "Australia/Sydney"));
    assert_eq!(practice.opening_hours.len(), 1);
    assert_eq!(practice.source.origin, Origin::Practice);
}

#[tokio::test]
async fn a_practice_known_by_its_suburb_is_approximate() {
    let app = App::new().await;
    app.list(&Listing::new("Imported Person").practice("Imported Clinic").imported()).await;
    let practice: PracticeProfile = app.read(&path("imported-clinic")).await;
    assert!(practice.locations[0].approximate);
    assert_eq!(practice.locations[0].line, None);
    assert_eq!(practice.source.origin, Origin::Directory);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example")).await;
    for slug in ["nobody", "BANKSIA-CLINIC", "banksia-clinic%00", "%27--"] {
        let problem = app.problem(&path(slug)).await;
        assert!(problem.is("not-found"), "{slug}: {problem:?}");
    }
    sqlx::query("update organization set active = false").execute(&app.core.pool).await.unwrap();
    assert_eq!(app.problem(&path("banksia-clinic")).await.status, 404);
}

/// Payments tells what the practice says of bulk billing.
async fn attest(app: &App, organization_id: OrganizationId, everything: bool, version: i64) {
    let fact = PracticeAccountFact {
        organization_id,
        status: OnboardingStatus::None,
        bulk_bills_everything: everything,
        attested_at: everything.then_some(NOW),
    };
    let event = serde_json::to_value(PaymentsEvent::PracticeAccountChanged(fact)).unwrap();
    let envelope = Envelope {
        event_id: app.core.id(),
        producer: "payments".to_owned(),
        name: event["name"].as_str().unwrap().to_owned(),
        version: 1,
        aggregate: "practice_account".to_owned(),
        aggregate_id: organization_id.to_string(),
        aggregate_version: version,
        occurred_at: NOW,
        request_id: None,
        body: event["body"].clone(),
    };
    inbox::receive(&app.core, &*app.service.subscriber, &envelope).await.unwrap();
}

#[tokio::test]
async fn a_practice_that_says_it_bulk_bills_everything_shows_it_with_the_day_for_a_year() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example")).await;
    let day = async || app.read::<PracticeProfile>(&path("banksia-clinic")).await.bulk_bills_as_of;
    let practice: PracticeProfile = app.read(&path("banksia-clinic")).await;
    let id = practice.organization.organization_id;
    assert_eq!(day().await, None);
    attest(&app, id, true, 2).await;
    assert_eq!(day().await, Some(shared_types::Zone::SYDNEY.date(NOW)));
    attest(&app, id, false, 1).await;
    assert!(day().await.is_some(), "what is older is ignored");
    app.core.clock.advance(SignedDuration::from_hours(24 * 366));
    assert_eq!(day().await, None);
    attest(&app, id, false, 3).await;
    assert_eq!(day().await, None);
}
