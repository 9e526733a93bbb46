//! The browser bundle: Trunk with the tools it would otherwise download, compressed once.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use cluster::SERVICES;
use sha2::{Digest, Sha256};

use crate::{
    install,
    process::{FETCH_AGAIN, READ_THE_COMPILER, cargo, command, root, step},
};

/// What the bundle is made from.
const SOURCES: [&str; 7] =
    ["frontend", "shared-types", "index.html", "Trunk.toml", "Cargo.lock", "Cargo.toml", "package-lock.json"];

/// Builds dist/ unless it is up to date.
pub fn build() -> Result<()> {
    install::wasm_target()?;
    install::node()?;
    install::npm_packages()?;
    let stamp = root().join("dist/.stamp");
    let wanted = fingerprint()?;
    if fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    let (trunk, wasm_bindgen) = (install::trunk()?, install::wasm_bindgen()?);
    // Trunk works offline, so that it downloads no tools; the crates that only the browser needs come before.
    step("crates", cargo().args(["fetch", "--target", "wasm32-unknown-unknown"]), FETCH_AGAIN)?;
    let wasm_opt = root().join("node_modules/.bin");
    let old_path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([wasm_bindgen, wasm_opt].into_iter().chain(env::split_paths(&old_path)))?;
    step(
        "browser bundle",
        command(trunk.join("trunk"))
            .args(["build", "--offline", "true", "--skip-version-check"])
            .env("PATH", path)
            .env_remove("NO_COLOR")
            .env("CARGO_INCREMENTAL", "0"),
        READ_THE_COMPILER,
    )?;
    compress(&root().join("dist"))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Writes `.br` and `.gz` beside what is worth it, so that the server never compresses a file twice.
fn compress(dist: &Path) -> Result<()> {
    let script = "const fs=require('fs'),z=require('zlib'),p=require('path');\
        const walk=d=>fs.readdirSync(d,{withFileTypes:true}).flatMap(e=>e.isDirectory()?walk(p.join(d,e.name)):[p.join(d,e.name)]);\
        for(const f of walk(process.argv[1])){if(!/\\.(js|css|wasm|json|svg|html)$/.test(f))continue;const b=fs.readFileSync(f);\
        fs.writeFileSync(f+'.gz',z.gzipSync(b,{level:9}));\
        fs.writeFileSync(f+'.br',z.brotliCompressSync(b,{params:{[z.constants.BROTLI_PARAM_QUALITY]:11}}));}";
    step(
        "compressing",
        command("node").args(["-e", script]).arg(dist),
        "see that the disk has room, delete dist/ and run the same command again",
    )?;
    Ok(())
}

fn fingerprint() -> Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root().join(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(fs::read(&file)?);
    }
    Ok(hex::encode(hash.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else {
        for entry in fs::read_dir(path).with_context(|| format!("reading {}", path.display()))? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}

/// Builds the bundle and all programs as they are installed elsewhere; needs no database.
pub fn release() -> Result<()> {
    build()?;
    let mut programs = cargo();
    programs.args(["build", "--release", "--package", "hellomapper"]).env("SQLX_OFFLINE", "true");
    for service in SERVICES {
        programs.args(["--package", service]);
    }
    step("programs", &mut programs, READ_THE_COMPILER)?;
    Ok(())
}

/// Builds the server for serving: optimised, quicker to build than a release.
pub fn server() -> Result<PathBuf> {
    step(
        "server",
        cargo().args(["build", "--profile", "serve", "--package", "hellomapper"]).env("SQLX_OFFLINE", "true"),
        READ_THE_COMPILER,
    )?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("serve/hellomapper"))
}
