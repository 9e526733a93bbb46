//! NDJSON: a resource on each line, and lines of bounded length.

use std::io::{self, BufRead, Read as _};

use serde_json::Value;

use super::{Emit, Piece, Place};
use crate::import::document::{MAX_RESOURCE_BYTES, explain};

pub(super) fn read_lines(
    mut reader: impl BufRead,
    first_line: usize,
    place: &Place,
    emit: Emit<'_>,
) -> io::Result<()> {
    let mut line = Vec::new();
    for number in first_line.. {
        let ended = next_line(&mut reader, &mut line, MAX_RESOURCE_BYTES)?;
        let source = place.within(Some(format!("line {number}")));
        let piece = match ended {
            Line::End => break,
            Line::TooLong => {
                reader.skip_until(b'\n')?;
                Err("the line is longer than 16 MB: no directory resource is that large".to_owned())
            }
            Line::Whole | Line::Last if line.trim_ascii().is_empty() => continue,
            Line::Whole | Line::Last => parse_line(&line),
        };
        let unit = place.unit;
        let listening = match piece {
            Ok(value) => emit(Piece::Resource { unit, source, full_url: None, value }),
            Err(reason) => emit(Piece::Refused { unit, source, pointer: String::new(), reason }),
        };
        if !listening {
            break;
        }
    }
    Ok(())
}

fn parse_line(line: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let column = error.valid_up_to() + 1;
        format!("the line is not UTF-8 at column {column}: save the file as UTF-8 and try again")
    })?;
    let value: Value = serde_json::from_str(text).map_err(|error| format!("the line {}", explain(&error)))?;
    if value.get("resourceType").and_then(Value::as_str) == Some("Bundle") {
        return Err(
            "a Bundle within NDJSON is not read: write its resources on lines of their own".to_owned()
        );
    }
    Ok(value)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// With its end; the end itself is left out.
    Whole,
    /// Without its end: the file ends.
    Last,
    /// Longer than is kept; the rest of it is still to be read.
    TooLong,
    /// There is no further line.
    End,
}

/// Reads a line of at most `most` bytes into `line`.
pub(super) fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>, most: u64) -> io::Result<Line> {
    line.clear();
    let read = reader.by_ref().take(most).read_until(b'\n', line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Line::Whole);
    }
    if read == 0 {
        return Ok(Line::End);
    }
    if u64::try_from(read).is_ok_and(|read| read < most) {
        return Ok(Line::Last);
    }
    Ok(Line::TooLong)
}

pub(super) fn has_more(reader: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        if buffer.iter().any(|byte| !byte.is_ascii_whitespace()) {
            return Ok(true);
        }
        let blank = buffer.len();
        reader.consume(blank);
    }
}
