//! Where the five services' data is: servers named by the environment, or the embedded cluster.

use std::{env, path::Path, sync::Arc};

use anyhow::{Result, bail};
use cluster::{Cluster, SERVICES};
use kernel::{
    config::{self, Settings},
    database,
};
use sqlx::{Connection, PgConnection, migrate::Migrator, postgres::PgConnectOptions};

use crate::Pools;

/// The embedded cluster's database.
const DATABASE: &str = "hellomapper";
/// Connections of each service.
const POOL: u32 = 16;

/// The five services' databases, opened.
pub struct Databases {
    place: Place,
}

enum Place {
    /// `DATABASE_URL_*`.
    Named,
    /// A database of our own cluster under `HELLOMAPPER_HOME`, and whether we started the cluster.
    Embedded { cluster: Arc<Cluster>, database: String, started: bool },
}

impl Databases {
    /// Uses the servers named by the environment; with none named, the embedded cluster, made and started if need be.
    ///
    /// # Errors
    /// When only some are named, PostgreSQL is not installed, or the cluster does not start; says what to do.
    pub async fn open(settings: &Settings) -> Result<Self> {
        let named = SERVICES.into_iter().filter(|service| config::database_url(service).is_some()).count();
        if named == SERVICES.len() {
            return Ok(Self { place: Place::Named });
        }
        if named > 0 {
            let missing: Vec<_> = SERVICES
                .into_iter()
                .filter(|service| config::database_url(service).is_none())
                .map(|service| format!("DATABASE_URL_{}", service.to_uppercase()))
                .collect();
            bail!(
                "some services have a database and others not: set {} too, or none at all",
                missing.join(", ")
            );
        }
        Self::own(&settings.home.join("postgres")).await
    }

    /// A cluster of our own in a folder, whatever servers the environment names.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or the cluster does not start; says what to do.
    pub async fn own(folder: &Path) -> Result<Self> {
        let cluster = Arc::new(Cluster::open(folder)?);
        let started = cluster.start()?;
        cluster.prepare(DATABASE).await?;
        Ok(Self { place: Place::Embedded { cluster, database: DATABASE.to_owned(), started } })
    }

    /// Another database of the same embedded cluster, made if need be. Leaving it never stops the cluster.
    ///
    /// # Errors
    /// When the environment names other servers, or the database cannot be made.
    pub async fn beside(&self, database: &str) -> Result<Self> {
        let cluster = self.embedded()?.0.clone();
        cluster.prepare(database).await?;
        Ok(Self { place: Place::Embedded { cluster, database: database.to_owned(), started: false } })
    }

    /// The embedded cluster and our database in it, for benchmarks.
    ///
    /// # Errors
    /// When the environment names other servers.
    pub fn embedded(&self) -> Result<(&Arc<Cluster>, &str)> {
        match &self.place {
            Place::Named => bail!("this needs the embedded cluster: unset DATABASE_URL_*"),
            Place::Embedded { cluster, database, .. } => Ok((cluster, database)),
        }
    }

    /// How a service's app role connects.
    ///
    /// # Errors
    /// When a URL is malformed or the cluster has stopped.
    pub fn app(&self, service: &str) -> Result<PgConnectOptions> {
        match &self.place {
            Place::Named => Ok(config::database_url(service).unwrap_or_default().parse()?),
            Place::Embedded { cluster, database, .. } => {
                cluster.connect_options(&format!("{service}_app"), database)
            }
        }
    }

    /// How a service's migrate role connects; `None` when the environment names none and somebody else migrates.
    ///
    /// # Errors
    /// When a URL is malformed or the cluster has stopped.
    pub fn migrate_role(&self, service: &str) -> Result<Option<PgConnectOptions>> {
        match &self.place {
            Place::Named => Ok(config::database_migrate_url(service).map(|url| url.parse()).transpose()?),
            Place::Embedded { cluster, database, .. } => {
                Ok(Some(cluster.connect_options(&format!("{service}_migrate"), database)?))
            }
        }
    }

    /// How a service's audit role connects; `None` when the environment names none.
    ///
    /// # Errors
    /// When a URL is malformed or the cluster has stopped.
    pub fn audit_role(&self, service: &str) -> Result<Option<PgConnectOptions>> {
        match &self.place {
            Place::Named => Ok(config::database_audit_url(service).map(|url| url.parse()).transpose()?),
            Place::Embedded { cluster, database, .. } => {
                Ok(Some(cluster.connect_options(&format!("{service}_audit"), database)?))
            }
        }
    }

    /// One connection under a service's audit role.
    ///
    /// # Errors
    /// When the environment names none, or it cannot connect.
    pub async fn audit_connection(&self, service: &str) -> Result<PgConnection> {
        let Some(options) = self.audit_role(service)? else {
            bail!("set DATABASE_AUDIT_URL_{} to read the audit log of {service}", service.to_uppercase());
        };
        Ok(PgConnection::connect_with(&options).await?)
    }

    /// One connection under a service's migrate role.
    ///
    /// # Errors
    /// When the environment names none, or it cannot connect.
    pub async fn migrate_connection(&self, service: &str) -> Result<PgConnection> {
        let Some(options) = self.migrate_role(service)? else {
            bail!("set DATABASE_MIGRATE_URL_{} to load data into {service}", service.to_uppercase());
        };
        Ok(PgConnection::connect_with(&options).await?)
    }

    /// Brings every schema up to date, where we may.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&self) -> Result<()> {
        let migrators: [(&str, &Migrator); 5] = [
            ("users", &users::MIGRATOR),
            ("providers", &providers::MIGRATOR),
            ("bookings", &bookings::MIGRATOR),
            ("payments", &payments::MIGRATOR),
            ("notifications", &notifications::MIGRATOR),
        ];
        for (service, migrator) in migrators {
            if let Some(options) = self.migrate_role(service)? {
                database::migrate(&options, service, migrator).await?;
            }
        }
        Ok(())
    }

    /// A pool for each service.
    ///
    /// # Errors
    /// When one cannot connect.
    pub async fn pools(&self) -> Result<Pools> {
        let pool = async |service: &str| database::pool(self.app(service)?, service, POOL).await;
        Ok(Pools {
            users: pool("users").await?,
            providers: pool("providers").await?,
            bookings: pool("bookings").await?,
            payments: pool("payments").await?,
            notifications: pool("notifications").await?,
        })
    }

    /// Where the data is, in words.
    pub fn describe(&self) -> String {
        match &self.place {
            Place::Named => "PostgreSQL as DATABASE_URL_* say".to_owned(),
            Place::Embedded { .. } => {
                let home = env::var("HELLOMAPPER_HOME").unwrap_or_else(|_| ".hellomapper".to_owned());
                format!("a PostgreSQL of our own in {home}/postgres")
            }
        }
    }

    /// Leaves the databases: the embedded cluster is stopped by the server, and by a command that had to start it.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn close(self, we_are_the_server: bool) -> Result<()> {
        match self.place {
            Place::Embedded { cluster, started, .. } if started || we_are_the_server => cluster.stop(),
            Place::Embedded { .. } | Place::Named => Ok(()),
        }
    }
}
