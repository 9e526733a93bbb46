//! Settings from the environment, read once at start, complete or the process does not begin.

use std::{
    env,
    ffi::OsString,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use secrecy::SecretString;

use crate::{host, tls::TlsFiles};

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
    /// `HELLOMAPPER_TLS_CERT` and `HELLOMAPPER_TLS_KEY`: TLS ends in this process, not at a front.
    pub tls: Option<TlsFiles>,
    /// `HELLOMAPPER_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// `HELLOMAPPER_HOLDS_BURST`: holds one address may make at once; 300 unless told.
    pub holds_burst: u32,
    /// `HELLOMAPPER_SESSION_KEYS`: files with the keys of session tokens. The first signs, all are published, so that a
    /// key can be brought in and retired without signing anybody out. None: one key below the home folder.
    pub session_keys: Vec<PathBuf>,
    /// `HELLOMAPPER_COVERAGE_KEYS`: files with the keys that seal card numbers. The first seals, all open, until every
    /// number is sealed anew. None: one key below the home folder.
    pub coverage_keys: Vec<PathBuf>,
    /// `HELLOMAPPER_BOOKINGS_KEYS`: files with the keys that seal the addresses of other calendars and the secrets of webhooks.
    /// The first seals, all open, until everything is sealed anew. None: one key below the home folder.
    pub bookings_keys: Vec<PathBuf>,
    /// `HELLOMAPPER_BREACHED_PASSWORDS`: a sorted list of hashes of stolen passwords, which nobody may choose.
    pub breached_passwords: Option<PathBuf>,
    /// `HELLOMAPPER_PMTILES`: an archive that the pages serve and draw as the base map; goes before a tile server.
    pub pmtiles: Option<PathBuf>,
    /// `HELLOMAPPER_TILE_URL`: the template of a tile server behind our own address, instead of the built-in base map.
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

impl Mode {
    /// Whether a key may be read from a file: in development one that is missing is made then, production makes none.
    ///
    /// # Errors
    /// When it is missing in production; says what to put where.
    pub fn check_key(self, path: &Path) -> Result<()> {
        ensure!(
            self == Self::Development || path.exists(),
            "production generates no keys: put 32 random bytes into {}, readable by this process only",
            path.display()
        );
        Ok(())
    }
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
        let tls = tls_files(env::var_os("HELLOMAPPER_TLS_CERT"), env::var_os("HELLOMAPPER_TLS_KEY"))?;
        let public_url = match env::var("HELLOMAPPER_PUBLIC_URL") {
            Ok(url) => url.trim_end_matches('/').to_owned(),
            Err(_) if tls.is_some() => format!("https://localhost:{}", addr.port()),
            Err(_) => format!("http://localhost:{}", addr.port()),
        };
        let settings = Self {
            mode,
            home: env::var_os("HELLOMAPPER_HOME")
                .map_or_else(|| PathBuf::from(".hellomapper"), PathBuf::from),
            addr,
            admin_addr: optional("HELLOMAPPER_ADMIN_ADDR", "an address such as 127.0.0.1:9090")?,
            public_url,
            tls,
            trusted_proxies: list("HELLOMAPPER_TRUSTED_PROXIES", "addresses separated by commas")?,
            holds_burst: parsed("HELLOMAPPER_HOLDS_BURST", "300", "a number from 1")?,
            session_keys: list("HELLOMAPPER_SESSION_KEYS", "paths of files separated by commas")?,
            coverage_keys: list("HELLOMAPPER_COVERAGE_KEYS", "paths of files separated by commas")?,
            bookings_keys: list("HELLOMAPPER_BOOKINGS_KEYS", "paths of files separated by commas")?,
            breached_passwords: env::var_os("HELLOMAPPER_BREACHED_PASSWORDS").map(PathBuf::from),
            pmtiles: env::var_os("HELLOMAPPER_PMTILES").map(PathBuf::from),
            tile_url: env::var("HELLOMAPPER_TILE_URL").ok(),
            smtp_url: env::var("SMTP_URL").ok().map(SecretString::from),
        };
        settings.check()?;
        Ok(settings)
    }

    /// What cannot be meant, and what production refuses.
    fn check(&self) -> Result<()> {
        if !host::is_origin(&self.public_url) {
            bail!(
                "HELLOMAPPER_PUBLIC_URL should be a scheme and a host, such as https://hellomapper.example"
            );
        }
        if self.tls.is_some() && !self.public_url.starts_with("https://") {
            bail!(
                "with HELLOMAPPER_TLS_CERT nothing answers plain HTTP: make HELLOMAPPER_PUBLIC_URL https://"
            );
        }
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

/// The URL of one service's database for the role that sequences and reads its audit log, when the environment names one.
pub fn database_audit_url(service: &str) -> Option<String> {
    env::var(format!("DATABASE_AUDIT_URL_{}", service.to_uppercase())).ok()
}

/// `HELLOMAPPER_WITNESS_KEY`: a file with a second key that co-signs the audit logs' checkpoints.
pub fn witness_key() -> Option<PathBuf> {
    env::var_os("HELLOMAPPER_WITNESS_KEY").map(PathBuf::from)
}

/// The URL of one service's database for its migrate role, when the environment names one.
pub fn database_migrate_url(service: &str) -> Option<String> {
    env::var(format!("DATABASE_MIGRATE_URL_{}", service.to_uppercase())).ok()
}

/// Both or neither.
fn tls_files(certificate: Option<OsString>, key: Option<OsString>) -> Result<Option<TlsFiles>> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            Ok(Some(TlsFiles { certificate: certificate.into(), key: key.into() }))
        }
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => {
            bail!("HELLOMAPPER_TLS_CERT and HELLOMAPPER_TLS_KEY go together; set both or neither")
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{Mode, Settings, tls_files};

    fn settings(mode: Mode, public_url: &str) -> Settings {
        Settings {
            mode,
            home: "home".into(),
            addr: ([127, 0, 0, 1], 8080).into(),
            admin_addr: None,
            public_url: public_url.to_owned(),
            tls: None,
            trusted_proxies: Vec::new(),
            holds_burst: 300,
            session_keys: Vec::new(),
            coverage_keys: Vec::new(),
            bookings_keys: Vec::new(),
            breached_passwords: None,
            pmtiles: None,
            tile_url: None,
            smtp_url: Some("smtps://mapper:hunter2@mail.example".to_owned().into()),
        }
    }

    #[test]
    fn tls_wants_both_files_and_an_https_address() {
        let files = tls_files(Some("c.pem".into()), Some("k.pem".into())).unwrap();
        assert!(files.is_some() && tls_files(None, None).unwrap().is_none());
        assert!(tls_files(Some("c.pem".into()), None).is_err());
        assert!(tls_files(None, Some("k.pem".into())).is_err());
        let over = |url: &str| Settings { tls: files.clone(), ..settings(Mode::Development, url) }.check();
        assert!(over("https://localhost:8443").is_ok());
        assert!(over("http://localhost:8443").is_err());
    }

    #[test]
    fn production_is_reached_by_https_under_a_name() {
        let check = |url: &str| settings(Mode::Production, url).check();
        assert!(check("https://hellomapper.example").is_ok());
        assert!(check("http://hellomapper.example").is_err());
        assert!(check("hellomapper.example").is_err());
    }

    #[test]
    fn settings_print_no_secret() {
        let printed = format!("{:?}", settings(Mode::Production, "https://hellomapper.example"));
        assert!(!printed.contains("hunter2"), "{printed}");
        assert!(printed.contains("hellomapper.example"), "{printed}");
    }
}
