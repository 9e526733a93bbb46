//! Settings from the environment, read once at start, complete or the process does not begin.

use std::{env, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result, bail};
use secrecy::SecretString;

/// Settings that every process has.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `HELLOMAPPER_ENV`.
    pub mode: Mode,
    /// `HELLOMAPPER_HOME`: everything we write lies below it.
    pub home: PathBuf,
    /// `HELLOMAPPER_ADDR`: where the pages and the API answer.
    pub addr: SocketAddr,
    /// `HELLOMAPPER_ADMIN_ADDR`: where `/metrics` answers, and nowhere else.
    pub admin_addr: Option<SocketAddr>,
    /// `HELLOMAPPER_PUBLIC_URL`: the origin in links, without a slash at the end.
    pub public_url: String,
    /// `HELLOMAPPER_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// `HELLOMAPPER_HOLDS_BURST`: holds one address may make at once; 300 unless told.
    pub holds_burst: u32,
    /// `HELLOMAPPER_TILE_URL`: a tile server's template, instead of the built-in base map.
    pub tile_url: Option<String>,
    /// `SMTP_URL`: where mail goes; without it, into files.
    pub smtp_url: Option<SecretString>,
}

/// How strict the process is about what it starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Generated keys, file mail and demo data are fine.
    Development,
    /// They are refused.
    Production,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// Names the variable and what it should hold.
    pub fn from_env() -> Result<Self> {
        let mode = match env::var("HELLOMAPPER_ENV").as_deref() {
            Err(_) | Ok("development") => Mode::Development,
            Ok("production") => Mode::Production,
            Ok(other) => bail!("HELLOMAPPER_ENV is {other:?}; expected development or production"),
        };
        let addr: SocketAddr =
            parsed("HELLOMAPPER_ADDR", "127.0.0.1:8080", "an address such as 127.0.0.1:8080")?;
        let public_url = match env::var("HELLOMAPPER_PUBLIC_URL") {
            Ok(url) => url.trim_end_matches('/').to_owned(),
            Err(_) => format!("http://localhost:{}", addr.port()),
        };
        let settings = Self {
            mode,
            home: env::var_os("HELLOMAPPER_HOME")
                .map_or_else(|| PathBuf::from(".hellomapper"), PathBuf::from),
            addr,
            admin_addr: optional("HELLOMAPPER_ADMIN_ADDR", "an address such as 127.0.0.1:9090")?,
            public_url,
            trusted_proxies: list("HELLOMAPPER_TRUSTED_PROXIES", "addresses separated by commas")?,
            holds_burst: parsed("HELLOMAPPER_HOLDS_BURST", "300", "a number from 1")?,
            tile_url: env::var("HELLOMAPPER_TILE_URL").ok(),
            smtp_url: env::var("SMTP_URL").ok().map(SecretString::from),
        };
        settings.check()?;
        Ok(settings)
    }

    /// What production refuses.
    fn check(&self) -> Result<()> {
        if self.mode == Mode::Production {
            if self.smtp_url.is_none() {
                bail!("production needs SMTP_URL: mail into files is for development");
            }
            if !self.public_url.starts_with("https://") {
                bail!("production needs HELLOMAPPER_PUBLIC_URL to be an https:// address of the front");
            }
        }
        Ok(())
    }
}

/// The URL of one service's database for its app role, when the environment names one.
pub fn database_url(service: &str) -> Option<String> {
    env::var(format!("DATABASE_URL_{}", service.to_uppercase())).ok()
}

/// The URL of one service's database for its migrate role, when the environment names one.
pub fn database_migrate_url(service: &str) -> Option<String> {
    env::var(format!("DATABASE_MIGRATE_URL_{}", service.to_uppercase())).ok()
}

fn parsed<T: std::str::FromStr>(name: &str, default: &str, expected: &str) -> Result<T> {
    let text = env::var(name).unwrap_or_else(|_| default.to_owned());
    text.parse().ok().with_context(|| format!("{name} is {text:?}; expected {expected}"))
}

fn optional<T: std::str::FromStr>(name: &str, expected: &str) -> Result<Option<T>> {
    env::var(name)
        .ok()
        .map(|text| text.parse().ok().with_context(|| format!("{name} is {text:?}; expected {expected}")))
        .transpose()
}

fn list<T: std::str::FromStr>(name: &str, expected: &str) -> Result<Vec<T>> {
    let text = env::var(name).unwrap_or_default();
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok().with_context(|| format!("{name} holds {part:?}; expected {expected}")))
        .collect()
}
