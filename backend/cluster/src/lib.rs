//! A private PostgreSQL cluster in a folder: made, started, stopped.
//!
//! It listens on loopback only, on a port of its own, and never touches a cluster of the system's. PostgreSQL
//! refuses to run as root, so root runs it as the package's own user.

mod programs;

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

pub use self::programs::Programs;

/// The services, each with a schema of its own.
pub const SERVICES: [&str; 5] = ["users", "providers", "bookings", "payments", "notifications"];

const ROLES_SQL: &str = include_str!("../../../migrations/bootstrap/roles.sql");
const DATABASE_SQL: &str = include_str!("../../../migrations/bootstrap/database.sql");

/// Settings of a server that leaves it to the system when what it wrote reaches the disk (PostgreSQL manual, "Non-Durable
/// Settings", read 2026-11-27). What statements see of each other is as ever; only a machine that stops loses anything. Its files may
/// lie in memory, so its journal stays small.
const FORGETFUL: &str = " -c fsync=off -c full_page_writes=off -c max_wal_size=1GB";

/// A cluster in `{folder}/data`, with its log, its port and its secret beside it.
pub struct Cluster {
    folder: PathBuf,
    programs: Programs,
    secret: [u8; 32],
}

impl Cluster {
    /// Opens the cluster in `folder`, making it when there is none yet.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or the folder cannot be written; says what to do.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let folder = folder.canonicalize()?;
        let programs = Programs::find(&folder)?;
        let secret = secret(&folder.join("secret"))?;
        let cluster = Self { folder, programs, secret };
        if !cluster.data().join("PG_VERSION").exists() {
            cluster.initialise()?;
        }
        Ok(cluster)
    }

    /// Starts it unless it runs already. Says whether this call started it.
    ///
    /// # Errors
    /// When the server does not come up; shows the end of its log.
    pub fn start(&self) -> Result<bool> {
        self.start_with("")
    }

    /// The same for data that nobody misses when the machine loses power: nothing waits for the disk. To copy a database alone
    /// is some 1,500 files, each of which would be waited for. A server that runs already stays as it is.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_forgetful(&self) -> Result<bool> {
        self.start_with(FORGETFUL)
    }

    fn start_with(&self, settings: &str) -> Result<bool> {
        if self.port().is_some() {
            return Ok(false);
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let started = self
            .programs
            .pg_ctl()
            .args(["start", "-w", "-t", "60", "-s", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(self.data().join("server.log"))
            .arg("-o")
            .arg(format!("-p {port}{settings}"))
            .status()
            .context("starting PostgreSQL")?;
        if !started.success() {
            let log = fs::read_to_string(self.data().join("server.log")).unwrap_or_default();
            let end: Vec<_> = log.lines().rev().take(8).collect();
            let end: Vec<_> = end.into_iter().rev().collect();
            bail!(
                "PostgreSQL did not start. Its log ends:\n  {}\nIf the folder {} is damaged, delete it to begin anew.",
                end.join("\n  "),
                self.folder.display()
            );
        }
        Ok(true)
    }

    /// Stops it, letting transactions under way roll back. Does nothing when it does not run.
    ///
    /// # Errors
    /// When the server does not end within a minute.
    pub fn stop(&self) -> Result<()> {
        if self.port().is_none() {
            return Ok(());
        }
        let stopped = self
            .programs
            .pg_ctl()
            .args(["stop", "-w", "-t", "60", "-s", "-m", "fast", "-D"])
            .arg(self.data())
            .status()
            .context("stopping PostgreSQL")?;
        if stopped.success() { Ok(()) } else { bail!("PostgreSQL did not stop within a minute") }
    }

    /// Stops it and starts it again on the same port: whoever is connected is cut off, and transactions under way roll back.
    ///
    /// # Errors
    /// When it does not run, or does not come up again within a minute.
    pub fn restart(&self) -> Result<()> {
        // Without options of its own it is started with those that it was started with before.
        let restarted = self
            .programs
            .pg_ctl()
            .args(["restart", "-w", "-t", "60", "-s", "-m", "fast", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(self.data().join("server.log"))
            .status()
            .context("restarting PostgreSQL")?;
        if restarted.success() { Ok(()) } else { bail!("PostgreSQL did not restart within a minute") }
    }

    /// The port it listens on; `None` when it does not run.
    pub fn port(&self) -> Option<u16> {
        self.lock_line(3)?.parse().ok()
    }

    /// The server's process; `None` when it does not run.
    pub fn pid(&self) -> Option<u32> {
        self.lock_line(0)?.parse().ok()
    }

    /// PostgreSQL's own programs.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// A line of the running server's lock file: the first is its process, the fourth its port (PostgreSQL manual,
    /// "Server Setup", read 2026-11-22).
    fn lock_line(&self, index: usize) -> Option<String> {
        let running = self.programs.pg_ctl().args(["status", "-s", "-D"]).arg(self.data()).output().ok()?;
        if !running.status.success() {
            return None;
        }
        let lock = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        Some(lock.lines().nth(index)?.trim().to_owned())
    }

    /// How a role connects to a database of this cluster. It must run.
    ///
    /// # Errors
    /// When it does not run.
    pub fn connect_options(&self, role: &str, database: &str) -> Result<PgConnectOptions> {
        let port = self.port().context("PostgreSQL does not run")?;
        Ok(PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(role)
            .password(&self.password(role))
            .database(database))
    }

    /// The same as a URL, for programs that want one.
    ///
    /// # Errors
    /// When it does not run.
    pub fn url(&self, role: &str, database: &str) -> Result<String> {
        let port = self.port().context("PostgreSQL does not run")?;
        Ok(format!("postgres://{role}:{}@127.0.0.1:{port}/{database}", self.password(role)))
    }

    /// Connects as the administrator.
    ///
    /// # Errors
    /// When it does not run or refuses.
    pub async fn administrator(&self, database: &str) -> Result<PgConnection> {
        let options = self.connect_options("postgres", database)?;
        PgConnection::connect_with(&options).await.context("connecting as the administrator")
    }

    /// Makes the roles with their passwords, and the database with its extensions and schemas. Safe to repeat.
    ///
    /// # Errors
    /// When an extension is missing from the installation, or a statement fails.
    pub async fn prepare(&self, database: &str) -> Result<()> {
        let mut admin = self.administrator("postgres").await?;
        sqlx::raw_sql(ROLES_SQL).execute(&mut admin).await.context("making roles")?;
        for service in SERVICES {
            for kind in ["migrate", "app", "audit"] {
                let role = format!("{service}_{kind}");
                let password = self.password(&role);
                // Both parts are ours: a name from the list above and hexadecimal digits.
                let statement = format!("alter role {role} password '{password}'");
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut admin).await?;
            }
        }
        let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(database)
            .fetch_one(&mut admin)
            .await?;
        if !exists {
            create_database(&mut admin, database, None).await?;
        }
        self.prepare_database(database).await
    }

    /// Makes extensions and schemas in a database that is there, with the roles that are there. Safe to repeat.
    ///
    /// # Errors
    /// When an extension is missing from the installation, or a statement fails.
    pub async fn prepare_database(&self, database: &str) -> Result<()> {
        let mut conn = self.administrator(database).await?;
        sqlx::raw_sql(DATABASE_SQL).execute(&mut conn).await.context("making extensions and schemas")?;
        conn.close().await?;
        Ok(())
    }

    /// A password that only this folder's secret gives.
    pub fn password(&self, role: &str) -> String {
        hex::encode(Sha256::new().chain_update(self.secret).chain_update(role).finalize())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Makes it beside its place: what is broken off on the way is nobody's cluster, and the next one begins anew.
    fn initialise(&self) -> Result<()> {
        let data = self.folder.join("data.new");
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        fs::create_dir(&data)?;
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
        self.programs.give(&data)?;
        // initdb reads the password from a file its own user can read; it is gone again a moment later.
        let password_file = self.folder.join("initial-password");
        write_private(&password_file, self.password("postgres").as_bytes())?;
        self.programs.give(&password_file)?;
        let made = self
            .programs
            .command("initdb")
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"])
            .arg(format!("--pwfile={}", password_file.display()))
            .arg("-D")
            .arg(&data)
            .output();
        fs::remove_file(&password_file)?;
        let made = made.context("running initdb")?;
        if !made.status.success() {
            bail!("initdb could not make a cluster: {}", String::from_utf8_lossy(&made.stderr).trim());
        }
        let mut settings = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"))?;
        std::io::Write::write_all(&mut settings, settings_text().as_bytes())?;
        fs::rename(&data, self.data()).with_context(|| format!("putting it into {}", self.data().display()))
    }
}

/// Makes a database, from a template when one is named. Names are our own: lower case letters, digits and `_`.
///
/// # Errors
/// When the name is not of that form, or the server refuses.
pub async fn create_database(admin: &mut PgConnection, name: &str, template: Option<&str>) -> Result<()> {
    let template = template.unwrap_or("template0");
    check_name(name)?;
    check_name(template)?;
    let statement = format!("create database {name} template {template} strategy file_copy");
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(admin)
        .await
        .with_context(|| format!("creating database {name}"))?;
    Ok(())
}

/// Drops a database if it is there, and whoever is still connected to it.
///
/// # Errors
/// When the name is not one of ours, or the server refuses.
pub async fn drop_database(admin: &mut PgConnection, name: &str) -> Result<()> {
    check_name(name)?;
    sqlx::raw_sql(AssertSqlSafe(format!("drop database if exists {name} with (force)")))
        .execute(admin)
        .await
        .with_context(|| format!("dropping database {name}"))?;
    Ok(())
}

/// Statements that name databases take no parameters, so names are checked.
fn check_name(name: &str) -> Result<()> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || !name.bytes().all(plain) {
        bail!("{name:?} is not a database name of ours");
    }
    Ok(())
}

/// Memory for a machine that also builds; durability is left as PostgreSQL has it.
fn settings_text() -> String {
    let memory_mb = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| text.lines().next()?.split_whitespace().nth(1)?.parse::<u64>().ok())
        .map_or(2048, |kilobytes| kilobytes / 1024);
    let shared_buffers_mb = (memory_mb / 8).clamp(128, 1024);
    let cache_mb = (memory_mb / 2).max(256);
    format!(
        "\n# HelloMapper\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n\
         shared_buffers = {shared_buffers_mb}MB\neffective_cache_size = {cache_mb}MB\nmaintenance_work_mem = 256MB\n\
         work_mem = 16MB\nmax_wal_size = 4GB\nrandom_page_cost = 1.1\njit = off\ntimezone = 'UTC'\n\
         log_timezone = 'UTC'\nlog_min_duration_statement = -1\nlog_statement = none\nlog_parameter_max_length = 0\n\
         log_parameter_max_length_on_error = 0\n"
    )
}

/// Reads the secret, making it the first time.
fn secret(path: &Path) -> Result<[u8; 32]> {
    if let Ok(bytes) = fs::read(path) {
        return bytes
            .try_into()
            .ok()
            .with_context(|| format!("{} is damaged: it should hold 32 bytes", path.display()));
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).context("asking the system for random bytes")?;
    write_private(path, &secret)?;
    Ok(secret)
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    std::io::Write::write_all(&mut file, bytes)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Cluster;

    #[test]
    fn one_whose_making_was_broken_off_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let broken_off = folder.path().join("data.new");
        fs::create_dir(&broken_off).unwrap();
        fs::write(broken_off.join("PG_VERSION"), "15\n").unwrap();
        let cluster = Cluster::open(folder.path()).unwrap();
        let started = cluster.start_forgetful().unwrap();
        let port = cluster.port();
        cluster.stop().unwrap();
        assert!(started && port.is_some());
        assert!(!broken_off.exists());
    }
}
