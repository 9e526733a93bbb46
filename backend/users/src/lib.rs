//! The users service. It owns the texts people agree to and the key that signs sessions; accounts come later.
//!
//! It knows nothing of appointments, and nobody calls it while a person waits: the others keep copies of its texts
//! and keys.

mod domain;
mod publish;
mod routes;
mod session_key;
mod store;

use std::sync::Arc;

use anyhow::Context as _;
use futures::future::BoxFuture;
use kernel::{Core, Service, Subscriber, config::Settings, outbox::Envelope};
use sqlx::{PgConnection, migrate::Migrator};

/// Changes of schema `users`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, ready to run. Publishes what is new of its texts and its key first.
///
/// # Errors
/// When the key cannot be read or made, a text was changed after its publication, or the schema is not migrated.
pub async fn service(core: Core, settings: &Settings) -> anyhow::Result<Service> {
    let signer = session_key::signer(settings, &core.chance)?;
    let texts = domain::texts::all()?;
    publish::publish(&core, &texts, &signer.published("users"))
        .await
        .context("publishing the consent texts and the signing key")?;
    let (router, inventory) = routes::routes(core.clone());
    Ok(Service { name: "users", core, router, inventory, jobs: Vec::new(), subscriber: Arc::new(Deaf) })
}

/// Listens to nobody: what users owns depends on no other service's facts yet.
struct Deaf;

impl Subscriber for Deaf {
    fn listens_to(&self) -> &'static [&'static str] {
        &[]
    }

    fn receive<'a>(&'a self, _: &'a mut PgConnection, _: &'a Envelope) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
