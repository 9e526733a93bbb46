//! `hellomapper bench`: search, free times, pages and booking through HTTP, beside the same statements through pgbench,
//! on the same cluster in the same run; a practice's calendar and what works behind it; what safety costs; and money. Nothing is
//! cached and nothing about durability is changed. Everything stays on the loopback address and ends by itself.

mod booking;
mod booking_sql;
mod calendar;
mod cpu;
pub(crate) mod data;
pub(crate) mod http;
mod ledger;
mod load;
mod offline;
mod pages;
mod payments;
mod pgbench;
mod questions;
mod reading_sql;
mod report;
mod search;
mod security;
mod server;
mod worked;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, Result, bail};
use jiff::tz::TimeZone;
use kernel::{Clock, config::Settings};
use tokio::task::block_in_place;
use uuid::Uuid;

use self::{
    cpu::Watched,
    http::Client,
    load::Target,
    questions::{Question, Understood},
    report::{AtSize, Machine, Report},
    server::Served,
};
use crate::databases::Databases;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// The sizes to measure, in practitioner roles.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000],
        value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
    sizes: Vec<u32>,
    /// How long each measurement takes.
    #[arg(long, hide = true, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// Measure booking at every size, not only at the smallest.
    #[arg(long)]
    all: bool,
    /// How many appointments' reminders are planned and written; what a day of visits takes is reckoned from fewer.
    #[arg(long, hide = true, default_value_t = calendar::TOLD,
        value_parser = clap::value_parser!(u64).range(calendar::TOLD..=calendar::A_DAY))]
    appointments: u64,
    /// Drop the databases of earlier runs first.
    #[arg(long)]
    fresh: bool,
}

/// What every measurement is given.
pub(crate) struct Bench<'a> {
    databases: &'a Databases,
    /// For the server's keys, mail and log, and for pgbench's scripts.
    home: PathBuf,
    warm_up: Duration,
    time: Duration,
    /// Appointments that notifications is told of.
    told: u64,
}

impl Bench<'_> {
    fn watched(&self, server: Option<u32>) -> Result<Watched> {
        let postgres = self.databases.embedded()?.0.pid().context("PostgreSQL does not run")?;
        Ok(Watched { server, postgres })
    }

    fn target(&self, served: &Served) -> Result<Target> {
        let watched = self.watched(Some(served.pid()))?;
        Ok(Target { addr: served.addr, watched, warm_up: self.warm_up, time: self.time })
    }
}

/// Measures, writes `target/bench/*.json` and prints a table.
///
/// # Errors
/// When something cannot be measured, or any request failed. Falling short of an aim is a result, not an error.
pub async fn run(options: &Options) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let measured = run_with(options, &settings, &databases).await;
    databases.close(false)?;
    let failures = measured?;
    if !failures.is_empty() {
        bail!(
            "requests failed while measuring, so the figures cannot be trusted:\n  {}",
            failures.join("\n  ")
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Says which measurements had failures.
async fn run_with(options: &Options, settings: &Settings, databases: &Databases) -> Result<Vec<String>> {
    let clock = Clock::System;
    let bench = Bench {
        databases,
        // pgbench and the server are started elsewhere.
        home: std::path::absolute(settings.home.join("bench"))?,
        warm_up: Duration::from_secs(2),
        time: Duration::from_secs(options.seconds),
        told: options.appointments,
    };
    let mut sizes = options.sizes.clone();
    sizes.sort_unstable();
    sizes.dedup();
    if options.fresh {
        let names: Vec<_> = sizes.iter().map(|roles| format!("bench_{roles}")).collect();
        data::remove(databases, &names).await?;
    }
    let machine = Machine::look(databases, &clock, options.seconds).await?;
    let mut report = Report::new(machine)?;
    for (index, roles) in sizes.into_iter().enumerate() {
        let sized = data::of_size(databases, roles, &clock).await?;
        println!("Measuring search and pages at {roles} roles");
        report.sizes.push(measure_size(&bench, &sized, roles, &clock).await?);
        if index == 0 || options.all {
            println!("Measuring booking at {roles} roles, in a copy");
            report.bookings.push(booking::measure(&bench, &sized, roles).await?);
        }
        if index == 0 {
            println!("Measuring a practice's calendar and reminders, in a copy");
            report.calendar = Some(calendar::measure(&bench, &sized, settings, roles).await?);
            println!("Measuring what safety costs, in a copy");
            report.security = Some(security::measure(&bench, &sized).await?);
            println!("Measuring money, in a copy");
            report.payments = Some(payments::measure(&bench, &sized, settings).await?);
        }
        // After every size, so that a later failure costs only what came after.
        report.write()?;
    }
    report.print();
    Ok(report.failures())
}

async fn measure_size(bench: &Bench<'_>, sized: &Databases, roles: u32, clock: &Clock) -> Result<AtSize> {
    let questions = questions::draw(&data::places(sized).await?)?;
    let bookable = data::bookable(sized, i64::try_from(pages::ROLES)?).await?;
    let invented_on = data::invented_on(sized).await?;
    let served = Served::start(sized, &bench.home)?;
    let target = bench.target(&served)?;
    let today = clock.now().to_zoned(TimeZone::UTC).date();
    let measured = block_in_place(|| measure_served(bench, sized, target, questions, &bookable, today));
    served.stop()?;
    let (search, pages) = measured?;
    Ok(AtSize { roles, invented_on, search, pages })
}

fn measure_served(
    bench: &Bench<'_>,
    sized: &Databases,
    target: Target,
    questions: Vec<Question>,
    bookable: &[Uuid],
    today: jiff::civil::Date,
) -> Result<(search::Search, pages::Pages)> {
    let mut client = Client::new(target.addr);
    let understood: Vec<Understood> =
        questions.into_iter().map(|question| question.understand(&mut client)).collect::<Result<_>>()?;
    let search = search::measure(bench, sized, target, &understood)?;
    let pages = pages::measure(target, &understood, bookable, today)?;
    Ok((search, pages))
}

/// How many of ours for each of theirs.
fn ratio(ours: f64, theirs: f64) -> f64 {
    if theirs > 0.0 { load::rounded(ours / theirs) } else { 0.0 }
}
