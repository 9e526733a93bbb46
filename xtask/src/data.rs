//! Data files made from their sources again: the commands that SOURCES.md names.

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    install,
    process::{FETCH_AGAIN, command, root, step},
};

/// What to do when a script stopped.
const READ_THE_SCRIPT: &str = "the script's words above say what it did not find; nothing half-made is kept in git, so \
                               put that right and run the same command again";

/// Which data.
#[derive(Clone, Copy, ValueEnum)]
pub enum Which {
    /// Suburbs and towns.
    Localities,
    /// Land, water, borders and labels of the built-in map.
    Basemap,
    /// Public holidays.
    Holidays,
}

/// Makes one again, in place.
pub fn make(which: Which) -> Result<()> {
    let folder = root().join("xtask/data");
    match which {
        Which::Localities => node("localities.mjs"),
        Which::Basemap => node("basemap.mjs"),
        Which::Holidays => {
            let venv = root().join("target/data-venv");
            step(
                "python environment",
                command("python3").args(["-m", "venv"]).arg(&venv),
                "install Python with its environments (`apt-get install python3-venv`), then run the same command \
                 again",
            )?;
            let python = venv.join("bin/python");
            step(
                "python packages",
                command(&python)
                    .args(["-m", "pip", "install", "--quiet", "-r"])
                    .arg(folder.join("requirements.txt")),
                FETCH_AGAIN,
            )?;
            step("holidays", command(&python).arg(folder.join("holidays.py")).arg(root()), READ_THE_SCRIPT)?;
            Ok(())
        }
    }
}

fn node(script: &str) -> Result<()> {
    install::node()?;
    let folder = root().join("xtask/data");
    step(
        "npm ci",
        command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder),
        FETCH_AGAIN,
    )?;
    step(script, command("node").arg(script).arg(root()).current_dir(&folder), READ_THE_SCRIPT)?;
    Ok(())
}
