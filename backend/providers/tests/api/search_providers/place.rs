//! Which place is meant and how far around it is looked.

use shared_types::providers::PlaceKind;

use crate::app::{App, Listing, names, query};

#[tokio::test]
async fn words_points_and_windows_find_the_same_people() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example").north(1.0)).await;
    app.list(&Listing::new("Perth Person").point(-31.95, 115.86).town("Perth", "WA", "6000")).await;
    for (query, kind) in [
        ("near=Parramatta", PlaceKind::Locality),
        ("near=2150", PlaceKind::Locality),
        ("near=parramata", PlaceKind::Locality),
        ("lat=-33.81&lon=151.00", PlaceKind::Coordinates),
        ("bbox=150.9,-33.9,151.1,-33.7", PlaceKind::Window),
    ] {
        let reply = app.search(query).await;
        assert_eq!(names(&reply.items), ["Ada Example"], "{query}");
        assert_eq!(reply.place.unwrap().kind, kind, "{query}");
        assert!(reply.items[0].distance_m.is_some());
    }
    let everywhere = app.search("").await;
    assert_eq!(everywhere.items.len(), 2);
    assert_eq!(everywhere.place, None);
    assert_eq!(everywhere.items[0].distance_m, None);
}

#[tokio::test]
async fn a_misspelt_place_is_corrected_and_says_so() {
    let app = App::new().await;
    for typed in ["parramata", "Paramatta NSW"] {
        let place = app.search(&query(&[("near", typed)])).await.place.unwrap();
        assert_eq!(place.label, "Parramatta NSW 2150");
        assert_eq!(place.corrected_from.as_deref(), Some(typed));
    }
    let place = app.search("near=Parramatta").await.place.unwrap();
    assert_eq!(place.corrected_from, None);
}

#[tokio::test]
async fn a_name_of_several_states_offers_the_others() {
    let app = App::new().await;
    let reply = app.search("near=Richmond").await;
    assert_eq!(reply.place.unwrap().label, "Richmond VIC 3121");
    let others: Vec<_> = reply.other_places.iter().map(|place| place.label.as_str()).collect();
    assert_eq!(others, ["Richmond NSW 2753", "Richmond SA 5033", "Richmond TAS 7025", "Richmond QLD 4822"]);
    for query in ["near=Richmond+TAS", "near=7025+Richmond", "near=Richmond,+Tasmania"] {
        let reply = app.search(query).await;
        assert_eq!(reply.place.unwrap().label, "Richmond TAS 7025", "{query}");
        assert!(reply.other_places.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn a_place_that_does_not_exist_is_refused_by_name() {
    let app = App::new().await;
    for near in ["Atlantis Xqzzy", "9999", "\0", "%", "日本"] {
        let problem = app.search_problem(&query(&[("near", near)])).await;
        assert!(problem.is("place-not-found"), "{near:?}: {problem:?}");
        assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, "near"));
    }
}

#[tokio::test]
async fn ten_kilometres_unless_told_otherwise() {
    let app = App::new().await;
    for kilometres in [0.5, 9.5, 10.5, 49.0, 51.0] {
        app.list(&Listing::new(&format!("At {kilometres}")).north(kilometres)).await;
    }
    for (query, found, radius) in [
        ("near=Parramatta", 2, 10_000),
        ("near=Parramatta&radius_m=100", 0, 100),
        ("near=Parramatta&radius_m=1000", 1, 1_000),
        ("near=Parramatta&radius_m=50000", 4, 50_000),
        ("lat=-33.81356&lon=151.00341&radius_m=200000", 5, 200_000),
    ] {
        let reply = app.search(query).await;
        assert_eq!(reply.items.len(), found, "{query}");
        assert_eq!(reply.radius_m, Some(radius), "{query}");
    }
    assert_eq!(app.search("bbox=150.9,-33.9,151.1,-33.7").await.radius_m, None);
}

#[tokio::test]
async fn a_listing_without_a_place_is_found_by_words_only() {
    let app = App::new().await;
    let nowhere =
        Listing { point: None, ..Listing::new("Nowhere Person").facets(&["telehealth"]).imported() };
    app.list(&nowhere).await;
    app.list(&Listing::new("Ada Example").facets(&["telehealth"])).await;
    assert_eq!(app.found("q=nowhere").await, ["Nowhere Person"]);
    for query in [
        "near=Parramatta",
        "near=Parramatta&telehealth=true",
        "near=Parramatta&telehealth=true&order=soonest",
        "bbox=140,-40,155,-20",
    ] {
        assert_eq!(app.found(query).await, ["Ada Example"], "{query}");
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let app = App::new().await;
    for (query, pointer) in [
        ("lat=-33.8", "lon"),
        ("lon=151", "lat"),
        ("lat=-91&lon=151", "lat"),
        ("lat=NaN&lon=151", "lat"),
        ("lat=x&lon=151", "lat"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=151,-33,150,-34", "bbox"),
        ("radius_m=99", "radius_m"),
        ("radius_m=200001", "radius_m"),
        ("radius_m=1e3", "radius_m"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("zoom=20", "zoom"),
        ("order=best", "order"),
        ("gender=unknown", "gender"),
        ("before=soon", "before"),
        ("before=2026-02-30", "before"),
        ("bulk_billing=maybe", "bulk_billing"),
        ("language=a%27b", "language"),
        ("profession=wizard", "profession"),
        ("profession=%00", "profession"),
    ] {
        let problem = app.search_problem(query).await;
        assert!(problem.is("invalid"), "{query}: {problem:?}");
        assert_eq!(problem.status, 422);
        let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer], "{query}");
    }
    let long = "a".repeat(101);
    for name in ["near", "q", "profession"] {
        let problem = app.search_problem(&query(&[(name, &long)])).await;
        assert_eq!(problem.errors[0].pointer, name);
    }
    let problem = app.search_problem("limit=0&order=best&lat=1").await;
    assert_eq!(problem.errors.len(), 3);
}
