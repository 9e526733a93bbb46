use std::{fs, io::Write as _, path::Path};

use super::{Piece, read};
use crate::import::{ImportError, document::MAX_RESOURCE_BYTES};

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
        let (Piece::Resource { source, .. } | Piece::Refused { source, .. } | Piece::Broken { source, .. }) =
            piece;
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
