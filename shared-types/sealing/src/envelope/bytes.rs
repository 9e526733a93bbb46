//! Envelopes as bytes. Anything may arrive here; what is not exactly as we write it is refused.

use shared_types::{BookingId, NoteId, OrganizationId};
use uuid::Uuid;

use super::{Envelope, Header, MAX_RECIPIENTS, RecipientId, SignedBy, Slot, binding::MAGIC};
use crate::{
    counter::{Epoch, NoteVersion},
    identity::guest_key_id,
    padding::{MAX_PADDED, is_padded_length},
    suite::{
        KeyId,
        aead::{Sealed, TAG},
        hpke::SealedSecret,
        signing::{Signature, VerifyKey},
    },
    wire::{ParseError, Reader, Writer},
};

/// The longest envelope: the longest note with its padding, and all that surrounds it.
pub const MAX_ENVELOPE: usize = 8 * 1024 * 1024;

impl Envelope {
    /// What is stored and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = self.signed_bytes();
        self.signature.write(&mut writer);
        writer.finish()
    }

    pub(super) fn signed_bytes(&self) -> Writer {
        signed_bytes(&self.header, &self.slots, &self.content)
    }

    /// Reads what is stored and sent. This opens nothing and believes nothing.
    ///
    /// # Errors
    /// [`ParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > MAX_ENVELOPE {
            return Err(ParseError::TooLong);
        }
        let mut reader = Reader::new(bytes);
        let header = Header::read(&mut reader)?;
        let slots = read_slots(&mut reader)?;
        check_recipients(&header, &slots)?;
        let content = Sealed::read_sized(&mut reader, MAX_PADDED + TAG)?;
        let padded = content.ciphertext_length().checked_sub(TAG);
        if !padded.is_some_and(is_padded_length) {
            return Err(ParseError::NotCanonical("content without its padding"));
        }
        let signature = Signature::read(&mut reader)?;
        reader.finish()?;
        Ok(Self { header, slots, content, signature })
    }
}

/// All but the signature, with room for it.
pub(super) fn signed_bytes(header: &Header, slots: &[Slot], content: &Sealed) -> Writer {
    let mut writer = Writer::with_capacity(content.ciphertext_length() + 2048);
    header.write(&mut writer);
    writer.u8(u8::try_from(slots.len()).expect("eight at most"));
    for slot in slots {
        slot.recipient.write(&mut writer);
        slot.sealed.write(&mut writer);
    }
    content.write_sized(&mut writer);
    writer
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        MAGIC.read(reader)?;
        Ok(Self {
            booking: BookingId(Uuid::from_bytes(reader.array()?)),
            organization: OrganizationId(Uuid::from_bytes(reader.array()?)),
            epoch: Epoch::read(reader)?,
            note: NoteId(Uuid::from_bytes(reader.array()?)),
            version: NoteVersion::read(reader)?,
            sender: SignedBy::read(reader)?,
            commitment: reader.array()?,
        })
    }
}

impl SignedBy {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let kind = reader.u8()?;
        let key_id = KeyId::read(reader)?;
        let sign = VerifyKey::read(reader)?;
        match kind {
            Self::ACCOUNT => Ok(Self::Account { key_id, sign }),
            Self::GUEST if key_id == guest_key_id(&sign) => Ok(Self::Guest { sign }),
            Self::GUEST => Err(ParseError::NotCanonical("a guest's key under another name")),
            found => Err(ParseError::UnknownKind { what: "sender", found }),
        }
    }
}

fn read_slots(reader: &mut Reader<'_>) -> Result<Vec<Slot>, ParseError> {
    let count = usize::from(reader.u8()?);
    if count > MAX_RECIPIENTS {
        return Err(ParseError::TooLong);
    }
    let slot = |_| Ok(Slot { recipient: RecipientId::read(reader)?, sealed: SealedSecret::read(reader)? });
    (0..count).map(slot).collect()
}

/// One practice, in order, nobody twice, and nobody but the practice when a guest writes.
fn check_recipients(header: &Header, slots: &[Slot]) -> Result<(), ParseError> {
    if !slots.is_sorted_by(|before, after| before.recipient < after.recipient) {
        return Err(ParseError::NotCanonical("recipients out of order"));
    }
    if slots.iter().filter(|slot| slot.recipient.is_practice()).count() != 1 {
        return Err(ParseError::NotCanonical("an envelope without its one practice"));
    }
    match header.sender {
        SignedBy::Guest { .. } if slots.len() > 1 => {
            Err(ParseError::NotCanonical("a guest's envelope to somebody else"))
        }
        SignedBy::Guest { .. } | SignedBy::Account { .. } => Ok(()),
    }
}
