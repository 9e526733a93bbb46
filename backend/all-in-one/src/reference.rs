//! Data that must be there before anybody is served: localities, provider types, holidays; and the invented Australia.

use std::sync::Mutex;

use anyhow::{Context as _, Result};
use demo::{HolidayRegion, Plan, PlanInput};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Chance, Clock, Core};
use shared_types::Zone;
use sqlx::PgConnection;

use crate::{Pools, databases::Databases};

/// Demo appointments are invented for so many at the most.
pub const APPOINTMENTS_MAX: u32 = 2_000_000;

/// Brings localities, provider types and holidays up to date.
///
/// # Errors
/// When a compiled-in file is malformed or the database refuses.
pub async fn load(pools: &Pools, clock: &Clock) -> Result<()> {
    let mut tx = pools.providers.begin().await?;
    let loaded = providers::catalogue::load(&mut tx, clock.now()).await?;
    tx.commit().await?;
    if loaded.changed {
        println!(
            "Loaded {} localities ({} rows of the source are no places; backend/providers/data/localities.rejects.csv says why) and {} provider types",
            loaded.localities, loaded.rejects, loaded.professions
        );
    }
    let mut tx = pools.bookings.begin().await?;
    bookings::holidays::load(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether no practitioner role is there yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_empty(pools: &Pools) -> Result<bool> {
    Ok(sqlx::query_scalar("select not exists (select from providers.practitioner_role)")
        .fetch_one(&pools.providers)
        .await?)
}

/// Loads an invented Australia through each service's own role.
///
/// # Errors
/// When other demo data is there already, or the database refuses; nothing is half done within a service.
pub async fn load_demo(databases: &Databases, clock: &Clock, roles: u32, seed: u64) -> Result<()> {
    let mut listings = databases.migrate_connection("providers").await?;
    let mut calendars = databases.migrate_connection("bookings").await?;
    load_demo_over(&mut listings, &mut calendars, clock, roles, seed).await
}

/// The same over connections of providers' and bookings' migrate roles.
///
/// # Errors
/// As above.
pub async fn load_demo_over(
    listings: &mut PgConnection,
    calendars: &mut PgConnection,
    clock: &Clock,
    roles: u32,
    seed: u64,
) -> Result<()> {
    let now = clock.now();
    let plan = Plan::new(plan_input(roles, seed, now)?).context("planning the demo data")?;
    // Listings last: whoever finds them there knows that the calendars are too.
    let bar = Progress::new("bookings", roles);
    bookings::demo::load(calendars, &plan, &|done| bar.set(done)).await?;
    bar.finish();
    let bar = Progress::new("providers", roles);
    providers::demo::load(listings, &plan, &|done| bar.set(done)).await?;
    bar.finish();
    Ok(())
}

/// Lets some practices of the invented Australia collect through the sandbox card processor. To be called before [`load_demo`],
/// which is what an empty database is known by.
///
/// # Errors
/// When the database refuses; nothing is half done.
pub async fn load_demo_money(pools: &Pools, clock: &Clock, roles: u32, seed: u64) -> Result<()> {
    let plan = Plan::new(plan_input(roles, seed, clock.now())?).context("planning the demo data")?;
    let core = Core::new(pools.payments.clone(), clock.clone(), Chance::system());
    let practices = payments::demo::load(&core, &plan).await.context("loading the demo's money")?;
    if practices > 0 {
        println!("{practices} practices of them collect through the sandbox");
    }
    Ok(())
}

fn plan_input(roles: u32, seed: u64, now: jiff::Timestamp) -> Result<PlanInput> {
    let localities = providers::catalogue::localities()?.into_iter();
    let localities = localities.map(|row| demo::Locality {
        name: row.name,
        state: row.state,
        postcode: row.postcode,
        slug: row.slug,
        lat: row.point.lat(),
        lon: row.point.lon(),
        zone: row.zone,
        mmm: row.modified_monash.and_then(|class| u8::try_from(class).ok()),
        population: u32::try_from(row.population).unwrap_or_default(),
    });
    let professions = providers::catalogue::packs()?
        .into_iter()
        .map(|pack| Ok(serde_json::from_value(serde_json::to_value(pack)?)?));
    let regions = bookings::holidays::regions()?.into_iter().map(|region| HolidayRegion {
        slug: region.slug,
        state: region.state,
        lat: region.center.lat(),
        lon: region.center.lon(),
        radius_km: region.radius_km,
    });
    Ok(PlanInput {
        roles,
        seed,
        today: Zone::SYDNEY.date(now),
        now,
        localities: localities.collect(),
        professions: professions.collect::<Result<_>>()?,
        holidays: bookings::holidays::holidays()?
            .into_iter()
            .map(|holiday| (holiday.scope, holiday.date))
            .collect(),
        holiday_regions: regions.collect(),
        appointments_max: APPOINTMENTS_MAX,
    })
}

/// A progress bar on a terminal, a few lines elsewhere.
struct Progress {
    bar: ProgressBar,
    name: &'static str,
    total: u64,
    said: Mutex<u64>,
}

impl Progress {
    fn new(name: &'static str, total: u32) -> Self {
        let total = u64::from(total);
        let bar = ProgressBar::new(total);
        if let Ok(style) =
            ProgressStyle::with_template("{msg:>10} {bar:40} {human_pos}/{human_len} roles, {eta} left")
        {
            bar.set_style(style);
        }
        bar.set_message(name);
        Self { bar, name, total, said: Mutex::new(0) }
    }

    fn set(&self, done: u64) {
        self.bar.set_position(done);
        let tenth = done * 10 / self.total.max(1);
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.bar.is_hidden() && tenth > *said {
            *said = tenth;
            println!("  {}: {done} of {} roles", self.name, self.total);
        }
    }

    fn finish(&self) {
        self.bar.finish();
    }
}
