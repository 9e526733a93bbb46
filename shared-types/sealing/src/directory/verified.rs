//! A leaf that is believed, and what follows what.

use jiff::Timestamp;

use super::{Fingerprint, Leaf, Statement, Subject};
use crate::{
    counter::Epoch,
    labels::{LEAF_HASH, LEAF_VOUCHER},
    suite::{KeyId, digest, signing::VerifyKey},
};

/// Why a leaf does not follow another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// They are about different subjects.
    #[error("the leaves are about different subjects")]
    OtherSubject,
    /// It names another leaf as the one before, or none.
    #[error("the leaf names another one before it")]
    BrokenChain,
    /// It is older than the one before.
    #[error("the leaf is older than the one before it")]
    TimeRunsBack,
    /// Its epoch is not the next.
    #[error("the leaf's epoch is not the next one")]
    NotTheNextEpoch,
    /// The former key has not vouched for it, though something says so.
    #[error("the former key has not vouched for the leaf")]
    Voucher,
}

/// Whether the former keys know the new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// A former key signed for them.
    Vouched,
    /// None did: the former keys are lost, or somebody is taking the subject's place.
    Unvouched,
}

/// A leaf that its subject signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedLeaf(pub(super) Leaf);

impl VerifiedLeaf {
    /// What it says.
    pub fn statement(&self) -> &Statement {
        &self.0.body.statement
    }

    /// Whose keys they are.
    pub fn subject(&self) -> Subject {
        match self.statement() {
            Statement::Account(keys) => Subject::Account(keys.account()),
            Statement::Practice(practice) => Subject::Practice(practice.organization()),
        }
    }

    /// The practice's epoch; none for a person.
    pub fn epoch(&self) -> Option<Epoch> {
        match self.statement() {
            Statement::Account(_) => None,
            Statement::Practice(practice) => Some(practice.epoch()),
        }
    }

    /// The name of the key that is sealed to.
    pub fn key_id(&self) -> KeyId {
        match self.statement() {
            Statement::Account(keys) => keys.key_id(),
            Statement::Practice(practice) => practice.mailbox_key_id(),
        }
    }

    /// Who signed it: the person, or one of the practice's owners.
    pub fn signer(&self) -> &VerifyKey {
        &self.0.body.signer
    }

    /// When it was signed, by the signer's clock.
    pub fn at(&self) -> Timestamp {
        self.0.body.at
    }

    /// What people compare.
    pub fn fingerprint(&self) -> Fingerprint {
        match self.statement() {
            Statement::Account(keys) => Fingerprint::of_account(keys),
            Statement::Practice(practice) => {
                Fingerprint::of_practice(practice.organization(), practice.owners())
            }
        }
    }

    /// The hash of the leaf that it names as the one before; none for a subject's first.
    pub fn previous(&self) -> Option<[u8; 32]> {
        self.0.body.previous
    }

    /// How the next leaf of the subject names this one.
    pub fn hash(&self) -> [u8; 32] {
        digest::hash(LEAF_HASH, &[&self.0.to_bytes()])
    }

    /// Checks that it comes right after `previous`.
    ///
    /// # Errors
    /// [`FollowError`].
    pub fn follows(&self, previous: &Self) -> Result<Continuity, FollowError> {
        if self.subject() != previous.subject() {
            return Err(FollowError::OtherSubject);
        }
        if self.0.body.previous != Some(previous.hash()) {
            return Err(FollowError::BrokenChain);
        }
        if self.at() < previous.at() {
            return Err(FollowError::TimeRunsBack);
        }
        if self.epoch() != previous.epoch().and_then(Epoch::next) {
            return Err(FollowError::NotTheNextEpoch);
        }
        self.continuity(previous)
    }

    fn continuity(&self, previous: &Self) -> Result<Continuity, FollowError> {
        let vouched = match (previous.statement(), &self.0.voucher) {
            (Statement::Account(_), None) => false,
            (Statement::Account(former), Some(voucher)) => {
                let verified = former.sign().verify(LEAF_VOUCHER, &self.0.body.to_bytes(), voucher);
                verified.map_err(|_| FollowError::Voucher)?;
                true
            }
            (Statement::Practice(former), _) => former.owners().contains(&self.0.body.signer),
        };
        Ok(if vouched { Continuity::Vouched } else { Continuity::Unvouched })
    }

    /// The leaf as published.
    pub fn leaf(&self) -> &Leaf {
        &self.0
    }
}
