//! `cargo xtask test`: everything that must pass.

use anyhow::Result;
use clap::Args;

use crate::{
    bundle, install,
    process::{READ_THE_COMPILER, cargo, command, step},
    sql::{self, TestCluster},
};

#[derive(Args)]
pub struct Options {
    /// Only tests whose name contains this.
    filter: Option<String>,
    /// Leave out format, lints, licences and SQL caches.
    #[arg(long)]
    tests_only: bool,
}

/// Checks and tests, the quick ones first.
pub fn test(options: &Options) -> Result<()> {
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
