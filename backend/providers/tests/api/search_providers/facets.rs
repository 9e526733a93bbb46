//! How many results each filter would leave.

use shared_types::providers::FacetCounts;

use crate::app::{App, Listing};

fn counts(pairs: &[(&str, u32)]) -> Option<FacetCounts> {
    let counts = pairs.iter().map(|(facet, count)| ((*facet).to_owned(), *count)).collect();
    Some(FacetCounts { counts, at_least: false })
}

#[tokio::test]
async fn facets_are_counted_among_the_matches_when_asked() {
    let app = App::new().await;
    let both = ["bulk_billing", "language:ar"];
    app.list(&Listing::new("Ada Example").facets(&both)).await;
    app.list(&Listing::new("Ben Example").facets(&["bulk_billing"]).free(&["2026-11-24T00:00:00Z"])).await;
    app.list(&Listing::new("Cy Example").profession("dentist").facets(&["wheelchair"])).await;
    app.list(&Listing::new("Nothing told")).await;
    app.list(&Listing::new("Too far away").facets(&both).north(15.0)).await;
    for (query, expected) in [
        ("near=Parramatta", counts(&[("bulk_billing", 2), ("language:ar", 1), ("wheelchair", 1)])),
        (
            "near=Parramatta&order=soonest&limit=1",
            counts(&[("bulk_billing", 2), ("language:ar", 1), ("wheelchair", 1)]),
        ),
        ("near=Parramatta&profession=physiotherapist", counts(&[("bulk_billing", 2), ("language:ar", 1)])),
        ("near=Parramatta&language=ar", counts(&[("bulk_billing", 1), ("language:ar", 1)])),
        ("near=Parramatta&q=ben", counts(&[("bulk_billing", 1)])),
        ("near=Parramatta&before=2026-11-25", counts(&[("bulk_billing", 1)])),
        ("near=Parramatta&wheelchair=true&bulk_billing=true", counts(&[])),
        (
            "bbox=150.9,-33.9,151.1,-33.75",
            counts(&[("bulk_billing", 2), ("language:ar", 1), ("wheelchair", 1)]),
        ),
        ("lat=-33.6786&lon=151.0034&radius_m=1000", counts(&[("bulk_billing", 1), ("language:ar", 1)])),
    ] {
        assert_eq!(app.search(&format!("{query}&facets=true")).await.facets, expected, "{query}");
        assert_eq!(app.search(query).await.facets, None, "{query}");
    }
}

#[tokio::test]
async fn where_coverage_decides_and_without_a_place_nothing_is_counted() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example").facets(&["home_visit"])).await;
    for query in ["near=Parramatta&home_visit=true", "q=ada", "profession=physiotherapist"] {
        assert_eq!(app.search(&format!("{query}&facets=true")).await.facets, None, "{query}");
    }
}

#[tokio::test]
async fn the_nearest_thousand_are_counted_and_more_is_said() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example").facets(&["bulk_billing"])).await;
    app.list(&Listing::new("The furthest").facets(&["wheelchair"]).north(5.0)).await;
    // The same 998 times more.
    let more = "insert into practitioner_role
        select (jsonb_populate_record(role, jsonb_build_object(
            'practitioner_role_id', gen_random_uuid(), 'slug', role.slug || nth, 'source_key', null
        ))).*
        from practitioner_role role cross join generate_series(1, $1) nth where slug = 'ada-example'";
    let query = "near=Parramatta&facets=true";
    sqlx::query(more).bind(998).execute(&app.core.pool).await.unwrap();
    let all = app.search(query).await.facets;
    assert_eq!(all, counts(&[("bulk_billing", 999), ("wheelchair", 1)]));
    sqlx::query("update practitioner_role set slug = slug || '-before' where slug <> 'ada-example'")
        .execute(&app.core.pool)
        .await
        .unwrap();
    sqlx::query(more).bind(5).execute(&app.core.pool).await.unwrap();
    let nearest = app.search(query).await.facets.unwrap();
    assert!(nearest.at_least);
    assert_eq!(nearest.words("wheelchair"), "0+", "the furthest is not among the nearest");
}
