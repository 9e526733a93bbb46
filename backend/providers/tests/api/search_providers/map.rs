//! The window of a map.

use kernel::Core;

use crate::app::{App, Listing};

const WINDOW: &str = "bbox=150.9,-33.9,151.1,-33.7";

/// So many listings on a lattice around Parramatta, a third of them dentists.
async fn crowd(core: &Core, many: i32) {
    sqlx::query(
        "insert into practitioner_role (practitioner_role_id, slug, name, profession, point, state, search_text, origin,
             created_at, updated_at)
         select gen_random_uuid(), 'person-' || nth, 'Person ' || nth,
             case when nth % 3 = 0 then 'dentist' else 'physiotherapist' end,
             st_point(150.92 + nth % 17 * 0.01, -33.88 + nth % 13 * 0.01)::geography, 'NSW', 'person ' || nth, 'directory',
             '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z'
         from generate_series(1, $1) as nth",
    )
    .bind(many)
    .execute(&core.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_window_holds_what_lies_in_it() {
    let app = App::new().await;
    for (name, lat, lon) in [
        ("inside", -33.8, 151.0),
        ("on the edge", -33.7, 151.0),
        ("north of it", -33.6999, 151.0),
        ("west of it", -33.8, 150.8999),
    ] {
        app.list(&Listing::new(name).point(lat, lon)).await;
    }
    assert_eq!(app.found(WINDOW).await, ["inside", "on the edge"]);
    assert_eq!(app.found("bbox=150.9,-33.9,151.1,-33.7&radius_m=100").await.len(), 2, "the window decides");
}

#[tokio::test]
async fn the_whole_world_is_a_window_too() {
    let app = App::new().await;
    for (name, lat, lon, state) in [
        ("Darwin", -12.46, 130.84, "NT"),
        ("Hobart", -42.88, 147.33, "TAS"),
        ("Norfolk Island", -29.04, 167.95, "NSW"),
        ("Cocos", -12.19, 96.83, "WA"),
        ("Perth", -31.95, 115.86, "WA"),
    ] {
        app.list(&Listing::new(name).point(lat, lon).town(name, state, "0000")).await;
    }
    for window in [
        "-180,-90,180,90",
        "-180,-85,180,85",
        "0,-60,180,0",
        "-100,-60,179,10",
        "90,-60,179,60",
        "-10,-89,170.5,89",
    ] {
        for order in ["distance", "soonest"] {
            let reply = app.search(&format!("bbox={window}&zoom=2&order={order}")).await;
            assert_eq!(reply.items.len(), 5, "{window} {order}");
            assert_eq!(reply.clusters, None);
        }
    }
    assert_eq!(app.found("bbox=-120,20,-60,60&zoom=3").await, [""; 0]);
    assert_eq!(app.found("bbox=10,-60,60,-20").await, [""; 0]);
}

#[tokio::test]
async fn a_full_window_is_counted_in_clusters() {
    let app = App::new().await;
    crowd(&app.core, 300).await;
    for zoom in ["", "&zoom=0", "&zoom=12", "&zoom=19"] {
        assert_eq!(app.search(&format!("{WINDOW}{zoom}")).await.clusters, None, "300 pins will do");
    }
    crowd_more(&app.core).await;
    let mut cells = 0;
    for zoom in [0, 5, 10, 12, 15, 19] {
        let reply = app.search(&format!("{WINDOW}&zoom={zoom}")).await;
        assert_eq!(reply.items.len(), 20, "the list goes on");
        let clusters = reply.clusters.unwrap();
        assert_eq!(clusters.iter().map(|cluster| cluster.count).sum::<u32>(), 301, "{zoom}");
        assert!(clusters.len() >= cells, "closer shows more");
        cells = clusters.len();
        for cluster in &clusters {
            assert!((150.9..=151.1).contains(&cluster.lon) && (-33.9..=-33.7).contains(&cluster.lat));
        }
    }
    assert!(cells > 100, "{cells}");
    // Both or neither.
    assert_eq!(app.search(WINDOW).await.clusters, None);
    assert_eq!(app.search("near=Parramatta&zoom=12").await.clusters, None);
    // Filters count.
    assert_eq!(app.search(&format!("{WINDOW}&zoom=12&profession=dentist")).await.clusters, None);
    assert_eq!(app.search(&format!("{WINDOW}&zoom=12&bulk_billing=true")).await.clusters, None);
}

async fn crowd_more(core: &Core) {
    sqlx::query(
        "insert into practitioner_role (practitioner_role_id, slug, name, point, state, search_text, origin, created_at,
             updated_at)
         values (gen_random_uuid(), 'one-more', 'One more', st_point(151, -33.8)::geography, 'NSW', 'one more',
             'directory', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z')",
    )
    .execute(&core.pool)
    .await
    .unwrap();
}
