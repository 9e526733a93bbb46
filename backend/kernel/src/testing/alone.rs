//! A service's own program, run as an operator runs it: with a database in which only its own schema will be migrated,
//! a folder, and nothing else in its environment.

use std::path::Path;

use cluster::SERVICES;

use super::{Database, Program};

/// Starts the program twice, since the first start migrates and a later one finds that done; asks it whether it is
/// ready and what it offers; and has it end. `home` is an empty folder.
///
/// # Panics
/// When it does not start, answer or end as it should, or makes tables that are another service's.
pub async fn runs_alone(service: &str, program: &str, home: &Path) {
    let database = Database::unmigrated().await;
    for _ in 0..2 {
        let running = Program::start(service, program, &database, home).await;
        running.is_ready().await;
        let (status, body) = running.get(&format!("/api/v1/{service}/openapi.json")).await;
        assert_eq!(status, 200, "{body}");
        let description: serde_json::Value = serde_json::from_str(&body).expect("a description is JSON");
        assert_eq!(description["info"]["title"], format!("HelloMapper {service}"));
        let ended = running.end().await;
        assert!(ended.success(), "{service}, asked to end: {ended}");
    }
    let with_tables: Vec<String> =
        sqlx::query_scalar("select distinct schemaname::text from pg_tables where schemaname = any($1)")
            .bind(SERVICES.map(str::to_owned).to_vec())
            .fetch_all(&mut database.administrator().await)
            .await
            .expect("the administrator may look");
    assert_eq!(with_tables, [service]);
}
