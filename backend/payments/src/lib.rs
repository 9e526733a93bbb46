//! The payments service. It owns what is owed through us for each booking and what came of it.
//!
//! For now nothing is collected here: each booking gets one payment that is `not_required`, and bookings is told that
//! its payment step is done. It never charges for a bulk-billed booking; the database refuses that too.

mod domain;
mod inbox;
mod routes;
mod store;

use std::sync::Arc;

use kernel::{Core, Service};
use sqlx::migrate::Migrator;

/// Changes of schema `payments`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, ready to run.
///
/// # Errors
/// None yet; gateways will have settings that can be wrong.
pub async fn service(core: Core) -> anyhow::Result<Service> {
    let (router, inventory) = routes::routes(core.clone());
    let subscriber = Arc::new(inbox::Inbox { core: core.clone() });
    Ok(Service { name: "payments", core, router, inventory, jobs: Vec::new(), subscriber })
}
