//! Other keys than those that somebody has, had once, or was given.

use std::mem;

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{directory::Leaf, identity::Identity};
use shared_types::{
    users::{BookingNotes, DirectoryEntry, Mailbox, StaffRole},
    vault::{SealTo, VaultRefusal, VaultReply, VaultRequest},
};

use super::{open_first, open_request, owners_notes, verified};
use crate::world::{Person, World, at, changed, context, decode, encode, message, note_id, opened, reason};

fn seal_request(to: SealTo) -> VaultRequest {
    VaultRequest::Seal { context: context(note_id(0x41), 1), note: reason(), to, guest: false }
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
