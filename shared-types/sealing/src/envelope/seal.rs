//! Sealing a note.

use rand_core::CryptoRng;
use shared_types::{BookingId, NoteId, OrganizationId};

use super::{
    Envelope, Header, MAX_RECIPIENTS, Recipient, SignedBy, Slot,
    binding::{self, Binding},
    bytes,
};
use crate::{
    counter::{Epoch, NoteVersion},
    identity::{GuestKey, Identity},
    labels::ENVELOPE_SIGNATURE,
    note::{Note, NoteError},
    padding,
    secret::Secret,
    suite::{
        aead::{Sealed, TAG},
        hpke::{SealedSecret, WeakKey},
        signing::SignSecret,
    },
};

/// What a note belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext {
    /// The booking.
    pub booking: BookingId,
    /// The practice that the booking is with.
    pub organization: OrganizationId,
    /// Which note it is.
    pub note: NoteId,
    /// Which version of it.
    pub version: NoteVersion,
}

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub enum Sender<'a> {
    /// Somebody with an account.
    Account(&'a Identity),
    /// Somebody without, to the practice only.
    Guest(&'a GuestKey),
}

/// Why a note is not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A part of the note is too long.
    #[error("a part of the note is not allowed")]
    Note(#[source] NoteError),
    /// More than seven megabytes with its padding.
    #[error("the note is too large")]
    TooLarge,
    /// Each envelope has one practice among its recipients.
    #[error("there is not exactly one practice among the recipients")]
    NotOnePractice,
    /// The practice among the recipients is not the booking's.
    #[error("the recipient is not the booking's practice")]
    OtherPractice,
    /// More than [`MAX_RECIPIENTS`].
    #[error("there are too many recipients")]
    TooManyRecipients,
    /// The same recipient twice.
    #[error("a recipient is named twice")]
    RecipientTwice,
    /// A guest seals to the practice and to nobody else.
    #[error("a guest seals to the practice only")]
    GuestToOthers,
    /// Everybody could open what is sealed to a recipient's key.
    #[error("a recipient's key is not usable")]
    WeakKey,
}

/// Seals a note to its recipients.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    context: &SealContext,
    note: &Note,
    sender: &Sender<'_>,
    recipients: &[Recipient],
    rng: &mut impl CryptoRng,
) -> Result<Envelope, SealError> {
    note.check().map_err(SealError::Note)?;
    let recipients = in_order(recipients, sender)?;
    let epoch = epoch(&recipients, context.organization)?;
    let padded = padding::pad(&note.to_bytes(), TAG).ok_or(SealError::TooLarge)?;
    let dek = Secret::random(rng);
    let header = header(context, epoch, sender, &dek);
    let binding = Binding::new(&header, recipients.iter().map(Recipient::id));
    let slots = slots(&recipients, &binding, &dek, rng).map_err(|WeakKey| SealError::WeakKey)?;
    let content = Sealed::seal(&binding::content_key(&dek), &binding.content(), padded, rng);
    let signed = bytes::signed_bytes(&header, &slots, &content);
    let signature = sender.sign_secret().sign(ENVELOPE_SIGNATURE, signed.as_bytes());
    Ok(Envelope { header, slots, content, signature })
}

fn in_order(recipients: &[Recipient], sender: &Sender<'_>) -> Result<Vec<Recipient>, SealError> {
    if recipients.len() > MAX_RECIPIENTS {
        return Err(SealError::TooManyRecipients);
    }
    let mut recipients = recipients.to_vec();
    recipients.sort_unstable_by_key(Recipient::id);
    if recipients.windows(2).any(|pair| pair[0].id == pair[1].id) {
        return Err(SealError::RecipientTwice);
    }
    match sender {
        Sender::Guest(_) if recipients.iter().any(|recipient| recipient.practice.is_none()) => {
            Err(SealError::GuestToOthers)
        }
        Sender::Guest(_) | Sender::Account(_) => Ok(recipients),
    }
}

/// The epoch of the one practice, which must be the booking's.
fn epoch(recipients: &[Recipient], organization: OrganizationId) -> Result<Epoch, SealError> {
    let mut practices = recipients.iter().filter_map(|recipient| recipient.practice);
    match (practices.next(), practices.next()) {
        (Some((of, epoch)), None) if of == organization => Ok(epoch),
        (Some(_), None) => Err(SealError::OtherPractice),
        (None, _) | (Some(_), Some(_)) => Err(SealError::NotOnePractice),
    }
}

fn header(context: &SealContext, epoch: Epoch, sender: &Sender<'_>, dek: &Secret<32>) -> Header {
    Header {
        booking: context.booking,
        organization: context.organization,
        epoch,
        note: context.note,
        version: context.version,
        sender: sender.signed_by(),
        commitment: binding::commitment(dek),
    }
}

fn slots(
    recipients: &[Recipient],
    binding: &Binding,
    dek: &Secret<32>,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Slot>, WeakKey> {
    let mut slots = Vec::with_capacity(recipients.len());
    for Recipient { id, key, .. } in recipients {
        let sealed = SealedSecret::seal(key, &binding.recipient(*id), dek, rng)?;
        slots.push(Slot { recipient: *id, sealed });
    }
    Ok(slots)
}

impl Sender<'_> {
    fn sign_secret(&self) -> &SignSecret {
        match self {
            Self::Account(identity) => identity.sign_secret(),
            Self::Guest(key) => key.sign_secret(),
        }
    }

    fn signed_by(&self) -> SignedBy {
        let sign = self.sign_secret().public();
        match self {
            Self::Account(identity) => SignedBy::Account { key_id: identity.keys().key_id(), sign },
            Self::Guest(_) => SignedBy::Guest { sign },
        }
    }
}
