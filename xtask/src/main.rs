//! `cargo xtask run` and `cargo xtask test`: everything from a fresh machine to a running or a tested HelloMapper.

mod bundle;
mod data;
mod install;
mod openapi;
mod process;
mod run;
mod sql;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests HelloMapper", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what is missing, builds, and serves on http://localhost:8080 until Ctrl-C.
    Run {
        /// How many practitioner roles the invented Australia has, the first time.
        #[arg(long, default_value_t = 5_000)]
        roles: u32,
        /// Do not load invented practices.
        #[arg(long)]
        no_demo: bool,
    },
    /// Builds the browser bundle and all six programs for other machines: dist/ and target/release/.
    Build,
    /// Everything that must pass before a change lands: format, lints, licences, SQL, tests, browser.
    Test(test::Options),
    /// Draws steps of every model test, new ones each time, and says how many it took in a second.
    Models {
        /// How many of each.
        #[arg(long, default_value_t = test::STEPS_A_NIGHT)]
        steps: u32,
    },
    /// Rewrites the checked-query caches after a statement or a migration changed.
    Sql,
    /// Rewrites docs/openapi after a route or a type changed.
    Openapi,
    /// Measures search, free times and booking, and writes target/bench/*.json.
    Bench {
        /// The sizes to measure, in practitioner roles.
        #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
        sizes: Vec<u32>,
    },
    /// Bookings are made and paid, and claims lodged, while everything goes wrong; says what was lost, and writes target/chaos/*.json.
    Chaos {
        /// How many bookings.
        #[arg(long, default_value_t = 10_000)]
        bookings: u32,
        /// How often the program is killed meanwhile.
        #[arg(long, default_value_t = 100)]
        kills: u32,
        /// What people do, and when something goes wrong.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Makes committed data files again from their sources.
    Data {
        /// Which.
        which: data::Which,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run { roles, no_demo } => self::run::run((!no_demo).then_some(roles)),
        Command::Build => bundle::release(),
        Command::Test(options) => test::test(&options),
        Command::Models { steps } => test::models(steps),
        Command::Sql => sql::rewrite_caches(),
        Command::Openapi => openapi::rewrite(),
        Command::Bench { sizes } => self::run::bench(&sizes),
        Command::Chaos { bookings, kills, seed } => self::run::chaos(bookings, kills, seed),
        Command::Data { which } => data::make(which),
    }
}
