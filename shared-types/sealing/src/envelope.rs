//! An envelope: one note, sealed to the practice and, unless a guest wrote it, to the patient.
//!
//! Every layer is bound to all of what surrounds it: format, suite, booking, practice, epoch, note, version, sender
//! and recipients. So the server, which stores envelopes and may show any it has, can neither move nor alter one, nor
//! add or drop a reader, nor show an old version for a new one to somebody who knows better. What the reader knows is
//! [`Expected`]; each attack has its own [`OpenError`].

mod binding;
mod bytes;
mod expected;
#[cfg(test)]
mod layers;
mod open;
mod recipient;
mod seal;

use shared_types::{BookingId, NoteId, OrganizationId};

pub use self::{
    bytes::MAX_ENVELOPE,
    expected::{Expected, ExpectedSender},
    open::{OpenError, RecipientKey, open},
    recipient::{MAX_RECIPIENTS, Recipient, RecipientId},
    seal::{SealContext, SealError, Sender, seal},
};
use crate::{
    counter::{Epoch, NoteVersion},
    labels::ENVELOPE_SIGNATURE,
    suite::{
        KeyId,
        aead::{Sealed, TAG},
        hpke::SealedSecret,
        signing::{Signature, VerifyKey},
    },
};

/// A sealed note, as stored and sent. What its accessors say is what the sender signed, once somebody has verified it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    slots: Vec<Slot>,
    content: Sealed,
    signature: Signature,
}

/// What stands in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    booking: BookingId,
    organization: OrganizationId,
    epoch: Epoch,
    note: NoteId,
    version: NoteVersion,
    sender: SignedBy,
    /// Shows which content key was meant, so that no two recipients can be given different ones.
    commitment: [u8; 32],
}

/// Who signed an envelope, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// Somebody with an account.
    Account {
        /// The name of their keys.
        key_id: KeyId,
        /// The one that signed.
        sign: VerifyKey,
    },
    /// Somebody without, with a key made for one booking.
    Guest {
        /// The one that signed.
        sign: VerifyKey,
    },
}

/// The content key for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    recipient: RecipientId,
    sealed: SealedSecret,
}

/// The signature is not the one of the key that the envelope names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the envelope's signature does not hold")]
pub struct SignatureError;

impl Envelope {
    /// Which booking it belongs to.
    pub fn booking(&self) -> BookingId {
        self.header.booking
    }

    /// Which practice it is for.
    pub fn organization(&self) -> OrganizationId {
        self.header.organization
    }

    /// Which epoch of the practice; a server takes none but the current one.
    pub fn epoch(&self) -> Epoch {
        self.header.epoch
    }

    /// Which note it holds.
    pub fn note(&self) -> NoteId {
        self.header.note
    }

    /// Which version of the note.
    pub fn version(&self) -> NoteVersion {
        self.header.version
    }

    /// Who signed it.
    pub fn signed_by(&self) -> SignedBy {
        self.header.sender
    }

    /// Who can open it, in order.
    pub fn recipients(&self) -> impl ExactSizeIterator<Item = RecipientId> + '_ {
        self.slots.iter().map(|slot| slot.recipient)
    }

    /// How long the note is with its padding: all that is seen of its size.
    pub fn padded_length(&self) -> usize {
        self.content.ciphertext_length() - TAG
    }

    /// Checks the signature with the key that the envelope itself names: what a server can check. Whether that key is
    /// the sender's, [`Envelope::signed_by`] and the directory say.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_signature(&self) -> Result<(), SignatureError> {
        let signed = self.signed_bytes();
        let verified =
            self.header.sender.key().verify(ENVELOPE_SIGNATURE, signed.as_bytes(), &self.signature);
        verified.map_err(|_| SignatureError)
    }
}

impl SignedBy {
    /// The key that signed.
    pub fn key(&self) -> &VerifyKey {
        match self {
            Self::Account { sign, .. } | Self::Guest { sign } => sign,
        }
    }

    /// The name of the sender's keys.
    pub fn key_id(&self) -> KeyId {
        match self {
            Self::Account { key_id, .. } => *key_id,
            Self::Guest { sign } => crate::identity::guest_key_id(sign),
        }
    }
}
