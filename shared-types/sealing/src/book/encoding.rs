//! The one encoding of a book's content.

use std::collections::BTreeMap;

use shared_types::NoteId;
use uuid::Uuid;

use super::{Book, LogHead, MAX_LOG_KEY};
use crate::{
    counter::NoteVersion,
    directory::Pin,
    wire::{ParseError, Reader, Writer},
};

impl Book {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.u8(self.key_log.is_some().into());
        if let Some(head) = &self.key_log {
            head.write(&mut writer);
        }
        write_number(&mut writer, self.audit_logs.len());
        self.audit_logs.values().for_each(|head| head.write(&mut writer));
        write_number(&mut writer, self.pins.len());
        self.pins.values().for_each(|pin| pin.write(&mut writer));
        write_number(&mut writer, self.versions.len());
        for (note, version) in &self.versions {
            writer.raw(note.0.as_bytes());
            version.write(&mut writer);
        }
        writer.finish()
    }

    /// Reads what [`Book::to_bytes`] wrote, and nothing else.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        let book = Self {
            key_log: reader.optional(LogHead::read)?,
            audit_logs: read_list(&mut reader, |reader| {
                LogHead::read(reader).map(|head| (head.origin().to_owned(), head))
            })?,
            pins: read_list(&mut reader, |reader| {
                let pin = Pin::read(reader)?;
                let subject = pin.subject().ok_or(ParseError::NotCanonical("a pin of nobody"))?;
                Ok((subject, pin))
            })?,
            versions: read_list(&mut reader, |reader| {
                Ok((NoteId(Uuid::from_bytes(reader.array()?)), NoteVersion::read(reader)?))
            })?,
        };
        reader.finish()?;
        Ok(book)
    }
}

impl LogHead {
    fn write(&self, writer: &mut Writer) {
        writer.bytes(self.key.as_bytes());
        writer.u64(self.size);
        writer.raw(&self.root);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let key = reader.text(MAX_LOG_KEY)?.to_owned();
        Self::new(key, reader.u64()?, reader.array()?).ok_or(ParseError::NotCanonical("this key of a log"))
    }
}

fn write_number(writer: &mut Writer, number: usize) {
    writer.u32(u32::try_from(number).expect("a browser's storage is far smaller"));
}

/// So many, each once, in the order of their names.
fn read_list<'a, K: Ord, V>(
    reader: &mut Reader<'a>,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<(K, V), ParseError>,
) -> Result<BTreeMap<K, V>, ParseError> {
    let mut list = BTreeMap::new();
    for _ in 0..reader.u32()? {
        let (name, value) = read(reader)?;
        if list.last_key_value().is_some_and(|(last, _)| *last >= name) {
            return Err(ParseError::NotCanonical("a list out of order"));
        }
        list.insert(name, value);
    }
    Ok(list)
}
