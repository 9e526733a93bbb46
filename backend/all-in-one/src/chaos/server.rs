//! The program under way: killed, started again, and moved through time.

use std::{
    env, fs,
    io::{self, Read as _},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use axum::Router;
use cluster::SERVICES;
use jiff::SignedDuration;
use kernel::{
    Chance,
    config::{Mode, Settings},
    run::{Server as Serving, listen},
    telemetry,
};
use tokio::sync::oneshot;

use super::{ahead::RunsAhead, outside::Outside};
use crate::{assemble, bench::http::Client, databases::Databases};

/// It is ready within this.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where it is, and itself while it runs. Dropped, it is ended at once.
pub struct Server {
    program: PathBuf,
    home: PathBuf,
    /// How the card processor and Medicare's channel are reached.
    outside: Vec<(&'static str, String)>,
    /// How each service's app role connects.
    urls: Vec<(String, String)>,
    pub addr: SocketAddr,
    /// How often it was killed.
    pub kills: usize,
    child: Option<Child>,
}

impl Server {
    /// Not started yet, on a free port that it keeps.
    ///
    /// # Errors
    /// When there is no port, a key cannot be written, or the cluster does not run.
    pub fn new(program: &Path, home: &Path, outside: &Outside, databases: &Databases) -> Result<Self> {
        let (cluster, database) = databases.embedded()?;
        let url = |service: &str| {
            let url = cluster.url(&format!("{service}_app"), database)?;
            Ok((format!("DATABASE_URL_{}", service.to_uppercase()), url))
        };
        Ok(Self {
            program: program.to_owned(),
            home: home.to_owned(),
            outside: reached(outside, &home.join("medicare-device"))?,
            urls: SERVICES.into_iter().map(url).collect::<Result<_>>()?,
            addr: TcpListener::bind("127.0.0.1:0")?.local_addr()?,
            kills: 0,
            child: None,
        })
    }

    /// Starts it so much ahead of time, and waits until it is ready.
    ///
    /// # Errors
    /// When it is not ready within a minute; shows the end of its log.
    pub fn start(&mut self, ahead: SignedDuration) -> Result<()> {
        let log = self.home.join("server.log");
        let file = fs::OpenOptions::new().append(true).create(true).open(&log)?;
        let mut command = self.command();
        command.args(["chaos", "server", "--ahead-seconds", &ahead.as_secs().to_string()]);
        // It ends when we do, whatever becomes of us: nobody holds its input open then.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(file);
        self.child = Some(command.spawn().context("starting the server")?);
        self.wait_until_ready().with_context(|| {
            let log = fs::read_to_string(&log).unwrap_or_default();
            let end: Vec<_> = log.lines().rev().take(5).collect();
            format!("the server is not ready; its log ends (newest first):\n  {}", end.join("\n  "))
        })
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while Client::new(self.addr).get("/ready").is_err() {
            if let Some(status) = self.child.as_mut().map(Child::try_wait).transpose()?.flatten() {
                bail!("it ended with {status}");
            }
            ensure!(Instant::now() < deadline, "it does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends it at once, whatever it is about (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().context("killing the server")?;
            child.wait().context("waiting for the server that was killed")?;
            self.kills += 1;
        }
        Ok(())
    }

    /// What `hellomapper ledger verify` says, and whether it is content.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn verify_ledger(&self) -> Result<(bool, String)> {
        let mut command = self.command();
        let proof = command.args(["ledger", "verify"]).stdin(Stdio::null()).output();
        let proof = proof.context("verifying the ledger")?;
        let mut words = String::from_utf8_lossy(&proof.stdout).into_owned();
        words.push_str(&String::from_utf8_lossy(&proof.stderr));
        Ok((proof.status.success(), words))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for service in SERVICES {
            let service = service.to_uppercase();
            command.env_remove(format!("DATABASE_MIGRATE_URL_{service}"));
            command.env_remove(format!("DATABASE_AUDIT_URL_{service}"));
        }
        for name in [
            "HELLOMAPPER_ADMIN_ADDR",
            "HELLOMAPPER_PMTILES",
            "HELLOMAPPER_TILE_URL",
            "HELLOMAPPER_SESSION_KEYS",
            "HELLOMAPPER_COVERAGE_KEYS",
            "HELLOMAPPER_BOOKINGS_KEYS",
            "HELLOMAPPER_BREACHED_PASSWORDS",
            "HELLOMAPPER_TLS_CERT",
            "HELLOMAPPER_TLS_KEY",
            "SMTP_URL",
            "STRIPE_SECRET_KEY",
            "STRIPE_WEBHOOK_SECRETS",
        ] {
            command.env_remove(name);
        }
        command
            .envs(self.urls.iter().map(|(name, url)| (name, url)))
            .env("HELLOMAPPER_ADDR", self.addr.to_string())
            .env("HELLOMAPPER_PUBLIC_URL", format!("http://localhost:{}", self.addr.port()))
            .env("HELLOMAPPER_HOME", &self.home)
            .env("HELLOMAPPER_HOLDS_BURST", "1000000000")
            .env("HELLOMAPPER_ENV", "development")
            .envs(self.outside.iter().map(|(name, value)| (name, value)));
        // What it warns of is what was done to it.
        if env::var_os("RUST_LOG").is_none() {
            command.env("RUST_LOG", "error");
        }
        command
    }
}

/// The settings by which they are reached. The device's key is a file.
fn reached(outside: &Outside, device_key: &Path) -> Result<Vec<(&'static str, String)>> {
    let medicare = &outside.medicare;
    fs::write(device_key, &medicare.device_key)
        .with_context(|| format!("writing {}", device_key.display()))?;
    Ok(vec![
        ("PROCESSOR_URL", format!("http://{}", outside.processor)),
        ("MEDICARE_URL", medicare.address.clone()),
        ("MEDICARE_TOKEN_URL", medicare.token_address.clone()),
        ("MEDICARE_CLIENT_ID", medicare.client_id.clone()),
        ("MEDICARE_ORGANISATION", medicare.organisation.clone()),
        ("MEDICARE_DEVICE", medicare.device.clone()),
        ("MEDICARE_DEVICE_KEY", device_key.display().to_string()),
    ])
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is well.
        drop(self.kill());
    }
}

/// What is killed: every service, without the pages.
///
/// # Errors
/// In production; or when it cannot start.
pub async fn serve(ahead: SignedDuration) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    ensure!(settings.mode == Mode::Development, "production keeps to the time that it is");
    telemetry::init(settings.mode);
    let listener = listen(settings.addr).await?;
    let databases = Databases::open(&settings).await?;
    let time = RunsAhead::by(ahead);
    let services = assemble(&settings, &databases.pools().await?, &time.clock, &Chance::system()).await?;
    Serving::on(listener, settings, services, Router::new()).serve(nobody_holds_the_input()).await?;
    databases.close(false)?;
    Ok(ExitCode::SUCCESS)
}

async fn nobody_holds_the_input() {
    let (holds, noticed) = oneshot::channel::<()>();
    thread::spawn(move || {
        // Nothing is said there; it only ends.
        drop(io::stdin().read_to_end(&mut Vec::new()));
        drop(holds);
    });
    // The sender is dropped, and that is the word.
    let _ = noticed.await;
}
