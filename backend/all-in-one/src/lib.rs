//! All of HelloMapper in one process: five services, five pools, and the pages in front of them. The command line is
//! in [`cli`]; tests put the same parts together through [`assemble`].

pub mod bench;
pub mod cli;
pub mod databases;
pub mod directory;
pub mod reference;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::Router;
use frontend::server::{PagesConfig, pages};
use kernel::{
    Chance, Clock, Core, Service,
    config::{Mode, Settings},
    keys::Signer,
};
use sqlx::PgPool;

/// One pool for each service, under its app role.
#[derive(Clone)]
pub struct Pools {
    pub users: PgPool,
    pub providers: PgPool,
    pub bookings: PgPool,
    pub payments: PgPool,
    pub notifications: PgPool,
}

/// Puts the five services together.
///
/// # Errors
/// When a key cannot be read or made, or a service cannot start.
pub async fn assemble(
    settings: &Settings,
    pools: &Pools,
    clock: &Clock,
    chance: &Chance,
) -> Result<Vec<Service>> {
    let core = |pool: &PgPool| Core::new(pool.clone(), clock.clone(), chance.clone());
    let quote_key = settings.home.join("keys/bookings-quote-key");
    anyhow::ensure!(
        settings.mode == Mode::Development || quote_key.exists(),
        "production generates no keys: put 32 random bytes into {}",
        quote_key.display()
    );
    let quotes = Signer::in_file(&quote_key, chance)?;
    Ok(vec![
        users::service(core(&pools.users), settings).await?,
        providers::service(core(&pools.providers)).await?,
        bookings::service(core(&pools.bookings), quotes, settings.holds_burst).await?,
        payments::service(core(&pools.payments)).await?,
        notifications::service(core(&pools.notifications), settings).await?,
    ])
}

/// The pages, calling the services' routes in process.
///
/// # Errors
/// When the browser bundle is not built.
pub fn front(settings: &Settings, services: &[Service], dist: &Path) -> Result<Router> {
    let api = services.iter().fold(Router::new(), |api, service| api.merge(service.router.clone()));
    let config = PagesConfig {
        api,
        dist: dist.to_owned(),
        public_url: settings.public_url.clone(),
        tiles: settings.tile_url.clone(),
    };
    pages(config).with_context(|| {
        format!("the browser bundle in {} is missing or damaged; `cargo xtask run` builds it", dist.display())
    })
}

/// Where the browser bundle is: `HELLOMAPPER_DIST`, or `dist` in the working directory.
pub fn dist() -> PathBuf {
    std::env::var_os("HELLOMAPPER_DIST").map_or_else(|| PathBuf::from("dist"), PathBuf::from)
}
