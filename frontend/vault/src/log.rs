//! What is said of the logs: that they have only grown since this browser last saw them, and that a leaf is in one.

use std::cmp::Ordering;

use sealing::{
    book::{Book, LogHead},
    directory::{Leaf, VerifiedLeaf},
};
use shared_types::{
    users::{DirectoryEntry, KeyLogHead},
    vault::VaultRefusal,
};
use transparency::{Checkpoint, Hash, PublicKey, SignedCheckpoint, proof};

use crate::{refusal::Refuses, text};

/// The key log as a server shows it. It is remembered; from the one remembered before it must have grown, and prove it.
pub fn enter(book: &mut Book, head: &KeyLogHead) -> Result<Checkpoint, VaultRefusal> {
    let checkpoint = signed(book.key_log(), &head.checkpoint, &head.key)?;
    let goes_on = book.key_log().is_none_or(|known| {
        let proof = head.consistency.as_deref().unwrap_or_default();
        match checkpoint.size.cmp(&known.size()) {
            Ordering::Less => false,
            Ordering::Equal => checkpoint.root.0 == *known.root(),
            Ordering::Greater => hashes(proof).is_some_and(|proof| {
                let old = (known.size(), Hash(*known.root()));
                proof::verify_consistency(old, (checkpoint.size, checkpoint.root), &proof)
            }),
        }
    });
    if !goes_on {
        return Err(VaultRefusal::SplitView);
    }
    book.set_key_log(remembered(&checkpoint, &head.key)?);
    Ok(checkpoint)
}

/// A service's audit log. Nothing proves here that a longer one has grown out of the one remembered; it is none other of
/// the same length, and no shorter.
pub fn audit(book: &mut Book, checkpoint: &str, key: &str) -> Result<Checkpoint, VaultRefusal> {
    let (origin, _) = key.split_once('+').ok_or(VaultRefusal::Damaged)?;
    let known = book.audit_log(origin);
    let checkpoint = signed(known, checkpoint, key)?;
    let goes_on = known.is_none_or(|known| match checkpoint.size.cmp(&known.size()) {
        Ordering::Less => false,
        Ordering::Equal => checkpoint.root.0 == *known.root(),
        Ordering::Greater => true,
    });
    if !goes_on {
        return Err(VaultRefusal::SplitView);
    }
    book.set_audit_log(remembered(&checkpoint, key)?);
    Ok(checkpoint)
}

/// A leaf that is in the log and signed by its subject.
pub fn leaf(entry: &DirectoryEntry, log: &Checkpoint) -> Result<VerifiedLeaf, VaultRefusal> {
    let bytes = text::decode(&entry.leaf)?;
    let is_in_log = hashes(&entry.proof).is_some_and(|proof| {
        proof::verify_inclusion(Hash::leaf(&bytes), entry.index, log.size, &proof, log.root)
    });
    if !is_in_log {
        return Err(VaultRefusal::NotInLog);
    }
    Leaf::parse(&bytes).map_err(Refuses::refusal)?.verify().map_err(Refuses::refusal)
}

/// Signed by the log's key, which is the one known, where one is.
fn signed(known: Option<&LogHead>, checkpoint: &str, key: &str) -> Result<Checkpoint, VaultRefusal> {
    if known.is_some_and(|known| known.key() != key) {
        return Err(VaultRefusal::SplitView);
    }
    let key: PublicKey = key.parse().map_err(Refuses::refusal)?;
    let signed: SignedCheckpoint = checkpoint.parse().map_err(Refuses::refusal)?;
    let checkpoint = signed.verified(&key).map_err(Refuses::refusal)?;
    if checkpoint.origin != key.name() {
        return Err(VaultRefusal::SplitView);
    }
    Ok(checkpoint.clone())
}

fn remembered(checkpoint: &Checkpoint, key: &str) -> Result<LogHead, VaultRefusal> {
    LogHead::new(key.to_owned(), checkpoint.size, checkpoint.root.0).ok_or(VaultRefusal::Damaged)
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}
