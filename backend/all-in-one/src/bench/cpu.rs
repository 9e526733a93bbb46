//! Who used the processors: the load generator, the server, the database.

use std::{
    fs,
    ops::{Mul, Sub},
    process,
};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::load::rounded;

/// Linux counts processor time in hundredths of a second for everybody to see, whatever the kernel's own clock.
const TICKS_PER_SECOND: f64 = 100.0;

/// The processes to watch.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// The server under test, when one runs.
    pub server: Option<u32>,
    /// PostgreSQL's first process; its children count with it.
    pub postgres: u32,
}

/// Seconds of processor time; processors kept busy when divided by the time that passed; or what one of something took.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Cpu {
    /// This process and what it waited for, such as pgbench.
    pub load_generator: f64,
    pub server: f64,
    pub database: f64,
}

impl Watched {
    /// Time used so far.
    pub fn read(&self) -> Result<Cpu> {
        let mut database = times(self.postgres)?.with_ended_children;
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            // A process may end while we look.
            if let Ok(times) = times(pid)
                && times.parent == self.postgres
            {
                database += times.own;
            }
        }
        let server = self.server.map_or(Ok(0.0), |pid| times(pid).map(|times| times.own))?;
        Ok(Cpu { load_generator: times(process::id())?.with_ended_children, server, database })
    }
}

impl Cpu {
    /// Processors kept busy over so many seconds.
    pub fn over(self, seconds: f64) -> Self {
        let per_second = |used: f64| (used / seconds.max(0.001) * 100.0).round() / 100.0;
        Self {
            load_generator: per_second(self.load_generator),
            server: per_second(self.server),
            database: per_second(self.database),
        }
    }

    /// What each of so many took, in the same unit of time; what the jobs behind them did meanwhile counts with it. Nothing, of
    /// none.
    pub fn each(self, count: f64) -> Self {
        let each = |used: f64| if count > 0.0 { rounded(used / count) } else { 0.0 };
        Self {
            load_generator: each(self.load_generator),
            server: each(self.server),
            database: each(self.database),
        }
    }
}

/// In a smaller unit of time.
impl Mul<f64> for Cpu {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        Self {
            load_generator: self.load_generator * times,
            server: self.server * times,
            database: self.database * times,
        }
    }
}

impl Sub for Cpu {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            load_generator: self.load_generator - before.load_generator,
            server: self.server - before.server,
            database: self.database - before.database,
        }
    }
}

struct Times {
    parent: u32,
    own: f64,
    with_ended_children: f64,
}

/// Reads `/proc/PID/stat` (proc(5)): after the name in parentheses come state, parent, …, and as fields 14 to 17 the
/// ticks in user and kernel mode, of the process and of its children that ended.
fn times(pid: u32) -> Result<Times> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, rest) = stat.rsplit_once(") ").context("/proc/PID/stat has a name in parentheses")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |number: usize| -> Result<f64> {
        Ok(fields.get(number - 3).context("/proc/PID/stat is too short")?.parse::<f64>()? / TICKS_PER_SECOND)
    };
    let own = ticks(14)? + ticks(15)?;
    Ok(Times {
        parent: fields.get(1).context("/proc/PID/stat is too short")?.parse()?,
        own,
        with_ended_children: own + ticks(16)? + ticks(17)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Cpu, times};

    #[test]
    fn our_own_times_can_be_read() {
        let times = times(std::process::id()).unwrap();
        assert!(times.parent > 0 && times.with_ended_children >= times.own);
    }

    #[test]
    fn processor_time_is_shared_by_what_was_done() {
        let before = Cpu { load_generator: 1.0, server: 2.0, database: 4.0 };
        let used = Cpu { load_generator: 2.0, server: 12.0, database: 9.0 } - before;
        let found = |cpu: Cpu| (cpu.load_generator, cpu.server, cpu.database);
        assert_eq!(found(used.over(10.0)), (0.1, 1.0, 0.5));
        assert_eq!(found((used * 1e3).each(4_000.0)), (0.25, 2.5, 1.25));
        assert_eq!(found(used.each(0.0)), (0.0, 0.0, 0.0));
    }
}
