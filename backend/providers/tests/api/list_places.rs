use shared_types::providers::{Place, PlaceKind, PlaceSuggestions};

use crate::app::{App, query};

async fn suggestions(app: &App, words: &str) -> Vec<Place> {
    let path = format!("/api/v1/providers/places?{}", query(&[("q", words)]));
    app.read::<PlaceSuggestions>(&path).await.items
}

async fn labels(app: &App, words: &str) -> Vec<String> {
    suggestions(app, words).await.into_iter().map(|place| place.label).collect()
}

#[tokio::test]
async fn the_place_meant_comes_first() {
    let app = App::new().await;
    for (words, label) in [
        ("Parramatta", "Parramatta NSW 2150"),
        ("  PARRAMATTA ", "Parramatta NSW 2150"),
        ("parram", "Parramatta NSW 2150"),
        ("2150", "Parramatta NSW 2150"),
        ("parramata", "Parramatta NSW 2150"),
        ("Paramatta NSW", "Parramatta NSW 2150"),
        ("Parramatta, NSW 2150", "Parramatta NSW 2150"),
        ("Mt Isa", "Mount Isa QLD 4825"),
        ("mt. isa qld", "Mount Isa QLD 4825"),
        ("St Kilda", "St Kilda VIC 3182"),
        ("St. Kilda", "St Kilda VIC 3182"),
        ("St Kilda SA", "St Kilda SA 5110"),
        ("Gold Coast", "Gold Coast QLD"),
        ("Kogarah", "Kogarah NSW 2217"),
        ("Saint Helena VIC", "Saint Helena VIC 3088"),
        ("Richmond", "Richmond VIC 3121"),
        ("Richmond Tasmania", "Richmond TAS 7025"),
        ("Eucla", "Eucla WA 6443"),
        ("Lord Howe Island", "Lord Howe Island NSW 2898"),
    ] {
        let found = labels(&app, words).await;
        assert_eq!(found.first().map(String::as_str), Some(label), "{words}: {found:?}");
    }
}

#[tokio::test]
async fn a_state_that_ends_a_name_is_part_of_the_name() {
    let app = App::new().await;
    for (words, label) in [
        ("Mount Victoria", "Mount Victoria NSW 2786"),
        ("Port Victoria", "Port Victoria SA 5573"),
        ("University of Tasmania", "University of Tasmania TAS 7005"),
        ("Mount Victoria NSW", "Mount Victoria NSW 2786"),
    ] {
        let found = labels(&app, words).await;
        assert_eq!(found.first().map(String::as_str), Some(label), "{words}: {found:?}");
    }
}

#[tokio::test]
async fn a_name_of_several_states_offers_them_all_the_largest_first() {
    let app = App::new().await;
    let found = labels(&app, "Richmond").await;
    assert_eq!(
        found[..6],
        [
            "Richmond VIC 3121",
            "Richmond NSW 2753",
            "Richmond SA 5033",
            "Richmond TAS 7025",
            "Richmond QLD 4822",
            "Richmond QLD 4740"
        ]
    );
}

#[tokio::test]
async fn every_place_of_a_postcode_is_offered() {
    let app = App::new().await;
    let found = labels(&app, "2150").await;
    assert_eq!(found, ["Parramatta NSW 2150", "Harris Park NSW 2150", "Parramatta Westfield NSW 2150"]);
    assert_eq!(labels(&app, "9999").await, [""; 0]);
}

#[tokio::test]
async fn a_suggestion_says_where_it_is_and_sent_back_it_means_itself() {
    let app = App::new().await;
    for words in
        ["Parramatta", "Gold Coast", "Port Victoria", "No. 4 Branch", "Home Island Cocos (Keeling) Islands"]
    {
        let place = suggestions(&app, words).await.swap_remove(0);
        assert_eq!(place.kind, PlaceKind::Locality);
        let reply = app.search(&query(&[("near", &place.label)])).await;
        let understood = reply.place.unwrap();
        assert_eq!(understood.slug, place.slug, "{words}");
        assert_eq!((understood.lat, understood.lon), (place.lat, place.lon));
    }
    let gold_coast = suggestions(&app, "Gold Coast").await.swap_remove(0);
    assert_eq!((gold_coast.postcode.as_str(), gold_coast.state.as_str()), ("", "QLD"));
}

#[tokio::test]
async fn at_most_eight_are_offered() {
    let app = App::new().await;
    assert_eq!(labels(&app, "s").await.len(), 8);
}

#[tokio::test]
async fn what_is_no_place_finds_nothing() {
    let app = App::new().await;
    for words in
        ["", "   ", "xqzzyvw", "%", "_", "\\", "%_%", "'", "\0", "ab\0cd", "' or '1'='1", "🦘", "日本", "..,"]
    {
        assert_eq!(labels(&app, words).await, [""; 0], "{words:?}");
    }
    assert_eq!(app.get("/api/v1/providers/places").await.body, r#"{"items":[]}"#);
}

#[tokio::test]
async fn more_than_a_hundred_characters_are_refused() {
    let app = App::new().await;
    assert_eq!(app.get(&format!("/api/v1/providers/places?q={}", "a".repeat(100))).await.status, 200);
    // Characters are counted, not bytes.
    assert_eq!(labels(&app, &"é".repeat(100)).await, [""; 0]);
    let problem = app.problem(&format!("/api/v1/providers/places?q={}", "a".repeat(101))).await;
    assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, "q"));
}
