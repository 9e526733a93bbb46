//! Chromium's driver: where it is, how it starts, and what it is told of the browser.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, Command},
};

/// Nothing of these calls home, asks first, or fetches what no page asked for.
pub(super) fn capabilities(chromium: &Path, profile: &Path) -> Value {
    let profile = format!("--user-data-dir={}", profile.display());
    json!({
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--disable-breakpad", "--disable-crash-reporter", "--no-proxy-server", "--window-size=1280,800", profile,
            ],
            "perfLoggingPrefs": {"enableNetwork": true, "enablePage": false},
        },
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "timeouts": {"script": 60_000, "pageLoad": 60_000},
    })
}

/// Starts the driver on a port of its choice, which it prints.
///
/// It asks the system for a free port of IPv6, then takes the same of IPv4, and ends with “IPv4 port not available” when
/// somebody else has that one: then it is started again and asks for another.
pub(super) async fn start_driver(driver: &Path) -> (Child, u16) {
    let mut said = String::new();
    for _ in 0..10 {
        match try_driver(driver).await {
            Ok(started) => return started,
            Err(words) => said = words,
        }
    }
    panic!("the driver ended ten times before it said its port; at last it said:\n{said}");
}

/// One try, or what the driver said before it ended.
async fn try_driver(driver: &Path) -> Result<(Child, u16), String> {
    let mut driver = Command::new(driver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the driver starts");
    let mut lines = BufReader::new(driver.stdout.take().expect("a pipe")).lines();
    let mut errors = BufReader::new(driver.stderr.take().expect("a pipe"));
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.expect("the driver's words are text") {
        let port = line.rsplit_once(" on port ").map(|(_, port)| port.trim_end_matches('.'));
        if let Some(port) = port.and_then(|port| port.parse().ok()).filter(|port| *port != 0) {
            // Somebody has to read on, or the driver would stop at a full pipe.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            tokio::spawn(async move { tokio::io::copy(&mut errors, &mut tokio::io::sink()).await });
            return Ok((driver, port));
        }
        said.push_str(&line);
        said.push('\n');
    }
    errors.read_to_string(&mut said).await.expect("the driver's words are text");
    Err(said)
}

pub(super) fn on_path(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = names.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    });
    found.unwrap_or_else(|| {
        panic!("{} is not installed; `cargo xtask test` installs Chromium and its driver", names.join(" or "))
    })
}
