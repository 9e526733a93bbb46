//! Opening the notes of a booking. What has to do with the whole booking (the log, the keys of everybody in it) is
//! checked first and refuses all; what has to do with one note refuses that note.

use std::collections::BTreeMap;

use sealing::{
    book::Book,
    counter::{Epoch, NoteVersion},
    envelope::{self, Envelope, Expected, ExpectedSender, RecipientId, RecipientKey},
    identity::Identity,
    mailbox::{Grant, MailboxKey, PracticeEpoch, StaffCertificate},
    note::Note,
};
use shared_types::{
    AccountId,
    users::{BookingNotes, NoteAuthor, SealedNote},
    vault::{OpenedNote, VaultRefusal, VaultReply},
};

use crate::{
    content,
    epochs::Epochs,
    log,
    people::People,
    refusal::{Refuses, Stop},
    text,
};

pub fn open(
    me: &Identity,
    book: &mut Book,
    notes: &BookingNotes,
    as_practice: bool,
) -> Result<VaultReply, Stop> {
    let mut reader = Reader::new(me, book, notes, as_practice)?;
    let notes = notes.items.iter().map(|note| reader.opened(book, note)).collect();
    Ok(VaultReply::Opened { notes, book: None })
}

/// What is known of a booking, before any of its notes.
struct Reader<'a> {
    me: &'a Identity,
    notes: &'a BookingNotes,
    minimum_epoch: Epoch,
    epochs: Epochs,
    people: People,
    certificates: Vec<StaffCertificate>,
    side: Side,
}

/// On whose side one reads, and with what.
enum Side {
    Patient {
        /// One of the notes has opened: whoever leaves the reader out of a later one is noticed.
        included: bool,
    },
    Practice {
        mailboxes: Mailboxes,
    },
}

/// The keys that were given to the reader, or why one does not open.
type Mailboxes = BTreeMap<Epoch, Result<MailboxKey, VaultRefusal>>;

impl<'a> Reader<'a> {
    fn new(
        me: &'a Identity,
        book: &mut Book,
        notes: &'a BookingNotes,
        as_practice: bool,
    ) -> Result<Self, Stop> {
        let log = log::enter(book, &notes.head)?;
        let epochs = Epochs::read(me, book, &log, notes.organization_id, &notes.epochs)?;
        let mut people = People::read(me, book, &log, &notes.patients)?;
        let side = if as_practice {
            Side::Practice { mailboxes: mailboxes(me, &epochs, &notes.grants)? }
        } else {
            people.join(me);
            Side::Patient { included: false }
        };
        let certificate =
            |text: &String| -> Result<_, Stop> { Ok(StaffCertificate::parse(&text::decode(text)?)?) };
        let certificates = notes.certificates.iter().map(certificate).collect::<Result<_, Stop>>()?;
        let minimum_epoch = Epoch::new(notes.minimum_epoch).ok_or(VaultRefusal::Damaged)?;
        Ok(Self { me, notes, minimum_epoch, epochs, people, certificates, side })
    }

    fn opened(&mut self, book: &mut Book, note: &SealedNote) -> OpenedNote {
        let content = self.read(book.version(note.note_id), note).map(|(read, version)| {
            book.saw(note.note_id, version);
            content::shown(&read)
        });
        let by_practice = match note.author {
            NoteAuthor::Practice { .. } => true,
            NoteAuthor::Guest | NoteAuthor::Patient { .. } => false,
        };
        let own = match &mut self.side {
            Side::Patient { included } => {
                *included |= content.is_ok();
                !by_practice
            }
            Side::Practice { .. } => by_practice,
        };
        OpenedNote { note_id: note.note_id, content, own }
    }

    fn read(
        &self,
        seen: Option<NoteVersion>,
        note: &SealedNote,
    ) -> Result<(Note, NoteVersion), VaultRefusal> {
        let envelope = Envelope::parse(&text::decode(&note.envelope)?).map_err(Refuses::refusal)?;
        let practice = self.place(&envelope, note)?;
        let listed = NoteVersion::new(note.version).ok_or(VaultRefusal::Damaged)?;
        let mut recipients = self.people.recipients(&envelope, &self.required(note.author));
        recipients.push(RecipientId::practice(practice));
        let expected = Expected {
            booking: self.notes.booking_id,
            organization: self.notes.organization_id,
            note: note.note_id,
            minimum_epoch: self.minimum_epoch,
            minimum_version: seen.map_or(listed, |seen| seen.max(listed)),
            sender: self.sender(note.author, &envelope, practice)?,
            recipients: &recipients,
        };
        let read = envelope::open(&expected, &envelope, &self.key(practice)?);
        Ok((read.map_err(Refuses::refusal)?, envelope.version()))
    }

    /// The practice at the time of the note, once that is the note that was asked for.
    fn place(&self, envelope: &Envelope, note: &SealedNote) -> Result<&PracticeEpoch, VaultRefusal> {
        let is_here = envelope.booking() == self.notes.booking_id
            && envelope.organization() == self.notes.organization_id
            && envelope.note() == note.note_id;
        if !is_here {
            return Err(VaultRefusal::Misplaced);
        }
        if envelope.epoch() < self.minimum_epoch {
            return Err(VaultRefusal::OldEpoch);
        }
        self.epochs.find(envelope.epoch()).ok_or(VaultRefusal::NotInLog)
    }

    /// Who on the patient's side can open the note in any case: whoever wrote it, and a reader who could open one before.
    fn required(&self, author: NoteAuthor) -> Vec<AccountId> {
        let author = match author {
            NoteAuthor::Patient { account_id } => Some(account_id),
            NoteAuthor::Guest | NoteAuthor::Practice { .. } => None,
        };
        let reader = match self.side {
            Side::Patient { included: true } => Some(self.me.keys().account()),
            Side::Patient { included: false } | Side::Practice { .. } => None,
        };
        author.into_iter().chain(reader).collect()
    }

    /// Whose signature is taken for that author's.
    fn sender(
        &self,
        author: NoteAuthor,
        envelope: &Envelope,
        practice: &PracticeEpoch,
    ) -> Result<ExpectedSender, VaultRefusal> {
        let key_id = envelope.signed_by().key_id();
        match author {
            NoteAuthor::Guest => Ok(ExpectedSender::any_guest()),
            NoteAuthor::Patient { account_id } => {
                let keys = self.people.find(account_id, key_id);
                keys.map(ExpectedSender::account).ok_or(VaultRefusal::OtherSender)
            }
            NoteAuthor::Practice { account_id } => {
                let names = |certificate: &&StaffCertificate| {
                    certificate.account() == account_id
                        && certificate.epoch() == practice.epoch()
                        && certificate.key_id() == key_id
                };
                let certificate = self.certificates.iter().find(names).ok_or(VaultRefusal::OtherSender)?;
                certificate.verify(practice).map_err(Refuses::refusal)
            }
        }
    }

    fn key(&self, practice: &PracticeEpoch) -> Result<RecipientKey<'_>, VaultRefusal> {
        match &self.side {
            Side::Patient { .. } => Ok(RecipientKey::Patient(self.me)),
            Side::Practice { mailboxes } => match mailboxes.get(&practice.epoch()) {
                Some(Ok(mailbox)) => Ok(RecipientKey::Practice(mailbox)),
                Some(Err(why)) => Err(*why),
                None => Err(VaultRefusal::NoGrant),
            },
        }
    }
}

/// A key that does not open refuses the notes of its epoch.
fn mailboxes(me: &Identity, epochs: &Epochs, grants: &[String]) -> Result<Mailboxes, Stop> {
    let mut mailboxes = Mailboxes::new();
    for grant in grants {
        let grant = Grant::parse(&text::decode(grant)?)?;
        let practice = epochs.find(grant.epoch()).ok_or(VaultRefusal::NotInLog);
        let opened = practice.and_then(|practice| {
            grant.open(me, practice, &epochs.after(grant.epoch())).map_err(Refuses::refusal)
        });
        mailboxes.insert(grant.epoch(), opened);
    }
    Ok(mailboxes)
}
