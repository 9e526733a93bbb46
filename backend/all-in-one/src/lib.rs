//! All of HelloMapper in one process: five services, five pools, and the pages in front of them. The command line is
//! in [`cli`]; tests put the same parts together through [`assemble`].

pub mod bench;
pub mod chaos;
pub mod claims;
pub mod cli;
pub mod databases;
pub mod directory;
pub mod reference;
pub mod sandbox;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::Router;
use frontend::server::{Archive, BaseMap, PagesConfig, pages};
use kernel::{Chance, Clock, Core, Service, audit::log::Log, config::Settings};
pub use payments::{MedicareSettings, Outside, ProcessorSettings, mbs};
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
    assemble_with(settings, pools, clock, chance, &Outside::from_env(settings.mode)?).await
}

/// The same with a card processor and a channel to Medicare of one's own choice.
///
/// # Errors
/// As [`assemble`].
pub async fn assemble_with(
    settings: &Settings,
    pools: &Pools,
    clock: &Clock,
    chance: &Chance,
    outside: &Outside,
) -> Result<Vec<Service>> {
    let core = |pool: &PgPool| Core::new(pool.clone(), clock.clone(), chance.clone());
    let quotes = bookings::quote_signer(settings, chance)?;
    let cipher = bookings::cipher(settings, chance)?;
    let of_bookings = bookings::config::Settings::from_env(settings)?;
    Ok(vec![
        users::service(core(&pools.users), settings).await?,
        providers::service(core(&pools.providers)).await?,
        bookings::service(core(&pools.bookings), quotes, cipher, &of_bookings).await?,
        payments::service_with(core(&pools.payments), settings, outside).await?,
        notifications::service(core(&pools.notifications), settings).await?,
    ])
}

/// Lets each service's audit log be sequenced and signed in this process, where we may.
///
/// # Errors
/// When a log's key cannot be read or made, or its role cannot connect.
pub async fn keep_audit_logs(
    settings: &Settings,
    databases: &databases::Databases,
    services: &mut [Service],
) -> Result<()> {
    for service in services {
        match databases.audit_role(service.name)? {
            Some(options) => {
                let (clock, chance) = (&service.core.clock, &service.core.chance);
                let log = Log::open(options, service.name, settings, clock, chance).await?;
                service.jobs.extend([log.destroying(), log.job()]);
            }
            None => tracing::warn!(
                service = service.name,
                "no DATABASE_AUDIT_URL: some other process must sequence this audit log"
            ),
        }
    }
    Ok(())
}

/// The base map of the settings: an archive, else a tile server behind our own address, else the built-in one.
///
/// # Errors
/// When the archive cannot be read, browsers could not draw it, or the tiles are another host's; says what to do.
pub fn base_map(settings: &Settings) -> Result<BaseMap> {
    match (&settings.pmtiles, &settings.tile_url) {
        (Some(path), _) => {
            let archive = Archive::open(path).context(
                "HELLOMAPPER_PMTILES does not name a base map; put that right, or unset it for the built-in map",
            )?;
            Ok(BaseMap::Archive(archive))
        }
        (None, Some(template)) => {
            anyhow::ensure!(
                is_our_own(template, &settings.public_url),
                "HELLOMAPPER_TILE_URL should begin with / or with {}: another host would be told where people look, and \
                 the privacy page says that nobody is. Let your front pass a path of ours on to your tile server",
                settings.public_url
            );
            Ok(BaseMap::TileServer(template.clone()))
        }
        (None, None) => Ok(BaseMap::BuiltIn),
    }
}

/// Whether an address, or a template of addresses, leads to us: a path, with or without our origin before it. Two
/// slashes, or a backslash, would begin another host's.
fn is_our_own(address: &str, public_url: &str) -> bool {
    let path = address.strip_prefix(public_url).unwrap_or(address);
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
}

/// The pages, calling the services' routes in process.
///
/// # Errors
/// When the browser bundle is not built.
pub fn front(settings: &Settings, services: &[Service], base_map: BaseMap, dist: &Path) -> Result<Router> {
    let api = services.iter().fold(Router::new(), |api, service| api.merge(service.router.clone()));
    let config =
        PagesConfig { api, dist: dist.to_owned(), public_url: settings.public_url.clone(), base_map };
    pages(config).with_context(|| {
        format!("the browser bundle in {} is missing or damaged; `cargo xtask run` builds it", dist.display())
    })
}

/// Where the browser bundle is: `HELLOMAPPER_DIST`, or `dist` in the working directory.
pub fn dist() -> PathBuf {
    std::env::var_os("HELLOMAPPER_DIST").map_or_else(|| PathBuf::from("dist"), PathBuf::from)
}
