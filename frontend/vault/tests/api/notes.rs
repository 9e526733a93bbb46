//! A patient and a practice tell each other something.

use sealing::envelope::{Envelope, RecipientId, SignedBy};
use shared_types::{
    BookingId,
    users::NoteAuthor,
    vault::{IntakeAnswer, NoteContent, NoteContext, VaultRefusal, VaultReply, VaultRequest},
};
use uuid::Uuid;
use vault::Vault;

use crate::world::{
    BOOKING, NOTE, Person, World, at, changed, context, decode, encode, envelope, message, note_id, opened,
    reason, refused, since,
};

#[test]
fn a_patient_and_a_practice_tell_each_other_both_ways() {
    let mut world = World::with_note();
    for staff in [&mut world.owner, &mut world.receptionist] {
        assert_eq!(staff.read(&world.server, true), [Ok(reason())]);
    }
    let answer = message("Please come a little earlier.");
    world.receptionist.write(&mut world.server, context(note_id(0x41), 1), answer.clone(), true);
    let notes = opened(world.patient.open(&world.server, false));
    assert_eq!(notes.iter().map(|note| note.own).collect::<Vec<_>>(), [true, false]);
    assert_eq!(notes[1].content, Ok(answer.clone()));
    let notes = opened(world.owner.open(&world.server, true));
    assert_eq!(notes.iter().map(|note| note.own).collect::<Vec<_>>(), [false, true]);
    // A correction is the note's next version.
    let corrected = message("Please come a little later.");
    world.receptionist.write(&mut world.server, context(note_id(0x41), 2), corrected.clone(), true);
    assert_eq!(world.patient.read(&world.server, false), [Ok(reason()), Ok(corrected)]);
}

#[test]
fn every_kind_of_note_arrives_as_it_was_sent() {
    let mut world = World::new();
    let answer = |question: &str, answer: &str| IntakeAnswer {
        question: question.to_owned().into(),
        answer: answer.to_owned().into(),
    };
    let notes = [
        reason(),
        NoteContent::IntakeAnswers { answers: vec![answer("Allergies?", "penicillin"), answer("Else?", "")] },
        NoteContent::Attachment {
            file_name: "rash.jpg".to_owned().into(),
            media_type: "image/jpeg".to_owned(),
            bytes: encode(&[0xff, 0xd8]).into(),
        },
        message("See you on Thursday."),
        NoteContent::Feedback { text: "she listened".to_owned().into() },
    ];
    for (number, note) in (0x50..).zip(notes.clone()) {
        world.patient.write(&mut world.server, context(note_id(number), 1), note, false);
    }
    assert_eq!(world.owner.read(&world.server, true), notes.map(Ok));
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is_sealed() {
    let mut world = World::new();
    let to = world.patient.seal_to(&world.server, false);
    let file = |name: &str, media_type: &str, bytes: String| NoteContent::Attachment {
        file_name: name.to_owned().into(),
        media_type: media_type.to_owned(),
        bytes: bytes.into(),
    };
    let large = encode(&vec![0; 7 * 1024 * 1024]);
    let answers = vec![IntakeAnswer { question: String::new().into(), answer: String::new().into() }; 201];
    for (note, why) in [
        (file("a/b", "image/jpeg", String::new()), VaultRefusal::FileName),
        (file("fdp\u{202e}exe", "image/jpeg", String::new()), VaultRefusal::FileName),
        (file("rash.jpg", "Image", String::new()), VaultRefusal::FileName),
        (file("rash.jpg", "image/jpeg", large), VaultRefusal::TooLarge),
        (message(&"x".repeat(65_537)), VaultRefusal::TooLarge),
        (NoteContent::IntakeAnswers { answers }, VaultRefusal::TooLarge),
    ] {
        let (context, to) = (context(NOTE, 1), to.clone());
        world.patient.is_refused(VaultRequest::Seal { context, note, to, guest: false }, why);
    }
    let unnumbered = VaultRequest::Seal { context: context(NOTE, 0), note: reason(), to, guest: false };
    world.patient.is_refused(unnumbered, VaultRefusal::Damaged);
}

fn seal_as_guest(world: &World, guest: &mut Vault, number: u128, text: &str) -> String {
    let to = world.server.seal_to(None, false, since(guest));
    let (context, note) = (context(note_id(number), 1), message(text));
    let reply = guest.answer(VaultRequest::Seal { context, note, to, guest: true }, at(0));
    assert!(matches!(reply, VaultReply::Sealed { book: None, .. }), "{reply:?}");
    envelope(reply)
}

#[test]
fn a_guest_writes_to_the_practice_alone_and_with_one_key_for_a_booking() {
    let mut world = World::new();
    world.server.patients.clear();
    let mut guest = Vault::default();
    let [first, second] = [(0x41, "a rash"), (0x42, "since Tuesday")].map(|(number, text)| {
        let sealed = seal_as_guest(&world, &mut guest, number, text);
        world.server.put(NoteAuthor::Guest, &sealed);
        Envelope::parse(&decode(&sealed)).unwrap()
    });
    assert_eq!(first.signed_by(), second.signed_by());
    assert!(matches!(first.signed_by(), SignedBy::Guest { .. }));
    assert!(first.recipients().all(|id| matches!(id, RecipientId::Practice(_))));
    assert_eq!(first.recipients().len(), 1);
    let read = world.receptionist.read(&world.server, true);
    assert_eq!(read, [Ok(message("a rash")), Ok(message("since Tuesday"))]);
    // Another booking is another guest's, as far as anybody can tell.
    let to = world.server.seal_to(None, false, since(&mut guest));
    let booking_id = BookingId(Uuid::from_u128(0x31));
    let elsewhere = NoteContext { booking_id, ..context(note_id(0x43), 1) };
    let request = VaultRequest::Seal { context: elsewhere, note: reason(), to, guest: true };
    let third = Envelope::parse(&decode(&envelope(guest.answer(request, at(0))))).unwrap();
    assert_ne!(third.booking(), BOOKING);
    assert_ne!(third.signed_by(), first.signed_by());
}

#[test]
fn a_guest_seals_to_nobody_else() {
    let world = World::new();
    let mut guest = Vault::default();
    let to = world.server.seal_to(None, false, None);
    let request = VaultRequest::Seal { context: context(NOTE, 1), note: reason(), to, guest: true };
    assert_eq!(guest.answer(request, at(0)), refused(VaultRefusal::RecipientAdded));
    assert_eq!(since(&mut guest), None);
}

#[test]
fn a_carer_reads_along_from_when_they_are_there() {
    let mut world = World::with_note();
    let mut carer = Person::new(0x23, &mut world.server);
    world.server.patients.push(carer.account);
    let answer = message("Bring the letter, please.");
    world.owner.write(&mut world.server, context(note_id(0x41), 1), answer.clone(), true);
    let by_carer = message("We have it.");
    carer.write(&mut world.server, context(note_id(0x42), 1), by_carer.clone(), false);
    let all = [Ok(reason()), Ok(answer.clone()), Ok(by_carer.clone())];
    assert_eq!(world.patient.read(&world.server, false), all);
    assert_eq!(world.receptionist.read(&world.server, true), all);
    // What was sealed before the carer came is for other keys; nobody is accused of that.
    let later = [Err(VaultRefusal::WrongKey), Ok(answer.clone()), Ok(by_carer.clone())];
    assert_eq!(carer.read(&world.server, false), later);
    // One who was there before is not left out unnoticed.
    world.server.patients.pop();
    world.owner.write(&mut world.server, context(note_id(0x43), 1), message("between us"), true);
    world.server.patients.push(carer.account);
    assert_eq!(carer.read(&world.server, false)[3], Err(VaultRefusal::RecipientDropped));
    assert_eq!(world.patient.read(&world.server, false)[3], Ok(message("between us")));
}

#[test]
fn nobody_reads_without_a_key_of_the_epoch() {
    let mut world = World::with_note();
    let mut newcomer = Person::new(0x24, &mut world.server);
    assert_eq!(newcomer.read(&world.server, true), [Err(VaultRefusal::NoGrant)]);
    let stranger = Person::new(0x25, &mut world.server).read(&world.server, false);
    assert_eq!(stranger, [Err(VaultRefusal::WrongKey)]);
}

#[test]
fn a_patient_with_new_keys_reads_what_comes_and_not_what_was() {
    let mut world = World::with_note();
    world.owner.read(&world.server, true);
    let former = world.server.published(world.patient.account, None);
    let mut again = Vault::default();
    again.answer(VaultRequest::NewPassword { password: "a new one".to_owned().into() }, at(0));
    let account_id = world.patient.account;
    let reply = again.answer(VaultRequest::CreateKeys { account_id, former: Some(former) }, at(0));
    let VaultReply::Created { identity, .. } = reply else { panic!("{reply:?}") };
    world.server.publish(account_id, &identity.leaf);
    world.patient.vault = again;
    // The practice asks, agrees, and answers.
    let seen = changed(world.owner.open(&world.server, true));
    world.owner.agree(&seen);
    assert_eq!(world.owner.read(&world.server, true), [Ok(reason())]);
    let answer = message("We still have it.");
    world.owner.write(&mut world.server, context(note_id(0x41), 1), answer.clone(), true);
    let read = world.patient.read(&world.server, false);
    assert_eq!(read, [Err(VaultRefusal::WrongKey), Ok(answer)]);
}

#[test]
fn nothing_of_a_note_is_printed() {
    let mut world = World::with_note();
    let to = world.patient.seal_to(&world.server, false);
    let request = VaultRequest::Seal { context: context(NOTE, 2), note: reason(), to, guest: false };
    let reply = world.owner.open(&world.server, true);
    assert_eq!(opened(reply.clone())[0].content, Ok(reason()));
    for printed in [format!("{request:?}"), format!("{reply:?}")] {
        assert!(!printed.contains("rash") && !printed.contains("Tuesday"), "{printed}");
    }
}
