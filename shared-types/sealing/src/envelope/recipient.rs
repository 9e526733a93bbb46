//! Who can open an envelope.

use shared_types::OrganizationId;

use crate::{
    counter::Epoch,
    identity::{IdentityKeys, TrustedKeys},
    labels::ENVELOPE_RECIPIENTS,
    mailbox::{MailboxKey, PracticeEpoch, TrustedPractice},
    suite::{KeyId, digest, hpke::ReceiveKey},
    wire::{ParseError, Reader, Writer},
};

/// The practice and seven people.
pub const MAX_RECIPIENTS: usize = 8;

/// The name of somebody who can open an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecipientId {
    /// The patient, or somebody who acts for them.
    Patient(KeyId),
    /// The practice, with its mailbox key of one epoch.
    Practice(KeyId),
}

impl RecipientId {
    /// How an envelope names a person's keys.
    pub fn patient(keys: &IdentityKeys) -> Self {
        Self::Patient(keys.key_id())
    }

    /// How an envelope names a practice's epoch.
    pub fn practice(practice: &PracticeEpoch) -> Self {
        Self::Practice(practice.mailbox_key_id())
    }

    /// How an envelope names the mailbox key one holds.
    pub fn mailbox(key: &MailboxKey) -> Self {
        Self::Practice(key.key_id())
    }

    pub(super) fn is_practice(self) -> bool {
        match self {
            Self::Patient(_) => false,
            Self::Practice(_) => true,
        }
    }

    pub(super) fn write(self, writer: &mut Writer) {
        let (kind, key_id) = match self {
            Self::Patient(key_id) => (1, key_id),
            Self::Practice(key_id) => (2, key_id),
        };
        writer.u8(kind);
        key_id.write(writer);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        match reader.u8()? {
            1 => KeyId::read(reader).map(Self::Patient),
            2 => KeyId::read(reader).map(Self::Practice),
            found => Err(ParseError::UnknownKind { what: "recipient", found }),
        }
    }
}

/// Somebody to seal to, whose key is known to be theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub(super) id: RecipientId,
    pub(super) key: ReceiveKey,
    /// The practice and its epoch, if it is one.
    pub(super) practice: Option<(OrganizationId, Epoch)>,
}

impl Recipient {
    /// A person.
    pub fn patient(keys: &TrustedKeys) -> Self {
        let keys = keys.keys();
        Self { id: RecipientId::patient(keys), key: *keys.receive(), practice: None }
    }

    /// The practice.
    pub fn practice(practice: &TrustedPractice) -> Self {
        let practice = practice.epoch();
        Self {
            id: RecipientId::practice(practice),
            key: *practice.mailbox(),
            practice: Some((practice.organization(), practice.epoch())),
        }
    }

    /// Its name.
    pub fn id(&self) -> RecipientId {
        self.id
    }
}

/// The hash that every layer is bound to. The recipients are in order.
pub(super) fn list_hash(recipients: impl ExactSizeIterator<Item = RecipientId>) -> [u8; 32] {
    let mut writer = Writer::new();
    writer.u8(u8::try_from(recipients.len()).expect("eight at most"));
    recipients.for_each(|recipient| recipient.write(&mut writer));
    digest::hash(ENVELOPE_RECIPIENTS, &[writer.as_bytes()])
}
