//! `hellomapper audit`: the audit logs as files, their verification, and searching them.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use cluster::SERVICES;
use jiff::Timestamp;
use kernel::{
    audit::{export, log, search},
    config::Settings,
};
use shared_types::{AccountId, PatientId};
use transparency::verify::{self, Failure, Report};

use crate::databases::Databases;

/// Entries shown of each service.
const SHOWN: i64 = 10_000;

#[derive(Subcommand)]
pub enum Audit {
    /// Writes a service's log into a file that can be verified without the database.
    Export {
        /// Whose: users, providers, bookings, payments or notifications.
        #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(SERVICES))]
        service: String,
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
    },
    /// Verifies an export, offline. Ends with 0 clean, 1 tampered, 2 unreadable, 3 inconsistent with the older checkpoint.
    Verify(Verify),
    /// Lists entries.
    Search(Search),
    /// Lists reads that nothing explains: staff of another practice, help without a stated reason.
    Suspect {
        #[command(flatten)]
        during: During,
        /// Print one line of JSON for each.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct Verify {
    /// The file that `audit export` wrote.
    #[arg(long)]
    export: PathBuf,
    /// A signed checkpoint: a file of HELLOMAPPER_HOME/audit/{service}, or a copy kept elsewhere, which says more.
    #[arg(long)]
    checkpoint: PathBuf,
    /// The log's public key: log.vkey of the same folder, or a copy kept elsewhere.
    #[arg(long)]
    key: PathBuf,
    /// An older checkpoint that the log must still begin with.
    #[arg(long, value_name = "CHECKPOINT")]
    since: Option<PathBuf>,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Search {
    /// A patient whose record was touched.
    #[arg(long, value_name = "PATIENT")]
    whose: Option<PatientId>,
    /// An account that acted.
    #[arg(long, value_name = "ACCOUNT")]
    actor: Option<AccountId>,
    #[command(flatten)]
    during: During,
    /// Print one line of JSON for each entry.
    #[arg(long)]
    json: bool,
}

/// A span of time.
#[derive(Args, Clone, Copy)]
pub struct During {
    /// From this moment on: 2026-11-22T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub from: Timestamp,
    /// Before this one.
    #[arg(long, value_name = "TIME")]
    pub to: Timestamp,
}

/// Does what was asked.
///
/// # Errors
/// When a database cannot be reached or a file not written. Verifying never fails: its exit code says everything.
pub async fn run(audit: Audit) -> Result<ExitCode> {
    match audit {
        Audit::Verify(verify) => Ok(verify_export(&verify)),
        Audit::Export { service, out } => {
            let settings = Settings::from_env()?;
            let databases = Databases::open(&settings).await?;
            let exported = export_log(&settings, &databases, &service, &out).await;
            databases.close(false)?;
            println!("{} entries of {service} are in {}.", exported?, out.display());
            Ok(ExitCode::SUCCESS)
        }
        Audit::Search(search) => list(search).await,
        Audit::Suspect { during, json } => list_suspect(during, json).await,
    }
}

async fn export_log(settings: &Settings, databases: &Databases, service: &str, out: &Path) -> Result<u64> {
    let mut conn = databases.audit_connection(service).await?;
    let file = File::create(out).with_context(|| format!("making {}", out.display()))?;
    let origin = log::origin(settings, service);
    export::export(&mut conn, service, &origin, &mut BufWriter::new(file)).await
}

/// Reads three or four files and nothing else: no settings, no database.
fn verify_export(asked: &Verify) -> ExitCode {
    let (code, said) = match check(asked) {
        Ok(report) => (0, Said::Clean(report)),
        Err(Failure::Tampered { first, last, why }) => (1, Said::Tampered { first, last, why }),
        Err(Failure::Unreadable(why)) => (2, Said::Unreadable { why }),
        Err(Failure::Inconsistent { size }) => (3, Said::Inconsistent { size }),
    };
    if asked.json {
        println!("{}", serde_json::to_string(&said).expect("numbers and words have a JSON form"));
    } else {
        said.print();
    }
    ExitCode::from(code)
}

fn check(asked: &Verify) -> Result<Report, Failure> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| Failure::Unreadable(format!("{}: {error}", path.display())))
    };
    let checkpoint = read(&asked.checkpoint)?.parse()?;
    let key = read(&asked.key)?.trim_end().parse()?;
    let since = asked.since.as_deref().map(|path| Ok::<_, Failure>(read(path)?.parse()?)).transpose()?;
    let export = File::open(&asked.export)
        .map_err(|error| Failure::Unreadable(format!("{}: {error}", asked.export.display())))?;
    verify::verify(BufReader::new(export), &checkpoint, &key, since.as_ref())
}

/// The verdict, for people and for programs.
#[derive(serde::Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
enum Said {
    Clean(Report),
    Tampered { first: u64, last: u64, why: &'static str },
    Unreadable { why: String },
    Inconsistent { size: u64 },
}

impl Said {
    fn print(&self) {
        match self {
            Self::Clean(report) => {
                println!("Clean: {} leaves of {} are as they were signed.", report.vouched, report.origin);
                for (count, what) in [
                    (report.after, "newer leaves wait for a later checkpoint to vouch for them"),
                    (
                        report.destroyed,
                        "entries were destroyed at the end of their time, as the log itself says",
                    ),
                    (report.clock_back, "leaves were written after the clock had been moved back"),
                ] {
                    if count > 0 {
                        println!("{count} {what}.");
                    }
                }
            }
            Self::Tampered { first, last, why } if first == last => {
                println!("Tampered at index {first}: {why}.")
            }
            Self::Tampered { first, last, why } => {
                println!("Tampered at an index from {first} to {last}: {why}.")
            }
            Self::Unreadable { why } => println!("Unreadable: {why}."),
            Self::Inconsistent { size } => {
                println!("Inconsistent: the log no longer begins as the checkpoint of {size} leaves says.");
            }
        }
    }
}

async fn list(asked: Search) -> Result<ExitCode> {
    let During { from, to } = asked.during;
    let wanted = search::Search { whose: asked.whose, actor: asked.actor, from, to };
    let databases = Databases::open(&Settings::from_env()?).await?;
    let listed = async {
        for service in SERVICES {
            let mut conn = databases.audit_connection(service).await?;
            let found = search::search(&mut conn, &wanted, SHOWN).await?;
            for one in &found {
                if asked.json {
                    println!(
                        "{}",
                        serde_json::to_string(&serde_json::json!({"service": service, "entry": one}))?
                    );
                    continue;
                }
                let (entry, details) = (&one.entry, &one.entry.details);
                println!(
                    "{} {service} {} {:?} by {} {} on {} {} for {}",
                    one.at,
                    entry.action,
                    entry.outcome,
                    details.actor_kind,
                    details.actor.as_deref().unwrap_or("-"),
                    details.resource_kind,
                    details.resource_id,
                    details.purpose,
                );
            }
            if found.len() as i64 == SHOWN {
                bail!("{service} has more than {SHOWN} entries of that kind; ask for a shorter time");
            }
        }
        anyhow::Ok(())
    };
    let listed = listed.await;
    databases.close(false)?;
    listed?;
    Ok(ExitCode::SUCCESS)
}

async fn list_suspect(during: During, json: bool) -> Result<ExitCode> {
    let databases = Databases::open(&Settings::from_env()?).await?;
    let listed = async {
        for service in SERVICES {
            let mut conn = databases.audit_connection(service).await?;
            for one in search::suspect(&mut conn, during.from, during.to).await? {
                if json {
                    println!(
                        "{}",
                        serde_json::to_string(&serde_json::json!({"service": service, "entry": one}))?
                    );
                } else {
                    println!("{} {service} {} {}", one.at, one.audit_entry_id, one.why);
                }
            }
        }
        anyhow::Ok(())
    };
    let listed = listed.await;
    databases.close(false)?;
    listed?;
    Ok(ExitCode::SUCCESS)
}
