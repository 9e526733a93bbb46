//! Those on the patient's side of a booking, with every key they have had.
//!
//! As with a practice, an account's newest leaf is the pinned one and leads back to those before it.

use std::collections::BTreeMap;

use sealing::{
    book::Book,
    directory::{Statement, VerifiedLeaf},
    envelope::{Envelope, RecipientId},
    identity::{Identity, IdentityKeys},
    suite::KeyId,
};
use shared_types::{AccountId, users::DirectoryEntry, vault::VaultRefusal};
use transparency::Checkpoint;

use crate::{log, refusal::Stop, sight};

/// The keys of each, the newest last.
pub struct People(BTreeMap<AccountId, Vec<IdentityKeys>>);

impl People {
    pub fn read(
        me: &Identity,
        book: &mut Book,
        log: &Checkpoint,
        entries: &[DirectoryEntry],
    ) -> Result<Self, Stop> {
        let mut newest: BTreeMap<AccountId, VerifiedLeaf> = BTreeMap::new();
        let mut keys: BTreeMap<AccountId, Vec<IdentityKeys>> = BTreeMap::new();
        for entry in entries {
            let leaf = log::leaf(entry, log)?;
            let found = match leaf.statement() {
                Statement::Account(keys) => **keys,
                Statement::Practice(_) => return Err(VaultRefusal::ForeignKeys.into()),
            };
            if let Some(before) = newest.get(&found.account()) {
                leaf.follows(before)?;
            }
            keys.entry(found.account()).or_default().push(found);
            newest.insert(found.account(), leaf);
        }
        for leaf in newest.values() {
            sight::observe(Some(me), book, leaf)?;
        }
        Ok(Self(keys))
    }

    /// The reader is one of them, whoever was listed.
    pub fn join(&mut self, me: &Identity) {
        self.0.entry(me.keys().account()).or_insert_with(|| vec![*me.keys()]);
    }

    /// One person's keys of that name.
    pub fn find(&self, account: AccountId, key_id: KeyId) -> Option<&IdentityKeys> {
        self.0.get(&account)?.iter().find(|keys| keys.key_id() == key_id)
    }

    /// Who of them can open an envelope, and who must be able to and cannot. Nobody who came later is missed in what was
    /// sealed before.
    pub fn recipients(&self, envelope: &Envelope, required: &[AccountId]) -> Vec<RecipientId> {
        let named: Vec<_> = envelope.recipients().collect();
        let one_of = |(account, keys): (&AccountId, &Vec<IdentityKeys>)| {
            let mut newest_first = keys.iter().rev().map(RecipientId::patient);
            let found = newest_first.find(|id| named.contains(id));
            let missed = required.contains(account).then(|| keys.last().map(RecipientId::patient));
            found.or(missed.flatten())
        };
        self.0.iter().filter_map(one_of).collect()
    }
}
