//! What a practice's calendar costs for each of what it is made of, whatever the size of the practice.

use serde::Serialize;

use super::{Asked, DAYS};
use crate::bench::cpu::Cpu;

/// Processor time in microseconds.
#[derive(Debug, Serialize)]
pub struct Cost {
    /// One day of one person's free times.
    pub role_day: Cpu,
    /// One entry of a week.
    pub entry: Cpu,
    /// One step of an appointment.
    pub transition: Cpu,
}

impl Cost {
    pub(super) fn of(asked: &Asked, people: usize) -> Self {
        let each = |ms: Cpu, units: f64| (ms * 1e3).each(units);
        Self {
            role_day: each(asked.practice_free_times.cpu_ms_each, people as f64 * DAYS as f64),
            entry: each(asked.week.cpu_ms_each, asked.entries_in_week as f64),
            transition: each(asked.transitions.cpu_ms_each, 1.0),
        }
    }

    /// In the words of the report.
    pub fn lines(&self) -> [(&'static str, Cpu); 3] {
        [
            ("a day of free times of one person", self.role_day),
            ("an entry of a week", self.entry),
            ("a step of an appointment", self.transition),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::Cost;
    use crate::bench::{calendar::Asked, cpu::Cpu, load::Measured};

    fn measured(server: f64, database: f64) -> Measured {
        Measured {
            done: 1,
            errors: 0,
            first_error: None,
            seconds: 1.0,
            per_second: 1.0,
            p50_ms: 1.0,
            p99_ms: 1.0,
            max_ms: 1.0,
            cpu: Cpu::default(),
            cpu_ms_each: Cpu { load_generator: 0.0, server, database },
        }
    }

    #[test]
    fn a_request_is_shared_by_what_it_gives() {
        let asked = Asked {
            practice_free_times: measured(28.0, 56.0),
            week: measured(10.0, 2.5),
            entries_in_week: 500,
            transitions: measured(1.25, 3.5),
        };
        let cost = Cost::of(&asked, 20);
        let found = cost.lines().map(|(_, cpu)| (cpu.server, cpu.database));
        assert_eq!(found, [(50.0, 100.0), (20.0, 5.0), (1_250.0, 3_500.0)]);
    }
}
