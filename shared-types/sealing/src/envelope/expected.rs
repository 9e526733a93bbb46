//! What a reader knows before opening an envelope, and compares with what it says.

use shared_types::{BookingId, NoteId, OrganizationId};

use super::{Envelope, OpenError, RecipientId, SignedBy};
use crate::{
    counter::{Epoch, NoteVersion},
    identity::IdentityKeys,
    suite::{KeyId, signing::VerifyKey},
};

/// Whose signature a reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedSender(Who);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Account { key_id: KeyId, sign: VerifyKey },
    Guest { key_id: KeyId },
    AnyGuest,
}

impl ExpectedSender {
    /// A person whose keys one has pinned, or oneself.
    pub fn account(keys: &IdentityKeys) -> Self {
        Self::certified(keys.key_id(), *keys.sign())
    }

    /// A guest whose earlier note one has read: the same browser again.
    pub fn guest(key_id: KeyId) -> Self {
        Self(Who::Guest { key_id })
    }

    /// Some guest. Nothing says who that was; the practice is told so.
    pub fn any_guest() -> Self {
        Self(Who::AnyGuest)
    }

    pub(crate) fn certified(key_id: KeyId, sign: VerifyKey) -> Self {
        Self(Who::Account { key_id, sign })
    }

    fn takes(&self, signed_by: &SignedBy) -> bool {
        match (self.0, signed_by) {
            (Who::Account { key_id, sign }, SignedBy::Account { .. }) => {
                key_id == signed_by.key_id() && sign == *signed_by.key()
            }
            (Who::Guest { key_id }, SignedBy::Guest { .. }) => key_id == signed_by.key_id(),
            (Who::AnyGuest, SignedBy::Guest { .. }) => true,
            (Who::Account { .. }, SignedBy::Guest { .. })
            | (Who::Guest { .. } | Who::AnyGuest, SignedBy::Account { .. }) => false,
        }
    }
}

/// What a reader knows from elsewhere than the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The booking it is read in.
    pub booking: BookingId,
    /// The practice of the booking.
    pub organization: OrganizationId,
    /// Which note is asked for.
    pub note: NoteId,
    /// The earliest epoch it can be of: the one when the booking was made.
    pub minimum_epoch: Epoch,
    /// The highest version seen of the note; the first when none was.
    pub minimum_version: NoteVersion,
    /// Who wrote it.
    pub sender: ExpectedSender,
    /// Everybody who can open it: these and nobody else, in any order.
    pub recipients: &'a [RecipientId],
}

impl Expected<'_> {
    /// Compares all of it, before any key is used.
    pub(super) fn check(&self, envelope: &Envelope) -> Result<(), OpenError> {
        let header = &envelope.header;
        if header.booking != self.booking {
            return Err(OpenError::OtherBooking);
        }
        if header.organization != self.organization {
            return Err(OpenError::OtherPractice);
        }
        if header.note != self.note {
            return Err(OpenError::OtherNote);
        }
        if header.epoch < self.minimum_epoch {
            return Err(OpenError::OldEpoch { found: header.epoch });
        }
        if header.version < self.minimum_version {
            return Err(OpenError::OldVersion { found: header.version });
        }
        if !self.sender.takes(&header.sender) {
            return Err(OpenError::OtherSender);
        }
        self.check_recipients(envelope)
    }

    fn check_recipients(&self, envelope: &Envelope) -> Result<(), OpenError> {
        let found: Vec<_> = envelope.recipients().collect();
        let missing = self.recipients.iter().find(|expected| !found.contains(expected));
        let extra = found.iter().find(|found| !self.recipients.contains(found));
        match (missing, extra) {
            (None, None) => Ok(()),
            (Some(RecipientId::Practice(_)), Some(RecipientId::Practice(_))) => {
                Err(OpenError::PracticeKeySwapped)
            }
            (Some(RecipientId::Patient(_)), Some(RecipientId::Patient(_))) => {
                Err(OpenError::PatientKeySwapped)
            }
            (Some(_), _) => Err(OpenError::RecipientDropped),
            (None, Some(_)) => Err(OpenError::RecipientAdded),
        }
    }
}
