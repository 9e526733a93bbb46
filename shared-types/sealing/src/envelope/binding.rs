//! What every layer of an envelope is bound to: the header as it stands on the wire, and the hash of the recipients.

use super::{Header, RecipientId, SignedBy, recipient};
use crate::{
    labels::{ENVELOPE_COMMITMENT, ENVELOPE_CONTENT, ENVELOPE_CONTENT_KEY, ENVELOPE_RECIPIENT},
    secret::Secret,
    suite::{Magic, kdf},
    wire::Writer,
};

pub(super) const MAGIC: Magic = Magic::new(b"HMen", "an envelope");

impl Header {
    pub(super) fn write(&self, writer: &mut Writer) {
        MAGIC.write(writer);
        writer.raw(self.booking.0.as_bytes());
        writer.raw(self.organization.0.as_bytes());
        self.epoch.write(writer);
        writer.raw(self.note.0.as_bytes());
        self.version.write(writer);
        writer.u8(match self.sender {
            SignedBy::Account { .. } => SignedBy::ACCOUNT,
            SignedBy::Guest { .. } => SignedBy::GUEST,
        });
        self.sender.key_id().write(writer);
        self.sender.key().write(writer);
        writer.raw(&self.commitment);
    }
}

impl SignedBy {
    pub(super) const ACCOUNT: u8 = 1;
    pub(super) const GUEST: u8 = 2;
}

/// The bytes that all layers share.
pub(super) struct Binding(Vec<u8>);

impl Binding {
    pub(super) fn new(header: &Header, recipients: impl ExactSizeIterator<Item = RecipientId>) -> Self {
        let mut writer = Writer::new();
        header.write(&mut writer);
        writer.raw(&recipient::list_hash(recipients));
        Self(writer.finish())
    }

    /// The content's associated data.
    pub(super) fn content(&self) -> Vec<u8> {
        ENVELOPE_CONTENT.with(&[&self.0])
    }

    /// HPKE's info for one recipient.
    pub(super) fn recipient(&self, recipient: RecipientId) -> Vec<u8> {
        let mut writer = Writer::new();
        recipient.write(&mut writer);
        ENVELOPE_RECIPIENT.with(&[&self.0, writer.as_bytes()])
    }
}

/// What is sealed to each recipient; the key of the content and its commitment are derived from it.
pub(super) fn content_key(dek: &Secret<32>) -> Secret<32> {
    kdf::derive(dek.expose(), ENVELOPE_CONTENT_KEY, &[])
}

/// XChaCha20-Poly1305 does not commit to its key: a sender could make one ciphertext that opens to two texts under two
/// keys. The commitment in the header settles which key is meant.
pub(super) fn commitment(dek: &Secret<32>) -> [u8; 32] {
    *kdf::derive(dek.expose(), ENVELOPE_COMMITMENT, &[]).expose()
}
