//! What a service hands to whoever runs it: alone, or all five in one process.

use std::sync::Arc;

use axum::Router;
use futures::future::BoxFuture;
use sqlx::PgConnection;

use crate::{Core, jobs::Job, outbox::Envelope, routes::Route};

/// A service, ready to run.
pub struct Service {
    /// Its name: its schema, its prefix, the start of its roles' names.
    pub name: &'static str,
    /// Its pool, clock and chance.
    pub core: Core,
    /// Its routes, state supplied.
    pub router: Router,
    /// The same routes as data.
    pub inventory: Vec<Route>,
    /// Its background jobs.
    pub jobs: Vec<Job>,
    /// What it does with other services' events.
    pub subscriber: Arc<dyn Subscriber>,
}

/// Reacts to other services' events.
pub trait Subscriber: Send + Sync {
    /// The services it listens to.
    fn listens_to(&self) -> &'static [&'static str];

    /// Applies one event in the given transaction. Called again when it fails; never called twice once it succeeded.
    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>>;
}
