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
use transparency::{Checkpoint, Hash, PublicKey, SignedCheckpoint, proof, trail::AuditTrail};

use crate::{refusal::Refuses, text};

/// The key log as a server shows it. It is remembered; from the one remembered before it must have grown, and prove it.
pub fn enter(book: &mut Book, head: &KeyLogHead) -> Result<Checkpoint, VaultRefusal> {
    let checkpoint = signed(book.key_log(), &head.checkpoint, &head.key, VaultRefusal::SplitView)?;
    let proof = head.consistency.as_deref().and_then(hashes).unwrap_or_default();
    if !goes_on(book.key_log(), &checkpoint, &proof) {
        return Err(VaultRefusal::SplitView);
    }
    book.set_key_log(remembered(&checkpoint, &head.key)?);
    Ok(checkpoint)
}

/// A service's audit log, in the same way; none while it has signed nothing. A service has one log for ever: another name,
/// another key, a shorter one or none any more is a fork.
pub fn audit(book: &mut Book, service: &str, trail: &AuditTrail) -> Result<Option<Checkpoint>, VaultRefusal> {
    let known = book.audit_log_of(service);
    let (checkpoint, key) = match (&trail.checkpoint, &trail.key) {
        (Some(checkpoint), Some(key)) => (checkpoint, key),
        (None, None) if known.is_none() => return Ok(None),
        (None, None) => return Err(VaultRefusal::AuditFork),
        (Some(_), None) | (None, Some(_)) => return Err(VaultRefusal::Damaged),
    };
    let checkpoint = signed(known, checkpoint, key, VaultRefusal::AuditFork)?;
    let is_its_own = checkpoint.origin.ends_with(&format!("/audit/{service}"));
    if !is_its_own || !goes_on(known, &checkpoint, trail.consistency.as_deref().unwrap_or_default()) {
        return Err(VaultRefusal::AuditFork);
    }
    book.set_audit_log(remembered(&checkpoint, key)?);
    Ok(Some(checkpoint))
}

/// Whether a log is the one that is known, or has grown out of it by the proof.
fn goes_on(known: Option<&LogHead>, checkpoint: &Checkpoint, proof: &[Hash]) -> bool {
    let Some(known) = known else { return true };
    match checkpoint.size.cmp(&known.size()) {
        Ordering::Less => false,
        Ordering::Equal => checkpoint.root.0 == *known.root(),
        Ordering::Greater => {
            let old = (known.size(), Hash(*known.root()));
            proof::verify_consistency(old, (checkpoint.size, checkpoint.root), proof)
        }
    }
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

/// Signed by the log's key, which is the one known, where one is; else it is `another` log.
fn signed(
    known: Option<&LogHead>,
    checkpoint: &str,
    key: &str,
    another: VaultRefusal,
) -> Result<Checkpoint, VaultRefusal> {
    if known.is_some_and(|known| known.key() != key) {
        return Err(another);
    }
    let key: PublicKey = key.parse().map_err(Refuses::refusal)?;
    let signed: SignedCheckpoint = checkpoint.parse().map_err(Refuses::refusal)?;
    let checkpoint = signed.verified(&key).map_err(Refuses::refusal)?;
    if checkpoint.origin != key.name() {
        return Err(another);
    }
    Ok(checkpoint.clone())
}

fn remembered(checkpoint: &Checkpoint, key: &str) -> Result<LogHead, VaultRefusal> {
    LogHead::new(key.to_owned(), checkpoint.size, checkpoint.root.0).ok_or(VaultRefusal::Damaged)
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}
