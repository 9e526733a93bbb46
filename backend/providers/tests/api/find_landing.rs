use shared_types::providers::Landing;

use crate::app::{App, Listing, names};

fn path(profession: &str, locality: &str) -> String {
    format!("/api/v1/providers/landing/{profession}/{locality}")
}

#[tokio::test]
async fn a_landing_page_is_a_search_with_its_neighbours() {
    let app = App::new().await;
    app.list(&Listing::new("Near Example").north(0.3)).await;
    app.list(&Listing::new("Far Example").north(9.0)).await;
    app.list(&Listing::new("Dentist Example").profession("dentist")).await;
    let landing: Landing = app.read(&path("physiotherapist", "parramatta-nsw-2150")).await;
    assert_eq!(landing.profession.plural, "Physiotherapists");
    assert_eq!(landing.place.label, "Parramatta NSW 2150");
    assert_eq!(names(&landing.results.items), ["Near Example", "Far Example"]);
    assert_eq!(landing.results.place.unwrap().slug, landing.place.slug);
    assert_eq!(landing.results.radius_m, Some(10_000));
    assert!(landing.nearby.iter().any(|place| place.name == "Harris Park"));
    assert!(landing.nearby.len() <= 8);
    assert!(
        landing.nearby.iter().all(|place| place.slug != landing.place.slug && !place.postcode.is_empty())
    );
}

#[tokio::test]
async fn neighbours_are_only_those_with_somebody_to_find() {
    let app = App::new().await;
    app.list(&Listing::new("Dentist Example").profession("dentist")).await;
    let landing: Landing = app.read(&path("physiotherapist", "parramatta-nsw-2150")).await;
    assert!(landing.results.items.is_empty());
    assert!(landing.nearby.is_empty());
}

#[tokio::test]
async fn a_landing_page_is_about_the_place_in_its_address() {
    let app = App::new().await;
    for slug in [
        "richmond-tas-7025",
        "richmond-qld-4740",
        "springfield-vic-3544",
        "gold-coast-qld",
        "mount-victoria-nsw-2786",
        "port-victoria-sa-5573",
        "university-of-tasmania-tas-7005",
        "no-4-branch-qld-4856",
    ] {
        let landing: Landing = app.read(&path("podiatrist", slug)).await;
        assert_eq!(landing.place.slug.as_deref(), Some(slug));
        assert_eq!(landing.results.place.unwrap().slug.as_deref(), Some(slug));
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = App::new().await;
    for (profession, locality) in [
        ("wizard", "parramatta-nsw-2150"),
        ("physio", "parramatta-nsw-2150"),
        ("physiotherapist", "parramatta"),
        ("physiotherapist", "Parramatta-NSW-2150"),
        ("physiotherapist", "parramatta-nsw-2150%00"),
        ("%00", "%00"),
    ] {
        let problem = app.problem(&path(profession, locality)).await;
        assert!(problem.is("not-found"), "{profession}/{locality}: {problem:?}");
        assert_eq!(problem.status, 404);
    }
}
