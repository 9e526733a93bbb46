//! Each layer alone. Here the attacker holds the sender's own signing key, so the signature always holds, and what is
//! left must still refuse: the keys in the slots, the commitment, the content, its padding and its form.

use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use shared_types::{AccountId, BookingId, NoteId, OrganizationId};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    Envelope, Expected, ExpectedSender, Header, OpenError, Recipient, RecipientId, RecipientKey, SealContext,
    Sender, SignedBy,
    binding::{self, Binding},
    bytes, open, seal,
};
use crate::{
    counter::{Epoch, NoteVersion},
    identity::Identity,
    labels::ENVELOPE_SIGNATURE,
    mailbox::MailboxKey,
    note::{Note, Text},
    padding,
    secret::Secret,
    suite::{
        aead::{Sealed, TAG},
        hpke::SealedSecret,
    },
    wire::ParseError,
};

const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(1));
const CONTEXT: SealContext = SealContext {
    booking: BookingId(Uuid::from_u128(2)),
    organization: ORGANIZATION,
    note: NoteId(Uuid::from_u128(3)),
    version: NoteVersion::FIRST,
};

struct Forger {
    rng: ChaCha20Rng,
    patient: Identity,
    mailbox: MailboxKey,
    envelope: Envelope,
}

impl Forger {
    fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let patient = Identity::generate(AccountId(Uuid::from_u128(4)), &mut rng);
        let mailbox = MailboxKey::generate(ORGANIZATION, Epoch::FIRST, &mut rng);
        let practice = Recipient {
            id: RecipientId::mailbox(&mailbox),
            key: mailbox.public(),
            practice: Some((ORGANIZATION, Epoch::FIRST)),
        };
        let recipients = [Recipient::patient(&patient.trusted()), practice];
        let envelope = seal(&CONTEXT, &note(), &Sender::Account(&patient), &recipients, &mut rng).unwrap();
        Self { rng, patient, mailbox, envelope }
    }

    /// The secret that the slots hold.
    fn dek(&self) -> Secret<32> {
        let binding = Binding::new(&self.envelope.header, self.envelope.recipients());
        let me = RecipientId::patient(self.patient.keys());
        let slot = self.envelope.slots.iter().find(|slot| slot.recipient == me).unwrap();
        slot.sealed.open(self.patient.receive_secret(), &binding.recipient(me)).unwrap()
    }

    /// Seals the secret to the slots again, for whatever the envelope now says.
    fn reseal_slots(&mut self, dek: &Secret<32>) {
        let binding = Binding::new(&self.envelope.header, self.envelope.recipients());
        for slot in &mut self.envelope.slots {
            let key = match slot.recipient {
                RecipientId::Patient(_) => *self.patient.keys().receive(),
                RecipientId::Practice(_) => self.mailbox.public(),
            };
            slot.sealed =
                SealedSecret::seal(&key, &binding.recipient(slot.recipient), dek, &mut self.rng).unwrap();
        }
    }

    fn reseal_content(&mut self, dek: &Secret<32>, padded: &[u8]) {
        let binding = Binding::new(&self.envelope.header, self.envelope.recipients());
        let padded = Zeroizing::new(padded.to_vec());
        self.envelope.content =
            Sealed::seal(&binding::content_key(dek), &binding.content(), padded, &mut self.rng);
    }

    /// Signs whatever there is, and shows it to both readers, who expect exactly what it says.
    fn open(&mut self) -> Result<Note, OpenError> {
        let Envelope { header, slots, content, .. } = &self.envelope;
        let signed = bytes::signed_bytes(header, slots, content);
        self.envelope.signature = self.patient.sign_secret().sign(ENVELOPE_SIGNATURE, signed.as_bytes());
        let envelope = Envelope::parse(&self.envelope.to_bytes()).unwrap();
        let header = &envelope.header;
        let recipients: Vec<_> = envelope.recipients().collect();
        let expected = Expected {
            booking: header.booking,
            organization: header.organization,
            note: header.note,
            minimum_epoch: header.epoch,
            minimum_version: header.version,
            sender: ExpectedSender::certified(header.sender.key_id(), *header.sender.key()),
            recipients: &recipients,
        };
        let by_patient = open(&expected, &envelope, &RecipientKey::Patient(&self.patient));
        assert_eq!(open(&expected, &envelope, &RecipientKey::Practice(&self.mailbox)), by_patient);
        by_patient
    }
}

fn note() -> Note {
    Note::Reason(Text::new("a rash since Tuesday".to_owned()).unwrap())
}

type Change = fn(&mut Header);

/// One change for each thing that the header says.
const CHANGES: [(&str, Change); 7] = [
    ("booking", |header| header.booking = BookingId(Uuid::from_u128(9))),
    ("organization", |header| header.organization = OrganizationId(Uuid::from_u128(9))),
    ("epoch", |header| header.epoch = Epoch::new(9).unwrap()),
    ("note", |header| header.note = NoteId(Uuid::from_u128(9))),
    ("version", |header| header.version = NoteVersion::new(9).unwrap()),
    ("sender", |header| {
        header.sender = SignedBy::Account { key_id: crate::suite::KeyId([9; 32]), sign: *header.sender.key() }
    }),
    ("commitment", |header| header.commitment = [9; 32]),
];

#[test]
fn nothing_changed_opens() {
    assert_eq!(Forger::new().open(), Ok(note()));
}

#[test]
fn the_slots_are_bound_to_all_that_the_header_says() {
    for (what, change) in CHANGES {
        let mut forger = Forger::new();
        change(&mut forger.envelope.header);
        assert_eq!(forger.open(), Err(OpenError::ContentKeyRefused), "{what}");
    }
}

#[test]
fn the_content_is_bound_to_all_that_the_header_says() {
    for (what, change) in CHANGES {
        let mut forger = Forger::new();
        let dek = forger.dek();
        change(&mut forger.envelope.header);
        forger.reseal_slots(&dek);
        let expected = match what {
            "commitment" => OpenError::ContentKeyNotCommitted,
            _ => OpenError::ContentRefused,
        };
        assert_eq!(forger.open(), Err(expected), "{what}");
    }
}

#[test]
fn the_content_is_bound_to_the_list_of_recipients() {
    let mut forger = Forger::new();
    let dek = forger.dek();
    let mut third = forger.envelope.slots[0].clone();
    third.recipient = RecipientId::Patient(crate::suite::KeyId([0; 32]));
    forger.envelope.slots.insert(0, third);
    assert_eq!(forger.open(), Err(OpenError::ContentKeyRefused));
    forger.reseal_slots(&dek);
    assert_eq!(forger.open(), Err(OpenError::ContentRefused));
}

#[test]
fn a_slot_of_one_recipient_is_no_use_to_another() {
    let mut forger = Forger::new();
    let [patient, practice] = [0, 1].map(|at| forger.envelope.slots[at].sealed);
    forger.envelope.slots[0].sealed = practice;
    forger.envelope.slots[1].sealed = patient;
    assert_eq!(forger.open(), Err(OpenError::ContentKeyRefused));
}

/// A sender who gives two readers two keys, to show each another text, is caught by the one who was lied to.
#[test]
fn a_reader_with_another_content_key_notices() {
    let mut forger = Forger::new();
    forger.reseal_slots(&Secret::new([9; 32]));
    assert_eq!(forger.open(), Err(OpenError::ContentKeyNotCommitted));
}

#[test]
fn padding_that_could_carry_something_is_refused() {
    let mut forger = Forger::new();
    let dek = forger.dek();
    let mut padded = padding::pad(&note().to_bytes(), TAG).unwrap();
    forger.reseal_content(&dek, &padded);
    assert_eq!(forger.open(), Ok(note()));
    *padded.last_mut().unwrap() = 1;
    forger.reseal_content(&dek, &padded);
    assert_eq!(forger.open(), Err(OpenError::Padding));
    padded.fill(0xff);
    forger.reseal_content(&dek, &padded);
    assert_eq!(forger.open(), Err(OpenError::Padding));
}

#[test]
fn content_that_is_no_note_is_refused() {
    let mut forger = Forger::new();
    let dek = forger.dek();
    for (content, expected) in [
        (&b""[..], ParseError::Truncated),
        (b"\x09", ParseError::UnknownKind { what: "note", found: 9 }),
        (b"\x01\0\0\0\x01ab", ParseError::Trailing),
    ] {
        forger.reseal_content(&dek, &padding::pad(content, TAG).unwrap());
        assert_eq!(forger.open(), Err(OpenError::Note(expected)));
    }
}

#[test]
fn content_without_its_padding_is_not_even_read() {
    let mut forger = Forger::new();
    let dek = forger.dek();
    for length in [0, 1, 255, 257, 273] {
        forger.reseal_content(&dek, &vec![0; length]);
        let parsed = Envelope::parse(&forger.envelope.to_bytes());
        assert_eq!(parsed, Err(ParseError::NotCanonical("content without its padding")), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a sender puts in, a reader either reads or refuses.
    #[test]
    fn any_content_is_a_note_or_refused(content in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut forger = Forger::new();
        let dek = forger.dek();
        forger.reseal_content(&dek, &padding::pad(&content, TAG).unwrap());
        match forger.open() {
            Ok(note) => prop_assert_eq!(&*note.to_bytes(), &content),
            Err(error) => prop_assert!(matches!(error, OpenError::Note(_)), "{}", error),
        }
    }
}
