//! The bookings service: schedules, free times, holds and appointments.
//!
//! It owns who is busy. It never computes a price from outside and never sends a message: it tells events.

mod attending;
pub mod config;
pub mod demo;
mod domain;
mod fhir;
mod free_slots;
mod holding;
pub mod holidays;
mod inbox;
mod jobs;
mod publication;
mod routes;
mod sealed;
mod state;
mod steps;
pub mod store;
mod visitor;

use std::sync::Arc;

use kernel::{
    Chance, Core, Service, calendar_file::Organizer, column_cipher::ColumnCipher, config::Settings,
    keys::Signer, outbound::Outbound, rate::PerAddress,
};
use sqlx::migrate::Migrator;

use self::fhir::Base;

/// The schema's migrations.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The key that signs quotes, in `keys/bookings-quote-key` below the home folder; in development it is made at the first
/// start.
///
/// # Errors
/// When the file cannot be read or made, does not hold 32 bytes, or is missing in production.
pub fn quote_signer(settings: &Settings, chance: &Chance) -> anyhow::Result<Signer> {
    let path = settings.home.join("keys").join("bookings-quote-key");
    settings.mode.check_key(&path)?;
    Signer::in_file(&path, chance)
}

/// Seals the addresses of other calendars and the secrets of webhooks: with the settings' keys, or with the one in
/// `keys/bookings-secret-key` below the home folder, which in development is made at the first start.
///
/// # Errors
/// When a file cannot be read or made, does not hold 32 bytes, or is missing in production.
pub fn cipher(settings: &Settings, chance: &Chance) -> anyhow::Result<ColumnCipher> {
    ColumnCipher::in_files(settings, &settings.bookings_keys, "bookings-secret-key", chance)
}

/// How many requests for calendar feeds one address may make at once, and again each minute: one server of a calendar program
/// asks for many people.
const FEED_READS: u32 = 600;

/// Puts the service together. `signer` signs quotes, `cipher` seals what others must not read.
///
/// # Errors
/// When the quote key cannot be made known, or a client for others' addresses cannot be made.
pub async fn service(
    core: Core,
    signer: Signer,
    cipher: ColumnCipher,
    settings: &config::Settings,
) -> anyhow::Result<Service> {
    publish_key(&core, &signer).await?;
    let (routes, base) = (routes::routes(&core), Base::new(&settings.public_url));
    let today = core.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let capabilities = fhir::capability_statement(&base, routes.inventory(), today);
    let state = state::State {
        core: core.clone(),
        signer,
        cipher,
        // Nobody reads mail to it: calendars insist on an organizer, and a published entry asks for no answer.
        organizer: Organizer {
            name: Some("HelloMapper".to_owned()),
            address: "no-reply@localhost".to_owned(),
        },
        holds_per_address: PerAddress::new(settings.holds_burst),
        feeds_per_address: PerAddress::new(FEED_READS),
        outbound: Outbound::new(settings.reach)?,
        calendar_fresh: settings.calendar_fresh,
        fhir: base,
        capabilities: Arc::new(capabilities),
        publication: Arc::default(),
    };
    let (router, inventory) = routes.finish(state.clone());
    Ok(Service {
        name: "bookings",
        core,
        router,
        inventory,
        jobs: jobs::jobs(&state),
        subscriber: Arc::new(inbox::Subscriber { core: state.core }),
    })
}

/// Tells the others which key signs quotes, once for each key.
async fn publish_key(core: &Core, signer: &Signer) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    let known = sqlx::query_scalar!("select kid from bookings.signing_key where kid = $1", signer.kid())
        .fetch_optional(&mut *tx)
        .await?;
    if known.is_none() {
        let key = signer.published("bookings");
        kernel::keys::learn(&mut tx, core, &key).await?;
        let about = kernel::outbox::About { aggregate: "signing_key", id: key.kid.clone(), version: 1 };
        let event = shared_types::bookings::BookingsEvent::SigningKeyPublished(key);
        kernel::outbox::tell(&mut tx, core, about, &event).await?;
    }
    core.commit(tx).await?;
    Ok(())
}
