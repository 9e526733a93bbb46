//! Seeds for tests that draw what they do. What failed once is kept in a file beside the test and tried first from then on.

use std::{env, fs, io::Write as _};

use crate::Chance;

/// How many steps to take in all, where that is to be more than usual: `HELLOMAPPER_MODEL_STEPS=1000000`.
pub const STEPS_VARIABLE: &str = "HELLOMAPPER_MODEL_STEPS";
/// How many runs there are at once.
const AT_ONCE: usize = 4;

/// Runs a test with the seeds that are saved in `file`, one a line, and with as many others: `usual` ones, the same each time; or,
/// where somebody asks for more steps, new ones until so many are taken at `steps` each. Gives what each run says.
///
/// # Panics
/// When a run does; its seed is in the file then.
pub async fn with_seeds<F>(file: &str, usual: u64, steps: u64, run: impl Fn(u64) -> F) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut seeds = saved(file);
    match env::var(STEPS_VARIABLE) {
        Ok(wanted) => {
            let wanted: u64 = wanted.parse().expect("HELLOMAPPER_MODEL_STEPS is a number");
            // New ones each time, and room to count on from there.
            let first = u64::from(u32::from_be_bytes(Chance::system().bytes()));
            seeds.extend(first..first + wanted.div_ceil(steps.max(1)));
        }
        Err(_) => seeds.extend(1..=usual),
    }
    let (mut said, mut failed) = (Vec::new(), Vec::new());
    for some in seeds.chunks(AT_ONCE) {
        let runs: Vec<_> = some.iter().map(|seed| (*seed, tokio::spawn(run(*seed)))).collect();
        for (seed, run) in runs {
            match run.await {
                Ok(output) => said.push(output),
                Err(_) => failed.push(seed),
            }
        }
    }
    for seed in failed.iter().filter(|seed| !saved(file).contains(seed)) {
        save(file, *seed);
    }
    assert!(failed.is_empty(), "the seeds {failed:?} failed; they are in {file}");
    said
}

fn saved(file: &str) -> Vec<u64> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(|line| line.trim().parse().ok()).collect()
}

fn save(file: &str, seed: u64) {
    let opened = fs::OpenOptions::new().create(true).append(true).open(file);
    let written = opened.and_then(|mut file| writeln!(file, "{seed}"));
    written.expect("the test's own folder can be written to");
}
