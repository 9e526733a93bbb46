//! The test cluster, and the caches that let checked SQL build without a database.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result};
use cluster::{Cluster, SERVICES};
use sqlx::{Connection as _, PgConnection, migrate::Migrator};

use crate::{
    install,
    process::{output, root, step},
};

/// The database that tests are copied from.
const TEMPLATE: &str = "hm_template";

/// The file system that is kept in memory (Filesystem Hierarchy Standard 3.0; Linux, tmpfs).
const MEMORY: &str = "/dev/shm";
/// As much of it must be free, in MiB: some two dozen databases at a time, with their journal, and as much again.
const MEMORY_NEEDED_MIB: u64 = 6 * 1024;

/// A cluster for tests, stopped when dropped. Tests make databases of 1,500 files by the thousand, so it lies in memory, and is gone
/// afterwards; where that has no room it lies in the target folder, and stays.
pub struct TestCluster {
    cluster: Cluster,
    folder: PathBuf,
}

impl TestCluster {
    /// Starts it with a fresh template database. Tests make databases by the hundred, so nothing that is written waits for the disk.
    pub fn start() -> Result<Self> {
        install::postgresql()?;
        let folder = folder();
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
        if self.folder.starts_with(MEMORY)
            && let Err(error) = fs::remove_dir_all(&self.folder)
        {
            eprintln!("the test cluster still takes memory, delete {}: {error:#}", self.folder.display());
        }
    }
}

/// Where the test cluster lies: each target folder has one of its own.
fn folder() -> PathBuf {
    let mut key = DefaultHasher::new();
    target().hash(&mut key);
    let in_memory = Path::new(MEMORY).join(format!("hellomapper-tests-{:016x}", key.finish()));
    // What an ended run left there is taken over, however much room there is beside it.
    if in_memory.exists() || memory_mib().is_some_and(|free| free >= MEMORY_NEEDED_MIB) {
        in_memory
    } else {
        target().join("test-cluster")
    }
}

/// How much of memory can be used for files, in MiB.
fn memory_mib() -> Option<u64> {
    let file_system = output("df", &["--output=avail", "--block-size=1M", MEMORY]).ok()?;
    let file_system: u64 = file_system.lines().last()?.trim().parse().ok()?;
    let machine = fs::read_to_string("/proc/meminfo").ok()?;
    let machine = machine.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let machine_kib: u64 = machine.trim().trim_end_matches(" kB").parse().ok()?;
    // Builds and browsers need some too.
    Some(file_system.min(machine_kib / 1024 / 2))
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
        let times = times(&folder.join("src"))?;
        let mut command = Command::new(&sqlx);
        command
            .current_dir(folder)
            .args(["sqlx", "prepare"])
            .args(flags)
            .args(["--", "--lib"])
            .env("SQLX_OFFLINE", "false");
        step(&format!("checked SQL of {service}"), cluster.with_urls(&mut command)?, next)?;
        // It makes sources new, so that their statements are looked at; nothing else has to be built again for that.
        for (file, time) in times {
            File::open(file)?.set_modified(time)?;
        }
    }
    Ok(())
}

/// When each file right in a folder was changed.
fn times(folder: &Path) -> Result<Vec<(PathBuf, SystemTime)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    entries
        .map(|entry| {
            entry.and_then(|entry| Ok((entry.path(), entry.metadata()?.modified()?))).map_err(Into::into)
        })
        .collect()
}

/// The target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
