//! `cargo xtask test`: everything that must pass.

use anyhow::Result;
use clap::Args;

use crate::{
    bundle, install,
    process::{cargo, command, step},
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
    cluster.load_reference_data()?;
    bundle::build()?;
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast", "--quiet"])
        .env("SQLX_OFFLINE", "true")
        .env("HELLOMAPPER_TEST_CLUSTER", cluster.folder())
        .args(options.filter.as_slice());
    step("tests", &mut tests)
}

fn lints() -> Result<()> {
    step("format", cargo().args(["fmt", "--all", "--check"]))?;
    step(
        "lints",
        cargo()
            .args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
            .env("SQLX_OFFLINE", "true"),
    )?;
    step(
        "lints for the browser",
        cargo()
            .args(["clippy", "--quiet", "--package", "frontend", "--target", "wasm32-unknown-unknown"])
            .args(["--no-default-features", "--features", "hydration", "--", "-D", "warnings"]),
    )?;
    let deny = install::cargo_deny()?.join("cargo-deny");
    step(
        "licences and sources",
        command(deny).args(["--log-level", "error", "check", "licenses", "bans", "sources"]),
    )
}
