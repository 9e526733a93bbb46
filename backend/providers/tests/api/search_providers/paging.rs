//! Page after page, every result once.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use shared_types::{PractitionerRoleId, providers::ProviderSummary};

use crate::app::{App, Listing, NOW};

/// Every page to the last.
async fn walk(app: &App, query: &str) -> Vec<ProviderSummary> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    for _ in 0..1_000 {
        let reply = app.search(&format!("{query}&cursor={cursor}")).await;
        items.extend(reply.items);
        match reply.next {
            Some(next) => cursor = next,
            None => return items,
        }
    }
    panic!("{query} does not end");
}

/// Few points and few starts, so that many are equally far and equally soon.
fn random_listing(chance: &mut ChaCha20Rng, nth: usize) -> Listing {
    let (row, column) = (chance.random_range(0..5), chance.random_range(0..5));
    let listing = Listing::new(&format!("Person {nth}"))
        .point(-33.85 + f64::from(row) * 0.02, 150.96 + f64::from(column) * 0.02);
    let starts = (0..chance.random_range(0..3)).map(|_| {
        let hours = chance.random_range(-3..6);
        NOW + SignedDuration::from_hours(hours)
    });
    let mut free: Vec<Timestamp> = starts.collect();
    free.sort();
    if chance.random_bool(0.2) { listing.imported() } else { Listing { free, ..listing } }
}

#[tokio::test]
async fn pages_walk_every_result_exactly_once_in_order() {
    for seed in 0..4 {
        let app = App::new().await;
        let mut chance = ChaCha20Rng::seed_from_u64(seed);
        let mut listed: HashMap<PractitionerRoleId, Listing> = HashMap::new();
        for nth in 0..90 {
            let listing = random_listing(&mut chance, nth);
            listed.insert(app.list(&listing).await, listing);
        }
        let limit = chance.random_range(1..=25);
        for place in
            ["near=Parramatta&radius_m=20000", "bbox=150.9,-33.9,151.1,-33.7", "near=2150&profession=physio"]
        {
            let items = walk(&app, &format!("{place}&limit={limit}")).await;
            assert_eq!(items.len(), listed.len(), "seed {seed}, {limit} a page, {place}");
            let keys: Vec<_> =
                items.iter().map(|item| (item.distance_m.unwrap(), item.practitioner_role_id.0)).collect();
            assert!(keys.is_sorted_by(|a, b| a < b), "seed {seed}, {limit} a page, {place}");
        }

        let key = |id: PractitionerRoleId| {
            let listing = &listed[&id];
            let first = listing.free.iter().find(|start| **start > NOW).copied();
            (!listing.bookable, first.is_none(), first, id.0)
        };
        let mut expected: Vec<_> = listed.keys().map(|id| key(*id)).collect();
        expected.sort();
        for place in ["near=Parramatta&radius_m=20000", "bbox=150.9,-33.9,151.1,-33.7", ""] {
            let items = walk(&app, &format!("{place}&order=soonest&limit={limit}")).await;
            let keys: Vec<_> = items.iter().map(|item| key(item.practitioner_role_id)).collect();
            assert_eq!(keys, expected, "seed {seed}, {limit} a page, {place}");
        }
    }
}

#[tokio::test]
async fn a_state_is_walked_to_its_end_although_some_have_no_place() {
    let app = App::new().await;
    for nth in 0..7 {
        let listing = Listing::new(&format!("Person {nth}")).facets(&["telehealth"]).imported();
        let listing = if nth % 2 == 0 { Listing { point: None, ..listing } } else { listing };
        app.list(&listing).await;
    }
    for order in ["distance", "soonest"] {
        for limit in 1..5 {
            let items = walk(&app, &format!("near=Albury&telehealth=true&order={order}&limit={limit}")).await;
            assert_eq!(items.len(), 3, "{order} {limit}");
        }
    }
}

#[tokio::test]
async fn a_page_holds_what_was_asked_for() {
    let app = App::new().await;
    for nth in 0..101 {
        app.list(&Listing::new(&format!("Person {nth}"))).await;
    }
    for (query, items, more) in [
        ("near=2150", 20, true),
        ("near=2150&limit=1", 1, true),
        ("near=2150&limit=100", 100, true),
        ("near=2150&limit=100&order=soonest", 100, true),
        ("near=2150&q=person+100", 1, false),
    ] {
        let reply = app.search(query).await;
        assert_eq!((reply.items.len(), reply.next.is_some()), (items, more), "{query}");
    }
    let last = walk(&app, "near=2150&limit=100").await;
    assert_eq!(last.len(), 101);
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let app = App::new().await;
    for nth in 0..3 {
        app.list(&Listing::new(&format!("Person {nth}"))).await;
    }
    let by_distance = app.search("near=2150&limit=1").await.next.unwrap();
    let by_soonest = app.search("near=2150&limit=1&order=soonest").await.next.unwrap();
    for query in [
        format!("near=2150&order=soonest&cursor={by_distance}"),
        format!("near=2150&cursor={by_soonest}"),
        // Without a place there is only one order.
        format!("order=distance&cursor={by_distance}"),
        "near=2150&cursor=nonsense".to_owned(),
        format!("near=2150&cursor={by_distance}x"),
    ] {
        let problem = app.search_problem(&query).await;
        assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, "cursor"), "{query}");
    }
}
