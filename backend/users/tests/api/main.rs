//! The users service from outside: its routes, its tables, its outbox.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alone;
mod answer_wanted;
mod breach;
mod browser;
mod change_email;
mod change_password;
mod create_account;
mod create_passkey;
mod find_consent_text;
mod find_me;
mod keys;
mod list_breached_passwords;
mod passkeys;
mod password_reset;
mod people;
mod personal_data;
mod publish;
mod put_wrapped_keys;
mod recovery_codes;
mod refresh_session;
mod rights;
mod sealed;
mod session_keys;
mod session_list;
mod sign_in;
mod sign_in_with_code;
mod sign_in_with_passkey;
mod sign_out;
mod start_sign_in;
mod totp;
mod verify_email;

use axum::{Router, body::Body, http::Request};
use kernel::{Core, Service, config::Settings, testing::Database};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A database with users' core on it, and a home folder.
pub struct World {
    pub database: Database,
    pub core: Core,
    pub home: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let database = Database::new().await;
        let core = database.core("users", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        Self { database, core, home: tempfile::tempdir().unwrap() }
    }

    pub fn settings(&self) -> Settings {
        Settings { home: self.home.path().to_owned(), ..Settings::from_env().unwrap() }
    }

    /// Starts the service as a process would.
    pub async fn start(&self) -> anyhow::Result<Service> {
        users::service(self.core.clone(), &self.settings()).await
    }

    /// The names of events that wait, in order.
    pub async fn told(&self) -> Vec<String> {
        sqlx::query_scalar("select name from users.outbox order by position")
            .fetch_all(&self.core.pool)
            .await
            .unwrap()
    }
}

/// A reply's status and its JSON.
pub async fn get(router: &Router, path: &str) -> (u16, serde_json::Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}
