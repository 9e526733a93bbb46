//! The server is the attacker: it keeps and shows everything, and shows what it likes. Each thing it may try has a refusal
//! of its own, and changes nothing.

use std::mem;

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    counter::NoteVersion,
    directory::{Leaf, Pin, VerifiedLeaf},
    envelope::{Recipient, SealContext, Sender, seal},
    identity::{GuestKey, Identity},
    note::{Note, Text},
};
use shared_types::{
    BookingId, OrganizationId,
    users::{BookingNotes, DirectoryEntry, Mailbox, NoteAuthor, SealedNote, StaffRole},
    vault::{NoteContext, SealTo, VaultRefusal, VaultReply, VaultRequest},
};
use uuid::Uuid;

use crate::world::{
    BOOKING, NOTE, Person, World, account, at, changed, context, decode, encode, envelope, message, note_id,
    opened, reason,
};

/// Where things stand in an envelope; see `docs/sealing-format.md`.
const SUITE_AT: usize = 5;
const COUNT_AT: usize = 160;
const SLOT: usize = 1 + 32 + 32 + 48;

fn seal_request(to: SealTo) -> VaultRequest {
    VaultRequest::Seal { context: context(note_id(0x41), 1), note: reason(), to, guest: false }
}

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

/// Somebody whom the server makes an owner, for an epoch after those it shows; the leaf is in the log.
fn invented_epoch(world: &mut World, show: impl FnOnce(&mut Mailbox)) -> DirectoryEntry {
    let mut mallory = Person::new(0x66, &mut world.server);
    let staff = mem::replace(&mut world.server.staff, vec![(mallory.account, vec![StaffRole::Owner])]);
    let mut mailbox = mallory.mailbox(&world.server);
    world.server.staff = staff;
    show(&mut mailbox);
    let remove = Vec::new();
    let reply = mallory.ask(VaultRequest::BeginEpoch { mailbox, remove, renew_recovery: true });
    let VaultReply::EpochBegun { epoch, .. } = reply else { panic!("{reply:?}") };
    let index = world.server.log.add(&epoch.leaf);
    world.server.log.entry(index)
}

#[test]
fn a_practice_key_that_the_owners_did_not_sign_is_refused() {
    let mut world = World::new();
    let swapped = World::new().server.practice(None).entry;
    let mut to = world.patient.seal_to(&world.server, false);
    // After head, statement's kind, organization and epoch stands the mailbox key.
    let mut leaf = decode(&to.practice.leaf);
    leaf[28..60].copy_from_slice(&decode(&swapped.leaf)[28..60]);
    to.practice.leaf = encode(&leaf);
    world.patient.is_refused(seal_request(to.clone()), VaultRefusal::NotInLog);
    // Even where the log has it.
    let index = world.server.log.add(&encode(&leaf));
    let to = SealTo { practice: world.server.log.entry(index), head: world.server.log.head(None), ..to };
    world.patient.is_refused(seal_request(to), VaultRefusal::Signature);
}

#[test]
fn a_second_key_for_an_epoch_is_refused() {
    let mut world = World::with_note();
    let practice = invented_epoch(&mut world, |mailbox| mailbox.epochs.clear());
    let to = SealTo { practice: practice.clone(), ..world.patient.seal_to(&world.server, false) };
    world.patient.is_refused(seal_request(to), VaultRefusal::TwoKeys);
    world.owner.look_at_practice(&world.server);
    let mut notes = owners_notes(&mut world);
    notes.epochs = vec![practice];
    world.owner.is_refused(open_request(notes), VaultRefusal::TwoKeys);
}

#[test]
fn an_epoch_of_invented_owners_stops_everything_until_somebody_agrees() {
    let mut world = World::with_note();
    world.patient.read(&world.server, false);
    let practice = invented_epoch(&mut world, |_| ());
    let to = SealTo { practice: practice.clone(), ..world.patient.seal_to(&world.server, false) };
    let seen = changed(world.patient.ask(seal_request(to.clone())));
    assert_eq!(seen.before, Some(verified(&world.server.practice(None).entry).fingerprint().to_string()));
    assert_eq!(seen.fingerprint, verified(&practice).fingerprint().to_string());
    let since = world.patient.since();
    let mut notes = world.server.booking_notes(world.patient.account, false, since);
    notes.epochs.push(practice);
    let reply = world.patient.ask(VaultRequest::Open { notes, as_practice: false });
    assert_eq!(changed(reply), seen);
    // That they were offered is remembered, and that nobody has agreed.
    world.patient.reload();
    assert_eq!(changed(world.patient.ask(seal_request(to))), seen);
    // The known keys once more are no change.
    let sealed = world.patient.seal(&world.server, context(note_id(0x41), 1), reason(), false);
    assert!(matches!(sealed, VaultReply::Sealed { .. }), "{sealed:?}");
}

#[test]
fn keys_of_an_epoch_that_is_over_are_refused() {
    let mut world = World::with_note();
    let old = world.server.practice(None).entry.index;
    world.owner.begin(&mut world.server, &[]);
    for person in [&mut world.patient, &mut world.owner] {
        person.look_at_practice(&world.server);
    }
    let practice = world.server.log.entry(old);
    let to = SealTo { practice, ..world.patient.seal_to(&world.server, false) };
    world.patient.is_refused(seal_request(to), VaultRefusal::OldEpoch);
    let honest = owners_notes(&mut world);
    let mut notes = honest.clone();
    notes.epochs.pop();
    world.owner.is_refused(open_request(notes), VaultRefusal::OldEpoch);
    // A practice that is known does not lose all its epochs.
    let mut notes = honest.clone();
    notes.epochs.clear();
    world.owner.is_refused(open_request(notes), VaultRefusal::OldEpoch);
    let mut mailbox = world.owner.mailbox(&world.server);
    mailbox.epochs.clear();
    let begin = VaultRequest::BeginEpoch { mailbox, remove: Vec::new(), renew_recovery: false };
    world.owner.is_refused(begin, VaultRefusal::OldEpoch);
    // A note of before the booking was made.
    let notes = BookingNotes { minimum_epoch: 2, ..honest };
    assert_eq!(open_first(&mut world, notes), VaultRefusal::OldEpoch);
}

#[test]
fn an_epoch_that_was_left_out_is_missed() {
    let mut world = World::with_note();
    world.owner.begin(&mut world.server, &[]);
    world.owner.begin(&mut world.server, &[]);
    let mut notes = owners_notes(&mut world);
    notes.epochs.remove(1);
    world.owner.is_refused(open_request(notes), VaultRefusal::SplitView);
    let mut notes = owners_notes(&mut world);
    notes.epochs.remove(0);
    assert_eq!(open_first(&mut world, notes), VaultRefusal::NotInLog);
}

#[test]
fn keys_of_another_subject_are_refused() {
    let mut world = World::with_note();
    let since = world.patient.since();
    let owners = world.server.published(world.owner.account, since).entry;
    let honest = world.patient.seal_to(&world.server, false);
    let to = SealTo { practice: owners.clone(), ..honest.clone() };
    world.patient.is_refused(seal_request(to), VaultRefusal::ForeignKeys);
    let to = SealTo { patients: vec![honest.practice.clone()], ..honest };
    world.patient.is_refused(seal_request(to), VaultRefusal::ForeignKeys);
    let mut notes = owners_notes(&mut world);
    notes.epochs[0] = owners.clone();
    world.owner.is_refused(open_request(notes), VaultRefusal::ForeignKeys);
    let mut notes = owners_notes(&mut world);
    notes.patients = notes.epochs.clone();
    world.owner.is_refused(open_request(notes), VaultRefusal::ForeignKeys);
    let mut mailbox = world.owner.mailbox(&world.server);
    mailbox.members[1].keys = Some(owners);
    let begin = VaultRequest::BeginEpoch { mailbox, remove: Vec::new(), renew_recovery: false };
    world.owner.is_refused(begin, VaultRefusal::ForeignKeys);
}

#[test]
fn other_keys_in_ones_own_name_are_refused() {
    let mut world = World::with_note();
    Person::with_seed(0x20, 0x1020, &mut world.server);
    let since = world.patient.since();
    let keys = world.server.published(world.patient.account, since);
    world.patient.is_refused(VaultRequest::Look { keys }, VaultRefusal::ForeignKeys);
}

#[test]
fn a_persons_keys_that_have_changed_stop_everything_until_somebody_agrees() {
    let mut world = World::with_note();
    world.owner.read(&world.server, true);
    // The server publishes keys of its own for the patient, as if those were lost.
    let former = verified(&world.server.published(world.patient.account, None).entry);
    let imposter = Identity::generate(world.patient.account, &mut ChaCha20Rng::seed_from_u64(9));
    let leaf = Leaf::account(&imposter, Some(&former), None, at(1));
    world.server.publish(world.patient.account, &encode(&leaf.to_bytes()));
    let seen = changed(world.owner.open(&world.server, true));
    assert_eq!(seen.before, Some(former.fingerprint().to_string()));
    let sealed = world.owner.seal(&world.server, context(note_id(0x41), 1), message("yes"), true);
    assert_eq!(changed(sealed), seen);
    // The same with a colleague's keys, where they would be given the practice's.
    let former = verified(&world.server.published(world.receptionist.account, None).entry);
    let imposter = Identity::generate(world.receptionist.account, &mut ChaCha20Rng::seed_from_u64(9));
    let leaf = Leaf::account(&imposter, Some(&former), None, at(1));
    world.server.publish(world.receptionist.account, &encode(&leaf.to_bytes()));
    let mailbox = world.owner.mailbox(&world.server);
    let to = vec![world.receptionist.account];
    changed(world.owner.ask(VaultRequest::GiveKeys { mailbox: mailbox.clone(), to: to.clone() }));
    let begin = |remove| VaultRequest::BeginEpoch { mailbox, remove, renew_recovery: false };
    // Somebody who goes is not given anything, so their keys do not matter.
    let reply = world.owner.ask(begin(to));
    assert!(matches!(reply, VaultReply::EpochBegun { .. }), "{reply:?}");
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

#[test]
fn a_mailbox_key_that_is_not_the_published_one_is_refused() {
    let mut world = World::with_note();
    let honest = owners_notes(&mut world);
    let for_another = world.server.booking_notes(world.receptionist.account, true, None).grants;
    let mut notes = BookingNotes { grants: for_another, ..honest.clone() };
    assert_eq!(open_first(&mut world, notes.clone()), VaultRefusal::NoGrant);
    let theirs = World::new().server.booking_notes(world.owner.account, true, None).grants;
    notes.grants = theirs;
    // The owner has the same keys in both worlds: the grant is well signed, and of another mailbox.
    assert_eq!(open_first(&mut world, notes.clone()), VaultRefusal::WrongKey);
    let mut altered = decode(&honest.grants[0]);
    *altered.last_mut().unwrap() ^= 1;
    notes.grants = vec![encode(&altered)];
    assert_eq!(open_first(&mut world, notes.clone()), VaultRefusal::Signature);
    altered.truncate(20);
    notes.grants = vec![encode(&altered)];
    world.owner.is_refused(open_request(notes), VaultRefusal::Damaged);
    assert_eq!(opened(world.owner.ask(open_request(honest)))[0].content, Ok(reason()));
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
