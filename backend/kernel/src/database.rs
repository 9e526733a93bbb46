//! Pools and migrations. A service has two roles: one that serves and one that changes the schema.

use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::{
    Connection, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// Tables that every service has, made in its own schema.
static KERNEL_MIGRATOR: Migrator = sqlx::migrate!("../../migrations/kernel");

/// A pool of the app role's connections.
///
/// # Errors
/// When the first connection fails.
pub async fn pool(options: PgConnectOptions, service: &str, size: u32) -> Result<PgPool> {
    let options = options.application_name(service).options([("statement_timeout", "15000")]);
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
        .with_context(|| format!("connecting {service} to its database"))
}

/// Brings a service's schema up to date: the shared tables first, then its own.
///
/// # Errors
/// When a migration fails, or one that ran has been edited since.
pub async fn migrate(options: &PgConnectOptions, service: &str, own: &Migrator) -> Result<()> {
    let mut conn = PgConnection::connect_with(options)
        .await
        .with_context(|| format!("connecting as {service}'s migrate role"))?;
    let mut shared = Migrator { ..Migrator::DEFAULT };
    shared.migrations = KERNEL_MIGRATOR.migrations.clone();
    shared.dangerous_set_table_name(format!("{service}._kernel_migrations"));
    shared.run(&mut conn).await.with_context(|| format!("migrating the shared tables of {service}"))?;
    own.run(&mut conn).await.with_context(|| format!("migrating {service}"))?;
    conn.close().await?;
    Ok(())
}
