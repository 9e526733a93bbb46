//! Why a whole import comes to nothing. Single resources are refused in the report and stop nobody.

use std::{io, path::PathBuf};

/// Nothing was imported; each message says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such file or directory.
    #[error("{} does not exist; give a directory of FHIR JSON, a Bundle or an NDJSON file", .path.display())]
    Missing {
        /// As given.
        path: PathBuf,
    },
    /// A directory without a file that could be FHIR JSON.
    #[error(
        "no FHIR JSON found in {}: looked at {files} files{}; resources end in .json and NDJSON in .ndjson",
        .path.display(), .first.as_ref().map(|first| format!(", first is {first}")).unwrap_or_default()
    )]
    NothingFound {
        /// As given.
        path: PathBuf,
        /// How many files are there.
        files: usize,
        /// The first of them.
        first: Option<String>,
    },
    /// The one file to be read cannot be read to its end.
    #[error("{} {reason}; nothing was imported", .path.display())]
    Unreadable {
        /// As given.
        path: PathBuf,
        /// What is wrong with it, continuing the sentence.
        reason: String,
    },
    /// The directory, or a file in it, cannot be listed.
    #[error("{} could not be listed", .path.display())]
    Listing {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The report cannot be written, and without it nobody would know what was refused.
    #[error("the report {} could not be written; choose another place with --report", .path.display())]
    Report {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Two at once would wait for each other's rows.
    #[error("another import is running; wait until it has ended")]
    Busy,
    /// A bug: the reading thread ended by itself.
    #[error("reading the input ended unexpectedly")]
    Reader,
    /// The database refused.
    #[error("importing into the directory")]
    Database(#[source] sqlx::Error),
    /// What the caller does with changed roles failed.
    #[error("telling the other services of changed roles")]
    Telling(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
