//! The same statements through pgbench, PostgreSQL's own benchmark client.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Instant,
};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Serialize;

use super::{
    cpu::{Cpu, Watched},
    load::{CLIENTS, rounded},
};
use crate::databases::Databases;

/// How many scripts pgbench takes.
pub const SCRIPTS_MAX: usize = 100;

/// What pgbench is to do.
pub struct Pgbench<'a> {
    pub databases: &'a Databases,
    pub watched: Watched,
    /// Which app role: `providers`.
    pub service: &'a str,
    pub scripts: &'a [PathBuf],
    /// `simple`: the text each time; `prepared`: parsed once, values sent apart.
    pub protocol: &'a str,
    /// Values of `:name` in the scripts.
    pub variables: &'a [(&'a str, String)],
}

/// How long it is to run.
#[derive(Clone, Copy)]
pub enum Bound {
    Seconds(u64),
    /// So many transactions for each client.
    Each(usize),
}

/// What it found.
#[derive(Clone, Debug, Serialize)]
pub struct Raw {
    pub transactions: u64,
    pub per_second: f64,
    /// On average.
    pub latency_ms: f64,
    /// Processors kept busy; pgbench is the load generator.
    pub cpu: Cpu,
}

impl Pgbench<'_> {
    /// Runs it under the session settings that the services' pools have.
    ///
    /// # Errors
    /// When a transaction fails; shows what it said.
    pub fn run(&self, bound: Bound) -> Result<Raw> {
        let (cluster, database) = self.databases.embedded()?;
        let role = format!("{}_app", self.service);
        let threads = thread::available_parallelism().map_or(1, usize::from).min(CLIENTS);
        let mut command = Command::new(cluster.programs().bin().join("pgbench"));
        command
            .args(["--no-vacuum", "--random-seed=1", "--protocol", self.protocol])
            .args(["--client", &CLIENTS.to_string(), "--jobs", &threads.to_string()])
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", cluster.port().context("PostgreSQL does not run")?.to_string())
            .env("PGUSER", &role)
            .env("PGPASSWORD", cluster.password(&role))
            .env("PGOPTIONS", "-c statement_timeout=15000")
            .env("LC_ALL", "C.UTF-8");
        match bound {
            Bound::Seconds(seconds) => command.args(["--time", &seconds.to_string()]),
            Bound::Each(count) => command.args(["--transactions", &count.to_string()]),
        };
        for (name, value) in self.variables {
            command.args(["--define", &format!("{name}={value}")]);
        }
        for script in self.scripts {
            command.arg("--file").arg(script);
        }
        command.arg(database);
        let (started, before) = (Instant::now(), self.watched.read()?);
        let output = command.output().context("running pgbench; Debian's package postgresql brings it")?;
        let cpu = (self.watched.read()? - before).over(started.elapsed().as_secs_f64());
        let complaints = String::from_utf8_lossy(&output.stderr);
        let said = String::from_utf8_lossy(&output.stdout);
        let first: Vec<_> = complaints.lines().filter(|line| line.contains("ERROR")).take(3).collect();
        if !output.status.success() {
            bail!(
                "pgbench failed: {}",
                if first.is_empty() { complaints.trim().to_owned() } else { first.join("\n") }
            );
        }
        ensure!(number(&said, "number of failed transactions: ").unwrap_or(0.0) == 0.0, "pgbench: {said}");
        let found =
            |label| number(&said, label).with_context(|| format!("pgbench said no {label:?}:\n{said}"));
        Ok(Raw {
            transactions: found("number of transactions actually processed: ")? as u64,
            per_second: rounded(found("tps = ")?),
            latency_ms: rounded(found("latency average = ")?),
            cpu,
        })
    }
}

impl Raw {
    /// The same when each transaction holds so many questions.
    pub fn of_questions(self, each: usize) -> Self {
        let each = each.max(1) as f64;
        Self {
            per_second: rounded(self.per_second * each),
            latency_ms: rounded(self.latency_ms / each),
            ..self
        }
    }
}

/// The number after a label at the beginning of a line.
fn number(said: &str, label: &str) -> Option<f64> {
    let rest = said.lines().find_map(|line| line.strip_prefix(label))?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Writes scripts into a folder of their own.
///
/// # Errors
/// When it cannot be written.
pub fn write_scripts(folder: &Path, scripts: impl IntoIterator<Item = String>) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let write = |(index, text): (usize, String)| {
        let path = folder.join(format!("{index:03}.sql"));
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    };
    scripts.into_iter().enumerate().map(write).collect()
}

/// A statement of the store as pgbench takes it: without comments and sqlx's notes on column names, and with the
/// values in place of `$1`, `$2`, ….
pub fn statement(text: &str, values: &[impl AsRef<str>]) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--"));
    let text = without_notes(&lines.collect::<Vec<_>>().join("\n"));
    let mut parts = text.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at(end);
        let value = digits.parse::<usize>().ok().and_then(|number| values.get(number.checked_sub(1)?));
        match value {
            Some(value) => out.push_str(value.as_ref()),
            None => out.extend(["$", digits]),
        }
        out.push_str(rest);
    }
    out + ";\n"
}

/// `as "lat!"`, `as "count: i64"` and the like name the column and tell sqlx its type; PostgreSQL needs the name.
fn without_notes(text: &str) -> String {
    let mut parts = text.split("as \"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (noted, rest) = part.split_once('"').unwrap_or((part, ""));
        let name = noted.split(['?', '!', ':']).next().unwrap_or_default();
        out.extend(["as ", name, rest]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{number, statement};

    #[test]
    fn a_statement_is_stripped_and_filled_in() {
        let text = "-- $1 is what\nselect a as \"b: Vec<c>\", d as \"e!\"\nfrom f where g = $1 and h > $12";
        let values = ["1::int", "", "", "", "", "", "", "", "", "", "", "now()"];
        assert_eq!(
            statement(text, &values),
            "select a as b, d as e\nfrom f where g = 1::int and h > now();\n"
        );
    }

    #[test]
    fn numbers_are_read_from_what_pgbench_says() {
        let said = "number of transactions actually processed: 800/800\nnumber of failed transactions: 0 (0.000%)\n\
                    latency average = 1.250 ms\ntps = 6400.5 (without initial connection time)\n";
        assert_eq!(number(said, "number of transactions actually processed: "), Some(800.0));
        assert_eq!(number(said, "number of failed transactions: "), Some(0.0));
        assert_eq!(number(said, "latency average = "), Some(1.25));
        assert_eq!(number(said, "tps = "), Some(6400.5));
    }
}
