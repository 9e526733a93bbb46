//! A practice's epochs as a server shows them.
//!
//! The newest is the pinned one. It names the leaf before it by its hash, and so on back: whoever is trusted today vouches
//! for the whole chain, even where the practice had other owners then.

use sealing::{
    book::Book,
    counter::Epoch,
    directory::{Pin, Statement, Subject, VerifiedLeaf},
    identity::Identity,
    mailbox::PracticeEpoch,
};
use shared_types::{OrganizationId, users::DirectoryEntry, vault::VaultRefusal};
use transparency::Checkpoint;

use crate::{log, refusal::Stop, sight};

/// In their order, without gaps, the newest last.
pub struct Epochs(Vec<VerifiedLeaf>);

impl Epochs {
    /// None are shown of a practice only while none was ever seen.
    pub fn read<'a>(
        me: &Identity,
        book: &mut Book,
        log: &Checkpoint,
        organization: OrganizationId,
        entries: impl IntoIterator<Item = &'a DirectoryEntry>,
    ) -> Result<Self, Stop> {
        let practice = Subject::Practice(organization);
        let leaves = entries.into_iter().map(|entry| log::leaf(entry, log)).collect::<Result<Vec<_>, _>>()?;
        if leaves.iter().any(|leaf| leaf.subject() != practice) {
            return Err(VaultRefusal::ForeignKeys.into());
        }
        for pair in leaves.windows(2) {
            pair[1].follows(&pair[0])?;
        }
        match leaves.last() {
            Some(newest) => {
                sight::observe(Some(me), book, newest)?;
            }
            None if *book.pin(practice) == Pin::Unknown => {}
            None => return Err(VaultRefusal::OldEpoch.into()),
        }
        Ok(Self(leaves))
    }

    /// The one now.
    pub fn newest(&self) -> Option<&VerifiedLeaf> {
        self.0.last()
    }

    /// What the newest says.
    pub fn current(&self) -> Option<&PracticeEpoch> {
        self.iter().next_back()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &PracticeEpoch> {
        self.0.iter().filter_map(|leaf| match leaf.statement() {
            Statement::Practice(practice) => Some(practice),
            Statement::Account(_) => None,
        })
    }

    pub fn find(&self, epoch: Epoch) -> Option<&PracticeEpoch> {
        self.iter().find(|practice| practice.epoch() == epoch)
    }

    /// Those that came later.
    pub fn after(&self, epoch: Epoch) -> Vec<&PracticeEpoch> {
        self.iter().filter(|practice| practice.epoch() > epoch).collect()
    }
}
