//! What a file is, by its first bytes.

use std::io::{self, BufRead};

/// Skips a byte order mark and blank lines, and turns away what is no JSON object by its first bytes. Gives the
/// number of the line where the text begins.
pub(super) fn check_beginning(reader: &mut impl BufRead) -> io::Result<Result<usize, String>> {
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
