//! A sealed note as it comes in, and what a server that cannot open it checks: that it is whole, where it belongs, who
//! signed it, and whose keys open it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sealing::{
    envelope::{Envelope, RecipientId, SignedBy},
    identity::IdentityKeys,
    mailbox::PracticeEpoch,
};
use shared_types::{BookingId, Problem, problem::FieldError};

/// An envelope that is whole and signed by the key that it names.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// What it says of itself.
    pub envelope: Envelope,
    /// As it came.
    pub bytes: Vec<u8>,
}

/// Why a note is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is no envelope, or its signature does not hold.
    #[error("the envelope cannot be read or was altered")]
    Unreadable,
    /// It is of another booking or practice.
    #[error("the envelope belongs to another booking or practice")]
    Misplaced,
    /// It is sealed to an epoch that is over, or not begun.
    #[error("the envelope is of another epoch than the current one")]
    OldEpoch,
    /// Somebody else signed it.
    #[error("the envelope is signed by somebody else")]
    OtherSigner,
    /// Somebody cannot open it who should, or can who should not.
    #[error("the envelope has other recipients than it should")]
    OtherRecipients,
}

impl From<NoteError> for Problem {
    fn from(error: NoteError) -> Self {
        let detail = match error {
            NoteError::Unreadable => "Send an envelope whose signature holds, as base64url without padding",
            NoteError::Misplaced => "Seal it for this booking and its practice",
            NoteError::OldEpoch => return old_epoch(),
            NoteError::OtherSigner => "Sign it with the newest keys of whoever sends it",
            NoteError::OtherRecipients => {
                "Seal it to the practice and to the newest keys of everybody who may read it, and to nobody else"
            }
        };
        Self::invalid(vec![FieldError::new("/envelope", detail)])
    }
}

/// The practice's keys have changed.
pub fn old_epoch() -> Problem {
    Problem::new("old-epoch", 409, "The practice has new keys")
        .detail("Nothing was changed. Fetch the practice's keys again and seal to those.")
}

impl Sealed {
    /// Reads base64url. Takes some milliseconds for each megabyte.
    ///
    /// # Errors
    /// [`NoteError::Unreadable`].
    pub fn read(text: &str) -> Result<Self, NoteError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoteError::Unreadable)?;
        let envelope = Envelope::parse(&bytes).map_err(|_| NoteError::Unreadable)?;
        envelope.verify_signature().map_err(|_| NoteError::Unreadable)?;
        Ok(Self { envelope, bytes })
    }
}

/// What an envelope has to be.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The booking it is about.
    pub booking_id: BookingId,
    /// The practice as it is now.
    pub practice: &'a PracticeEpoch,
    /// The writer's keys; none for a guest.
    pub signer: Option<&'a IdentityKeys>,
    /// Whose keys open it beside the practice's, in any order.
    pub readers: &'a [IdentityKeys],
}

impl Wanted<'_> {
    /// Compares.
    ///
    /// # Errors
    /// [`NoteError`], the first difference.
    pub fn check(&self, envelope: &Envelope) -> Result<(), NoteError> {
        if envelope.booking() != self.booking_id || envelope.organization() != self.practice.organization() {
            return Err(NoteError::Misplaced);
        }
        if envelope.epoch() != self.practice.epoch() {
            return Err(NoteError::OldEpoch);
        }
        let signed = match (self.signer, envelope.signed_by()) {
            (None, SignedBy::Guest { .. }) => true,
            (Some(keys), SignedBy::Account { key_id, sign }) => {
                key_id == keys.key_id() && sign == *keys.sign()
            }
            (None, SignedBy::Account { .. }) | (Some(_), SignedBy::Guest { .. }) => false,
        };
        if !signed {
            return Err(NoteError::OtherSigner);
        }
        // An envelope names its recipients in order, nobody twice.
        let mut wanted: Vec<_> = self.readers.iter().map(RecipientId::patient).collect();
        wanted.push(RecipientId::practice(self.practice));
        wanted.sort_unstable();
        wanted.dedup();
        if envelope.recipients().eq(wanted) { Ok(()) } else { Err(NoteError::OtherRecipients) }
    }
}
