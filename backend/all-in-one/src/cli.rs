//! The command line.

mod audit;
mod breach;
mod commands;
mod demo_owner;
mod ledger;
mod mbs;
mod platform_staff;
mod retention;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// An open healthcare marketplace for Australia.
#[derive(Parser)]
#[command(name = "hellomapper", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs all services and the pages in one process until Ctrl-C.
    Serve {
        /// Load an invented Australia of so many practitioner roles when there are none.
        #[arg(long, value_name = "ROLES")]
        demo_if_empty: Option<u32>,
    },
    /// Brings every service's schema and reference data up to date.
    Migrate,
    /// Loads an invented Australia: practices, people, hours, prices, appointments. The same seed gives the same.
    Demo {
        /// How many practitioner roles, 1,000 to 1,000,000.
        #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
        roles: u32,
        /// Which Australia.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Makes somebody the owner of an invented practice that takes payments and has appointments. In development only.
    DemoOwner {
        /// Their address; an account is made where nobody has it.
        email: String,
    },
    /// Imports listings from another directory.
    Import {
        #[command(subcommand)]
        format: Format,
    },
    /// Shows and applies provider types.
    ProviderType {
        #[command(subcommand)]
        action: ProviderType,
    },
    /// Proves that the ledger of payments is whole.
    Ledger {
        #[command(subcommand)]
        action: ledger::Ledger,
    },
    /// Names the platform's first administrator.
    PlatformStaff {
        #[command(subcommand)]
        action: platform_staff::PlatformStaff,
    },
    /// Looks whether everything that serving needs is there, and says what to do about what is not.
    Doctor,
    /// Exports, verifies and searches the audit logs.
    Audit {
        #[command(subcommand)]
        action: audit::Audit,
    },
    /// Keeps suspected data breaches and finds out whom they affect.
    Breach {
        #[command(subcommand)]
        action: breach::Breach,
    },
    /// Makes a restored backup forget again what was erased since it was made.
    Retention {
        #[command(subcommand)]
        action: retention::Retention,
    },
    /// Loads the Medicare Benefits Schedule.
    Mbs {
        #[command(subcommand)]
        action: mbs::Mbs,
    },
    /// Measures search and booking against the same SQL through pgbench; writes target/bench/*.json.
    #[command(hide = true)]
    Bench(crate::bench::Options),
    /// Has everything go wrong at once, and looks whether anything was lost.
    #[command(hide = true)]
    Chaos {
        #[command(subcommand)]
        action: crate::chaos::Chaos,
    },
}

#[derive(Subcommand)]
enum Format {
    /// FHIR R4 JSON in the AU Core profiles: a directory of resources, a Bundle, or NDJSON.
    Fhir {
        /// A file or a directory.
        path: PathBuf,
        /// Print one line of JSON at the end.
        #[arg(long)]
        json: bool,
        /// Check everything and change nothing; the report is written all the same.
        #[arg(long)]
        dry_run: bool,
        /// Refuse resources with an identifier whose check digit is wrong, instead of marking it unverified.
        #[arg(long)]
        strict: bool,
        /// Where to write what was refused and warned of; by default under HELLOMAPPER_HOME/reports.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum ProviderType {
    /// Lists the provider types in the database.
    List,
    /// Checks a provider type's file and says what is wrong with it.
    Check {
        /// The JSON file.
        file: PathBuf,
    },
    /// Applies a provider type's file; takes effect at the next start. An older version than the one there is left out.
    Apply {
        /// The JSON file.
        file: PathBuf,
    },
}

/// Parses the arguments and does what they say.
///
/// # Errors
/// What went wrong, with what to do next.
pub async fn run() -> Result<ExitCode> {
    match Arguments::parse().command {
        Command::Serve { demo_if_empty } => commands::serve(demo_if_empty).await,
        Command::Migrate => commands::migrate().await,
        Command::Demo { roles, seed } => commands::demo(roles, seed).await,
        Command::DemoOwner { email } => demo_owner::run(&email).await,
        Command::Import { format: Format::Fhir { path, json, dry_run, strict, report } } => {
            commands::import_fhir(commands::Import { path, json, dry_run, strict, report }).await
        }
        Command::ProviderType { action: ProviderType::List } => commands::list_provider_types().await,
        Command::ProviderType { action: ProviderType::Check { file } } => {
            commands::check_provider_type(&file)
        }
        Command::ProviderType { action: ProviderType::Apply { file } } => {
            commands::apply_provider_type(&file).await
        }
        Command::Ledger { action } => ledger::run(action).await,
        Command::PlatformStaff { action } => platform_staff::run(action).await,
        Command::Doctor => commands::doctor().await,
        Command::Audit { action } => audit::run(action).await,
        Command::Breach { action } => breach::run(action).await,
        Command::Retention { action } => retention::run(action).await,
        Command::Mbs { action } => mbs::run(action).await,
        Command::Bench(options) => crate::bench::run(&options).await,
        Command::Chaos { action } => crate::chaos::run(action).await,
    }
}
