//! The file as records of named texts: a root, below it `Data` elements, below each of them one element for each field. Read in one
//! pass, with one record in memory. There is no document type, so no entity but XML's own five and those by number, and nothing that
//! could grow. (XML 1.0, fifth edition, <https://www.w3.org/TR/xml/>, read 2026-11-26.)

use std::io::{BufRead, Read as _};

use super::item::Unreadable;

/// The longest text or tag that is taken. Descriptions are some thousand characters long.
const LONGEST: usize = 1 << 20;
/// The characters of Windows code page 1252 from 0x80 to 0x9F; those that it leaves out stand for themselves.
/// (<https://encoding.spec.whatwg.org/#windows-1252>, read 2026-11-26.)
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// One `Data` element: its fields as they come, without those that are blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Vec<(String, String)>);

impl Record {
    /// The text of a field; none where it is absent or blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

/// The records of a file, in order. After an error there are no more.
pub struct Records<R> {
    file: R,
    encoding: Encoding,
    /// The elements that are open, the root first.
    open: Vec<String>,
    has_root: bool,
    is_broken: bool,
}

/// How its bytes are characters. The schedule is published as UTF-8; copies that went through a spreadsheet are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Windows1252,
}

enum Tag {
    Opens(String),
    Closes(String),
    /// Opened and closed in one.
    Empty,
    /// Characters that are taken as they are.
    Text(String),
    /// A comment or a declaration.
    Aside,
}

impl<R: BufRead> Records<R> {
    /// Reads from the beginning.
    pub fn new(file: R) -> Self {
        Self { file, encoding: Encoding::Utf8, open: Vec::new(), has_root: false, is_broken: false }
    }

    fn next_record(&mut self) -> Result<Option<Record>, Unreadable> {
        let (mut record, mut text) = (Record::default(), String::new());
        while let Some(before) = self.until(b'<')? {
            text.push_str(&unescape(&self.decode(&before)?)?);
            match self.tag()? {
                Tag::Text(more) => text.push_str(&more),
                Tag::Opens(name) => {
                    self.begin()?;
                    self.open.push(name);
                    text.clear();
                }
                Tag::Empty => self.begin()?,
                Tag::Closes(name) => {
                    self.end(&name)?;
                    match self.open.as_slice() {
                        [_] if name == "Data" => return Ok(Some(record)),
                        [_, parent] if parent == "Data" && !text.trim().is_empty() => {
                            record.0.push((name, text.trim().to_owned()));
                        }
                        _ => {}
                    }
                    text.clear();
                }
                Tag::Aside => {}
            }
        }
        // A file that was cut off ends with something open.
        if self.has_root && self.open.is_empty() { Ok(None) } else { Err(Unreadable::Malformed) }
    }

    /// An element begins: there is one root.
    fn begin(&mut self) -> Result<(), Unreadable> {
        if self.has_root && self.open.is_empty() {
            return Err(Unreadable::Malformed);
        }
        self.has_root = true;
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Unreadable> {
        if self.open.pop().as_deref() == Some(name) { Ok(()) } else { Err(Unreadable::Malformed) }
    }

    /// What follows a `<`, up to its `>`.
    fn tag(&mut self) -> Result<Tag, Unreadable> {
        let mut bytes = self.must_until(b'>')?;
        if bytes.starts_with(b"!--") {
            self.lengthen(&mut bytes, b"--", 5)?;
            return Ok(Tag::Aside);
        }
        if bytes.starts_with(b"![CDATA[") {
            self.lengthen(&mut bytes, b"]]", 10)?;
            let text = self.decode(&bytes[8..bytes.len() - 2])?;
            return Ok(Tag::Text(text));
        }
        let text = self.decode(&bytes)?;
        if let Some(declaration) = text.strip_prefix('?') {
            if declaration.starts_with("xml") {
                self.encoding = encoding(declaration)?;
            }
            return Ok(Tag::Aside);
        }
        if text.starts_with('!') {
            return Err(Unreadable::Malformed);
        }
        match (text.strip_prefix('/'), text.strip_suffix('/')) {
            (Some(name), _) => Ok(Tag::Closes(local_name(name)?)),
            (None, Some(name)) => local_name(name).map(|_| Tag::Empty),
            (None, None) => Ok(Tag::Opens(local_name(&text)?)),
        }
    }

    /// Reads on until the bytes end so, where a `>` is part of what is read.
    fn lengthen(&mut self, bytes: &mut Vec<u8>, end: &[u8], shortest: usize) -> Result<(), Unreadable> {
        while bytes.len() < shortest || !bytes.ends_with(end) {
            bytes.push(b'>');
            bytes.extend(self.must_until(b'>')?);
            if bytes.len() > LONGEST {
                return Err(Unreadable::Malformed);
            }
        }
        Ok(())
    }

    fn must_until(&mut self, mark: u8) -> Result<Vec<u8>, Unreadable> {
        self.until(mark)?.ok_or(Unreadable::Malformed)
    }

    /// The bytes before the next such byte, which is passed; none where there is no more of it.
    fn until(&mut self, mark: u8) -> Result<Option<Vec<u8>>, Unreadable> {
        let mut bytes = Vec::new();
        let limit = LONGEST as u64;
        (&mut self.file).take(limit).read_until(mark, &mut bytes)?;
        match bytes.pop() {
            Some(last) if last == mark => Ok(Some(bytes)),
            Some(_) if bytes.len() + 1 == LONGEST => Err(Unreadable::Malformed),
            Some(_) | None => Ok(None),
        }
    }

    fn decode(&self, bytes: &[u8]) -> Result<String, Unreadable> {
        match self.encoding {
            Encoding::Utf8 => {
                let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
                // The mark at the very beginning says UTF-8, and nothing else.
                Ok(text.trim_start_matches('\u{feff}').to_owned())
            }
            Encoding::Windows1252 => Ok(bytes.iter().map(|byte| from_windows_1252(*byte)).collect()),
        }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_broken {
            return None;
        }
        let next = self.next_record().transpose();
        self.is_broken = matches!(next, Some(Err(_)));
        next
    }
}

fn encoding(declaration: &str) -> Result<Encoding, Unreadable> {
    let Some((_, rest)) = declaration.split_once("encoding=") else { return Ok(Encoding::Utf8) };
    let name = rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "us-ascii" => Ok(Encoding::Utf8),
        "windows-1252" | "iso-8859-1" => Ok(Encoding::Windows1252),
        _ => Err(Unreadable::NotText),
    }
}

fn from_windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        0x00..=0x7F | 0xA0..=0xFF => char::from(byte),
    }
}

/// The name of a tag without its prefix and attributes.
fn local_name(tag: &str) -> Result<String, Unreadable> {
    let name = tag.split_whitespace().next().unwrap_or_default();
    let name = name.rsplit(':').next().unwrap_or_default();
    if name.is_empty() { Err(Unreadable::Malformed) } else { Ok(name.to_owned()) }
}

fn unescape(text: &str) -> Result<String, Unreadable> {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (entity, rest) = part.split_once(';').ok_or(Unreadable::Malformed)?;
        plain.push(character(entity).ok_or(Unreadable::Malformed)?);
        plain.push_str(rest);
    }
    Ok(plain)
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // The database keeps no NUL, and XML has none.
            char::from_u32(code).filter(|character| *character != '\0')
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{Record, Records, Unreadable};

    fn read(bytes: &[u8]) -> Result<Vec<Record>, Unreadable> {
        // A buffer of seven bytes, so that everything is cut somewhere.
        Records::new(BufReader::with_capacity(7, bytes)).collect()
    }

    #[test]
    fn fields_are_read_and_blank_ones_left_out() {
        let file = b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<MBS_XML><!-- a > b -->\n<Data>\n<ItemNum>23</ItemNum>\
            <SubItemNum/><Group> </Group><Description>Less than 20 &amp; &#x3e;5 <![CDATA[<b>]]></Description></Data>\
            <Data><ItemNum>36</ItemNum><Strange><Deep>1</Deep></Strange></Data></MBS_XML>\n";
        let records = read(file).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].get("ItemNum"), Some("23"));
        assert_eq!(records[0].get("Group"), None);
        assert_eq!(records[0].get("Description"), Some("Less than 20 & >5 <b>"));
        assert_eq!(records[1].get("Deep"), None);
    }

    #[test]
    fn windows_text_is_read_where_the_file_says_so() {
        let file = b"<?xml version='1.0' encoding='Windows-1252'?><a><Data><D>M\xfcller\x92s</D></Data></a>";
        assert_eq!(read(file).unwrap()[0].get("D"), Some("Müller’s"));
        let unsaid = b"<a><Data><D>M\xfcller</D></Data></a>";
        assert!(matches!(read(unsaid), Err(Unreadable::NotText)));
        let utf16 = b"<?xml version='1.0' encoding='UTF-16'?><a/>";
        assert!(matches!(read(utf16), Err(Unreadable::NotText)));
    }

    #[test]
    fn what_is_no_whole_document_is_refused() {
        for file in [
            "",
            "nothing",
            "<a><Data><ItemNum>23</ItemNum></Data>",
            "<a><Data></a></Data>",
            "<a></a><b></b>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>",
            "<a>&b;</a>",
            "<a>&#0;</a>",
            "<a><Data",
        ] {
            assert!(matches!(read(file.as_bytes()), Err(Unreadable::Malformed)), "{file}");
        }
        assert_eq!(read(b"<a/>").unwrap(), []);
    }
}
