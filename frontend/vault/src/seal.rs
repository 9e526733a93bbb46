//! Sealing a note.

use sealing::{
    book::Book,
    counter::NoteVersion,
    directory::Subject,
    envelope::{self, Recipient, SealContext, Sender},
};
use shared_types::{
    OrganizationId,
    vault::{NoteContent, NoteContext, SealTo, VaultRefusal, VaultReply},
};

use crate::{content, log, refusal::Stop, sight, text, vault::random};

/// The book does not take the version down: whether the server keeps the note is not known here.
pub fn seal(
    sender: &Sender<'_>,
    book: &mut Book,
    context: &NoteContext,
    note: NoteContent,
    to: &SealTo,
) -> Result<VaultReply, Stop> {
    let version = NoteVersion::new(context.version).ok_or(VaultRefusal::Damaged)?;
    if book.version(context.note_id).is_some_and(|seen| version <= seen) {
        return Err(VaultRefusal::OldVersion.into());
    }
    let note = content::note(note)?;
    let recipients = recipients(sender, book, context.organization_id, to)?;
    let context = SealContext {
        booking: context.booking_id,
        organization: context.organization_id,
        note: context.note_id,
        version,
    };
    let envelope = envelope::seal(&context, &note, sender, &recipients, &mut random())?;
    Ok(VaultReply::Sealed { envelope: text::encode(&envelope.to_bytes()), book: None })
}

/// The practice, everybody on the patient's side, and the signer, unless that is the practice.
fn recipients(
    sender: &Sender<'_>,
    book: &mut Book,
    organization: OrganizationId,
    to: &SealTo,
) -> Result<Vec<Recipient>, Stop> {
    let me = match sender {
        Sender::Account(identity) => Some(*identity),
        Sender::Guest(_) => None,
    };
    let log = log::enter(book, &to.head)?;
    let practice = log::leaf(&to.practice, &log)?;
    if practice.subject() != Subject::Practice(organization) {
        return Err(VaultRefusal::ForeignKeys.into());
    }
    let pin = sight::observe(me, book, &practice)?;
    let mut recipients = vec![Recipient::practice(&pin.practice(&practice)?)];
    for entry in &to.patients {
        let leaf = log::leaf(entry, &log)?;
        let pin = sight::observe(me, book, &leaf)?;
        recipients.push(Recipient::patient(&pin.account(&leaf)?));
    }
    if let Some(me) = me
        && !to.as_practice
    {
        recipients.push(Recipient::patient(&me.trusted()));
    }
    // Who is listed twice, such as the signer, is still one.
    recipients.sort_unstable_by_key(Recipient::id);
    recipients.dedup_by_key(|recipient| recipient.id());
    Ok(recipients)
}
