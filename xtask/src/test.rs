//! `cargo xtask test`: everything that must pass.

use anyhow::Result;
use clap::Args;

use crate::{
    bundle, install,
    process::{READ_THE_COMPILER, cargo, command, step},
    run,
    sql::{self, TestCluster},
};

#[derive(Args)]
pub struct Options {
    /// Only tests whose name contains this.
    filter: Option<String>,
    /// Leave out format, lints, licences and SQL caches.
    #[arg(long)]
    tests_only: bool,
    /// Instead of all that, what takes a night: a million steps of every model test, drawn anew each time; then the chaos run of
    /// 10,000 bookings and 100 kills, and the bench of 10,000 roles with its ledger of ten million entries. Reckon with some hours
    /// for the models, which `cargo xtask models` runs alone, and with one for the rest.
    #[arg(long, conflicts_with_all = ["filter", "tests_only"])]
    long: bool,
}

/// The tests that draw what they do, with the files that they are in.
const MODELS: [(&str, &str); 3] = [
    (
        "backend/bookings/tests/api/practice/model.rs",
        "whatever_people_do_everything_stands_where_the_model_says",
    ),
    ("backend/notifications/tests/api/sequences.rs", "reminders_keep_to_what_is_true"),
    ("tests/journeys/notices.rs", "whatever_happens_each_patient_is_written_what_is_true_and_once"),
];
/// How many steps of each a night has.
pub const STEPS_A_NIGHT: u32 = 1_000_000;
/// So many are one run of the test programs: what failed is named at its end.
const STEPS_A_ROUND: u32 = 50_000;

/// Checks and tests, the quick ones first.
pub fn test(options: &Options) -> Result<()> {
    if options.long {
        models(STEPS_A_NIGHT)?;
        return run::long();
    }
    install::wasm_target()?;
    install::chromium()?;
    if !options.tests_only {
        lints()?;
    }
    let cluster = TestCluster::start()?;
    cluster.migrate()?;
    if !options.tests_only {
        sql::check_caches(&cluster)?;
    }
    // All of it at once: a program built by itself would have other features, and be built a second time.
    step(
        "build",
        cargo().args(["build", "--workspace", "--all-targets"]).env("SQLX_OFFLINE", "true"),
        READ_THE_COMPILER,
    )?;
    cluster.load_reference_data()?;
    bundle::build()?;
    let (python, schemathesis) = (install::python()?, install::schemathesis()?);
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast"])
        .env("SQLX_OFFLINE", "true")
        .env("HELLOMAPPER_TEST_CLUSTER", cluster.folder())
        .env("HELLOMAPPER_TEST_PYTHON", python)
        .env("HELLOMAPPER_TEST_CALENDAR_PYTHON", install::calendar_readers()?)
        .env("HELLOMAPPER_TEST_MAIL_PYTHON", install::mail_server()?)
        .env("HELLOMAPPER_TEST_SCHEMATHESIS", schemathesis)
        .env("HELLOMAPPER_TEST_LOCALSTRIPE_PYTHON", install::localstripe()?)
        .args(options.filter.as_slice())
        // Cargo tells how far the build is; of the tests, only those that fail are named.
        .args(["--", "--quiet"]);
    step(
        "tests",
        &mut tests,
        "the names of the failed tests are above; `cargo xtask test --tests-only NAME` runs one alone",
    )?;
    Ok(())
}

/// So many steps of each model, drawn anew each time, in programs that are optimised and keep the checks of a debug build. Their
/// databases have no reference data, which none of them asks for: each run copies what there is.
pub fn models(steps: u32) -> Result<()> {
    let cluster = TestCluster::start()?;
    cluster.migrate()?;
    let rounds = steps.div_ceil(STEPS_A_ROUND);
    for round in 1..=rounds {
        let left = steps - (round - 1) * STEPS_A_ROUND;
        step(
            &format!("models, {round} of {rounds}"),
            cargo()
                .args(["test", "--profile", "models", "--no-fail-fast"])
                .args(["--package", "bookings", "--package", "notifications", "--test", "api"])
                .args(["--package", "hellomapper-tests", "--test", "journeys"])
                .env("SQLX_OFFLINE", "true")
                .env("HELLOMAPPER_TEST_CLUSTER", cluster.folder())
                .env("HELLOMAPPER_MODEL_STEPS", left.min(STEPS_A_ROUND).to_string())
                .args(["--", "--quiet"])
                .args(MODELS.map(|(_, name)| name)),
            "the seeds that failed are in a file beside the test, which `cargo xtask test` tries first from now on",
        )?;
    }
    Ok(())
}

fn lints() -> Result<()> {
    step("format", cargo().args(["fmt", "--all", "--check"]), "run `cargo fmt --all`")?;
    step(
        "lints",
        cargo()
            .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
            .env("SQLX_OFFLINE", "true"),
        "put right what is named above; much of it `cargo clippy --fix --workspace --all-targets` does by itself",
    )?;
    let pages: &[_] = &["--package", "frontend", "--no-default-features", "--features", "hydration"];
    let vault: &[_] = &["--package", "vault"];
    for (name, package) in [("lints for the browser", pages), ("lints for the vault", vault)] {
        step(
            name,
            cargo()
                .args(["clippy", "--target", "wasm32-unknown-unknown"])
                .args(package)
                .args(["--", "-D", "warnings"]),
            "put right what is named above; this is the part that only browsers run",
        )?;
    }
    let deny = install::cargo_deny()?.join("cargo-deny");
    step(
        "licences and sources",
        command(deny).args(["--log-level", "error", "check", "licenses", "bans", "sources"]),
        "a dependency comes from a place or under a licence that deny.toml does not admit; take another, or argue \
         for it there",
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::MODELS;
    use crate::process::root;

    #[test]
    fn every_model_is_where_it_is_said_to_be() {
        for (file, name) in MODELS {
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            assert!(text.contains(&format!("async fn {name}(")), "{name} is not in {file}");
        }
    }
}
