//! The register of erasures outside the database, so that a restored backup can be made to forget again (C-14): one line of
//! JSON for each, with ids of what is no longer there and no names. It lies beside the audit log's checkpoints and is copied
//! with them to where nobody can delete it.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared_types::{AccountId, ErasureId, PatientId};

/// One who asked to be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which erasure.
    pub erasure_id: ErasureId,
    /// Whose account was closed.
    pub account_id: AccountId,
    /// Their own patient, and those whom nobody else could reach.
    pub patients: Vec<PatientId>,
    /// When they asked.
    pub asked_at: Timestamp,
}

/// What a register says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Each erasure once.
    pub erasures: BTreeMap<ErasureId, Line>,
    /// How many lines cannot be read: a crash may cut one off, and the erasure is written once more then.
    pub unreadable: u64,
}

/// The file.
#[derive(Clone, Debug)]
pub struct Register(PathBuf);

impl Register {
    /// `audit/users/erasures.ndjson` below the home folder.
    pub fn in_home(home: &Path) -> Self {
        Self(home.join("audit").join("users").join("erasures.ndjson"))
    }

    /// A copy of it.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What it says; nothing where it is not there yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self) -> Result<Lines> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Lines::default()),
            text => text.with_context(|| format!("reading {}", self.0.display()))?,
        };
        let mut lines = Lines::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            match serde_json::from_str::<Line>(line) {
                Ok(line) => {
                    lines.erasures.insert(line.erasure_id, line);
                }
                Err(_) => lines.unreadable += 1,
            }
        }
        Ok(lines)
    }

    /// Adds some, and has them on the disk when it returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&self, erasures: &[Line]) -> Result<()> {
        // Begun anew, so that a line that was cut off swallows none.
        let mut text = String::from("\n");
        for line in erasures {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        let write = || {
            fs::create_dir_all(self.0.parent().unwrap_or(Path::new(".")))?;
            let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&self.0)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().with_context(|| format!("writing {}", self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use uuid::Uuid;

    use super::{Line, Register};

    fn line(nth: u128) -> Line {
        Line {
            erasure_id: Uuid::from_u128(nth).into(),
            account_id: Uuid::from_u128(nth + 100).into(),
            patients: vec![Uuid::from_u128(nth + 200).into()],
            asked_at: "2026-11-26T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn what_is_added_is_read_once_and_a_line_that_was_cut_off_swallows_none() {
        let home = tempfile::tempdir().unwrap();
        let register = Register::in_home(home.path());
        assert!(register.read().unwrap().erasures.is_empty());
        register.add(&[line(1), line(2)]).unwrap();
        let whole = fs::read(register.path()).unwrap();
        fs::write(register.path(), &whole[..whole.len() - 9]).unwrap();
        register.add(&[line(2), line(3)]).unwrap();
        register.add(&[line(3)]).unwrap();
        let read = register.read().unwrap();
        let lines: Vec<_> = read.erasures.into_values().collect();
        assert_eq!((lines, read.unreadable), (vec![line(1), line(2), line(3)], 1));
    }
}
