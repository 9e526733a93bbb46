//! The users service. It owns accounts, sessions and what proves who somebody is, the texts people agree to, the key that
//! signs sessions; and the directory of people's and practices' public keys, with the notes that are sealed to them.
//!
//! Of appointments it knows only whose they are and when they start, and nobody calls it while a person waits: the others
//! keep copies of its texts and keys. It has no key that opens a note.

pub mod breach;
mod breached_passwords;
mod caution;
mod demo_owner;
mod domain;
mod erasure;
mod erasure_register;
mod inbox;
mod jobs;
mod key_log;
mod mail;
mod note_jobs;
mod notes;
mod people;
mod people_jobs;
mod publish;
mod reapply;
mod retention_jobs;
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

pub use self::{
    breached_passwords::BreachedList,
    demo_owner::{DemoOwner, name_demo_owner},
    people::name_platform_staff,
    reapply::{Reapplied, reapply_erasures},
};

/// Changes of schema `users`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How often an address may try to sign up, sign in, reset or choose a password at once, and again each minute. A
/// practice's whole staff may share one address.
const TRIES_PER_ADDRESS: u32 = 60;
/// How many notes an address may send with bookings' tickets at once, and again each minute.
const NOTES_PER_ADDRESS: u32 = 30;

/// The service, ready to run. Publishes what is new of its texts and its keys first.
///
/// # Errors
/// When a key or the list of stolen passwords cannot be read, the public URL cannot have passkeys, a text was changed
/// after its publication, or the schema is not migrated.
pub async fn service(core: Core, settings: &Settings) -> anyhow::Result<Service> {
    let (signer, others) = session_key::signers(settings, &core.chance)?;
    let secrets = secrets::Secrets::open(settings, &core.chance)?;
    let key_log = key_log::KeyLog::open(settings, &core.chance)?;
    let texts = domain::texts::all()?;
    let keys: Vec<_> = [&signer].into_iter().chain(&others).map(|signer| signer.published("users")).collect();
    publish::publish(&core, &texts, &keys)
        .await
        .context("publishing the consent texts and the signing keys")?;
    let breached = breached_passwords::BreachedList::open(settings.breached_passwords.as_deref())?;
    let state = State {
        core: core.clone(),
        signer,
        secrets,
        webauthn: Arc::new(relying_party(&settings.public_url)?),
        tries_per_address: PerAddress::new(TRIES_PER_ADDRESS),
        key_log,
        notes_per_address: PerAddress::new(NOTES_PER_ADDRESS),
        breached,
    };
    let mut jobs = people_jobs::jobs(&core);
    jobs.extend(jobs::jobs(&state));
    jobs.extend(note_jobs::jobs(&core));
    jobs.extend(retention_jobs::jobs(&core));
    jobs.push(reapply::job(&core, settings));
    let (router, inventory) = routes::routes(state);
    let subscriber = Arc::new(inbox::Inbox { core: core.clone() });
    Ok(Service { name: "users", core, router, inventory, jobs, subscriber })
}

/// Whom passkeys are made for: the host of the public URL, and pages of that origin only.
fn relying_party(public_url: &str) -> anyhow::Result<Webauthn> {
    let origin = Url::parse(public_url).context("HELLOMAPPER_PUBLIC_URL is no address of a site")?;
    let host = origin.domain().context("HELLOMAPPER_PUBLIC_URL should name a host: passkeys need one")?;
    let builder =
        WebauthnBuilder::new(host, &origin).context("making passkeys for HELLOMAPPER_PUBLIC_URL")?;
    builder.rp_name("HelloMapper").build().context("making passkeys for HELLOMAPPER_PUBLIC_URL")
}
