//! Installs what is missing, saying what and why first.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use cluster::Programs;
use sha2::{Digest as _, Sha256};

use crate::process::{FETCH_AGAIN, cache, cargo, command, on_path, output, root, step};

/// A pinned tool, built once per user and version.
struct Tool {
    name: &'static str,
    version: &'static str,
    flags: &'static [&'static str],
}

/// 0.22 wants a newer compiler than ours.
const TRUNK: Tool = Tool { name: "trunk", version: "0.21.14", flags: &["--locked"] };
/// Must equal the crate in Cargo.lock. A dependency of it is yanked, so `--locked` does not work.
const WASM_BINDGEN: Tool = Tool { name: "wasm-bindgen-cli", version: "0.2.130", flags: &[] };
const SQLX: Tool = Tool {
    name: "sqlx-cli",
    version: "0.9.0",
    flags: &["--locked", "--no-default-features", "--features", "postgres,rustls,sqlx-toml"],
};
const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", flags: &["--locked"] };

/// PostgreSQL with PostGIS, from the system's packages.
pub fn postgresql() -> Result<()> {
    if Programs::installed() {
        return Ok(());
    }
    let packages = if on_path("apt-cache") {
        update_packages();
        // The metapackage depends on the release's own version: postgresql-15 on Debian 12, -16 on Ubuntu 24.04.
        let depends = output("apt-cache", &["depends", "postgresql"])?;
        let versioned = depends
            .lines()
            .find_map(|line| line.trim().strip_prefix("Depends: postgresql-"))
            .map(str::to_owned);
        let version = versioned
            .context("apt knows no package postgresql; install PostgreSQL 15 or newer with PostGIS")?;
        vec![format!("postgresql-{version}"), format!("postgresql-{version}-postgis-3")]
    } else {
        bail!(
            "this is not a Debian or Ubuntu: install PostgreSQL 15 or newer with PostGIS 3, then try again"
        );
    };
    let packages: Vec<_> = packages.iter().map(String::as_str).collect();
    apt_install(&packages, "PostgreSQL with PostGIS: the database, with places on the globe")
}

/// Node.js and npm: they bring Leaflet, the font and wasm-opt.
pub fn node() -> Result<()> {
    if on_path("node") && on_path("npm") {
        return Ok(());
    }
    update_packages();
    apt_install(
        &["nodejs", "npm"],
        "Node.js with npm: brings the map library, the font and the Wasm optimiser",
    )
}

/// Chromium and its driver, for the browser tests.
pub fn chromium() -> Result<()> {
    if on_path("chromedriver") && (on_path("chromium") || on_path("chromium-browser")) {
        return Ok(());
    }
    update_packages();
    let why = "Chromium and its driver: for the browser tests";
    // Debian and Ubuntu name them differently.
    let policy = output("apt-cache", &["policy", "chromium-driver"])?;
    if policy.contains("Candidate:") && !policy.contains("Candidate: (none)") {
        apt_install(&["chromium", "chromium-driver"], why)
    } else {
        apt_install(&["chromium-browser", "chromium-chromedriver"], why)
    }
}

/// The compiler's Wasm target.
pub fn wasm_target() -> Result<()> {
    let sysroot = output("rustc", &["--print", "sysroot"])?;
    if Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown").exists() {
        return Ok(());
    }
    println!("Installing the target wasm32-unknown-unknown: the browser's part of the program is Wasm.");
    step(
        "rustup target add",
        command("rustup").args(["target", "add", "wasm32-unknown-unknown"]),
        "check that this machine reaches the network, then run the same command again; a compiler that came without \
         rustup gets its target wasm32-unknown-unknown from where it came from",
    )?;
    Ok(())
}

/// The npm packages of the lock file, into node_modules/.
pub fn npm_packages() -> Result<()> {
    let lock = root().join("package-lock.json");
    let stamp = root().join("node_modules/.hellomapper-stamp");
    let wanted = fs::read_to_string(&lock).context("reading package-lock.json")?;
    if fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    step(
        "npm ci",
        command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]),
        "check that this machine reaches npm's registry, then run the same command again; after a change of \
         package.json, `npm install --package-lock-only` comes first",
    )?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// The Python that runs the second implementation of the sealing formats, with its packages.
pub fn python() -> Result<PathBuf> {
    python_with("shared-types/sealing/tests/python/requirements.txt")
}

/// The Python with two independent readers of iCalendar.
pub fn calendar_readers() -> Result<PathBuf> {
    python_with("backend/kernel/tests/python/requirements.txt")
}

/// A Python with aiosmtpd, a mail server.
pub fn mail_server() -> Result<PathBuf> {
    python_with("backend/notifications/tests/python/requirements.txt")
}

/// schemathesis, which tries the services by their descriptions.
pub fn schemathesis() -> Result<PathBuf> {
    Ok(python_with("tests/openapi/requirements.txt")?.with_file_name("schemathesis"))
}

/// A Python with localstripe, a fake of the card processor.
pub fn localstripe() -> Result<PathBuf> {
    python_with("tests/localstripe/requirements.txt")
}

/// A Python with the packages of a list: one environment for each list and each Python, once per user.
fn python_with(list: &str) -> Result<PathBuf> {
    if !makes_environments() {
        update_packages();
        apt_install(
            &["python3", "python3-venv"],
            "Python with venv: runs what is independent of our own code in the tests",
        )?;
    }
    let list = root().join(list);
    let wanted = fs::read(&list).with_context(|| format!("reading {}", list.display()))?;
    let hash =
        Sha256::new().chain_update(&wanted).chain_update(output("python3", &["--version"])?).finalize();
    let folder = cache()?.join("python").join(hex::encode(&hash[..8]));
    let (python, stamp) = (folder.join("bin/python"), folder.join(".hellomapper-whole"));
    if stamp.exists() {
        return Ok(python);
    }
    step("python3 -m venv", command("python3").args(["-m", "venv", "--clear"]).arg(&folder), FETCH_AGAIN)?;
    step(
        "pip install",
        command(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--requirement",
            ])
            .arg(&list),
        FETCH_AGAIN,
    )?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// Debian's python3 comes without what fills an environment.
fn makes_environments() -> bool {
    let imported = command("python3").args(["-c", "import ensurepip, venv"]).stderr(Stdio::null()).status();
    imported.is_ok_and(|status| status.success())
}

/// Trunk's folder of programs.
pub fn trunk() -> Result<PathBuf> {
    tool(&TRUNK, "Trunk: builds the browser bundle")
}

/// wasm-bindgen's folder of programs.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let locked = lock.split("[[package]]").find_map(|package| {
        let version = package.trim_start().strip_prefix("name = \"wasm-bindgen\"\nversion = \"")?;
        version.split('"').next()
    });
    if locked != Some(WASM_BINDGEN.version) {
        bail!(
            "Cargo.lock has wasm-bindgen {}, xtask installs {}: make them equal in xtask/src/install.rs",
            locked.unwrap_or("nothing"),
            WASM_BINDGEN.version
        );
    }
    tool(&WASM_BINDGEN, "wasm-bindgen: joins Wasm and JavaScript, in the version of Cargo.lock")
}

/// sqlx's folder of programs.
pub fn sqlx() -> Result<PathBuf> {
    tool(&SQLX, "sqlx-cli: checks SQL against the database")
}

/// cargo-deny's folder of programs.
pub fn cargo_deny() -> Result<PathBuf> {
    tool(&DENY, "cargo-deny: checks licences and sources")
}

fn tool(tool: &Tool, why: &str) -> Result<PathBuf> {
    let folder = cache()?.join("tools").join(format!("{}-{}", tool.name, tool.version));
    let bin = folder.join("bin");
    // Cargo writes this file once the install is whole.
    if folder.join(".crates.toml").exists() {
        return Ok(bin);
    }
    println!("Installing {why}. Once per user; takes a few minutes.");
    // The first tool of a user finds no cache yet.
    fs::create_dir_all(cache()?)
        .with_context(|| format!("making {}", cache().unwrap_or_default().display()))?;
    // A target folder of its own: ours has other settings.
    step(
        &format!("cargo install {} {}", tool.name, tool.version),
        cargo()
            .args(["install", "--root"])
            .arg(&folder)
            .args(["--version", tool.version, tool.name])
            .args(tool.flags)
            .env("CARGO_TARGET_DIR", cache()?.join("tools-target"))
            .current_dir(cache()?),
        FETCH_AGAIN,
    )?;
    Ok(bin)
}

/// An old list of packages may do; when it does not, the install that follows says so with the command to run.
fn update_packages() {
    if let Err(error) = apt(&["update"], "the list of packages") {
        println!("   going on with the list there is: {error:#}");
    }
}

fn apt_install(packages: &[&str], why: &str) -> Result<()> {
    println!("Installing {why}.\n  apt-get install {}", packages.join(" "));
    let mut args = vec!["install", "--yes", "--no-install-recommends"];
    args.extend(packages);
    apt(&args, &packages.join(" "))
}

fn apt(args: &[&str], what: &str) -> Result<()> {
    let by_hand = format!("apt-get {}", args.join(" "));
    if !on_path("apt-get") {
        bail!("{what} is missing and this is not a Debian or Ubuntu: install it and try again");
    }
    let we_are_root = output("id", &["-u"])? == "0";
    let mut apt = if we_are_root {
        command("apt-get")
    } else if on_path("sudo") {
        let mut sudo = command("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        bail!("{what} is missing, and installing it needs root: run `{by_hand}` as root and try again");
    };
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "DPkg::Lock::Timeout=120"]).args(args);
    let next = format!(
        "apt-get's words above say why {what} did not come; put that right and run the same command again, or run \
         `{by_hand}` as root by hand"
    );
    step(&format!("apt-get {}", args[0]), &mut apt, &next)?;
    Ok(())
}
