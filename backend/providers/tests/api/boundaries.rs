//! What the service's own role may not do.

use shared_types::users::PlatformRole;
use sqlx::{AssertSqlSafe, PgPool};

use crate::app::App;

const REFUSED: &str = "42501";

async fn error_code(pool: &PgPool, statement: String) -> Option<String> {
    let error = sqlx::query(AssertSqlSafe(statement)).execute(pool).await.err()?;
    error.as_database_error().and_then(|error| error.code()).map(Into::into)
}

#[tokio::test]
async fn the_app_role_is_refused_every_other_schema() {
    let app = App::new().await;
    let pool = &app.core.pool;
    for schema in ["users", "bookings", "payments", "notifications"] {
        for statement in [
            format!("select * from {schema}.outbox"),
            format!("delete from {schema}.inbox"),
            format!("select * from {schema}.audit_entry"),
            format!("create table {schema}.mine (id integer)"),
        ] {
            assert_eq!(error_code(pool, statement.clone()).await.as_deref(), Some(REFUSED), "{statement}");
        }
    }
}

#[tokio::test]
async fn the_app_role_does_not_change_its_own_schema() {
    let app = App::new().await;
    for statement in [
        "create table providers.mine (id integer)",
        "create table public.mine (id integer)",
        "alter table providers.practitioner_role add column mine integer",
        "drop table providers.locality",
        "truncate providers.practitioner_role",
        "create index on providers.practitioner_role (name)",
        "set role providers_owner",
        "set role bookings_app",
    ] {
        let code = error_code(&app.core.pool, statement.to_owned()).await;
        assert_eq!(code.as_deref(), Some(REFUSED), "{statement}");
    }
}

#[tokio::test]
async fn every_route_is_described_and_public_but_for_the_trail_and_the_platforms() {
    let app = App::new().await;
    let description: serde_json::Value = app.read("/api/v1/providers/openapi.json").await;
    assert_eq!(app.service.inventory.len(), 14);
    for route in &app.service.inventory {
        let expected = match route.operation {
            kernel::audit::trail::OPERATION | kernel::export::OPERATION => kernel::Policy::Account,
            "list_listings" | "suspend_listing" | "lift_suspension" => {
                kernel::Policy::Platform(&[PlatformRole::Administrator])
            }
            _ => kernel::Policy::Public,
        };
        assert_eq!(route.policy, expected, "{}", route.path);
        let operation = &description["paths"][route.path][route.method.to_lowercase()];
        assert_eq!(operation["operationId"], route.operation);
    }
}
