//! Checkpoints outside the database: a folder for each service, to be copied to where nobody can delete.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use transparency::{PublicKey, SignedCheckpoint};

/// The newest checkpoint, under this name as well.
const NEWEST: &str = "newest.checkpoint";

/// `HELLOMAPPER_HOME/audit/{service}`.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Made if need be, with the public keys in it.
    pub(super) fn open(home: &Path, service: &str, keys: &[&PublicKey]) -> Result<Self> {
        let folder = home.join("audit").join(service);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let folder = Self(folder);
        for (key, name) in keys.iter().zip(["log.vkey", "witness.vkey"]) {
            folder.write(name, &format!("{key}\n"))?;
        }
        Ok(folder)
    }

    /// The newest checkpoint that was written here.
    pub(super) fn newest(&self) -> Result<Option<SignedCheckpoint>> {
        let path = self.0.join(NEWEST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("reading {}", path.display()))?,
        };
        text.parse().map(Some).with_context(|| path.display().to_string())
    }

    /// Keeps a checkpoint under its size, and as the newest.
    pub(super) fn keep(&self, checkpoint: &SignedCheckpoint) -> Result<()> {
        let text = checkpoint.to_string();
        self.write(&format!("{:012}.checkpoint", checkpoint.unverified().size), &text)?;
        self.write(NEWEST, &text)
    }

    /// Writes beside the file and gives it its name once it is on the disk, so that a reader sees one or the other.
    fn write(&self, name: &str, text: &str) -> Result<()> {
        let (draft, path) = (self.0.join(format!("{name}.draft")), self.0.join(name));
        let write = || {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        };
        write().with_context(|| format!("writing {}", path.display()))
    }
}
