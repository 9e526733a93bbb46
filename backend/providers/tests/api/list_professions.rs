use providers::{
    catalogue,
    domain::Profession,
    store::profession::{self, apply},
};
use shared_types::providers::Professions;

use crate::app::{App, Listing, names};

fn made_up(version: i32, name: &str) -> Profession {
    let pack = catalogue::packs().unwrap().into_iter().find(|pack| pack.slug == "podiatrist").unwrap();
    Profession {
        slug: "moon-walker".to_owned(),
        version,
        name: name.to_owned(),
        plural: format!("{name}s"),
        synonyms: vec!["lunar therapist".to_owned()],
        ..pack
    }
}

async fn listed(app: &App) -> Vec<(String, String)> {
    let reply: Professions = app.read("/api/v1/providers/professions").await;
    reply.items.into_iter().map(|item| (item.slug, item.name)).collect()
}

#[tokio::test]
async fn every_profession_is_listed_by_name() {
    let app = App::new().await;
    let listed = listed(&app).await;
    assert_eq!(listed.len(), catalogue::packs().unwrap().len());
    let (_, names): (Vec<_>, Vec<_>) = listed.iter().cloned().unzip();
    assert!(names.is_sorted(), "{names:?}");
    assert!(listed.contains(&("physiotherapist".to_owned(), "Physiotherapist".to_owned())));
}

#[tokio::test]
async fn an_older_version_of_a_profession_is_ignored() {
    let app = App::new().await;
    let mut conn = app.core.pool.acquire().await.unwrap();
    for (version, name, changes) in [
        (2, "Moon walker", true),
        (2, "Same version", false),
        (1, "Older version", false),
        (3, "Moonwalker", true),
    ] {
        assert_eq!(apply(&mut conn, &made_up(version, name)).await.unwrap(), changes, "{name}");
    }
    let stored = profession::list(&mut conn).await.unwrap();
    let stored = stored.iter().find(|profession| profession.slug == "moon-walker").unwrap();
    assert_eq!((stored.version, stored.name.as_str()), (3, "Moonwalker"));
}

#[tokio::test]
async fn loading_the_catalogue_again_changes_nothing() {
    let app = App::new().await;
    let mut conn = app.core.pool.acquire().await.unwrap();
    apply(&mut conn, &made_up(1, "Moon walker")).await.unwrap();
    let loaded = catalogue::load(&mut conn, crate::app::NOW).await.unwrap();
    assert!(!loaded.changed);
    assert!(loaded.localities > 17_000);
    let kept: i64 = sqlx::query_scalar("select count(*) from profession where slug = 'moon-walker'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn a_profession_made_up_at_run_time_is_found_after_a_restart() {
    let mut app = App::new().await;
    let mut conn = app.core.pool.acquire().await.unwrap();
    apply(&mut conn, &made_up(1, "Moon walker")).await.unwrap();
    drop(conn);
    app.list(&Listing::new("Neil Example").profession("moon-walker")).await;
    app.list(&Listing::new("Ada Example")).await;
    app.restart().await;
    for query in [
        "profession=moon-walker&near=Parramatta",
        "q=Lunar+therapist+near+Parramatta",
        "q=moon+walkers&near=2150",
    ] {
        let reply = app.search(query).await;
        assert_eq!(names(&reply.items), ["Neil Example"], "{query}");
        assert_eq!(reply.profession.unwrap().name, "Moon walker");
        assert_eq!(reply.items[0].profession_name.as_deref(), Some("Moon walker"));
    }
    assert!(listed(&app).await.contains(&("moon-walker".to_owned(), "Moon walker".to_owned())));
}
