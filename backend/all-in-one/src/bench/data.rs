//! The databases measured: one for each size, made once and used again by later runs, and copies to book in.

use std::path::Path;

use anyhow::{Context as _, Result};
use cluster::{create_database, drop_database};
use kernel::Clock;
use sqlx::{AssertSqlSafe, Connection as _};

use crate::{Pools, databases::Databases, reference};

/// The same Australia every time.
const SEED: u64 = 1;

/// The database of a size: migrated, with reference data and an invented Australia, its jobs not due.
///
/// # Errors
/// When it cannot be made or brought up to date; says how to begin anew.
pub async fn of_size(databases: &Databases, roles: u32, clock: &Clock) -> Result<Databases> {
    let name = format!("bench_{roles}");
    let sized = databases.beside(&name).await?;
    fill(&sized, roles, clock).await.with_context(|| {
        format!("preparing database {name}; `hellomapper bench --fresh` drops it and makes it anew")
    })?;
    Ok(sized)
}

async fn fill(databases: &Databases, roles: u32, clock: &Clock) -> Result<()> {
    databases.migrate().await?;
    let pools = databases.pools().await?;
    reference::load(&pools, clock).await?;
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let missing: bool = sqlx::query_scalar(
        "select not exists (select from providers.practitioner_role) or not exists (select from bookings.role)",
    )
    .fetch_one(&mut admin)
    .await?;
    if missing {
        println!("Inventing an Australia of {roles} practitioner roles in database {name}");
        reference::load_demo(databases, clock, roles, SEED).await?;
    }
    // Telling free times again goes by the calendar: on a later day everything is due at once, and what was measured
    // would be that. What the bookings of the benchmark make due is told while it is measured.
    let postponed = sqlx::query(
        "update bookings.schedule set next_free_due_at = now() + interval '1 day' \
         where next_free_due_at < now() + interval '6 hours'",
    )
    .execute(&mut admin)
    .await?
    .rows_affected();
    if missing || postponed > 0 {
        println!("Vacuuming database {name}");
        sqlx::raw_sql("vacuum analyze").execute(&mut admin).await?;
        sqlx::raw_sql("checkpoint").execute(&mut admin).await?;
    }
    admin.close().await?;
    close(pools).await;
    Ok(())
}

/// A copy to book in, so that the original stays as it is. The original must have no connections.
///
/// # Errors
/// When the server refuses.
pub async fn copy(original: &Databases, name: &str) -> Result<Databases> {
    let (cluster, template) = original.embedded()?;
    let mut admin = cluster.administrator("postgres").await?;
    drop_database(&mut admin, name).await?;
    create_database(&mut admin, name, Some(template)).await?;
    admin.close().await?;
    original.beside(name).await
}

/// Drops databases of earlier runs.
///
/// # Errors
/// When the server refuses.
pub async fn remove(databases: &Databases, names: &[String]) -> Result<()> {
    let (cluster, _) = databases.embedded()?;
    let mut admin = cluster.administrator("postgres").await?;
    for name in names {
        drop_database(&mut admin, name).await?;
    }
    admin.close().await?;
    Ok(())
}

/// Runs statements of ours as the administrator.
///
/// # Errors
/// When one fails.
pub async fn administer(databases: &Databases, statements: String) -> Result<()> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    // Ours, with nothing in it from outside.
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut admin).await?;
    admin.close().await?;
    Ok(())
}

/// Each locality's name as the place box sends it, and how many live there.
pub async fn places(databases: &Databases) -> Result<Vec<(String, f64)>> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let places = sqlx::query_as(
        "select trim(name || ' ' || state || ' ' || postcode), population::float8 from providers.locality \
         where population > 0 order by slug",
    )
    .fetch_all(&mut admin)
    .await?;
    admin.close().await?;
    Ok(places)
}

/// Roles that can be booked, no two of the same practitioner, with the practice known.
pub async fn bookable(databases: &Databases, count: i64) -> Result<Vec<uuid::Uuid>> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let roles = sqlx::query_scalar(
        "select distinct on (resource_id) practitioner_role_id from bookings.role \
         where bookable and organization_id is not null order by resource_id, practitioner_role_id limit $1",
    )
    .bind(count)
    .fetch_all(&mut admin)
    .await?;
    admin.close().await?;
    Ok(roles)
}

/// The day this database's roles were invented.
pub async fn invented_on(databases: &Databases) -> Result<String> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let day = sqlx::query_scalar("select created_at::date::text from providers.practitioner_role limit 1")
        .fetch_one(&mut admin)
        .await?;
    admin.close().await?;
    Ok(day)
}

/// The database server's version.
pub async fn server_version(databases: &Databases) -> Result<String> {
    let (cluster, name) = databases.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    let version = sqlx::query_scalar("show server_version").fetch_one(&mut admin).await?;
    admin.close().await?;
    Ok(version)
}

/// Leaves no connection behind.
pub async fn close(pools: Pools) {
    for pool in [pools.users, pools.providers, pools.bookings, pools.payments, pools.notifications] {
        pool.close().await;
    }
}

/// What the notifications service wrote for invented patients.
pub fn forget_mail(home: &Path) {
    // There may be none.
    drop(std::fs::remove_dir_all(home.join("mail")));
}
