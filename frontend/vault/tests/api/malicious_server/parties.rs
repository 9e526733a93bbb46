//! An envelope to others than those it is for, or from somebody else.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    counter::NoteVersion,
    directory::Pin,
    envelope::{Recipient, SealContext, Sender, seal},
    identity::{GuestKey, Identity},
    note::{Note, Text},
};
use shared_types::{
    users::{BookingNotes, DirectoryEntry, NoteAuthor},
    vault::{NoteContext, VaultRefusal, VaultRequest},
};

use super::{COUNT_AT, SLOT, open_first, open_with, owners_notes, stored, verified};
use crate::world::{NOTE, Person, World, account, context, decode, encode, message, note_id, opened, reason};

/// A leaf as a recipient, for somebody who asks no pin.
fn practice_of(entry: &DirectoryEntry) -> Recipient {
    let leaf = verified(entry);
    Recipient::practice(&Pin::Unknown.observe(&leaf).unwrap().practice(&leaf).unwrap())
}

/// What a vault would not seal.
fn forged(sender: &Sender<'_>, recipients: &[Recipient], context: NoteContext) -> Vec<u8> {
    let context = SealContext {
        booking: context.booking_id,
        organization: context.organization_id,
        note: context.note_id,
        version: NoteVersion::new(context.version).unwrap(),
    };
    let note = Note::Reason(Text::new("forged".to_owned()).unwrap());
    seal(&context, &note, sender, recipients, &mut ChaCha20Rng::seed_from_u64(9)).unwrap().to_bytes()
}

fn as_patient(identity: &Identity) -> Recipient {
    Recipient::patient(&identity.trusted())
}

#[test]
fn a_dropped_recipient_is_noticed() {
    let mut world = World::with_note();
    // The writer's slot is the first.
    let mut dropped = stored(&mut world);
    dropped[COUNT_AT] = 1;
    dropped.drain(COUNT_AT + 1..COUNT_AT + 1 + SLOT);
    assert_eq!(open_with(&mut world, &dropped), VaultRefusal::RecipientDropped);
    // The practice's is the second, and an envelope has one.
    let mut dropped = stored(&mut world);
    dropped[COUNT_AT] = 1;
    dropped.drain(COUNT_AT + 1 + SLOT..COUNT_AT + 1 + 2 * SLOT);
    assert_eq!(open_with(&mut world, &dropped), VaultRefusal::Damaged);
    // Somebody whom nobody has to be is missed by the signature.
    let mut carer = Person::new(0x23, &mut world.server);
    world.server.patients.push(carer.account);
    carer.write(&mut world.server, context(NOTE, 2), reason(), false);
    let whole = stored(&mut world);
    let slot_of_the_patient = (0..2)
        .map(|at| COUNT_AT + 1 + at * SLOT)
        .find(|at| whole[at + 1..at + 33] == world.patient.identity.keys().key_id().0)
        .unwrap();
    let mut dropped = whole;
    dropped[COUNT_AT] = 2;
    dropped.drain(slot_of_the_patient..slot_of_the_patient + SLOT);
    let mut notes = owners_notes(&mut world);
    notes.items[0].envelope = encode(&dropped);
    assert_eq!(open_first(&mut world, notes), VaultRefusal::Signature);
}

#[test]
fn an_added_recipient_is_noticed() {
    let mut world = World::with_note();
    let practice = practice_of(&world.server.practice(None).entry);
    let mallory = Person::new(0x66, &mut world.server);
    let recipients = [as_patient(&world.patient.identity), as_patient(&mallory.identity), practice];
    let sender = Sender::Account(&world.patient.identity);
    let added = forged(&sender, &recipients, context(NOTE, 1));
    assert_eq!(open_with(&mut world, &added), VaultRefusal::RecipientAdded);
    // A slot that the server adds breaks the signature as well.
    let mut stored = stored(&mut world);
    let mut slot = stored[COUNT_AT + 1..COUNT_AT + 1 + SLOT].to_vec();
    slot[1..33].fill(0);
    stored[COUNT_AT] = 3;
    stored.splice(COUNT_AT + 1..COUNT_AT + 1, slot);
    assert_eq!(open_with(&mut world, &stored), VaultRefusal::RecipientAdded);
}

#[test]
fn an_envelope_to_swapped_keys_is_noticed() {
    let mut world = World::with_note();
    let practice = practice_of(&world.server.practice(None).entry);
    let theirs = practice_of(&World::new().server.practice(None).entry);
    let patient = world.patient.identity.clone();
    let imposter = Identity::generate(patient.keys().account(), &mut ChaCha20Rng::seed_from_u64(9));
    for recipients in [[as_patient(&patient), theirs], [as_patient(&imposter), practice]] {
        let swapped = forged(&Sender::Account(&patient), &recipients, context(NOTE, 1));
        assert_eq!(open_with(&mut world, &swapped), VaultRefusal::KeySwapped);
    }
}

#[test]
fn a_replaced_sender_is_noticed() {
    let mut world = World::with_note();
    let practice = practice_of(&world.server.practice(None).entry);
    let patient = as_patient(&world.patient.identity);
    let imposter = Identity::generate(world.patient.account, &mut ChaCha20Rng::seed_from_u64(9));
    let by_imposter = forged(&Sender::Account(&imposter), &[patient, practice], context(NOTE, 1));
    assert_eq!(open_with(&mut world, &by_imposter), VaultRefusal::OtherSender);
    // The server can always seal as a guest, and nothing else.
    let guest = GuestKey::generate(&mut ChaCha20Rng::seed_from_u64(9));
    let by_guest = forged(&Sender::Guest(&guest), &[practice], context(NOTE, 1));
    assert_eq!(open_with(&mut world, &by_guest), VaultRefusal::OtherSender);
    // Nor does it decide who wrote what there is.
    let honest = owners_notes(&mut world);
    for author in [
        NoteAuthor::Guest,
        NoteAuthor::Patient { account_id: account(0x99) },
        NoteAuthor::Patient { account_id: world.owner.account },
        NoteAuthor::Practice { account_id: world.receptionist.account },
        NoteAuthor::Practice { account_id: world.patient.account },
    ] {
        let mut notes = honest.clone();
        notes.items[0].author = author;
        assert_eq!(open_first(&mut world, notes), VaultRefusal::OtherSender);
    }
}

#[test]
fn a_practices_word_needs_the_owners_certificate() {
    let mut world = World::with_note();
    let answer = message("Please come a little earlier.");
    world.receptionist.write(&mut world.server, context(note_id(0x41), 1), answer.clone(), true);
    let since = world.patient.since();
    let honest = world.server.booking_notes(world.patient.account, false, since);
    let mut read = |notes: BookingNotes| {
        let reply = world.patient.ask(VaultRequest::Open { notes, as_practice: false });
        opened(reply).remove(1).content
    };
    let mut without = honest.clone();
    without.certificates.clear();
    assert_eq!(read(without), Err(VaultRefusal::OtherSender));
    // Certificates of another practice's owner, and altered ones.
    let mut altered = honest.clone();
    for certificate in &mut altered.certificates {
        let mut bytes = decode(certificate);
        *bytes.last_mut().unwrap() ^= 1;
        *certificate = encode(&bytes);
    }
    assert_eq!(read(altered), Err(VaultRefusal::Signature));
    assert_eq!(read(honest), Ok(answer));
}
