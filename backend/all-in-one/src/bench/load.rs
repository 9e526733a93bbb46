//! Two ways of asking: as fast as eight clients can (closed loop), and at a fixed rate whatever the answers take (open
//! loop).

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use serde::Serialize;

use super::{
    cpu::{Cpu, Watched},
    http::Client,
};

/// Clients of a closed loop, here and in pgbench.
pub const CLIENTS: usize = 8;
/// Connections of an open loop: enough that a late answer delays no other question.
const OPEN_CONNECTIONS: usize = 32;
/// A client gives up after so many failures.
const FAILURES_MAX: usize = 20;

/// Where and how long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub addr: SocketAddr,
    pub watched: Watched,
    pub warm_up: Duration,
    pub time: Duration,
}

/// What a measurement found. Latencies are in milliseconds.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    pub done: usize,
    pub errors: usize,
    /// What the first failure said.
    pub first_error: Option<String>,
    pub seconds: f64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
    /// Processors kept busy.
    pub cpu: Cpu,
    /// Processor time of each, in milliseconds.
    pub cpu_ms_each: Cpu,
}

/// Every client does its next job as soon as its last one is done. A job is told its number, and says `None` when there
/// is nothing left to do.
pub fn closed(
    target: Target,
    job: impl Fn(&mut Client, usize) -> Option<Result<()>> + Sync,
) -> Result<Measured> {
    let next = AtomicUsize::new(0);
    let begin = Instant::now() + target.warm_up;
    let end = begin + target.time;
    run(target, CLIENTS, begin, |client, samples| {
        while Instant::now() < end && samples.failures < FAILURES_MAX {
            let started = Instant::now();
            let Some(done) = job(client, next.fetch_add(1, Ordering::Relaxed)) else { break };
            samples.keep(done, started, begin);
        }
    })
}

/// Jobs are due at fixed instants. What counts is the time since a job was due, so that a stall shows in every job
/// that had to wait for it (no coordinated omission).
pub fn open(
    target: Target,
    per_second: f64,
    job: impl Fn(&mut Client, usize) -> Option<Result<()>> + Sync,
) -> Result<Measured> {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let begin = start + target.warm_up;
    let end = begin + target.time;
    run(target, OPEN_CONNECTIONS, begin, |client, samples| {
        while samples.failures < FAILURES_MAX {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let due = start + Duration::from_secs_f64(index as f64 / per_second.max(1.0));
            if due >= end {
                break;
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let Some(done) = job(client, index) else { break };
            samples.keep(done, due, begin);
        }
    })
}

/// Runs clients in threads and puts together what they saw from `begin` on.
fn run(
    target: Target,
    clients: usize,
    begin: Instant,
    work: impl Fn(&mut Client, &mut Samples) + Sync,
) -> Result<Measured> {
    let (all, cpu) = thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    let (mut client, mut samples) = (Client::new(target.addr), Samples::default());
                    work(&mut client, &mut samples);
                    samples
                })
            })
            .collect();
        thread::sleep(begin.saturating_duration_since(Instant::now()));
        let before = target.watched.read();
        let mut all = Samples::default();
        for thread in threads {
            all.join(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        let cpu = before.and_then(|before| Ok(target.watched.read()? - before));
        (all, cpu)
    });
    let seconds = all.last.map_or(0.0, |last| last.saturating_duration_since(begin).as_secs_f64());
    Ok(all.summary(seconds, cpu?))
}

#[derive(Default)]
struct Samples {
    latencies: Vec<Duration>,
    failures: usize,
    first_error: Option<String>,
    last: Option<Instant>,
}

impl Samples {
    fn keep(&mut self, done: Result<()>, since: Instant, begin: Instant) {
        let now = Instant::now();
        match done {
            Ok(()) if since >= begin => {
                self.latencies.push(now - since);
                self.last = Some(now);
            }
            Ok(()) => {}
            Err(error) => {
                self.failures += 1;
                self.first_error.get_or_insert(format!("{error:#}"));
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failures += other.failures;
        self.first_error = self.first_error.take().or(other.first_error);
        self.last = self.last.max(other.last);
    }

    /// `used` is the processor time of those seconds.
    fn summary(mut self, seconds: f64, used: Cpu) -> Measured {
        self.latencies.sort_unstable();
        let done = self.latencies.len();
        Measured {
            done,
            errors: self.failures,
            first_error: self.first_error,
            seconds: rounded(seconds),
            per_second: rounded(if seconds > 0.0 { done as f64 / seconds } else { 0.0 }),
            p50_ms: percentile(&self.latencies, 50),
            p99_ms: percentile(&self.latencies, 99),
            max_ms: percentile(&self.latencies, 100),
            cpu: used.over(seconds),
            cpu_ms_each: (used * 1e3).each(done as f64),
        }
    }
}

/// The smallest of the sorted latencies that so many in a hundred do not exceed; in milliseconds.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).map_or(0.0, |latency| rounded(latency.as_secs_f64() * 1_000.0))
}

/// Three digits after the point say more than the measurement knows.
pub fn rounded(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Samples, percentile};
    use crate::bench::cpu::Cpu;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let sorted: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&sorted, 50), 100.0);
        assert_eq!(percentile(&sorted, 99), 198.0);
        assert_eq!(percentile(&sorted, 100), 200.0);
        assert_eq!(percentile(&[], 99), 0.0);
    }

    #[test]
    fn a_summary_says_what_was_busy_and_what_each_took() {
        let samples = Samples { latencies: vec![Duration::from_millis(5); 400], ..Samples::default() };
        let used = Cpu { load_generator: 0.2, server: 2.0, database: 1.0 };
        let found = samples.summary(4.0, used);
        assert_eq!((found.done, found.per_second), (400, 100.0));
        assert_eq!((found.cpu.server, found.cpu.database), (0.5, 0.25));
        let each = found.cpu_ms_each;
        assert_eq!((each.load_generator, each.server, each.database), (0.5, 5.0, 2.5));
    }
}
