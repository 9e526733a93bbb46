//! `cargo xtask run`, `cargo xtask bench` and `cargo xtask chaos`.

use std::{
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{
    bundle, install,
    process::{command, root, step},
};

/// Prepares everything, then becomes the server.
pub fn run(demo_roles: Option<u32>) -> Result<()> {
    println!("Making HelloMapper ready. The first time, most of a quarter of an hour goes into building.");
    if std::env::var_os("DATABASE_URL_PROVIDERS").is_none() {
        install::postgresql()?;
    }
    let server = build()?;
    let mut serve = Command::new(&server);
    serve.arg("serve");
    if let Some(roles) = demo_roles {
        serve.args(["--demo-if-empty", &roles.to_string()]);
    }
    // Ctrl-C then reaches the server alone, which stops what it started.
    become_program(&server, &mut serve)
}

/// Prepares everything, then becomes the benchmark.
pub fn bench(sizes: &[u32]) -> Result<()> {
    install::postgresql()?;
    let server = build()?;
    become_program(&server, Command::new(&server).args(bench_arguments(sizes)))
}

/// Prepares everything but the pages, then becomes the chaos run.
pub fn chaos(bookings: u32, kills: u32, seed: u64) -> Result<()> {
    install::postgresql()?;
    let server = bundle::server()?;
    become_program(&server, Command::new(&server).args(chaos_arguments(bookings, kills, seed)))
}

/// Both, one after the other, as the last part of `cargo xtask test --long`.
pub fn long() -> Result<()> {
    install::postgresql()?;
    let server = build()?;
    step(
        "chaos",
        command(&server).args(chaos_arguments(10_000, 100, 1)),
        "the words above say what was lost; `cargo xtask chaos` runs it alone",
    )?;
    step(
        "bench",
        command(&server).args(bench_arguments(&[10_000])),
        "the words above say which measurement failed; `cargo xtask bench` runs it alone",
    )?;
    Ok(())
}

fn bench_arguments(sizes: &[u32]) -> Vec<String> {
    let sizes: Vec<_> = sizes.iter().map(u32::to_string).collect();
    ["bench", "--sizes", &sizes.join(",")].map(str::to_owned).into()
}

fn chaos_arguments(bookings: u32, kills: u32, seed: u64) -> Vec<String> {
    let (bookings, kills, seed) = (bookings.to_string(), kills.to_string(), seed.to_string());
    ["chaos", "payments", "--bookings", &bookings, "--kills", &kills, "--seed", &seed]
        .map(str::to_owned)
        .into()
}

fn build() -> Result<PathBuf> {
    bundle::build()?;
    bundle::server()
}

/// Only comes back when the program cannot be started.
fn become_program(program: &Path, command: &mut Command) -> Result<()> {
    let error = command.current_dir(root()).exec();
    bail!(
        "{} cannot be started: {error}\n   next: delete it and run the same command again",
        program.display()
    )
}
