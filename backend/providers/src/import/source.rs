//! Finding and reading the input: a directory, a Bundle, one resource, or NDJSON. Runs on a thread of its own and
//! hands on one resource at a time.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Cursor, Read},
    path::{Path, PathBuf},
};

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{
    ImportError,
    document::{Element, MAX_RESOURCE_BYTES, explain, read_document},
};

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

fn read_directory(root: &Path, emit: Emit<'_>) -> Result<(), ImportError> {
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
    let ended = next_line(&mut reader, &mut line).map_err(unreadable)?;
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

/// Skips a byte order mark and blank lines, and turns away what is no JSON object by its first bytes. Gives the
/// number of the line where the text begins.
fn check_beginning(reader: &mut impl BufRead) -> io::Result<Result<usize, String>> {
    let start = reader.fill_buf()?;
    let what = match start {
        [0xef, 0xbb, 0xbf, ..] => {
            reader.consume(3);
            None
        }
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => Some("is UTF-16; save it as UTF-8 and try again"),
        [0x1f, 0x8b, ..] => Some("is compressed; unpack it with gunzip and try again"),
        [b'P', b'K', 3, 4, ..] => Some("is a ZIP archive; unpack it and give the directory"),
        [0xff, 0xd8, 0xff, ..] | [0x89, b'P', b'N', b'G', ..] => Some("is a picture and not FHIR JSON"),
        _ => None,
    };
    if let Some(what) = what {
        return Ok(Err(what.to_owned()));
    }
    let mut line = 1;
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(Err("is empty; export it again".to_owned()));
        }
        let blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        line += buffer[..blank].iter().filter(|byte| **byte == b'\n').count();
        let next = buffer.get(blank).copied();
        reader.consume(blank);
        match next {
            None => {}
            Some(b'{') => return Ok(Ok(line)),
            Some(b'[') => {
                let way_out = "write one resource on each line (jq -c '.[]') or put them into a Bundle";
                return Ok(Err(format!("is a JSON list, which FHIR does not know; {way_out}")));
            }
            Some(b'<') => {
                return Ok(Err("looks like XML; only FHIR JSON is read, so export it as JSON".to_owned()));
            }
            Some(_) => return Ok(Err("is not FHIR JSON: it does not begin with a brace".to_owned())),
        }
    }
}

fn read_lines(mut reader: impl BufRead, first_line: usize, place: &Place, emit: Emit<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    for number in first_line.. {
        let ended = next_line(&mut reader, &mut line)?;
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
enum Line {
    /// With its end; the end itself is left out.
    Whole,
    /// Without its end: the file ends.
    Last,
    /// Longer than is kept; the rest of it is still to be read.
    TooLong,
    /// There is no further line.
    End,
}

/// Reads a line of bounded length into `line`.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let read = reader.by_ref().take(MAX_RESOURCE_BYTES).read_until(b'\n', line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Line::Whole);
    }
    if read == 0 {
        return Ok(Line::End);
    }
    if u64::try_from(read).is_ok_and(|read| read < MAX_RESOURCE_BYTES) {
        return Ok(Line::Last);
    }
    Ok(Line::TooLong)
}

fn has_more(reader: &mut impl BufRead) -> io::Result<bool> {
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

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _, path::Path};

    use super::{super::document::MAX_RESOURCE_BYTES, Piece, read};
    use crate::import::ImportError;

    fn pieces(path: &Path) -> Result<Vec<Piece>, ImportError> {
        let mut pieces = Vec::new();
        read(path, &mut |piece| {
            pieces.push(piece);
            true
        })?;
        Ok(pieces)
    }

    /// What a file of this name and content gives.
    fn read_as(name: &str, content: &[u8]) -> Result<Vec<Piece>, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        fs::write(&path, content).unwrap();
        pieces(&path).map_err(|error| error.to_string())
    }

    fn sources(pieces: &[Piece]) -> Vec<&str> {
        let mut sources = Vec::new();
        for piece in pieces {
            let (Piece::Resource { source, .. }
            | Piece::Refused { source, .. }
            | Piece::Broken { source, .. }) = piece;
            sources.push(source.as_str());
        }
        sources
    }

    #[test]
    fn the_kind_of_input_is_known_by_its_content() {
        let resource = r#"{"resourceType":"Organization","id":"x"}"#;
        let bundle =
            format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{resource}}}]}}"#);
        for (name, content, expected) in [
            ("a.json", resource.to_owned(), vec!["a.json"]),
            ("a.json", format!("\u{feff}{resource}\n"), vec!["a.json"]),
            ("a.txt", format!("{resource}\n\n{resource}\n"), vec!["line 1", "line 3"]),
            ("a.json", format!("\n{resource}\r\n{resource}"), vec!["line 2", "line 3"]),
            ("a.ndjson", resource.to_owned(), vec!["line 1"]),
            ("a.json", bundle.clone(), vec!["entry[0]"]),
            ("a.json", bundle.replace(',', ",\n"), vec!["entry[0]"]),
        ] {
            let read = read_as(name, content.as_bytes()).unwrap();
            assert_eq!(sources(&read), expected, "{content}");
            assert!(read.iter().all(|piece| matches!(piece, Piece::Resource { .. })), "{read:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_so_and_what_to_do() {
        for (content, words) in [
            (&b""[..], "is empty"),
            (b" \n ", "is empty"),
            (b"[{}]", "jq -c"),
            (b"<Bundle/>", "XML"),
            (b"\x1f\x8b\x08", "gunzip"),
            (b"PK\x03\x04", "ZIP"),
            (b"\xff\xd8\xff\xe0", "picture"),
            (b"\xff\xfe{", "UTF-16"),
            (b"hello", "brace"),
            (b"{\"resourceType\":", "cut off"),
            (b"{\"resourceType\":\"Bundle\",\"type\":\"message\"}", "message"),
        ] {
            let message = read_as("a.json", content).unwrap_err();
            assert!(message.contains(words) && message.ends_with("nothing was imported"), "{message}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_refused_alone() {
        let long = "x".repeat(usize::try_from(MAX_RESOURCE_BYTES).unwrap());
        let mut content = b"{\"a\":1}\n{\"a\":\n{\"a\":\"\xff\"}\n{\"resourceType\":\"Bundle\"}\n\"".to_vec();
        content.splice(0..0, b"{\"first\":1}\n".iter().copied());
        content.extend(long.bytes());
        content.extend(b"\"\n{\"last\":1}");
        let read = read_as("a.ndjson", &content).unwrap();
        let refused: Vec<_> = read
            .iter()
            .filter_map(|piece| match piece {
                Piece::Refused { source, reason, .. } => Some((source.as_str(), reason.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(
            refused.iter().map(|(source, _)| *source).collect::<Vec<_>>(),
            ["line 3", "line 4", "line 5", "line 6"]
        );
        for ((_, reason), words) in refused.iter().zip(["cut off", "UTF-8", "Bundle", "16 MB"]) {
            assert!(reason.contains(words), "{reason}");
        }
        assert!(matches!(read.last(), Some(Piece::Resource { source, .. }) if source == "line 7"));
    }

    #[test]
    fn a_directory_is_read_in_order_and_a_broken_file_stops_nobody() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("more")).unwrap();
        for (name, content) in [
            ("b.json", &b"{\"resourceType\":"[..]),
            ("a.json", b"{\"id\":\"a\"}"),
            ("LICENSE", b"CC0"),
            ("more/c.ndjson", b"{\"id\":\"c\"}\n"),
            (".hidden.json", b"{}"),
        ] {
            fs::File::create(directory.path().join(name)).unwrap().write_all(content).unwrap();
        }
        let read = pieces(directory.path()).unwrap();
        assert_eq!(sources(&read), ["a.json", "b.json", "more/c.ndjson line 1"]);
        assert!(matches!(&read[1], Piece::Broken { unit: 2, reason, .. } if reason.contains("cut off")));
    }

    #[test]
    fn a_directory_of_photographs_is_named_as_what_it_is() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["IMG_2.jpg", "IMG_1.jpg"] {
            fs::write(directory.path().join(name), b"\xff\xd8\xff\xe0").unwrap();
        }
        let message = pieces(directory.path()).unwrap_err().to_string();
        assert!(message.contains("looked at 2 files, first is IMG_1.jpg"), "{message}");
        let missing = pieces(&directory.path().join("nowhere")).unwrap_err().to_string();
        assert!(missing.contains("does not exist"), "{missing}");
    }
}
