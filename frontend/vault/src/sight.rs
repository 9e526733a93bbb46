//! Keys as they are seen: pinned at first sight, and stopped at when they change.

use sealing::{
    book::Book,
    directory::{Fingerprint, Pin, Pinned, Statement, VerifiedLeaf},
    identity::Identity,
};
use shared_types::{
    users::{KeySubject, PublishedKeys},
    vault::{SeenKeys, VaultRefusal, VaultReply},
};

use crate::{log, refusal::Stop, text};

/// Says what keys somebody shows.
pub fn look(me: Option<&Identity>, book: &mut Book, keys: &PublishedKeys) -> Result<VaultReply, Stop> {
    let checkpoint = log::enter(book, &keys.head)?;
    let leaf = log::leaf(&keys.entry, &checkpoint)?;
    observe(me, book, &leaf)?;
    let keys = SeenKeys {
        subject: text::key_subject(leaf.subject()),
        fingerprint: leaf.fingerprint().to_string(),
        before: None,
        epoch: leaf.epoch().map(|epoch| epoch.get()),
    };
    Ok(VaultReply::Seen { keys, book: None })
}

/// The person takes what was compared for the subject's.
pub fn agree(book: &mut Book, subject: KeySubject, fingerprint: &str) -> Result<VaultReply, Stop> {
    let shown: Fingerprint = fingerprint.parse()?;
    let agreed = book.pin(text::subject(subject)).agree(&shown)?;
    let epoch = match &agreed {
        Pin::Unknown | Pin::Changed { .. } => None,
        Pin::Pinned(pinned) => pinned.epoch().map(|epoch| epoch.get()),
    };
    book.set_pin(agreed);
    let keys = SeenKeys { subject, fingerprint: shown.to_string(), before: None, epoch };
    Ok(VaultReply::Seen { keys, book: None })
}

/// Takes note of keys in the book. What comes back is pinned; what has changed stops the act.
pub fn observe(me: Option<&Identity>, book: &mut Book, leaf: &VerifiedLeaf) -> Result<Pin, Stop> {
    let mut seen = book.pin(leaf.subject()).observe(leaf)?;
    if let Some(me) = me {
        refuse_others_in_my_name(me, leaf)?;
        // What one has signed oneself needs no comparing.
        if leaf.signer() == me.keys().sign() {
            seen = seen.agree(&leaf.fingerprint())?;
        }
    }
    book.set_pin(seen.clone());
    match seen {
        Pin::Changed { pinned, offered } => Err(Stop::Changed(changed(leaf, &pinned, &offered))),
        Pin::Unknown | Pin::Pinned(_) => Ok(seen),
    }
}

fn refuse_others_in_my_name(me: &Identity, leaf: &VerifiedLeaf) -> Result<(), VaultRefusal> {
    match leaf.statement() {
        Statement::Account(keys)
            if keys.account() == me.keys().account() && keys.key_id() != me.keys().key_id() =>
        {
            Err(VaultRefusal::ForeignKeys)
        }
        Statement::Account(_) | Statement::Practice(_) => Ok(()),
    }
}

fn changed(leaf: &VerifiedLeaf, pinned: &Pinned, offered: &Pinned) -> SeenKeys {
    SeenKeys {
        subject: text::key_subject(leaf.subject()),
        fingerprint: offered.fingerprint().to_string(),
        before: Some(pinned.fingerprint().to_string()),
        epoch: offered.epoch().map(|epoch| epoch.get()),
    }
}
