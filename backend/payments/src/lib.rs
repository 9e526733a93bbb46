//! The payments service. It owns what is owed through us for each booking and what came of it.
//!
//! For now nothing is collected here: each booking gets one payment that is `not_required`, and bookings is told that
//! its payment step is done. It never charges for a bulk-billed booking; the database refuses that too. It keeps the
//! numbers of patients' Medicare, veterans' and concession cards, sealed.

mod domain;
mod field_cipher;
mod inbox;
mod jobs;
mod routes;
mod state;
mod store;

use std::sync::Arc;

use kernel::{Core, Service, config::Settings};
use sqlx::migrate::Migrator;

/// Changes of schema `payments`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, ready to run.
///
/// # Errors
/// When the key that seals card numbers cannot be read or made.
pub async fn service(core: Core, settings: &Settings) -> anyhow::Result<Service> {
    let cipher = field_cipher::FieldCipher::of(settings, &core.chance)?;
    let state = state::State { core: core.clone(), cipher };
    let jobs = jobs::jobs(&state);
    let (router, inventory) = routes::routes(state);
    let subscriber = Arc::new(inbox::Inbox { core: core.clone() });
    Ok(Service { name: "payments", core, router, inventory, jobs, subscriber })
}
