//! Running other programs, and where things are. A step that fails says what to do next.

use std::{
    env,
    ffi::OsStr,
    fmt,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Instant,
};

use anyhow::{Context, Result};

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where heavy tools are kept for every checkout of this user.
pub fn cache() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set; set it, or XDG_CACHE_HOME")?)
            .join(".cache"),
    };
    Ok(base.join("hellomapper"))
}

/// A command in the checkout.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// `cargo`, as the one that runs us.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What to do when something could not be fetched.
pub const FETCH_AGAIN: &str = "check that this machine reaches the network, then run the same command again; \
                               what arrived already is kept";
/// What to do when our own code did not build.
pub const READ_THE_COMPILER: &str = "the compiler's words above name the place; put it right and run the same \
                                     command again";

/// Runs a step, says its name and how long it took. `next` is what somebody does when it fails.
///
/// # Errors
/// [`Failed`].
pub fn step(name: &str, command: &mut Command, next: &str) -> Result<(), Failed> {
    println!("== {name}");
    let started = Instant::now();
    let how = match command.status() {
        Ok(status) if status.success() => {
            println!("   {name}: {:.1} s", started.elapsed().as_secs_f64());
            return Ok(());
        }
        Ok(status) => ended(status),
        Err(error) => format!("it could not be started: {error}"),
    };
    Err(Failed { step: name.to_owned(), how, command: spelled(command), next: next.to_owned() })
}

/// A step that failed, and what to do next.
#[derive(Debug)]
pub struct Failed {
    step: String,
    how: String,
    command: String,
    next: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, how, command, next } = self;
        write!(f, "{step} failed: {how}\n   command: {command}\n   next: {next}")
    }
}

impl std::error::Error for Failed {}

fn ended(status: ExitStatus) -> String {
    const KILLED: i32 = 9;
    if status.signal() == Some(KILLED) {
        return "it was killed, as happens when memory runs out; CARGO_BUILD_JOBS=1 needs less".to_owned();
    }
    status.to_string()
}

/// A command as one would type it.
fn spelled(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let words = words.map(|word| {
        let word = word.to_string_lossy();
        if word.contains(char::is_whitespace) { format!("'{word}'") } else { word.into_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a program is on the PATH.
pub fn on_path(program: &str) -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// What a program prints, trimmed.
pub fn output(program: &str, args: &[&str]) -> Result<String> {
    let output = command(program)
        .args(args)
        .stderr(Stdio::null())
        .output()
        .with_context(|| format!("running {program}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{command, step};

    #[test]
    fn a_step_that_fails_says_how_and_what_to_do_next() {
        let mut failing = command("sh");
        failing.args(["-c", "exit 3"]);
        let failed = step("format", &mut failing, "run `cargo fmt --all`").unwrap_err();
        assert_eq!(
            failed.to_string(),
            "format failed: exit status: 3\n   command: sh -c 'exit 3'\n   next: run `cargo fmt --all`"
        );
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_what_to_do_next() {
        let mut missing = command("no-such-program-anywhere");
        let failed = step("npm ci", &mut missing, "install it").unwrap_err().to_string();
        assert!(failed.starts_with("npm ci failed: it could not be started: "), "{failed}");
        assert!(failed.ends_with("\n   command: no-such-program-anywhere\n   next: install it"), "{failed}");
    }

    #[test]
    fn a_killed_step_speaks_of_memory() {
        let mut killed = command("sh");
        killed.args(["-c", "kill -9 $$"]);
        let failed = step("server", &mut killed, "look above").unwrap_err().to_string();
        assert!(failed.contains("memory"), "{failed}");
    }

    #[test]
    fn a_step_that_succeeds_says_nothing_of_failing() {
        assert!(step("nothing", &mut command("true"), "").is_ok());
    }
}
