//! The real server, as a process of its own, so that its processor time can be told from the load generator's.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use cluster::SERVICES;

use super::http::Client;
use crate::databases::Databases;

/// It starts, and it ends, within this.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. Dropped, it is ended at once.
pub struct Served {
    child: Child,
    pub addr: SocketAddr,
}

impl Served {
    /// Starts `hellomapper serve` on a free port of the loopback address over a database of the embedded cluster.
    /// `home` takes its keys, its mail and its log. Nothing leaves the machine: no mail server, no tile server.
    ///
    /// # Errors
    /// When it is not ready within a minute; shows the end of its log.
    pub fn start(databases: &Databases, home: &Path) -> Result<Self> {
        fs::create_dir_all(home)?;
        let (cluster, database) = databases.embedded()?;
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = home.join("server.log");
        let mut command = Command::new(env::current_exe()?);
        for service in SERVICES {
            let url = cluster.url(&format!("{service}_app"), database)?;
            command.env(format!("DATABASE_URL_{}", service.to_uppercase()), url);
        }
        let child = command
            .arg("serve")
            .env("HELLOMAPPER_ADDR", addr.to_string())
            // By name: passkeys are made for a host and never for a number.
            .env("HELLOMAPPER_PUBLIC_URL", format!("http://localhost:{}", addr.port()))
            .env("HELLOMAPPER_HOME", home)
            .env("HELLOMAPPER_HOLDS_BURST", "1000000000")
            .env("HELLOMAPPER_ENV", "development")
            .env_remove("HELLOMAPPER_ADMIN_ADDR")
            .env_remove("HELLOMAPPER_PMTILES")
            .env_remove("HELLOMAPPER_TILE_URL")
            .env_remove("HELLOMAPPER_SESSION_KEYS")
            .env_remove("HELLOMAPPER_COVERAGE_KEYS")
            .env_remove("HELLOMAPPER_BOOKINGS_KEYS")
            .env_remove("HELLOMAPPER_BREACHED_PASSWORDS")
            .env_remove("SMTP_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?)
            .spawn()
            .context("starting the server")?;
        let mut served = Self { child, addr };
        served.wait_until_ready().with_context(|| {
            let log = fs::read_to_string(&log).unwrap_or_default();
            let end: Vec<_> = log.lines().rev().take(5).collect();
            format!("the server is not ready; its log ends (newest first):\n  {}", end.join("\n  "))
        })?;
        Ok(served)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while Client::new(self.addr).get("/ready").is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended with {status}");
            }
            if Instant::now() > deadline {
                bail!("it does not answer");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end and waits.
    ///
    /// # Errors
    /// When it does not end within a minute.
    pub fn stop(mut self) -> Result<()> {
        // Every shell has `kill`; a program of that name is not on every machine.
        let pid = self.child.id().to_string();
        Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &pid]).status()?;
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("the server did not end within a minute");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
