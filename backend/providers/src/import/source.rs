//! Finding and reading the input: a directory, a Bundle, one resource, or NDJSON. Runs on a thread of its own and
//! hands on one resource at a time.

mod beginning;
mod folder;
mod lines;

use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read as _},
    path::Path,
};

use serde::de::IgnoredAny;
use serde_json::Value;

use self::{
    beginning::check_beginning,
    folder::read_directory,
    lines::{Line, has_more, next_line, read_lines},
};
use super::{
    ImportError,
    document::{Element, read_document},
};

/// How much of a first line is looked at to tell a document from lines. A Bundle is often one line, however long, and
/// is not to be kept in memory for that.
const FIRST_LINE_BYTES: u64 = 1024 * 1024;

/// What was read. `unit` tells the files of a directory apart; `source` names the place for people.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Resource {
        unit: i32,
        source: String,
        full_url: Option<String>,
        value: Value,
    },
    Refused {
        unit: i32,
        source: String,
        pointer: String,
        reason: String,
    },
    /// A file of a directory cannot be read to its end, so what came from it is void.
    Broken {
        unit: i32,
        source: String,
        reason: String,
    },
}

/// Hands on pieces until it says that nobody listens any more.
pub(super) type Emit<'a> = &'a mut dyn FnMut(Piece) -> bool;

/// Reads everything at `path`.
///
/// # Errors
/// When there is nothing to import, or the one file given cannot be read to its end.
pub(super) fn read(path: &Path, emit: Emit<'_>) -> Result<(), ImportError> {
    if path.is_dir() {
        return read_directory(path, emit);
    }
    if !path.exists() {
        return Err(ImportError::Missing { path: path.to_owned() });
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let place = Place { unit: 0, file: name, alone: true };
    read_file(path, &place, emit).map_err(|reason| ImportError::Unreadable { path: path.to_owned(), reason })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Document,
    Lines,
}

fn format_by_name(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "json" => Some(Format::Document),
        "ndjson" | "jsonl" => Some(Format::Lines),
        _ => None,
    }
}

/// Where pieces come from.
struct Place {
    unit: i32,
    file: String,
    /// Whether there is only this file, so that its name need not be said each time.
    alone: bool,
}

impl Place {
    fn within(&self, part: Option<String>) -> String {
        match part {
            None => self.file.clone(),
            Some(part) if self.alone => part,
            Some(part) => format!("{} {part}", self.file),
        }
    }
}

fn read_file(path: &Path, place: &Place, emit: Emit<'_>) -> Result<(), String> {
    let unreadable = |error: io::Error| format!("could not be read: {error}");
    let mut reader = BufReader::with_capacity(64 * 1024, File::open(path).map_err(unreadable)?);
    let first_line = check_beginning(&mut reader).map_err(unreadable)??;
    if format_by_name(path) == Some(Format::Lines) {
        return read_lines(reader, first_line, place, emit).map_err(unreadable);
    }
    let mut line = Vec::new();
    let ended = next_line(&mut reader, &mut line, FIRST_LINE_BYTES).map_err(unreadable)?;
    let complete = ended == Line::Whole && serde_json::from_slice::<IgnoredAny>(&line).is_ok();
    if complete && has_more(&mut reader).map_err(unreadable)? {
        line.push(b'\n');
        return read_lines(BufReader::new(Cursor::new(line).chain(reader)), first_line, place, emit)
            .map_err(unreadable);
    }
    if ended == Line::Whole {
        line.push(b'\n');
    }
    read_document(BufReader::new(Cursor::new(line).chain(reader)), &mut |element| emit(piece(element, place)))
}

fn piece(element: Element, place: &Place) -> Piece {
    let unit = place.unit;
    let entry = |index| format!("entry[{index}]");
    match element {
        Element::Resource { index, full_url, value } => {
            Piece::Resource { unit, source: place.within(index.map(entry)), full_url, value }
        }
        Element::Refused { index, pointer, reason } => {
            let (source, reason) = (place.within(Some(entry(index))), format!("the entry: {reason}"));
            Piece::Refused { unit, source, pointer: pointer.to_owned(), reason }
        }
    }
}

#[cfg(test)]
mod tests;
