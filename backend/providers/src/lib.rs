//! The providers service: organisations, locations, practitioners, their roles, and finding them.
//!
//! It owns listings and search. It never computes free times: bookings tells it the next ones.

pub mod catalogue;
pub mod demo;
pub mod domain;
pub mod import;
mod inbox;
mod jobs;
mod routes;
mod state;
pub mod store;
mod suspending;
pub mod zones;

use std::sync::Arc;

use kernel::{Core, Service};
use sqlx::migrate::Migrator;

/// The schema's migrations.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Puts the service together.
///
/// # Errors
/// When the professions cannot be read.
pub async fn service(core: Core) -> anyhow::Result<Service> {
    let mut conn = core.pool.acquire().await?;
    let professions = store::profession::list(&mut conn).await?;
    drop(conn);
    let state = state::State { core: core.clone(), professions: Arc::new(professions) };
    let jobs = jobs::jobs(&state);
    let (router, inventory) = routes::routes(&core).finish(state);
    Ok(Service {
        name: "providers",
        core: core.clone(),
        router,
        inventory,
        jobs,
        subscriber: Arc::new(inbox::Subscriber { core: core.clone() }),
    })
}
