//! Which listings a filter lets through.

use crate::app::{App, Listing, query};

#[tokio::test]
async fn each_fact_is_a_filter() {
    let app = App::new().await;
    let facets = [
        "bulk_billing",
        "telehealth",
        "wheelchair",
        "new_patients",
        "language:ar",
        "gender:female",
        "gender:male",
        "language:zh",
    ];
    for facet in facets {
        app.list(&Listing::new(facet).facets(&[facet])).await;
    }
    app.list(&Listing::new("all of it").facets(&facets)).await;
    app.list(&Listing::new("nothing told")).await;
    for (name, value, only) in [
        ("bulk_billing", "true", "bulk_billing"),
        ("telehealth", "1", "telehealth"),
        ("wheelchair", "on", "wheelchair"),
        ("new_patients", "true", "new_patients"),
        ("language", "ar", "language:ar"),
        ("language", "zh", "language:zh"),
        ("gender", "female", "gender:female"),
        ("gender", "male", "gender:male"),
    ] {
        let mut found = app.found(&query(&[("near", "Parramatta"), (name, value)])).await;
        found.sort();
        let mut expected = [only, "all of it"];
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}={value}");
    }
    let both = "near=Parramatta&bulk_billing=true&wheelchair=true&language=ar&gender=female&new_patients=on";
    assert_eq!(app.found(both).await, ["all of it"]);
    assert_eq!(app.found("near=Parramatta&language=xx").await, [""; 0]);
    assert_eq!(app.found("near=Parramatta&bulk_billing=false").await.len(), 10);
}

#[tokio::test]
async fn telehealth_is_the_whole_state_whatever_the_distance() {
    let app = App::new().await;
    let seen_by = |name: &str, lat, lon, town: (&str, &str, &str)| {
        Listing::new(name).facets(&["telehealth"]).point(lat, lon).town(town.0, town.1, town.2)
    };
    app.list(&seen_by("Broken Hill", -31.9539, 141.4539, ("Broken Hill", "NSW", "2880"))).await;
    app.list(&seen_by("Parramatta", -33.8136, 151.0034, ("Parramatta", "NSW", "2150"))).await;
    // Nearer to Albury than Sydney is, on the other bank of the Murray.
    app.list(&seen_by("Wodonga", -36.1217, 146.8881, ("Wodonga", "VIC", "3690"))).await;
    app.list(&Listing::new("In person only").north(300.0)).await;
    for query in [
        "near=Albury&telehealth=true",
        "lat=-36.07&lon=146.91&telehealth=true",
        "near=Albury&telehealth=true&radius_m=100",
    ] {
        let reply = app.search(query).await;
        let found: Vec<_> = reply.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(found, ["Parramatta", "Broken Hill"], "{query}");
        assert_eq!(reply.radius_m, None);
        assert!(reply.items[0].distance_m.unwrap() > 400_000.0);
    }
}

#[tokio::test]
async fn home_visits_come_where_the_coverage_contains_the_place() {
    let app = App::new().await;
    let square = |west: f64, south: f64, east: f64, north: f64| {
        Some(format!(
            "SRID=4326;POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        ))
    };
    let visits = |name: &str, covers| Listing { covers, ..Listing::new(name).facets(&["home_visit"]) };
    // Works next door and does not come here.
    app.list(&visits("Next door", square(151.02, -33.83, 151.10, -33.75))).await;
    // Works fifty kilometres away and comes here.
    app.list(&visits("From afar", square(150.9, -33.9, 151.1, -33.3)).north(50.0)).await;
    app.list(&visits("Says so without an area", None)).await;
    app.list(&Listing { covers: square(150.9, -33.9, 151.1, -33.7), ..Listing::new("Area without a fact") })
        .await;
    assert_eq!(app.found("near=Parramatta&home_visit=true").await, ["From afar"]);
    assert_eq!(app.found("lat=-33.8&lon=151.05&home_visit=true").await, ["Next door", "From afar"]);
    assert_eq!(app.found("near=Parramatta&home_visit=true&order=soonest").await, ["From afar"]);
    assert_eq!(app.found("near=Parramatta&home_visit=true&radius_m=20000").await, [""; 0]);
    assert_eq!(app.found("near=Perth+WA&home_visit=true").await, [""; 0]);
}

#[tokio::test]
async fn a_date_keeps_those_free_on_or_before_it() {
    let app = App::new().await;
    app.list(&Listing::new("Monday").free(&["2026-11-23T05:00:00Z", "2026-11-30T05:00:00Z"])).await;
    app.list(&Listing::new("Tuesday").free(&["2026-11-24T05:00:00Z"]).north(1.0)).await;
    // Monday's last minute on the wall in Sydney is not yet Tuesday.
    app.list(&Listing::new("Monday night").free(&["2026-11-23T12:59:00Z"]).north(2.0)).await;
    app.list(&Listing::new("Already past").free(&["2026-11-22T21:00:00Z"]).north(3.0)).await;
    app.list(&Listing::new("Never").north(4.0)).await;
    for (before, found) in [
        ("2026-11-22", &[][..]),
        ("2026-11-23", &["Monday", "Monday night"][..]),
        ("2026-11-24", &["Monday", "Tuesday", "Monday night"][..]),
        ("2027-11-24", &["Monday", "Tuesday", "Monday night"][..]),
    ] {
        for order in ["distance", "soonest"] {
            let mut names =
                app.found(&query(&[("near", "Parramatta"), ("before", before), ("order", order)])).await;
            let mut found = found.to_vec();
            names.sort();
            found.sort_unstable();
            assert_eq!(names, found, "{before} {order}");
        }
    }
}

#[tokio::test]
async fn a_date_ends_at_midnight_of_the_place() {
    let app = App::new().await;
    // Half past eleven on Monday night in Perth: Tuesday in Sydney.
    let perth = Listing::new("Perth").point(-31.9523, 115.8613).town("Perth", "WA", "6000");
    app.list(&perth.clone().free(&["2026-11-23T15:30:00Z"])).await;
    assert_eq!(app.found("lat=-31.95&lon=115.86&before=2026-11-23").await, ["Perth"]);
    assert_eq!(app.found("lat=-31.95&lon=115.86&before=2026-11-22").await, [""; 0]);
    app.list(&Listing { name: "Later".to_owned(), ..perth }.free(&["2026-11-23T16:00:00Z"])).await;
    assert_eq!(app.found("lat=-31.95&lon=115.86&before=2026-11-23").await, ["Perth"]);
}

#[tokio::test]
async fn those_who_left_are_not_found() {
    let app = App::new().await;
    let id = app.list(&Listing::new("Ada Example")).await;
    sqlx::query("update practitioner_role set active = false where practitioner_role_id = $1")
        .bind(id.0)
        .execute(&app.core.pool)
        .await
        .unwrap();
    for query in ["near=Parramatta", "q=ada", "order=soonest", "bbox=150.9,-33.9,151.1,-33.7&zoom=12"] {
        assert_eq!(app.found(query).await, [""; 0], "{query}");
    }
}
