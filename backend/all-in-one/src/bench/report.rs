//! What was found: as JSON for machines, as a table beside the aims for people.

mod aims;
mod browser;
mod machine;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::{Value, json};

use self::machine::Bundles;
pub use self::machine::Machine;
use super::{
    booking::Booking, calendar::Calendar, load::Measured, pages::Pages, payments::Payments, pgbench::Raw,
    ratio, search::Search, security::Security, worked::Worked,
};
use crate::dist;

/// Where the files go, from the checkout's root.
const FOLDER: &str = "target/bench";
const MILLION: u32 = 1_000_000;
const TEN_THOUSAND: u32 = 10_000;

/// Search and pages at one size.
#[derive(Debug, Serialize)]
pub struct AtSize {
    pub roles: u32,
    pub invented_on: String,
    pub search: Search,
    pub pages: Pages,
}

/// Everything found so far.
pub struct Report {
    machine: Machine,
    bundles: Bundles,
    /// Of a full week's view, slowed four times, as the browser test found it last.
    longest_frame_ms: Option<f64>,
    pub sizes: Vec<AtSize>,
    pub bookings: Vec<Booking>,
    /// At the smallest size: it does not depend on it.
    pub calendar: Option<Calendar>,
    /// At the smallest size: it does not depend on it.
    pub security: Option<Security>,
    /// At the smallest size: it does not depend on it.
    pub payments: Option<Payments>,
}

impl Report {
    /// Nothing measured yet but the bundles, and what the browser test left.
    ///
    /// # Errors
    /// When the bundles' folder, or what the test left, cannot be read.
    pub fn new(machine: Machine) -> Result<Self> {
        let bundles = Bundles::look(&dist())?;
        let longest_frame_ms = browser::longest_frame_ms(Path::new(FOLDER))?;
        let (sizes, bookings) = (Vec::new(), Vec::new());
        let (calendar, security, payments) = (None, None, None);
        Ok(Self { machine, bundles, longest_frame_ms, sizes, bookings, calendar, security, payments })
    }

    fn at(&self, roles: u32) -> Option<&AtSize> {
        self.sizes.iter().find(|size| size.roles == roles)
    }

    /// Search through HTTP for each of pgbench's, by distance, at a million roles.
    fn search_vs_pgbench_1m(&self) -> Option<f64> {
        Some(self.at(MILLION)?.search.by_distance.http_vs_pgbench)
    }

    /// What a search through HTTP costs at a million roles for each cost at ten thousand.
    fn search_growth_10k_1m(&self) -> Option<f64> {
        let rate = |roles| Some(self.at(roles)?.search.by_distance.http.per_second);
        Some(ratio(rate(TEN_THOUSAND)?, rate(MILLION)?))
    }

    fn search_p99_half_load_ms_1m(&self) -> Option<f64> {
        Some(self.at(MILLION)?.search.half_load.p99_ms)
    }

    fn hold_confirm_vs_same_sql(&self) -> Option<f64> {
        Some(self.bookings.first()?.hold_confirm_vs_same_sql)
    }

    /// Writes `target/bench/*.json`. Keys stay; what did not run is null.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self) -> Result<()> {
        let of_sizes = |part: fn(&AtSize) -> Value| {
            let sizes = self.sizes.iter();
            sizes.map(
                move |size| json!({"roles": size.roles, "invented_on": size.invented_on, "found": part(size)}),
            )
        };
        let search = json!({
            "machine": self.machine,
            "search_vs_pgbench_1m": self.search_vs_pgbench_1m(),
            "search_growth_10k_1m": self.search_growth_10k_1m(),
            "search_p99_half_load_ms_1m": self.search_p99_half_load_ms_1m(),
            "search": of_sizes(|size| json!(size.search)).collect::<Vec<_>>(),
        });
        let booking = json!({
            "machine": self.machine,
            "hold_confirm_vs_same_sql": self.hold_confirm_vs_same_sql(),
            "booking": self.bookings,
            "free_times": of_sizes(|size| json!(size.pages.free_times)).collect::<Vec<_>>(),
        });
        let pages = json!({
            "machine": self.machine,
            "search_pages": of_sizes(|size| json!(size.pages.search_pages)).collect::<Vec<_>>(),
            "profile_pages": of_sizes(|size| json!(size.pages.profile_pages)).collect::<Vec<_>>(),
        });
        let calendar = json!({
            "machine": self.machine,
            "calendar": self.calendar,
            "week_view_longest_frame_ms_slowed_four_times": self.longest_frame_ms,
        });
        let wasm = json!(self.bundles);
        let found = self.security.as_ref();
        let security = json!({
            "machine": self.machine,
            "token_check": found.map(|found| &found.token_check),
            "audit_overhead": found.map(|found| &found.audit_overhead),
            "audit_verify_1m": found.map(|found| &found.audit_verify_1m),
            "seal_open": found.map(|found| &found.seal_open),
        });
        let found = self.payments.as_ref();
        let payments = json!({
            "machine": self.machine,
            "payment_state_changes": found.map(|found| &found.state_changes),
            "webhooks_stored": found.map(|found| &found.webhooks_stored),
            "webhooks_applied": found.map(|found| &found.webhooks_applied),
            "ledger_verify_10m": found.map(|found| &found.ledger_verify_10m),
            "mbs_load": found.map(|found| &found.mbs_load),
        });
        let parts = [
            ("search", search),
            ("booking", booking),
            ("pages", pages),
            ("calendar", calendar),
            ("security", security),
            ("payments", payments),
            ("wasm", wasm),
        ];
        let mut summary = serde_json::Map::new();
        for (name, part) in parts {
            write(name, &part)?;
            if let Value::Object(part) = part {
                summary.extend(part);
            }
        }
        write("summary", &Value::Object(summary))
    }

    /// What failed, measurement by measurement.
    pub fn failures(&self) -> Vec<String> {
        self.measurements()
            .into_iter()
            .filter(|(_, measured)| measured.errors > 0 || measured.done == 0)
            .map(|(what, measured)| {
                let first = measured.first_error.as_deref().unwrap_or("nothing was done in time");
                format!(
                    "{what}: {} failed of {}; first: {first}",
                    measured.errors,
                    measured.done + measured.errors
                )
            })
            .collect()
    }

    fn measurements(&self) -> Vec<(String, &Measured)> {
        let mut all = Vec::new();
        for AtSize { roles, search, pages, .. } in &self.sizes {
            let here = [
                ("search by distance", &search.by_distance.http),
                ("search by distance at half load", &search.half_load),
                ("search by soonest time", &search.by_soonest.http),
                ("search in both orders", &search.mixed),
                ("free times of four weeks", &pages.free_times),
                ("search pages", &pages.search_pages),
                ("profile pages", &pages.profile_pages),
            ];
            all.extend(here.map(|(what, measured)| (format!("{what}, {roles} roles"), measured)));
        }
        let bookings = self.bookings.iter();
        all.extend(
            bookings.map(|booking| (format!("hold and confirm, {} roles", booking.roles), &booking.http)),
        );
        if let Some(calendar) = &self.calendar {
            let people = calendar.practitioners;
            let free_times = format!("four weeks of free times of {people} people");
            all.push((free_times, &calendar.practice_free_times));
            let week = format!("a week of {people} people, {} entries", calendar.entries_in_week);
            all.push((week, &calendar.week));
            all.push(("a step of an appointment".to_owned(), &calendar.transitions));
        }
        if let Some(Security { token_check, .. }) = &self.security {
            all.push(("a consent text, signed in".to_owned(), &token_check.with_session));
            all.push(("a consent text, not signed in".to_owned(), &token_check.without_session));
        }
        all
    }

    /// Prints what was measured, then what matters beside its aim, then what falls short.
    pub fn print(&self) {
        let machine = &self.machine;
        println!(
            "\n{} cores ({}), {} MB, PostgreSQL {}, {} clients, {} s each. Server, database and load generator share \
             the cores; `cpu` says how many each kept busy, `ms each` what one took of the server's and the database's.\n",
            machine.cores,
            machine.processor,
            machine.memory_mb,
            machine.postgresql,
            machine.clients,
            machine.seconds_each
        );
        println!(
            "{:<48}{:>10}{:>10}{:>10}{:>9}   cpu: load, server, database   ms each: server, database",
            "through HTTP", "per s", "p50 ms", "p99 ms", "errors"
        );
        for (what, found) in self.measurements() {
            let (cpu, each) = (found.cpu, found.cpu_ms_each);
            println!(
                "{what:<48}{:>10.1}{:>10.2}{:>10.2}{:>9}   {:>9.2}{:>8.2}{:>10.2}   {:>15.3}{:>10.3}",
                found.per_second,
                found.p50_ms,
                found.p99_ms,
                found.errors,
                cpu.load_generator,
                cpu.server,
                cpu.database,
                each.server,
                each.database
            );
        }
        println!("\n{:<48}{:>10}{:>10}", "processor time of one, in µs", "server", "database");
        for (what, cpu) in self.calendar.iter().flat_map(|calendar| calendar.cpu_us_each.lines()) {
            println!("{what:<48}{:>10.1}{:>10.1}", cpu.server, cpu.database);
        }
        println!("\n{:<48}{:>10}{:>10}", "through pgbench", "per s", "mean ms");
        for (what, raw) in self.raw() {
            println!("{what:<48}{:>10.1}{:>10.2}", raw.per_second, raw.latency_ms);
        }
        println!("\n{:<48}{:>10}{:>10}{:>10}", "worked off by jobs and inboxes", "per s", "ms each", "done");
        for (what, worked) in self.worked() {
            println!("{what:<48}{:>10.1}{:>10.2}{:>10}", worked.per_second, worked.ms_each, worked.done);
        }
        println!("\n{:<60}{:>10}  aim", "ratios", "found");
        let lines = self.lines();
        for line in &lines {
            println!("{}", line.text());
        }
        let short: Vec<_> = lines.iter().filter(|line| line.falls_short()).map(|line| &*line.what).collect();
        let missing = lines.iter().any(|line| line.aim.is_some() && line.found.is_none());
        println!();
        match (short.is_empty(), missing) {
            (true, false) => println!("Every aim is reached."),
            (true, true) => println!("Every aim that was measured is reached; some were not measured."),
            (false, _) => println!("Falls short: {}.", short.join("; ")),
        }
        println!(
            "Written to {FOLDER}/{{search,booking,pages,calendar,security,payments,wasm,summary}}.json."
        );
    }

    fn raw(&self) -> Vec<(String, &Raw)> {
        let mut all = Vec::new();
        for AtSize { roles, search, .. } in &self.sizes {
            all.push((format!("search by distance, {roles} roles"), &search.by_distance.pgbench));
            all.push((
                format!("the same with the place's lookup, {roles} roles"),
                &search.pgbench_with_place,
            ));
            all.push((format!("search by soonest time, {roles} roles"), &search.by_soonest.pgbench));
        }
        for booking in &self.bookings {
            all.push((format!("hold and confirm, {} roles", booking.roles), &booking.same_sql));
            all.push((format!("bare inserts, {} roles", booking.roles), &booking.bare_inserts));
        }
        if let Some(Security { audit_overhead, .. }) = &self.security {
            all.push(("a record read".to_owned(), &audit_overhead.read_alone));
            all.push(("a record read and that written down".to_owned(), &audit_overhead.read_written_down));
        }
        all
    }

    fn worked(&self) -> Vec<(&'static str, &Worked)> {
        let mut all = Vec::new();
        if let Some(calendar) = &self.calendar {
            all.push(("next free times of a role", &calendar.next_free));
            all.push(("planning an appointment's reminders", &calendar.reminders_planned));
            all.push(("writing a reminder", &calendar.reminders_written));
        }
        if let Some(payments) = &self.payments {
            all.push(("a change of a payment, in the ledger", &payments.state_changes));
            all.push(("storing a webhook", &payments.webhooks_stored));
            all.push(("applying a webhook", &payments.webhooks_applied));
        }
        all
    }
}

fn write(name: &str, value: &Value) -> Result<()> {
    let folder = PathBuf::from(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("making {FOLDER}"))?;
    let path = folder.join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(value)? + "\n";
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}
