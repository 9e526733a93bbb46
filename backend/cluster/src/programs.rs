//! PostgreSQL's own programs: where they are and as whom they run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// The user that Debian's and Ubuntu's packages make for PostgreSQL.
const SERVER_USER: &str = "postgres";

/// The oldest version that has what we use.
const OLDEST: u32 = 15;

/// Where `initdb`, `pg_ctl` and the rest are, and how to run them.
pub struct Programs {
    bin: PathBuf,
    /// Whether to become [`SERVER_USER`], and whether that needs help to reach the folder.
    user: RunAs,
}

enum RunAs {
    Ourselves,
    ServerUser {
        /// The folder lies below one that only root may enter, such as root's home. The server then keeps the one
        /// capability of passing through folders and reading files; it gains none of root's other powers.
        through_closed_folders: bool,
    },
}

impl Programs {
    /// Finds PostgreSQL 15 or newer, the newest first, and decides as whom to run it for a cluster in `folder`.
    ///
    /// # Errors
    /// When there is none; names the package to install.
    pub fn find(folder: &Path) -> Result<Self> {
        let Some(bin) = own_bin(folder)?.or_else(newest_bin) else {
            bail!(
                "PostgreSQL {OLDEST} or newer is not installed; `cargo xtask run` installs it, or run: apt-get install postgresql postgis"
            );
        };
        Ok(Self { bin, user: run_as(folder)? })
    }

    /// Whether a usable PostgreSQL with PostGIS is installed.
    pub fn installed() -> bool {
        newest_bin().is_some()
    }

    /// The folder with the programs.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    pub(crate) fn pg_ctl(&self) -> Command {
        self.command("pg_ctl")
    }

    /// A program, run as the right user, with nothing to read and nothing inherited that the server would keep open.
    pub(crate) fn command(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        let mut command = match self.user {
            RunAs::Ourselves => Command::new(program),
            RunAs::ServerUser { through_closed_folders } => {
                let mut command = Command::new("setpriv");
                command.args([
                    &format!("--reuid={SERVER_USER}"),
                    &format!("--regid={SERVER_USER}"),
                    "--clear-groups",
                ]);
                if through_closed_folders {
                    let capability = passing_capability();
                    command
                        .args([format!("--inh-caps=+{capability}"), format!("--ambient-caps=+{capability}")]);
                }
                command.arg(program);
                command
            }
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).current_dir("/");
        command.env_remove("PGDATA").env_remove("PGPORT").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Makes the server's user the owner of a file or folder.
    pub(crate) fn give(&self, path: &Path) -> Result<()> {
        match self.user {
            RunAs::Ourselves => Ok(()),
            RunAs::ServerUser { .. } => {
                let given =
                    Command::new("chown").arg(format!("{SERVER_USER}:{SERVER_USER}")).arg(path).status()?;
                if given.success() {
                    Ok(())
                } else {
                    bail!("could not give {} to {SERVER_USER}", path.display())
                }
            }
        }
    }
}

/// The programs of the version that made the cluster in `folder`: no other can read its data.
fn own_bin(folder: &Path) -> Result<Option<PathBuf>> {
    let Ok(version) = fs::read_to_string(folder.join("data/PG_VERSION")) else { return Ok(None) };
    let version = version.trim();
    let bin = Path::new("/usr/lib/postgresql").join(version).join("bin");
    if !bin.join("pg_ctl").exists() {
        bail!(
            "the data in {} needs PostgreSQL {version}: install postgresql-{version} again",
            folder.display()
        );
    }
    Ok(Some(bin))
}

fn newest_bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            let postgis = format!("/usr/share/postgresql/{version}/extension/postgis.control");
            let complete = bin.join("initdb").exists() && Path::new(&postgis).exists();
            (version >= OLDEST && complete).then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

/// The smaller capability that passes through closed folders, where the system lets us hand it on; containers often
/// allow only the larger one.
fn passing_capability() -> &'static str {
    // Bit 2 of the bounding set is CAP_DAC_READ_SEARCH (capabilities(7), read 2026-11-22).
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bounding = status.lines().find_map(|line| line.strip_prefix("CapBnd:"));
    let bounding = bounding.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(u64::MAX);
    if bounding & (1 << 2) != 0 { "dac_read_search" } else { "dac_override" }
}

fn run_as(folder: &Path) -> Result<RunAs> {
    let we_are_root = Command::new("id").arg("-u").output().context("asking who we are")?.stdout == b"0\n";
    if !we_are_root {
        return Ok(RunAs::Ourselves);
    }
    let reachable = Command::new("setpriv")
        .args([&format!("--reuid={SERVER_USER}"), &format!("--regid={SERVER_USER}"), "--clear-groups"])
        .args(["test", "-x"])
        .arg(folder)
        .stderr(Stdio::null())
        .status()
        .context("running setpriv")?;
    Ok(RunAs::ServerUser { through_closed_folders: !reachable.success() })
}
