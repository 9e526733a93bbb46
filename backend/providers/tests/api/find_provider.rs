use shared_types::{
    AudCents, PractitionerRoleId,
    bookings::Audience,
    providers::{Origin, ProviderProfile, Regulation, SchemaOrg},
};
use uuid::Uuid;

use crate::{
    app::{App, Listing, NOW, names},
    next_free_changed::{changed, offer, tell},
};

fn path(slug: &str) -> String {
    format!("/api/v1/providers/providers/{slug}")
}

async fn offers_service(app: &App, role: PractitionerRoleId, name: &str) {
    let id = Uuid::from_u128(77);
    sqlx::query(
        "insert into healthcare_service (healthcare_service_id, name, origin, created_at, updated_at)
         values ($1, $2, 'practice', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z')",
    )
    .bind(id)
    .bind(name)
    .execute(&app.core.pool)
    .await
    .unwrap();
    sqlx::query(
        "update practitioner_role set healthcare_service_ids = array[$2] where practitioner_role_id = $1",
    )
    .bind(role.0)
    .bind(id)
    .execute(&app.core.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_profile_says_who_where_when_and_how_much() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example").facets(&["telehealth"])).await;
    app.list(&Listing::new("Colleague Example").north(0.5)).await;
    app.list(&Listing::new("Rival Example").practice("Elsewhere")).await;
    offers_service(&app, role, "Hand therapy").await;
    let mut video = offer(2, "Video consultation", Audience::All, &["2026-11-24T00:00:00Z"]);
    (video.price_cents, video.bulk_billed, video.telehealth) = (AudCents(0), true, true);
    tell(&app, &changed(role, NOW, vec![offer(1, "First visit", Audience::New, &[]), video])).await;

    let profile: ProviderProfile = app.read(&path("ada-example")).await;
    assert_eq!(profile.summary.practitioner_role_id, role);
    assert_eq!((profile.summary.name.as_str(), profile.summary.distance_m), ("Ada Example", None));
    assert_eq!(profile.summary.next_free, ["2026-11-24T00:00:00Z".parse().unwrap()]);
    assert_eq!(profile.as_of, NOW);
    assert_eq!(profile.regulation, Some(Regulation::Registered));
    let physiotherapy = || "Physiotherapy".to_owned();
    let named = SchemaOrg { kind: physiotherapy(), specialty: Some(physiotherapy()) };
    assert_eq!(profile.schema_org, Some(named));
    assert_eq!(profile.ahpra_number.as_deref(), Some("PHY0001234567"));
    assert_eq!(profile.about.as_deref(), Some("Listens first."));
    assert_eq!(profile.services, ["Hand therapy"]);
    assert_eq!(profile.opening_hours[0].weekday, 1);
    assert_eq!(profile.opening_hours[0].opens, jiff::civil::time(8, 30, 0, 0));
    let fees: Vec<_> =
        profile.fees.iter().map(|fee| (fee.name.as_str(), fee.price_cents.0, fee.bulk_billed)).collect();
    assert_eq!(fees, [("First visit", 9_000, false), ("Video consultation", 0, true)]);
    assert_eq!(names(&profile.colleagues), ["Colleague Example"]);
    assert_eq!(profile.source.origin, Origin::Practice);
    assert_eq!(profile.source.checked_on, jiff::civil::date(2026, 11, 20));
}

#[tokio::test]
async fn an_imported_listing_without_a_place_has_a_page_too() {
    let app = App::new().await;
    let nowhere = Listing { point: None, profession: None, ..Listing::new("Nowhere Person").imported() };
    app.list(&nowhere).await;
    let profile: ProviderProfile = app.read(&path("nowhere-person")).await;
    assert_eq!(profile.summary.location, None);
    assert_eq!(profile.summary.profession, None);
    assert_eq!((profile.regulation, profile.schema_org), (None, None));
    assert!(!profile.summary.bookable);
    assert_eq!(profile.source.origin, Origin::Directory);
    assert!(profile.fees.is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    for slug in
        ["nobody", "Ada-Example", "ada-example%00", "%27%20or%20true", "%F0%9F%A6%98", "..%2f..", "%25"]
    {
        let problem = app.problem(&path(slug)).await;
        assert!(problem.is("not-found"), "{slug}: {problem:?}");
        assert_eq!(problem.status, 404);
    }
    sqlx::query("update practitioner_role set active = false where practitioner_role_id = $1")
        .bind(role.0)
        .execute(&app.core.pool)
        .await
        .unwrap();
    assert_eq!(app.problem(&path("ada-example")).await.status, 404);
}
