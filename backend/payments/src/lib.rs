//! The payments service. It owns what is owed through us for each booking and what came of it.
//!
//! Cards are charged by the card processor, on its own pages: what it is asked is written down first (`paying`, `charging`,
//! `refunding`), and what it has is applied by the state of its objects (`applying`). A payment changes in one place (`settle`),
//! together with the ledger. Nothing is ever charged for a bulk-billed booking; the database refuses that too. It keeps the
//! numbers of patients' Medicare, veterans' and concession cards, sealed.

mod applying;
mod assigning;
mod charging;
mod claiming;
mod config;
pub mod demo;
mod domain;
mod field_cipher;
mod funding;
mod gateways;
mod inbox;
mod invoicing;
mod jobs;
pub mod ledger_proof;
pub mod mbs;
pub mod measured;
mod payer;
mod paying;
mod refunding;
mod routes;
mod settle;
mod state;
mod store;

use std::sync::Arc;

use kernel::{Core, Service, config::Settings};
use sqlx::migrate::Migrator;

pub use self::config::{MedicareSettings, Outside, ProcessorSettings};

/// Changes of schema `payments`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, ready to run.
///
/// # Errors
/// When the key that seals card numbers cannot be read or made, or the card processor or Medicare's channel is not set whole.
pub async fn service(core: Core, settings: &Settings) -> anyhow::Result<Service> {
    service_with(core, settings, &Outside::from_env(settings.mode)?).await
}

/// The same with a card processor and a channel to Medicare of one's own choice.
///
/// # Errors
/// As [`service`].
pub async fn service_with(core: Core, settings: &Settings, outside: &Outside) -> anyhow::Result<Service> {
    let cipher = field_cipher::FieldCipher::of(settings, &core.chance)?;
    let medicare = gateways::medicare_http::channel(&core, outside.medicare.as_ref())?;
    let processor = &outside.processor;
    let state = state::State {
        core: core.clone(),
        cipher,
        medicare,
        processor: processor.client()?,
        webhook_secrets: processor.webhook_secrets.clone().into(),
        public_url: settings.public_url.as_str().into(),
    };
    let jobs = jobs::jobs(&state);
    let subscriber = Arc::new(inbox::Inbox { core: core.clone(), cipher: state.cipher.clone() });
    let (router, inventory) = routes::routes(state);
    Ok(Service { name: "payments", core, router, inventory, jobs, subscriber })
}
