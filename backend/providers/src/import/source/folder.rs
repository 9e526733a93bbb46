//! The files of a directory, in order of their names, each by itself.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Emit, Piece, Place, format_by_name, read_file};
use crate::import::ImportError;

pub(super) fn read_directory(root: &Path, emit: Emit<'_>) -> Result<(), ImportError> {
    let mut files = Vec::new();
    list(root, &mut files)?;
    files.sort();
    let shown = |file: &Path| file.strip_prefix(root).unwrap_or(file).display().to_string();
    let readable: Vec<_> = files.iter().filter(|file| format_by_name(file).is_some()).collect();
    if readable.is_empty() {
        let first = files.first().map(|file| shown(file));
        return Err(ImportError::NothingFound { path: root.to_owned(), files: files.len(), first });
    }
    let mut listening = true;
    for (unit, file) in (1_i32..).zip(readable) {
        let place = Place { unit, file: shown(file), alone: false };
        let mut emit = |piece| {
            listening = emit(piece);
            listening
        };
        if let Err(reason) = read_file(file, &place, &mut emit) {
            emit(Piece::Broken { unit, source: place.file, reason: format!("the file {reason}") });
        }
        if !listening {
            break;
        }
    }
    Ok(())
}

fn list(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), ImportError> {
    let error = |source| ImportError::Listing { path: directory.to_owned(), source };
    for entry in fs::read_dir(directory).map_err(error)? {
        let entry = entry.map_err(error)?;
        let kind = entry.file_type().map_err(error)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            list(&entry.path(), files)?;
        } else if entry.path().is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}
