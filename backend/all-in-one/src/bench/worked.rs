//! What this process has worked off with the database, by the services' own jobs and inboxes.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use kernel::Service;
use serde::Serialize;

use super::{
    cpu::{Cpu, Watched},
    load::rounded,
};

/// How much, and how fast.
#[derive(Debug, Serialize)]
pub struct Worked {
    pub done: u64,
    pub seconds: f64,
    pub per_second: f64,
    pub ms_each: f64,
    /// Processors kept busy; the service is in the load generator's process.
    pub cpu: Cpu,
}

impl Worked {
    pub fn since(watched: Watched, begun: Instant, before: Cpu, done: u64) -> Result<Self> {
        let seconds = begun.elapsed().as_secs_f64();
        let cpu = (watched.read()? - before).over(seconds);
        ensure!(done > 0, "there was nothing to do");
        Ok(Self {
            done,
            seconds: rounded(seconds),
            per_second: rounded(done as f64 / seconds.max(0.001)),
            ms_each: rounded(seconds * 1e3 / done as f64),
            cpu,
        })
    }

    /// How long so many take.
    pub fn seconds_for(&self, count: u64) -> f64 {
        rounded(count as f64 * self.ms_each / 1e3)
    }

    /// What is said beside a figure for so many, where fewer were done.
    pub fn reckoned_for(&self, count: u64) -> String {
        if self.done < count { format!(", reckoned from {}", self.done) } else { String::new() }
    }
}

/// Runs a job until nothing is due any more.
pub async fn work_off(watched: Watched, services: &[Service], name: &str) -> Result<Worked> {
    let mut jobs = services.iter().flat_map(|service| &service.jobs);
    let job = jobs.find(|job| job.name == name).context("the job is there")?;
    let (begun, before, mut done) = (Instant::now(), watched.read()?, 0);
    loop {
        match job.run_once().await? {
            0 => return Worked::since(watched, begun, before, done),
            some => done += some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Worked;
    use crate::bench::cpu::Cpu;

    #[test]
    fn what_was_not_done_is_reckoned_and_said_to_be() {
        let worked =
            Worked { done: 5_000, seconds: 10.0, per_second: 500.0, ms_each: 2.0, cpu: Cpu::default() };
        assert_eq!(worked.seconds_for(450_000), 900.0);
        assert_eq!(worked.reckoned_for(450_000), ", reckoned from 5000");
        assert_eq!(worked.reckoned_for(5_000), "");
    }
}
