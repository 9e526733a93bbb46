//! In which order results come.

use jiff::SignedDuration;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use shared_types::GeoPoint;

use crate::app::{App, Listing, names};

#[tokio::test]
async fn the_nearest_come_first_as_the_crow_flies() {
    let app = App::new().await;
    let mut chance = ChaCha20Rng::seed_from_u64(11);
    for nth in 0..150 {
        let (lat, lon) = (chance.random_range(-34.1..-33.5), chance.random_range(150.5..151.15));
        app.list(&Listing::new(&format!("Person {nth}")).point(lat, lon)).await;
    }
    let center = GeoPoint::new(-33.81356, 151.00341).unwrap();
    let reply = app.search("near=Parramatta&radius_m=60000&limit=100").await;
    assert!(reply.items.len() > 50);
    let mut before = 0.0;
    for item in &reply.items {
        let location = item.location.as_ref().unwrap();
        let crow = center.distance_to(GeoPoint::new(location.lat, location.lon).unwrap()).0;
        let distance = item.distance_m.unwrap();
        // A sphere and a spheroid differ by at most 0.6 %.
        assert!((distance - crow).abs() <= crow * 0.006 + 1.0, "{distance} {crow}");
        assert!(distance >= before);
        before = distance;
    }
}

#[tokio::test]
async fn the_soonest_come_first_and_those_that_cannot_be_booked_last() {
    let app = App::new().await;
    app.list(&Listing::new("Full here")).await;
    app.list(&Listing::new("Imported nearby").imported()).await;
    app.list(&Listing::new("Full").north(1.0)).await;
    app.list(&Listing::new("Imported far").imported().north(2.0)).await;
    app.list(&Listing::new("Full too").north(3.0)).await;
    app.list(&Listing::new("Friday").free(&["2026-11-27T00:00:00Z"])).await;
    app.list(
        &Listing::new("Past and Tuesday").free(&["2026-11-22T20:00:00Z", "2026-11-24T00:00:00Z"]).north(4.0),
    )
    .await;
    app.list(&Listing::new("Today").free(&["2026-11-23T03:00:00Z"]).north(5.0)).await;
    for place in ["near=Parramatta", "bbox=150.9,-33.9,151.1,-33.7", ""] {
        let found = app.found(&format!("{place}&order=soonest")).await;
        assert_eq!(found[..3], ["Today", "Past and Tuesday", "Friday"], "{place}");
        let (full, imported) = (&found[3..6], &found[6..]);
        assert!(full.iter().all(|name| !name.starts_with("Imported ")), "{found:?}");
        assert!(imported.iter().all(|name| name.starts_with("Imported ")), "{found:?}");
    }
}

#[tokio::test]
async fn past_starts_fall_away_as_the_clock_moves() {
    let app = App::new().await;
    app.list(&Listing::new("Early").free(&["2026-11-22T23:00:00Z", "2026-11-25T00:00:00Z"])).await;
    app.list(&Listing::new("Late").free(&["2026-11-23T01:00:00Z"]).north(1.0)).await;
    let search = || app.search("near=Parramatta&order=soonest");
    let reply = search().await;
    assert_eq!(names(&reply.items), ["Early", "Late"]);
    assert_eq!(reply.items[0].next_free.len(), 2);
    assert_eq!(reply.items[0].why(reply.as_of), "0 m, free today 10:00 am");

    app.core.clock.advance(SignedDuration::from_hours(1));
    let reply = search().await;
    assert_eq!(names(&reply.items), ["Late", "Early"], "a start that is now is past");
    assert_eq!(reply.items[1].next_free.len(), 1);
    assert_eq!(reply.items[1].why(reply.as_of), "0 m, free Wednesday 11:00 am");

    app.core.clock.advance(SignedDuration::from_hours(24 * 7));
    let reply = search().await;
    assert!(reply.items.iter().all(|item| item.next_free.is_empty()));
    assert_eq!(
        reply.items[0].why(reply.as_of).split_once(", ").unwrap().1,
        "no free times in the next weeks"
    );
    assert_eq!(app.found("near=Parramatta&before=2026-12-24").await, [""; 0]);
}
