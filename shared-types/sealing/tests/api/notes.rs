//! Notes of every kind, to every list of recipients, from everybody who may write.

use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    envelope::{
        Envelope, ExpectedSender, MAX_ENVELOPE, OpenError, Recipient, RecipientId, RecipientKey, SealError,
        Sender, SignedBy, open, seal,
    },
    identity::Identity,
    note::{Answer, Attachment, FileName, MAX_ANSWERS, MediaType, Note, NoteError, Text},
    secret::Hidden,
};
use shared_types::AccountId;
use uuid::Uuid;

use crate::world::{BOOKING, NOTE, PRACTICE, World, context, reason, text};

#[test]
fn patient_and_practice_read_what_the_patient_wrote() {
    let mut world = World::new();
    let stored = world.envelope().to_bytes();
    let envelope = Envelope::parse(&stored).unwrap();
    assert_eq!(envelope.to_bytes(), stored);
    assert_eq!(world.open(&envelope), Ok(reason()));
}

#[test]
fn the_practice_reads_what_a_guest_wrote_and_sees_that_it_was_a_guest() {
    let mut world = World::new();
    let envelope = world.guest_envelope();
    assert!(matches!(envelope.signed_by(), SignedBy::Guest { .. }));
    let recipients = [world.practice().id()];
    for sender in [ExpectedSender::any_guest(), ExpectedSender::guest(world.guest.key_id())] {
        let expected = sealing::envelope::Expected { sender, ..world.expected(&recipients) };
        assert_eq!(world.open_expecting(&expected, &envelope), Ok(reason()));
    }
    let as_patient = world.expected(&recipients);
    assert_eq!(world.open_expecting(&as_patient, &envelope), Err(OpenError::OtherSender));
}

#[test]
fn a_server_reads_the_header_and_checks_the_signature() {
    let mut world = World::new();
    let envelope = world.envelope();
    assert_eq!(envelope.booking(), BOOKING);
    assert_eq!(envelope.organization(), PRACTICE);
    assert_eq!(envelope.note(), NOTE);
    assert_eq!(envelope.epoch().get(), 1);
    assert_eq!(envelope.version().get(), 1);
    assert_eq!(envelope.padded_length(), 256);
    assert_eq!(envelope.signed_by().key_id(), world.patient.keys().key_id());
    assert_eq!(envelope.recipients().collect::<Vec<_>>(), world.recipient_ids());
    assert_eq!(envelope.verify_signature(), Ok(()));
}

#[test]
fn the_sealed_bytes_show_nothing_of_the_note() {
    let mut world = World::new();
    let marker = "MARKER-OF-A-SECRET";
    let note = Note::Attachment(Attachment {
        file_name: FileName::new(format!("{marker}.png")).unwrap(),
        media_type: MediaType::new("image/png".to_owned()).unwrap(),
        bytes: Hidden::new(marker.as_bytes().to_vec()),
    });
    let (recipients, sender) = (world.recipients(), world.patient.clone());
    let sealed = seal(&context(), &note, &Sender::Account(&sender), &recipients, &mut world.rng).unwrap();
    let stored = sealed.to_bytes();
    for part in [marker, "image/png"] {
        assert!(!stored.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
        assert!(!format!("{sealed:?}").contains(part));
    }
}

#[test]
fn the_largest_attachment_fits_and_one_byte_more_does_not() {
    let mut world = World::new();
    let (recipients, sender) = (world.recipients(), world.patient.clone());
    let mut seal = |bytes| {
        let note = Note::Attachment(Attachment {
            file_name: FileName::new("x".to_owned()).unwrap(),
            media_type: MediaType::new("a/b".to_owned()).unwrap(),
            bytes: Hidden::new(vec![0; bytes]),
        });
        seal(&context(), &note, &Sender::Account(&sender), &recipients, &mut world.rng)
    };
    // Seven megabytes less the length of the note, its kind, and name, type and file behind their lengths.
    let most = 7 * 1024 * 1024 - 4 - 1 - 5 - 7 - 4;
    let stored = seal(most).unwrap().to_bytes();
    assert!(stored.len() <= MAX_ENVELOPE);
    assert!(Envelope::parse(&stored).is_ok());
    assert_eq!(seal(most + 1), Err(SealError::TooLarge));
}

#[test]
fn recipients_that_make_no_sense_are_refused_before_anything_is_sealed() {
    let mut world = World::new();
    let (patient, practice) = (Recipient::patient(&world.patient.trusted()), world.practice());
    let sender = world.patient.clone();
    let others = World::with_seed(2);
    let people: Vec<_> =
        (0..8).map(|at| Identity::generate(AccountId(Uuid::from_u128(at)), &mut world.rng)).collect();
    let mut crowd: Vec<_> = people.iter().map(|person| Recipient::patient(&person.trusted())).collect();
    crowd.push(practice);
    for (recipients, expected) in [
        (vec![], SealError::NotOnePractice),
        (vec![patient], SealError::NotOnePractice),
        (vec![practice, others.practice()], SealError::NotOnePractice),
        (vec![practice, practice], SealError::RecipientTwice),
        (vec![patient, practice, patient], SealError::RecipientTwice),
        (crowd, SealError::TooManyRecipients),
    ] {
        let sealed = seal(&context(), &reason(), &Sender::Account(&sender), &recipients, &mut world.rng);
        assert_eq!(sealed, Err(expected));
    }
    let elsewhere = sealing::envelope::SealContext {
        organization: shared_types::OrganizationId(Uuid::from_u128(0x11)),
        ..context()
    };
    let sealed = seal(&elsewhere, &reason(), &Sender::Account(&sender), &[patient, practice], &mut world.rng);
    assert_eq!(sealed, Err(SealError::OtherPractice));
}

#[test]
fn a_guest_seals_to_the_practice_only() {
    let mut world = World::new();
    let recipients = world.recipients();
    let sealed = seal(&context(), &reason(), &Sender::Guest(&world.guest), &recipients, &mut world.rng);
    assert_eq!(sealed, Err(SealError::GuestToOthers));
}

#[test]
fn a_form_has_an_end() {
    let mut world = World::new();
    let answer = Answer { question: text("?"), answer: text("!") };
    let note = Note::IntakeAnswers(vec![answer; MAX_ANSWERS + 1]);
    let (recipients, sender) = (world.recipients(), world.patient.clone());
    let sealed = seal(&context(), &note, &Sender::Account(&sender), &recipients, &mut world.rng);
    assert_eq!(sealed, Err(SealError::Note(NoteError::TooLong)));
}

#[test]
fn somebody_else_cannot_open_it() {
    let mut world = World::new();
    let envelope = world.envelope();
    let stranger = Identity::generate(AccountId(Uuid::from_u128(0x99)), &mut world.rng);
    let recipients = world.recipient_ids();
    let opened = open(&world.expected(&recipients), &envelope, &RecipientKey::Patient(&stranger));
    assert_eq!(opened, Err(OpenError::NotForThisKey));
}

fn texts() -> impl Strategy<Value = Text> {
    ".{0,400}".prop_map(|text| Text::new(text).unwrap())
}

fn notes() -> impl Strategy<Value = Note> {
    let answer = (texts(), texts()).prop_map(|(question, answer)| Answer { question, answer });
    let attachment = ("[a-zäß ._-]{1,60}[a-z]", prop::collection::vec(any::<u8>(), 0..3000));
    prop_oneof![
        texts().prop_map(Note::Reason),
        texts().prop_map(Note::Message),
        texts().prop_map(Note::Feedback),
        prop::collection::vec(answer, 0..12).prop_map(Note::IntakeAnswers),
        attachment.prop_map(|(name, bytes)| Note::Attachment(Attachment {
            file_name: FileName::new(name).unwrap(),
            media_type: MediaType::new("application/octet-stream".to_owned()).unwrap(),
            bytes: Hidden::new(bytes),
        })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every note, to the practice and up to seven people, opens for each of them.
    #[test]
    fn every_note_reaches_everybody_it_is_for(note in notes(), people in 0_usize..=7, seed in any::<u64>()) {
        let mut world = World::new();
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let people: Vec<_> =
            (0..people).map(|at| Identity::generate(AccountId(Uuid::from_u128(at as u128)), &mut rng)).collect();
        let mut recipients = vec![world.practice()];
        recipients.extend(people.iter().map(|person| Recipient::patient(&person.trusted())));
        let sender = world.patient.clone();
        let sealed = seal(&context(), &note, &Sender::Account(&sender), &recipients, &mut world.rng).unwrap();
        let envelope = Envelope::parse(&sealed.to_bytes()).unwrap();
        prop_assert_eq!(&envelope, &sealed);
        let ids: Vec<RecipientId> = recipients.iter().map(Recipient::id).collect();
        let expected = world.expected(&ids);
        let practice = open(&expected, &envelope, &RecipientKey::Practice(world.mailbox()));
        prop_assert_eq!(practice.as_ref(), Ok(&note));
        for person in &people {
            let opened = open(&expected, &envelope, &RecipientKey::Patient(person));
            prop_assert_eq!(opened.as_ref(), Ok(&note));
        }
    }

    #[test]
    fn any_bytes_are_an_envelope_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..900)) {
        prop_assert!(Envelope::parse(&bytes).is_err());
    }

    /// Behind a real header, where a parser has more to trip over.
    #[test]
    fn any_bytes_behind_a_header_are_refused(
        cut in 0_usize..400,
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let mut stored = World::new().envelope().to_bytes();
        stored.truncate(cut);
        stored.extend_from_slice(&bytes);
        if let Ok(envelope) = Envelope::parse(&stored) {
            prop_assert_eq!(envelope.to_bytes(), stored);
            prop_assert!(envelope.verify_signature().is_err());
        }
    }
}
