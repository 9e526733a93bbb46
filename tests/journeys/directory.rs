//! Listings from another directory: found, and not bookable.

use hellomapper::directory::{Import, import_fhir};
use hellomapper_tests::{Person, Running, running::workspace, until};
use reqwest::Method;
use serde_json::Value;
use shared_types::{
    bookings::AppointmentTypes,
    providers::{Origin, ProviderProfile, SearchReply},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_listing_is_found_and_cannot_be_booked() {
    let running = Running::start().await;
    let person = Person::new(&running.settings.public_url);
    let mut conn = running.database.connect("providers_migrate").await;
    let samples = workspace().join("backend/providers/tests/data/au-core.ndjson");
    let import = |name: &str| Import {
        dry_run: false,
        strict: false,
        report: running.settings.home.join("reports").join(name),
    };
    let core = running.providers_core();
    let first = import_fhir(&mut conn, &core, &samples, import("first.jsonl")).await.unwrap();
    assert!(first.created > 0, "{first:?}");
    assert!(first.report.exists());
    let again = import_fhir(&mut conn, &core, &samples, import("again.jsonl")).await.unwrap();
    assert_eq!((again.created, again.changed, again.unchanged), (0, 0, first.created), "{again:?}");

    let reply: SearchReply = person.get("/api/v1/providers/search?q=Bobrester").await;
    let found = reply.items.first().expect("the imported doctor");
    assert!(found.name.contains("Bobrester"), "{found:?}");
    assert!(!found.bookable);
    assert_eq!(found.next_free, []);
    let profile: ProviderProfile = person.get(&format!("/api/v1/providers/providers/{}", found.slug)).await;
    assert_eq!(profile.source.origin, Origin::Directory);
    let page = person.send(Method::GET, &format!("/providers/{}", found.slug), None::<&Value>).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains("Bobrester"), "{}", page.body);

    // Bookings learns of the role and offers nothing for it.
    let path = format!("/api/v1/bookings/roles/{}/appointment-types", found.practitioner_role_id);
    let types: AppointmentTypes = until("bookings to know the imported role", || async {
        let reply = person.send(Method::GET, &path, None::<&Value>).await;
        (reply.status == 200).then(|| reply.expect(200))
    })
    .await;
    assert!(!types.role.bookable);
    assert_eq!(types.items, []);
    running.quiet().await;
}
