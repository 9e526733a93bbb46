//! What it was measured on, and what the browser is sent.

use std::{fs, path::Path};

use anyhow::Result;
use kernel::Clock;
use serde::Serialize;

use crate::{
    bench::{
        data,
        load::{CLIENTS, rounded},
    },
    databases::Databases,
};

/// What it was measured on.
#[derive(Debug, Serialize)]
pub struct Machine {
    pub measured_at: String,
    pub cores: usize,
    pub processor: String,
    pub memory_mb: u64,
    pub postgresql: String,
    pub clients: usize,
    pub seconds_each: u64,
}

impl Machine {
    /// Looks around.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(databases: &Databases, clock: &Clock, seconds_each: u64) -> Result<Self> {
        let line = |file: &str, label: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with(label)).unwrap_or_default().to_owned();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let memory = line("/proc/meminfo", "MemTotal");
        let kilobytes: u64 =
            memory.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        Ok(Self {
            measured_at: clock.now().to_string(),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            processor: line("/proc/cpuinfo", "model name"),
            memory_mb: kilobytes / 1024,
            postgresql: data::server_version(databases).await?,
            clients: CLIENTS,
            seconds_each,
        })
    }
}

/// The programs for the browser by their files' names, and what each is for; the vault runs beside the others.
pub const PROGRAMS: [(&str, &str); 4] = [
    ("find", "to look for care"),
    ("book", "to book"),
    ("member", "for accounts and practices"),
    ("vault", "to seal and open"),
];

/// They as they travel, in thousands of bytes.
#[derive(Clone, Debug, Serialize)]
pub struct Bundles {
    /// What somebody loads who comes for the first time.
    pub wasm_compressed_kb: Option<f64>,
    /// In the order of [`PROGRAMS`].
    pub wasm_compressed_kb_each: [Option<f64>; 4],
    /// All together.
    pub js_compressed_kb: Option<f64>,
}

impl Bundles {
    pub fn look(dist: &Path) -> Result<Self> {
        let mut each = [None; 4];
        for ((name, _), size) in PROGRAMS.iter().zip(&mut each) {
            *size = kilobytes(dist, name, ".wasm.br")?;
        }
        Ok(Self {
            wasm_compressed_kb: each[0],
            wasm_compressed_kb_each: each,
            js_compressed_kb: kilobytes(dist, "", ".js.br")?,
        })
    }
}

/// The sizes together of a folder's files whose names begin and end so; `None` when there is none.
fn kilobytes(folder: &Path, beginning: &str, ending: &str) -> Result<Option<f64>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(None) };
    let mut total = None;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(beginning) && name.ends_with(ending) {
            *total.get_or_insert(0.0) += entry.metadata()?.len() as f64 / 1_000.0;
        }
    }
    Ok(total.map(rounded))
}
