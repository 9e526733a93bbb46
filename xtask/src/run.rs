//! `cargo xtask run` and `cargo xtask bench`.

use std::{os::unix::process::CommandExt as _, process::Command};

use anyhow::{Result, bail};

use crate::{bundle, install, process::root};

/// Prepares everything, then becomes the server.
pub fn run(demo_roles: Option<u32>) -> Result<()> {
    if std::env::var_os("DATABASE_URL_PROVIDERS").is_none() {
        install::postgresql()?;
    }
    bundle::build()?;
    let server = bundle::server()?;
    let mut serve = Command::new(server);
    serve.current_dir(root()).arg("serve");
    if let Some(roles) = demo_roles {
        serve.args(["--demo-if-empty", &roles.to_string()]);
    }
    // Ctrl-C then reaches the server alone, which stops what it started.
    let error = serve.exec();
    bail!("the server cannot be started: {error}")
}

/// Prepares everything, then becomes the benchmark.
pub fn bench(sizes: &[u32]) -> Result<()> {
    install::postgresql()?;
    bundle::build()?;
    let server = bundle::server()?;
    let sizes: Vec<_> = sizes.iter().map(u32::to_string).collect();
    let error = Command::new(server).current_dir(root()).args(["bench", "--sizes", &sizes.join(",")]).exec();
    bail!("the benchmark cannot be started: {error}")
}
