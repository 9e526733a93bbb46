//! The test cluster, and the caches that let checked SQL build without a database.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};
use cluster::{Cluster, SERVICES};
use sqlx::{Connection as _, PgConnection, migrate::Migrator};

use crate::{
    install,
    process::{root, step},
};

/// The database that tests are copied from.
const TEMPLATE: &str = "hm_template";

/// A cluster for tests under target/, stopped when dropped.
pub struct TestCluster {
    cluster: Cluster,
    folder: PathBuf,
}

impl TestCluster {
    /// Starts it with a fresh template database. Tests make databases by the hundred, so nothing that is written waits for the disk.
    pub fn start() -> Result<Self> {
        install::postgresql()?;
        let folder = target().join("test-cluster");
        let cluster = Cluster::open(&folder)?;
        let runtime = tokio::runtime::Runtime::new()?;
        cluster.start_forgetful()?;
        let started = Self { cluster, folder };
        runtime.block_on(started.make_template())?;
        Ok(started)
    }

    async fn make_template(&self) -> Result<()> {
        let mut admin = self.cluster.administrator("postgres").await?;
        // Databases of earlier runs, the template included.
        let old: Vec<String> =
            sqlx::query_scalar("select datname from pg_database where datname ~ '^(test_|hm_template$)'")
                .fetch_all(&mut admin)
                .await?;
        for name in old {
            let statement = format!("drop database {name} with (force)");
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut admin).await?;
        }
        self.cluster.prepare(TEMPLATE).await
    }

    /// Migrates the template straight from the migrations' folders: the services themselves cannot be built before
    /// their queries are checked against it.
    pub fn migrate(&self) -> Result<()> {
        tokio::runtime::Runtime::new()?.block_on(async {
            for service in SERVICES {
                let options = self.cluster.connect_options(&format!("{service}_migrate"), TEMPLATE)?;
                let mut conn = PgConnection::connect_with(&options).await?;
                for (folder, table) in [("kernel", "_kernel_migrations"), (service, "_sqlx_migrations")] {
                    let mut migrator = Migrator::new(root().join("migrations").join(folder)).await?;
                    migrator.dangerous_set_table_name(format!("{service}.{table}"));
                    migrator
                        .run(&mut conn)
                        .await
                        .with_context(|| format!("migrating {service} with {folder}"))?;
                }
            }
            Ok(())
        })
    }

    /// Loads localities, provider types and holidays into the template, with the program under test, which must be built.
    pub fn load_reference_data(&self) -> Result<()> {
        let mut migrate = Command::new(target().join("debug/hellomapper"));
        migrate.arg("migrate").current_dir(root());
        step("reference data", self.with_urls(&mut migrate)?, "the words above say which data and why")?;
        Ok(())
    }

    /// Tells a command where the databases are.
    pub fn with_urls<'c>(&self, command: &'c mut Command) -> Result<&'c mut Command> {
        for service in SERVICES {
            let upper = service.to_uppercase();
            command
                .env(format!("DATABASE_URL_{upper}"), self.cluster.url(&format!("{service}_app"), TEMPLATE)?)
                .env(
                    format!("DATABASE_MIGRATE_URL_{upper}"),
                    self.cluster.url(&format!("{service}_migrate"), TEMPLATE)?,
                );
        }
        Ok(command)
    }

    /// The folder, for the tests' own connections.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
}

impl Drop for TestCluster {
    fn drop(&mut self) {
        if let Err(error) = self.cluster.stop() {
            eprintln!("the test cluster was not stopped: {error:#}");
        }
    }
}

/// Rewrites every service's `.sqlx` folder.
pub fn rewrite_caches() -> Result<()> {
    let cluster = TestCluster::start()?;
    cluster.migrate()?;
    prepare(&cluster, &[], "a statement does not fit the schema; the words above name it and the place")
}

/// Fails when a `.sqlx` folder is not what the statements and migrations give.
pub fn check_caches(cluster: &TestCluster) -> Result<()> {
    prepare(cluster, &["--check"], "run `cargo xtask sql` and commit the .sqlx folders")
}

fn prepare(cluster: &TestCluster, flags: &[&str], next: &str) -> Result<()> {
    let sqlx = install::sqlx()?.join("cargo-sqlx");
    for service in SERVICES {
        let folder = root().join("backend").join(service);
        let mut command = Command::new(&sqlx);
        command
            .current_dir(folder)
            .args(["sqlx", "prepare"])
            .args(flags)
            .args(["--", "--lib"])
            .env("SQLX_OFFLINE", "false");
        step(&format!("checked SQL of {service}"), cluster.with_urls(&mut command)?, next)?;
    }
    Ok(())
}

/// The target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
