//! Opening an envelope.

use super::{
    Envelope, Expected, RecipientId, Slot,
    binding::{self, Binding},
};
use crate::{
    counter::{Epoch, NoteVersion},
    identity::Identity,
    mailbox::MailboxKey,
    note::Note,
    padding,
    secret::Secret,
    suite::hpke::ReceiveSecret,
    wire::ParseError,
};

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub enum RecipientKey<'a> {
    /// The patient, or somebody who acts for them.
    Patient(&'a Identity),
    /// A member of staff, with the mailbox key of the envelope's epoch.
    Practice(&'a MailboxKey),
}

impl RecipientKey<'_> {
    fn id(&self) -> RecipientId {
        match self {
            Self::Patient(identity) => RecipientId::patient(identity.keys()),
            Self::Practice(key) => RecipientId::mailbox(key),
        }
    }

    fn secret(&self) -> &ReceiveSecret {
        match self {
            Self::Patient(identity) => identity.receive_secret(),
            Self::Practice(key) => key.secret(),
        }
    }
}

/// Why an envelope is refused. Each says which attack it would be, if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was moved here from another booking.
    #[error("the envelope belongs to another booking")]
    OtherBooking,
    /// It is of another practice.
    #[error("the envelope belongs to another practice")]
    OtherPractice,
    /// It is another note of the booking.
    #[error("the envelope holds another note")]
    OtherNote,
    /// It was sealed to a mailbox key that was over by then.
    #[error("the envelope is of epoch {found}, which was over")]
    OldEpoch {
        /// Its epoch.
        found: Epoch,
    },
    /// An older version is shown for a newer one.
    #[error("the envelope is version {found}, and a later one was seen")]
    OldVersion {
        /// Its version.
        found: NoteVersion,
    },
    /// Somebody else wrote it.
    #[error("the envelope is signed by somebody else")]
    OtherSender,
    /// It was sealed to another key than the practice's.
    #[error("the envelope is sealed to another practice key")]
    PracticeKeySwapped,
    /// It was sealed to another key than the patient's.
    #[error("the envelope is sealed to another patient key")]
    PatientKeySwapped,
    /// Somebody who should be able to open it cannot.
    #[error("a recipient is missing from the envelope")]
    RecipientDropped,
    /// Somebody can open it who should not.
    #[error("the envelope has a recipient too many")]
    RecipientAdded,
    /// The signature does not hold: something was altered.
    #[error("the envelope's signature does not hold")]
    Signature,
    /// It is not for the reader.
    #[error("the envelope is not for this key")]
    NotForThisKey,
    /// The sender sealed something else to the reader's key.
    #[error("the envelope's content key does not open")]
    ContentKeyRefused,
    /// The sender gave this reader another content key than it committed to.
    #[error("the envelope's content key is not the one it commits to")]
    ContentKeyNotCommitted,
    /// The content does not open with its key.
    #[error("the envelope's content does not open")]
    ContentRefused,
    /// The content is padded in a way that could carry something.
    #[error("the envelope's content is padded wrongly")]
    Padding,
    /// The content is no note.
    #[error("the envelope's content cannot be read")]
    Note(#[source] ParseError),
}

/// Opens an envelope that is as expected.
///
/// # Errors
/// [`OpenError`].
pub fn open(expected: &Expected<'_>, envelope: &Envelope, key: &RecipientKey<'_>) -> Result<Note, OpenError> {
    expected.check(envelope)?;
    envelope.verify_signature().map_err(|_| OpenError::Signature)?;
    let binding = Binding::new(&envelope.header, envelope.recipients());
    let dek = content_key(envelope, &binding, key)?;
    if binding::commitment(&dek) != envelope.header.commitment {
        return Err(OpenError::ContentKeyNotCommitted);
    }
    let padded = envelope.content.open(&binding::content_key(&dek), &binding.content());
    let padded = padded.map_err(|_| OpenError::ContentRefused)?;
    Note::parse(padding::unpad(&padded).ok_or(OpenError::Padding)?).map_err(OpenError::Note)
}

fn content_key(
    envelope: &Envelope,
    binding: &Binding,
    key: &RecipientKey<'_>,
) -> Result<Secret<32>, OpenError> {
    let me = key.id();
    let mine = |slot: &&Slot| slot.recipient == me;
    let slot = envelope.slots.iter().find(mine).ok_or(OpenError::NotForThisKey)?;
    slot.sealed.open(key.secret(), &binding.recipient(me)).map_err(|_| OpenError::ContentKeyRefused)
}
