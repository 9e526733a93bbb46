//! What a browser remembers for an account, so that a server cannot show it one thing today and another tomorrow: how
//! far the logs had grown, whose keys are whose, and which versions of notes were seen.
//!
//! It is sealed by the account key and kept in the browser's own storage. Whoever else uses the browser can neither
//! read nor alter it; taking it away takes the memory away and nothing more. So one that does not open counts as none.

mod encoding;

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use shared_types::{AccountId, NoteId};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    account_key::AccountKey,
    counter::NoteVersion,
    directory::{Pin, Subject},
    labels::BOOK_WRAP,
    suite::{Magic, aead::Sealed},
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMbk", "a browser's book");
/// The longest book: far beyond what a browser keeps.
const MAX_BOOK: usize = 64 * 1024 * 1024;
/// The longest verifier key of a log, in bytes of UTF-8.
const MAX_LOG_KEY: usize = 1024;

/// What is remembered. An empty one is what a browser begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    key_log: Option<LogHead>,
    /// By origin.
    audit_logs: BTreeMap<String, LogHead>,
    pins: BTreeMap<Subject, Pin>,
    versions: BTreeMap<NoteId, NoteVersion>,
}

/// A log as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogHead {
    key: String,
    size: u64,
    root: [u8; 32],
}

/// Why a stored book does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// It cannot be read.
    #[error("the book cannot be read")]
    Parse(#[from] ParseError),
    /// It is somebody else's.
    #[error("the book belongs to another account")]
    OtherAccount,
    /// The account key is another one, or the bytes were altered.
    #[error("the book does not open")]
    Refused,
}

impl LogHead {
    /// `key` is the log's verifier key as text, `name+hash+base64`, whose name is the log's origin. `None` when it has
    /// no name or is longer than a book holds.
    pub fn new(key: String, size: u64, root: [u8; 32]) -> Option<Self> {
        let named = key.split_once('+').is_some_and(|(name, _)| !name.is_empty());
        (named && key.len() <= MAX_LOG_KEY).then_some(Self { key, size, root })
    }

    /// The verifier key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        self.key.split_once('+').map_or("", |(name, _)| name)
    }

    /// How many leaves it had.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    pub fn root(&self) -> &[u8; 32] {
        &self.root
    }
}

impl Book {
    /// The log of the key directory.
    pub fn key_log(&self) -> Option<&LogHead> {
        self.key_log.as_ref()
    }

    /// It has been seen to go on to here.
    pub fn set_key_log(&mut self, head: LogHead) {
        self.key_log = Some(head);
    }

    /// The audit log of a service, whose origin ends with `/audit/` and the service. It has one, under whatever name: another
    /// name is another log.
    pub fn audit_log_of(&self, service: &str) -> Option<&LogHead> {
        let end = format!("/audit/{service}");
        self.audit_logs.values().find(|head| head.origin().ends_with(&end))
    }

    /// It was seen.
    pub fn set_audit_log(&mut self, head: LogHead) {
        self.audit_logs.insert(head.origin().to_owned(), head);
    }

    /// What is remembered of a subject's keys.
    pub fn pin(&self, subject: Subject) -> &Pin {
        self.pins.get(&subject).unwrap_or(&Pin::Unknown)
    }

    /// Keys were seen or agreed to.
    pub fn set_pin(&mut self, pin: Pin) {
        if let Some(subject) = pin.subject() {
            self.pins.insert(subject, pin);
        }
    }

    /// The highest version seen of a note.
    pub fn version(&self, note: NoteId) -> Option<NoteVersion> {
        self.versions.get(&note).copied()
    }

    /// A version was read. A lower one than before changes nothing.
    pub fn saw(&mut self, note: NoteId, version: NoteVersion) {
        let highest = self.versions.entry(note).or_insert(version);
        *highest = version.max(*highest);
    }

    /// Seals it for the browser's storage.
    pub fn seal(&self, account: AccountId, key: &AccountKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        let mut writer = header(account);
        let associated_data = BOOK_WRAP.with(&[writer.as_bytes()]);
        let content = Zeroizing::new(self.to_bytes());
        Sealed::seal(&key.for_use(BOOK_WRAP), &associated_data, content, rng).write_sized(&mut writer);
        writer.finish()
    }

    /// Opens what was stored.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn open(bytes: &[u8], account: AccountId, key: &AccountKey) -> Result<Self, BookError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        if AccountId(Uuid::from_bytes(reader.array()?)) != account {
            return Err(BookError::OtherAccount);
        }
        let sealed = Sealed::read_sized(&mut reader, MAX_BOOK)?;
        reader.finish()?;
        let associated_data = BOOK_WRAP.with(&[header(account).as_bytes()]);
        let content = sealed.open(&key.for_use(BOOK_WRAP), &associated_data);
        Ok(Self::parse(&content.map_err(|_| BookError::Refused)?)?)
    }
}

fn header(account: AccountId) -> Writer {
    let mut writer = Writer::new();
    MAGIC.write(&mut writer);
    writer.raw(account.0.as_bytes());
    writer
}

#[cfg(test)]
mod tests;
