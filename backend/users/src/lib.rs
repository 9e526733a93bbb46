//! The users service. It owns accounts, sessions and what proves who somebody is, the texts people agree to, and the key
//! that signs sessions.
//!
//! It knows nothing of appointments, and nobody calls it while a person waits: the others keep copies of its texts
//! and keys.

pub mod breach;
mod caution;
mod domain;
mod inbox;
mod jobs;
mod mail;
mod people;
mod people_jobs;
mod publish;
mod routes;
mod secrets;
mod session_key;
mod session_token;
mod sessions;
mod state;
mod store;

use std::sync::Arc;

use anyhow::Context as _;
use kernel::{Core, Service, config::Settings, rate::PerAddress};
use sqlx::migrate::Migrator;
use webauthn_rs::{
    Webauthn,
    prelude::{Url, WebauthnBuilder},
};

use crate::state::State;

pub use self::people::name_platform_staff;

/// Changes of schema `users`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How often an address may try to sign up, sign in or reset at once, and again each minute. A practice's whole staff may
/// share one address.
const TRIES_PER_ADDRESS: u32 = 60;

/// The service, ready to run. Publishes what is new of its texts and its keys first.
///
/// # Errors
/// When a key cannot be read or made, the public URL cannot have passkeys, a text was changed after its publication, or
/// the schema is not migrated.
pub async fn service(core: Core, settings: &Settings) -> anyhow::Result<Service> {
    let (signer, others) = session_key::signers(settings, &core.chance)?;
    let secrets = secrets::Secrets::open(settings, &core.chance)?;
    let texts = domain::texts::all()?;
    let keys: Vec<_> = [&signer].into_iter().chain(&others).map(|signer| signer.published("users")).collect();
    publish::publish(&core, &texts, &keys)
        .await
        .context("publishing the consent texts and the signing keys")?;
    let state = State {
        core: core.clone(),
        signer,
        secrets,
        webauthn: Arc::new(relying_party(&settings.public_url)?),
        tries_per_address: PerAddress::new(TRIES_PER_ADDRESS),
    };
    let mut jobs = people_jobs::jobs(&core);
    jobs.extend(jobs::jobs(&state));
    let (router, inventory) = routes::routes(state);
    Ok(Service { name: "users", core, router, inventory, jobs, subscriber: Arc::new(inbox::Inbox) })
}

/// Whom passkeys are made for: the host of the public URL, and pages of that origin only.
fn relying_party(public_url: &str) -> anyhow::Result<Webauthn> {
    let origin = Url::parse(public_url).context("HELLOMAPPER_PUBLIC_URL is no address of a site")?;
    let host = origin.domain().context("HELLOMAPPER_PUBLIC_URL should name a host: passkeys need one")?;
    let builder =
        WebauthnBuilder::new(host, &origin).context("making passkeys for HELLOMAPPER_PUBLIC_URL")?;
    builder.rp_name("HelloMapper").build().context("making passkeys for HELLOMAPPER_PUBLIC_URL")
}
