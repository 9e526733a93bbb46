use std::collections::HashSet;

use serde_json::Value;
use shared_types::providers::SitemapEntry;

use crate::app::{App, Listing};

async fn pages(app: &App) -> u64 {
    let counted: Value = app.read("/api/v1/providers/sitemap").await;
    counted["pages"].as_u64().unwrap()
}

async fn page(app: &App, number: u64) -> Vec<SitemapEntry> {
    app.read(&format!("/api/v1/providers/sitemap/{number}")).await
}

async fn all(app: &App) -> Vec<String> {
    let mut paths = Vec::new();
    for number in 1..=pages(app).await {
        paths.extend(page(app, number).await.into_iter().map(|entry| entry.path));
    }
    paths
}

#[tokio::test]
async fn every_public_page_is_in_it_once() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example")).await;
    app.list(&Listing::new("Bruce Example")).await;
    app.list(&Listing::new("Cleo Example").profession("dentist").practice("Elsewhere")).await;
    app.list(&Listing { profession: None, ..Listing::new("Dee Example") }).await;
    let mut paths = all(&app).await;
    paths.sort();
    assert_eq!(
        paths,
        [
            "/dentist/parramatta-nsw-2150",
            "/physiotherapist/parramatta-nsw-2150",
            "/practices/banksia-clinic",
            "/practices/elsewhere",
            "/providers/ada-example",
            "/providers/bruce-example",
            "/providers/cleo-example",
            "/providers/dee-example",
        ]
    );
    assert_eq!(page(&app, 1).await[0].changed_on, jiff::civil::date(2026, 11, 22));
    for path in paths {
        let api = match path.split('/').nth(1) {
            Some("providers" | "practices") => format!("/api/v1/providers{path}"),
            _ => format!("/api/v1/providers/landing{path}"),
        };
        assert_eq!(app.get(&api).await.status, 200, "{api}");
    }
}

#[tokio::test]
async fn an_address_in_no_known_suburb_makes_no_file() {
    let app = App::new().await;
    assert_eq!(pages(&app).await, 0);
    app.list(&Listing::new("Ada Example").town("Nowhere Much", "NSW", "2150")).await;
    assert_eq!(pages(&app).await, 2);
    assert_eq!(all(&app).await, ["/providers/ada-example", "/practices/banksia-clinic"]);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_found() {
    let app = App::new().await;
    for listed in [false, true] {
        if listed {
            app.list(&Listing::new("Ada Example")).await;
        }
        for number in ["0", "4", "4294967295", "4294967296", "-1", "abc", "1.5"] {
            let problem = app.problem(&format!("/api/v1/providers/sitemap/{number}")).await;
            assert!(problem.is("not-found"), "{number}: {problem:?}");
        }
    }
}

#[tokio::test]
async fn a_file_holds_fifty_thousand_addresses() {
    let app = App::new().await;
    sqlx::query(
        "insert into practitioner_role (practitioner_role_id, slug, name, search_text, origin, created_at, updated_at)
         select gen_random_uuid(), 'person-' || nth, 'Person', '', 'directory', '2026-11-22T00:00:00Z',
             '2026-11-22T00:00:00Z'
         from generate_series(1, 50001) as nth",
    )
    .execute(&app.core.pool)
    .await
    .unwrap();
    assert_eq!(pages(&app).await, 2);
    let (first, second) = (page(&app, 1).await, page(&app, 2).await);
    assert_eq!((first.len(), second.len()), (50_000, 1));
    let paths: HashSet<_> = first.into_iter().chain(second).map(|entry| entry.path).collect();
    assert_eq!(paths.len(), 50_001);
}
