//! Seeds for tests that draw what they do. What failed once is kept in a file beside the test and tried first from then on.

use std::{
    env, fs,
    io::{self, Write as _},
    num::NonZero,
    ops::Range,
    thread,
    time::Instant,
};

use futures::{StreamExt as _, stream};

use crate::Chance;

/// How many steps to take in all, where that is to be more than usual: `HELLOMAPPER_MODEL_STEPS=1000000`.
pub const STEPS_VARIABLE: &str = "HELLOMAPPER_MODEL_STEPS";
/// How many runs there are at once, in small machines and where nobody asked for more steps.
const AT_ONCE: usize = 4;
/// More would want more connections than the server has.
const AT_MOST: usize = 8;

/// Runs a test with the seeds that are saved in `file`, one a line, and with as many others: `usual` ones, the same each time; or,
/// where somebody asks for more steps, new ones until so many are taken at `steps` each. Gives what each run says, in any order.
///
/// # Panics
/// When a run does; its seed is in the file then.
pub async fn with_seeds<F>(file: &str, usual: u64, steps: u64, run: impl Fn(u64) -> F) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let wanted: Option<u64> = env::var(STEPS_VARIABLE)
        .ok()
        .map(|steps| steps.parse().expect("HELLOMAPPER_MODEL_STEPS is a number"));
    let Some(wanted) = wanted else {
        let (said, failed) = try_all(file, 1..1 + usual, AT_ONCE, run).await;
        assert!(failed.is_empty(), "the seeds {failed:?} failed; they are in {file}");
        return said;
    };
    // New ones each time, and room to count on from there.
    let first = u64::from(u32::from_be_bytes(Chance::system().bytes()));
    let new = first..first + wanted.div_ceil(steps.max(1));
    let began = Instant::now();
    let (said, failed) = try_all(file, new, beside_each_other(), run).await;
    tell_speed(file, (said.len() + failed.len()) as u64 * steps, began);
    assert!(failed.is_empty(), "the seeds {failed:?} failed; they are in {file}");
    said
}

/// Runs with what is saved in the file and with what is new, so many at once: each begins when another has ended. Gives what they
/// said, and the seeds of those that failed.
async fn try_all<F>(
    file: &str,
    new: Range<u64>,
    at_once: usize,
    run: impl Fn(u64) -> F,
) -> (Vec<F::Output>, Vec<u64>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let known = saved(file);
    let mut runs = stream::iter(known.iter().copied().chain(new))
        .map(|seed| {
            let run = tokio::spawn(run(seed));
            async move { (seed, run.await) }
        })
        .buffer_unordered(at_once);
    let (mut said, mut failed) = (Vec::new(), Vec::new());
    while let Some((seed, ended)) = runs.next().await {
        match ended {
            Ok(output) => said.push(output),
            Err(_) => {
                // At once: a long run may be broken off.
                if !known.contains(&seed) {
                    save(file, seed);
                }
                failed.push(seed);
            }
        }
    }
    (said, failed)
}

/// Twice as many as there are processors: while one run is in the test, another's statement is in the database.
fn beside_each_other() -> usize {
    (2 * thread::available_parallelism().map_or(1, NonZero::get)).clamp(AT_ONCE, AT_MOST)
}

/// Says how fast it went, past what keeps the output of tests that pass.
fn tell_speed(file: &str, steps: u64, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    let speed = steps as f64 / seconds;
    let _ = writeln!(io::stderr(), "{file}: {steps} steps in {seconds:.0} s, {speed:.0} a second");
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

#[cfg(test)]
mod tests {
    use super::{saved, try_all};

    #[tokio::test]
    async fn a_seed_that_fails_is_saved_once_and_tried_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("some.seeds").display().to_string();
        for _ in 0..2 {
            try_all(&file, 1..4, 2, |seed| async move { assert_ne!(seed, 2) }).await;
        }
        assert_eq!(saved(&file), [2]);
        let (mut tried, failed) = try_all(&file, 1..4, 2, |seed| async move { seed }).await;
        tried.sort_unstable();
        assert_eq!((tried, failed), (vec![1, 2, 2, 3], Vec::new()));
    }

    #[tokio::test]
    async fn what_runs_say_is_kept_when_another_fails() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("some.seeds").display().to_string();
        let (mut said, failed) = try_all(&file, 1..6, 4, |seed| async move {
            assert_ne!(seed, 3);
            seed
        })
        .await;
        said.sort_unstable();
        assert_eq!((said, failed), (vec![1, 2, 4, 5], vec![3]));
    }
}
