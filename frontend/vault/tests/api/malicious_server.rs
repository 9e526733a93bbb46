//! The server is the attacker: it keeps and shows everything, and shows what it likes. Each thing it may try has a refusal
//! of its own, and changes nothing.

mod keys;
mod parties;

use sealing::directory::{Leaf, VerifiedLeaf};
use shared_types::{
    BookingId, OrganizationId,
    users::{BookingNotes, DirectoryEntry, SealedNote},
    vault::{NoteContext, VaultRefusal, VaultRequest},
};
use uuid::Uuid;

use crate::world::{
    BOOKING, NOTE, World, context, decode, encode, envelope, message, note_id, opened, reason,
};

/// Where things stand in an envelope; see `docs/sealing-format.md`.
const SUITE_AT: usize = 5;
const COUNT_AT: usize = 160;
const SLOT: usize = 1 + 32 + 32 + 48;

fn open_request(notes: BookingNotes) -> VaultRequest {
    VaultRequest::Open { notes, as_practice: true }
}

/// The booking's notes, as the owner is about to be shown them.
fn owners_notes(world: &mut World) -> BookingNotes {
    let since = world.owner.since();
    world.server.booking_notes(world.owner.account, true, since)
}

/// Shows the owner the note with another envelope.
fn open_with(world: &mut World, envelope: &[u8]) -> VaultRefusal {
    let mut notes = owners_notes(world);
    notes.items[0].envelope = encode(envelope);
    open_first(world, notes)
}

fn open_first(world: &mut World, notes: BookingNotes) -> VaultRefusal {
    opened(world.owner.ask(open_request(notes))).remove(0).content.unwrap_err()
}

fn stored(world: &mut World) -> Vec<u8> {
    decode(&world.server.note(NOTE).envelope)
}

fn verified(entry: &DirectoryEntry) -> VerifiedLeaf {
    Leaf::parse(&decode(&entry.leaf)).unwrap().verify().unwrap()
}

#[test]
fn an_envelope_of_another_booking_practice_or_note_is_refused() {
    let mut world = World::with_note();
    let honest = context(NOTE, 1);
    let booking_id = BookingId(Uuid::from_u128(0x31));
    for context in [NoteContext { booking_id, ..honest }, context(note_id(0x41), 1)] {
        let sealed = envelope(world.patient.seal(&world.server, context, reason(), false));
        assert_eq!(open_with(&mut world, &decode(&sealed)), VaultRefusal::Misplaced);
    }
    // With its label written over, nothing in it holds.
    let elsewhere = NoteContext { booking_id, ..honest };
    let mut relabelled = decode(&envelope(world.patient.seal(&world.server, elsewhere, reason(), false)));
    relabelled[7..23].copy_from_slice(BOOKING.0.as_bytes());
    assert_eq!(open_with(&mut world, &relabelled), VaultRefusal::Signature);
    let mut notes = owners_notes(&mut world);
    let mut other_practice = decode(&notes.items[0].envelope);
    other_practice[23..39].copy_from_slice(Uuid::from_u128(0x11).as_bytes());
    notes.items[0].envelope = encode(&other_practice);
    assert_eq!(open_first(&mut world, notes), VaultRefusal::Misplaced);
    // And a note is not sealed to another practice than the booking's.
    let organization_id = OrganizationId(Uuid::from_u128(0x11));
    let to = world.patient.seal_to(&world.server, false);
    let context = NoteContext { organization_id, ..honest };
    let request = VaultRequest::Seal { context, note: reason(), to, guest: false };
    world.patient.is_refused(request, VaultRefusal::ForeignKeys);
}

#[test]
fn an_older_version_is_refused() {
    let mut world = World::with_note();
    let first = world.server.note(NOTE).clone();
    world.patient.write(&mut world.server, context(NOTE, 2), message("and it itches"), false);
    let mut notes = owners_notes(&mut world);
    // The label of the second version on the first.
    notes.items[0].envelope = first.envelope.clone();
    assert_eq!(open_first(&mut world, notes.clone()), VaultRefusal::OldVersion);
    assert_eq!(world.owner.read(&world.server, true), [Ok(message("and it itches"))]);
    notes.items[0] = first;
    assert_eq!(open_first(&mut world, notes), VaultRefusal::OldVersion);
}

#[test]
fn what_is_not_of_this_format_is_refused() {
    let mut world = World::with_note();
    let whole = stored(&mut world);
    let mut unknown = whole.clone();
    unknown[SUITE_AT + 1] = 2;
    assert_eq!(open_with(&mut world, &unknown), VaultRefusal::UnknownFormat);
    let mut unknown = whole.clone();
    unknown[SUITE_AT - 1] = 2;
    assert_eq!(open_with(&mut world, &unknown), VaultRefusal::UnknownFormat);
    let mut other = whole.clone();
    other[..4].copy_from_slice(b"HMgr");
    assert_eq!(open_with(&mut world, &other), VaultRefusal::Damaged);
    // Every cut, in one list.
    let mut notes = owners_notes(&mut world);
    let note = notes.items.remove(0);
    let cut = |length: usize| {
        let envelope = encode(&whole[..length]);
        SealedNote { envelope, ..note.clone() }
    };
    notes.items = (0..whole.len()).map(cut).collect();
    let cuts = opened(world.owner.ask(open_request(notes)));
    assert!(cuts.iter().all(|note| note.content == Err(VaultRefusal::Damaged)));
}

#[test]
fn every_flipped_bit_of_an_envelope_is_refused() {
    let mut world = World::with_note();
    let whole = stored(&mut world);
    let mut notes = owners_notes(&mut world);
    let note = notes.items.remove(0);
    let flipped = |bit: usize| {
        let mut altered = whole.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        SealedNote { envelope: encode(&altered), ..note.clone() }
    };
    notes.items = (0..whole.len() * 8).map(flipped).collect();
    let read = opened(world.owner.ask(open_request(notes.clone())));
    assert_eq!(read.len(), whole.len() * 8);
    for (bit, note) in read.iter().enumerate() {
        assert!(note.content.is_err(), "bit {bit}");
    }
    // And none of it has changed what is believed.
    notes.items = vec![note];
    assert_eq!(opened(world.owner.ask(open_request(notes)))[0].content, Ok(reason()));
}
