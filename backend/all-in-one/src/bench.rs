//! Benchmarks (being written).

use std::process::ExitCode;

/// Measures.
///
/// # Errors
/// Always, for now.
#[expect(clippy::unused_async, reason = "being written")]
pub async fn run(_sizes: &[u32]) -> anyhow::Result<ExitCode> {
    anyhow::bail!("being written")
}
