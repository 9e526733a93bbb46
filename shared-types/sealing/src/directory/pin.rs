//! What a browser remembers of a subject's keys, so that a change stops sealing until the person agrees.
//!
//! unknown → pinned, at the first sight; pinned → changed, when other keys are offered; changed → pinned, when the
//! person agrees to what they were shown, or when the former keys are offered again. A practice's new epoch under the
//! same owners is no change.

use crate::{
    counter::Epoch,
    identity::TrustedKeys,
    mailbox::{PracticeEpoch, TrustedPractice},
    suite::{KeyId, Magic},
    wire::{ParseError, Reader, Writer},
};

use super::{Fingerprint, Statement, Subject, VerifiedLeaf};

const MAGIC: Magic = Magic::new(b"HMpn", "a pin");

/// What is remembered of a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pin {
    /// Nothing yet.
    #[default]
    Unknown,
    /// These keys are taken for the subject's.
    Pinned(Pinned),
    /// Others were offered. Nothing is sealed to the subject until the person agrees.
    Changed {
        /// What was taken for the subject's.
        pinned: Pinned,
        /// What is offered now.
        offered: Pinned,
    },
}

/// One sight of a subject's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pinned {
    subject: Subject,
    fingerprint: Fingerprint,
    epoch: Option<Epoch>,
    key_id: KeyId,
}

/// Why keys are refused, or a change not agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// They are somebody else's.
    #[error("these are the keys of another subject")]
    OtherSubject,
    /// They are of an epoch that is over.
    #[error("these keys are of an epoch that is over")]
    OldEpoch {
        /// The epoch that is known.
        known: Epoch,
    },
    /// Somebody publishes two mailbox keys for one epoch.
    #[error("there are two keys for one epoch")]
    TwoKeysForOneEpoch,
    /// They were never looked at.
    #[error("these keys are not pinned")]
    NotPinned,
    /// Other keys are on offer and nobody has agreed to them.
    #[error("the keys have changed and nobody has agreed to it")]
    Changed,
    /// What the person agreed to is not what is on offer.
    #[error("this is not the fingerprint that is on offer")]
    NotOnOffer,
}

impl Pin {
    /// Takes note of keys that the directory shows.
    ///
    /// # Errors
    /// [`PinError::OtherSubject`], [`PinError::OldEpoch`] and [`PinError::TwoKeysForOneEpoch`]; the pin is then to be
    /// left as it was.
    pub fn observe(&self, leaf: &VerifiedLeaf) -> Result<Self, PinError> {
        let seen = Pinned::of(leaf);
        let known = match self {
            Self::Unknown => return Ok(Self::Pinned(seen)),
            Self::Pinned(known) | Self::Changed { pinned: known, .. } => *known,
        };
        known.refuse_the_past(&seen)?;
        if seen.fingerprint == known.fingerprint {
            Ok(Self::Pinned(seen))
        } else {
            Ok(Self::Changed { pinned: known, offered: seen })
        }
    }

    /// The person has compared this fingerprint and takes it for the subject's.
    ///
    /// # Errors
    /// [`PinError::NotOnOffer`].
    pub fn agree(&self, shown: &Fingerprint) -> Result<Self, PinError> {
        match self {
            Self::Changed { offered, .. } if offered.fingerprint == *shown => Ok(Self::Pinned(*offered)),
            Self::Pinned(known) if known.fingerprint == *shown => Ok(self.clone()),
            Self::Unknown | Self::Pinned(_) | Self::Changed { .. } => Err(PinError::NotOnOffer),
        }
    }

    /// A person's keys to seal or give to, if they are exactly those that are pinned.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn account(&self, leaf: &VerifiedLeaf) -> Result<TrustedKeys, PinError> {
        self.require(leaf)?;
        match leaf.statement() {
            Statement::Account(keys) => Ok(TrustedKeys::new(**keys)),
            Statement::Practice(_) => Err(PinError::OtherSubject),
        }
    }

    /// A practice's epoch to seal to, if it is exactly the one that is pinned.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn practice(&self, leaf: &VerifiedLeaf) -> Result<TrustedPractice, PinError> {
        self.require(leaf)?;
        match leaf.statement() {
            Statement::Practice(practice) => Ok(TrustedPractice::new(practice.clone(), leaf.hash())),
            Statement::Account(_) => Err(PinError::OtherSubject),
        }
    }

    /// An epoch of the pinned owners, this one or one that is over: enough to read by, not to seal to.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn past_practice<'a>(&self, leaf: &'a VerifiedLeaf) -> Result<&'a PracticeEpoch, PinError> {
        let known = self.pinned()?;
        match leaf.statement() {
            Statement::Practice(practice) if known.fingerprint == leaf.fingerprint() => Ok(practice),
            Statement::Practice(_) => Err(PinError::NotPinned),
            Statement::Account(_) => Err(PinError::OtherSubject),
        }
    }

    fn pinned(&self) -> Result<&Pinned, PinError> {
        match self {
            Self::Unknown => Err(PinError::NotPinned),
            Self::Changed { .. } => Err(PinError::Changed),
            Self::Pinned(known) => Ok(known),
        }
    }

    fn require(&self, leaf: &VerifiedLeaf) -> Result<(), PinError> {
        let (known, seen) = (self.pinned()?, Pinned::of(leaf));
        known.refuse_the_past(&seen)?;
        if *known == seen { Ok(()) } else { Err(PinError::NotPinned) }
    }

    /// Whose keys it is about; nobody's while nothing was seen.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Unknown => None,
            Self::Pinned(pinned) | Self::Changed { pinned, .. } => Some(pinned.subject),
        }
    }

    /// For the browser's own storage. Not secret, but to be kept where the server cannot change it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        MAGIC.write(&mut writer);
        self.write(&mut writer);
        writer.finish()
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Unknown => writer.u8(0),
            Self::Pinned(pinned) => {
                writer.u8(1);
                pinned.write(writer);
            }
            Self::Changed { pinned, offered } => {
                writer.u8(2);
                pinned.write(writer);
                offered.write(writer);
            }
        }
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// [`ParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        let pin = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(pin)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        match reader.u8()? {
            0 => Ok(Self::Unknown),
            1 => Ok(Self::Pinned(Pinned::read(reader)?)),
            2 => Ok(Self::Changed { pinned: Pinned::read(reader)?, offered: Pinned::read(reader)? }),
            found => Err(ParseError::UnknownKind { what: "pin", found }),
        }
    }
}

impl Pinned {
    fn of(leaf: &VerifiedLeaf) -> Self {
        Self {
            subject: leaf.subject(),
            fingerprint: leaf.fingerprint(),
            epoch: leaf.epoch(),
            key_id: leaf.key_id(),
        }
    }

    /// What the person compares.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// The practice's latest epoch that was seen.
    pub fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// An epoch never comes back, whoever signs it, and never has two keys.
    fn refuse_the_past(&self, seen: &Self) -> Result<(), PinError> {
        if self.subject != seen.subject {
            return Err(PinError::OtherSubject);
        }
        match (self.epoch, seen.epoch) {
            (Some(known), Some(offered)) if offered < known => Err(PinError::OldEpoch { known }),
            (Some(known), Some(offered)) if offered == known && self.key_id != seen.key_id => {
                Err(PinError::TwoKeysForOneEpoch)
            }
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    fn write(&self, writer: &mut Writer) {
        self.subject.write(writer);
        self.fingerprint.write(writer);
        // Epochs begin at one, so zero says that there is none.
        writer.u32(self.epoch.map_or(0, Epoch::get));
        self.key_id.write(writer);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            subject: Subject::read(reader)?,
            fingerprint: Fingerprint::read(reader)?,
            epoch: Epoch::new(reader.u32()?),
            key_id: KeyId::read(reader)?,
        })
    }
}
