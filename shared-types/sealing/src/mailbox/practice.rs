//! What a practice publishes of one epoch.

use shared_types::OrganizationId;
use uuid::Uuid;

use super::mailbox_key_id;
use crate::{
    counter::Epoch,
    labels::RECOVERY_KEY_ID,
    suite::{KeyId, digest, hpke::ReceiveKey, signing::VerifyKey},
    wire::{ParseError, Reader, Writer},
};

/// The signing keys of a practice's owners: from one to sixteen, each once, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owners(Vec<VerifyKey>);

/// Why keys are no list of owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnersError {
    /// A practice without an owner cannot sign anything.
    #[error("a practice has at least one owner")]
    Nobody,
    /// More than sixteen.
    #[error("a practice has at most {} owners", Owners::MOST)]
    TooMany,
}

impl Owners {
    const MOST: usize = 16;

    /// # Errors
    /// [`OwnersError`].
    pub fn new(keys: impl IntoIterator<Item = VerifyKey>) -> Result<Self, OwnersError> {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        match keys.len() {
            0 => Err(OwnersError::Nobody),
            1..=Self::MOST => Ok(Self(keys)),
            _ => Err(OwnersError::TooMany),
        }
    }

    /// The keys, in order.
    pub fn keys(&self) -> &[VerifyKey] {
        &self.0
    }

    /// Whether the key is one of theirs.
    pub fn contains(&self, key: &VerifyKey) -> bool {
        self.0.contains(key)
    }

    fn write(&self, writer: &mut Writer) {
        writer.u8(u8::try_from(self.0.len()).expect("sixteen at most"));
        self.0.iter().for_each(|key| key.write(writer));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let count = usize::from(reader.u8()?);
        if !(1..=Self::MOST).contains(&count) {
            return Err(ParseError::NotCanonical("this number of owners"));
        }
        let keys = (0..count).map(|_| VerifyKey::read(reader)).collect::<Result<Vec<_>, _>>()?;
        if !keys.is_sorted_by(|before, after| before < after) {
            return Err(ParseError::NotCanonical("owners out of order"));
        }
        Ok(Self(keys))
    }
}

/// The public half of a practice's recovery key, and the epoch it was made in. It lasts over epochs, so that printed
/// shares stay good until an owner makes new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryPublic {
    pub(super) since: Epoch,
    pub(super) key: ReceiveKey,
}

impl RecoveryPublic {
    /// The epoch it was made in; the shares say it too.
    pub fn since(&self) -> Epoch {
        self.since
    }

    pub(super) fn key_id(&self, organization: OrganizationId) -> KeyId {
        let since = self.since.get().to_be_bytes();
        KeyId(digest::hash(RECOVERY_KEY_ID, &[organization.0.as_bytes(), &since, &self.key.0]))
    }
}

/// What everybody may know of a practice's epoch. By itself it proves nothing: a leaf of the directory carries it with
/// an owner's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeEpoch {
    pub(super) organization: OrganizationId,
    pub(super) epoch: Epoch,
    pub(super) mailbox: ReceiveKey,
    pub(super) recovery: RecoveryPublic,
    pub(super) owners: Owners,
}

impl PracticeEpoch {
    /// Whose it is.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Which epoch.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// What is sealed to.
    pub fn mailbox(&self) -> &ReceiveKey {
        &self.mailbox
    }

    /// The recovery key that the mailbox key is sealed to as well.
    pub fn recovery(&self) -> &RecoveryPublic {
        &self.recovery
    }

    /// Who may sign for the practice.
    pub fn owners(&self) -> &Owners {
        &self.owners
    }

    /// The mailbox key's name.
    pub fn mailbox_key_id(&self) -> KeyId {
        mailbox_key_id(self.organization, self.epoch, &self.mailbox)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(self.organization.0.as_bytes());
        self.epoch.write(writer);
        self.mailbox.write(writer);
        self.recovery.since.write(writer);
        self.recovery.key.write(writer);
        self.owners.write(writer);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let practice = Self {
            organization: OrganizationId(Uuid::from_bytes(reader.array()?)),
            epoch: Epoch::read(reader)?,
            mailbox: ReceiveKey::read(reader)?,
            recovery: RecoveryPublic { since: Epoch::read(reader)?, key: ReceiveKey::read(reader)? },
            owners: Owners::read(reader)?,
        };
        if practice.recovery.since > practice.epoch {
            return Err(ParseError::NotCanonical("a recovery key from a later epoch"));
        }
        Ok(practice)
    }
}

/// An epoch that is known to be the practice's, and the one now: pinned by this browser
/// ([`crate::directory::Pin::practice`]). Nothing is sealed to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedPractice {
    epoch: PracticeEpoch,
    leaf: [u8; 32],
}

impl TrustedPractice {
    /// `leaf` is the hash of the leaf that says so.
    pub(crate) fn new(epoch: PracticeEpoch, leaf: [u8; 32]) -> Self {
        Self { epoch, leaf }
    }

    /// The epoch.
    pub fn epoch(&self) -> &PracticeEpoch {
        &self.epoch
    }

    pub(super) fn leaf(&self) -> [u8; 32] {
        self.leaf
    }
}
