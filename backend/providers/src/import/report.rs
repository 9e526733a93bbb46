//! The report: one JSON line for each refusal and each warning, in the order of the input.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use serde::Serialize;
use sqlx::PgConnection;

use super::{
    ImportError,
    store::{self, Note},
};

#[derive(Serialize)]
struct Line<'a> {
    level: &'a str,
    source: &'a str,
    resource: &'a str,
    pointer: &'a str,
    reason: &'a str,
}

/// An open report.
pub(super) struct Report {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Report {
    /// Opens the file, and makes its directory if need be.
    pub(super) fn create(path: &Path) -> Result<Self, ImportError> {
        let create = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            File::create(path)
        };
        let file = create().map_err(|source| ImportError::Report { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    /// Writes every line and gives the number of warnings.
    pub(super) async fn write(&mut self, conn: &mut PgConnection) -> Result<u64, ImportError> {
        let (mut after, mut warnings) = ((i64::MIN, i64::MIN), 0);
        loop {
            let page = store::notes(conn, after, 1000).await?;
            let Some((ordinal, note_id, ..)) = page.last() else { break };
            after = (*ordinal, *note_id);
            for (_, _, source, resource, note) in &page {
                warnings += u64::from(note.level == "warning");
                self.line(source, resource, note).map_err(|error| self.error(error))?;
            }
        }
        self.file.flush().map_err(|error| self.error(error))?;
        Ok(warnings)
    }

    fn line(&mut self, source: &str, resource: &str, note: &Note) -> io::Result<()> {
        let line =
            Line { level: &note.level, source, resource, pointer: &note.pointer, reason: &note.reason };
        serde_json::to_writer(&mut self.file, &line)?;
        self.file.write_all(b"\n")
    }

    fn error(&self, source: io::Error) -> ImportError {
        ImportError::Report { path: self.path.clone(), source }
    }
}
