//! The server is the attacker: it stores and serves everything, and shows what it likes. Each thing it may try is
//! refused, with an error of its own. Source: the attacks on Bitwarden, LastPass and
//! Dashlane that ETH Zurich published in February 2026, turned on our own formats.

use sealing::{
    account_key::{AccountKey, Door, DoorKey, UnwrapError, WrappedAccountKey, WrappedKeyError},
    counter::Epoch,
    directory::{Leaf, LeafError, Pin, PinError},
    envelope::{
        Envelope, Expected, ExpectedSender, OpenError, Recipient, RecipientId, SealContext, Sender, seal,
    },
    identity::Identity,
    password::{KdfCost, KdfError, KdfParameters, Password},
    wire::ParseError,
};
use shared_types::{BookingId, NoteId, OrganizationId};
use uuid::Uuid;

use crate::world::{NOTE, PATIENT, World, context, reason, version};

/// Where things stand in an envelope; see `docs/sealing-format.md`.
const FORMAT_AT: usize = 4;
const SUITE_AT: usize = 5;
const SENDER_KIND_AT: usize = 63;
const COUNT_AT: usize = 160;
const SLOT: usize = 1 + 32 + 32 + 48;

#[test]
fn an_envelope_of_another_booking_is_refused() {
    let mut world = World::new();
    let other = SealContext { booking: BookingId(Uuid::from_u128(0x31)), ..context() };
    let envelope = world.envelope_for(&other);
    assert_eq!(world.open(&envelope), Err(OpenError::OtherBooking));
}

#[test]
fn an_envelope_of_another_practice_is_refused() {
    let mut world = World::new();
    let envelope = world.envelope();
    let recipients = world.recipient_ids();
    let organization = OrganizationId(Uuid::from_u128(0x11));
    let expected = Expected { organization, ..world.expected(&recipients) };
    assert_eq!(world.open_expecting(&expected, &envelope), Err(OpenError::OtherPractice));
}

#[test]
fn another_note_of_the_booking_is_refused() {
    let mut world = World::new();
    let envelope = world.envelope_for(&SealContext { note: NoteId(Uuid::from_u128(0x41)), ..context() });
    assert_eq!(world.open(&envelope), Err(OpenError::OtherNote));
}

#[test]
fn an_older_version_is_refused_once_a_newer_was_seen() {
    let mut world = World::new();
    let first = world.envelope();
    let second = world.envelope_for(&SealContext { version: version(2), ..context() });
    let recipients = world.recipient_ids();
    let expected = Expected { minimum_version: version(2), ..world.expected(&recipients) };
    assert_eq!(world.open_expecting(&expected, &second), Ok(reason()));
    let refused = Err(OpenError::OldVersion { found: version(1) });
    assert_eq!(world.open_expecting(&expected, &first), refused);
}

#[test]
fn an_envelope_of_an_epoch_that_was_over_is_refused() {
    let mut world = World::new();
    let envelope = world.envelope();
    let recipients = world.recipient_ids();
    let expected = Expected { minimum_epoch: Epoch::new(2).unwrap(), ..world.expected(&recipients) };
    let refused = Err(OpenError::OldEpoch { found: Epoch::FIRST });
    assert_eq!(world.open_expecting(&expected, &envelope), refused);
}

#[test]
fn a_mailbox_key_of_an_epoch_that_is_over_is_not_sealed_to() {
    let mut world = World::new();
    let old = world.leaf.clone();
    let members = [world.owner.trusted()];
    let new = world.next_epoch(&old, &members).leaf.verify().unwrap();
    let pin = world.pin.observe(&new).unwrap();
    let known = Epoch::new(2).unwrap();
    assert_eq!(pin.observe(&old), Err(PinError::OldEpoch { known }));
    assert_eq!(pin.practice(&old).unwrap_err(), PinError::OldEpoch { known });
    assert!(pin.practice(&new).is_ok());
}

#[test]
fn a_swapped_practice_key_has_no_owners_signature() {
    let world = World::new();
    let (honest, swapped) = (world.first.leaf.to_bytes(), World::with_seed(2).first.leaf.to_bytes());
    // After head, statement's kind, organization and epoch stands the mailbox key.
    let mailbox = 7 + 1 + 16 + 4..7 + 1 + 16 + 4 + 32;
    let mut leaf = honest;
    leaf[mailbox.clone()].copy_from_slice(&swapped[mailbox]);
    assert_eq!(Leaf::parse(&leaf).unwrap().verify(), Err(LeafError::Signature));
}

#[test]
fn a_swapped_practice_key_signed_by_an_invented_owner_stops_sealing() {
    let world = World::new();
    let mut theirs = World::with_seed(2);
    let same_epoch = theirs.leaf.clone();
    assert_eq!(world.pin.observe(&same_epoch), Err(PinError::TwoKeysForOneEpoch));
    let members = [theirs.owner.trusted()];
    let next_epoch = theirs.next_epoch(&same_epoch, &members).leaf.verify().unwrap();
    let pin = world.pin.observe(&next_epoch).unwrap();
    assert!(matches!(pin, Pin::Changed { .. }));
    assert_eq!(pin.practice(&next_epoch).unwrap_err(), PinError::Changed);
    assert_eq!(pin.practice(&world.leaf).unwrap_err(), PinError::Changed);
}

#[test]
fn an_envelope_sealed_to_a_swapped_practice_key_is_noticed_by_its_readers() {
    let mut world = World::new();
    let theirs = World::with_seed(2).practice();
    let recipients = [Recipient::patient(&world.patient.trusted()), theirs];
    let sealed = seal(&context(), &reason(), &Sender::Account(&world.patient), &recipients, &mut world.rng);
    assert_eq!(world.open(&sealed.unwrap()), Err(OpenError::PracticeKeySwapped));
}

#[test]
fn an_envelope_sealed_to_a_swapped_patient_key_is_noticed_by_its_readers() {
    let mut world = World::new();
    let imposter = Identity::generate(PATIENT, &mut world.rng);
    let recipients = [Recipient::patient(&imposter.trusted()), world.practice()];
    let sealed = seal(&context(), &reason(), &Sender::Account(&world.patient), &recipients, &mut world.rng);
    assert_eq!(world.open(&sealed.unwrap()), Err(OpenError::PatientKeySwapped));
}

#[test]
fn a_dropped_recipient_is_noticed() {
    let mut world = World::new();
    let stored = world.envelope().to_bytes();
    // The patient's slot is the first.
    let mut dropped = stored.clone();
    dropped[COUNT_AT] = 1;
    dropped.drain(COUNT_AT + 1..COUNT_AT + 1 + SLOT);
    assert_eq!(world.open(&Envelope::parse(&dropped).unwrap()), Err(OpenError::RecipientDropped));
    // The practice's is the second, and an envelope has one.
    let mut dropped = stored;
    dropped[COUNT_AT] = 1;
    dropped.drain(COUNT_AT + 1 + SLOT..COUNT_AT + 1 + 2 * SLOT);
    let refused = Err(ParseError::NotCanonical("an envelope without its one practice"));
    assert_eq!(Envelope::parse(&dropped), refused);
}

#[test]
fn a_recipient_that_nobody_misses_still_breaks_the_signature() {
    let mut world = World::new();
    let mut stored = world.envelope().to_bytes();
    stored[COUNT_AT] = 1;
    stored.drain(COUNT_AT + 1..COUNT_AT + 1 + SLOT);
    let recipients = [world.practice().id()];
    let opened = world.open_expecting(&world.expected(&recipients), &Envelope::parse(&stored).unwrap());
    assert_eq!(opened, Err(OpenError::Signature));
}

#[test]
fn an_added_recipient_is_noticed() {
    let mut world = World::new();
    let eve = Identity::generate(PATIENT, &mut world.rng);
    let mut recipients = world.recipients().to_vec();
    recipients.push(Recipient::patient(&eve.trusted()));
    let sealed = seal(&context(), &reason(), &Sender::Account(&world.patient), &recipients, &mut world.rng);
    assert_eq!(world.open(&sealed.unwrap()), Err(OpenError::RecipientAdded));
}

#[test]
fn a_slot_added_by_the_server_breaks_the_signature_even_when_expected() {
    let mut world = World::new();
    let mut stored = world.envelope().to_bytes();
    let mut slot = stored[COUNT_AT + 1..COUNT_AT + 1 + SLOT].to_vec();
    slot[1..33].fill(0);
    let added = RecipientId::Patient(sealing::suite::KeyId([0; 32]));
    stored[COUNT_AT] = 3;
    stored.splice(COUNT_AT + 1..COUNT_AT + 1, slot);
    let envelope = Envelope::parse(&stored).unwrap();
    let [patient, practice] = world.recipient_ids();
    let recipients = [added, patient, practice];
    assert_eq!(world.open_expecting(&world.expected(&recipients), &envelope), Err(OpenError::Signature));
    assert_eq!(world.open(&envelope), Err(OpenError::RecipientAdded));
}

#[test]
fn a_replaced_sender_is_noticed() {
    let mut world = World::new();
    // Whoever holds a mailbox key can seal; they cannot sign as the patient.
    let imposter = Identity::generate(PATIENT, &mut world.rng);
    let recipients = world.recipients();
    let sealed = seal(&context(), &reason(), &Sender::Account(&imposter), &recipients, &mut world.rng);
    assert_eq!(world.open(&sealed.unwrap()), Err(OpenError::OtherSender));
    // Nor can the server claim that a guest wrote what a patient did, or the reverse.
    let mut stored = world.envelope().to_bytes();
    stored[SENDER_KIND_AT] = 2;
    let refused = Err(ParseError::NotCanonical("a guest's key under another name"));
    assert_eq!(Envelope::parse(&stored), refused);
    let mut stored = world.guest_envelope().to_bytes();
    stored[SENDER_KIND_AT] = 1;
    let envelope = Envelope::parse(&stored).unwrap();
    let ids = [world.practice().id()];
    let expected = Expected { sender: ExpectedSender::any_guest(), ..world.expected(&ids) };
    assert_eq!(world.open_expecting(&expected, &envelope), Err(OpenError::OtherSender));
}

#[test]
fn another_guest_is_not_the_same_guest() {
    let mut world = World::new();
    let first = world.guest.key_id();
    world.guest = sealing::identity::GuestKey::generate(&mut world.rng);
    let envelope = world.guest_envelope();
    let recipients = [world.practice().id()];
    let expected = Expected { sender: ExpectedSender::guest(first), ..world.expected(&recipients) };
    assert_eq!(world.open_expecting(&expected, &envelope), Err(OpenError::OtherSender));
}

#[test]
fn an_unknown_format_version_is_refused() {
    let mut world = World::new();
    let stored = world.envelope().to_bytes();
    for found in (0..=u8::MAX).filter(|found| *found != 1) {
        let mut altered = stored.clone();
        altered[FORMAT_AT] = found;
        assert_eq!(Envelope::parse(&altered), Err(ParseError::UnknownVersion { found }));
    }
}

#[test]
fn an_unknown_suite_is_refused() {
    let mut world = World::new();
    let stored = world.envelope().to_bytes();
    for found in [0_u16, 2, 0x0100, 0x0101, u16::MAX] {
        let mut altered = stored.clone();
        altered[SUITE_AT..SUITE_AT + 2].copy_from_slice(&found.to_be_bytes());
        assert_eq!(Envelope::parse(&altered), Err(ParseError::UnknownSuite { found }));
    }
}

#[test]
fn an_envelope_cut_off_anywhere_is_refused() {
    let mut world = World::new();
    let stored = world.envelope().to_bytes();
    for length in 0..stored.len() {
        assert_eq!(Envelope::parse(&stored[..length]), Err(ParseError::Truncated), "{length}");
    }
    let mut longer = stored;
    longer.push(0);
    assert_eq!(Envelope::parse(&longer), Err(ParseError::Trailing));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let mut world = World::new();
    for stored in [world.envelope().to_bytes(), world.guest_envelope().to_bytes()] {
        let whole = Envelope::parse(&stored).unwrap();
        let recipients: Vec<_> = whole.recipients().collect();
        let account = world.expected(&recipients);
        let guest = Expected { sender: ExpectedSender::any_guest(), ..account };
        for bit in 0..stored.len() * 8 {
            let mut altered = stored.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let Ok(envelope) = Envelope::parse(&altered) else { continue };
            assert!(envelope.verify_signature().is_err(), "bit {bit}");
            for expected in [&account, &guest] {
                assert!(world.open_expecting(expected, &envelope).is_err(), "bit {bit}");
            }
        }
    }
}

#[test]
fn a_lowered_derivation_cost_is_refused() {
    let mut world = World::new();
    let account_key = AccountKey::generate(&mut world.rng);
    let keys = |cost| {
        let password = Password::new("correct horse battery".to_owned()).unwrap();
        password.derive(&KdfParameters::new(cost, [9; 16])).unwrap()
    };
    let used = KdfCost::new(20 * 1024, 2, 1).unwrap();
    let stored =
        WrappedAccountKey::wrap(PATIENT, &account_key, &DoorKey::password(&keys(used)), &mut world.rng);
    let lowered = |memory_kib: u32| {
        let mut bytes = stored.to_bytes();
        bytes[25..29].copy_from_slice(&memory_kib.to_be_bytes());
        WrappedAccountKey::parse(&bytes)
    };
    // Below the floor: before a derivation is begun.
    let too_weak = KdfError::TooWeak { memory_kib: 8, passes: 2 };
    assert_eq!(lowered(8), Err(WrappedKeyError::Kdf(too_weak)));
    assert_eq!(KdfCost::new(8, 1, 1), Err(KdfError::TooWeak { memory_kib: 8, passes: 1 }));
    // Down to the floor: by a browser that remembers, before; by any browser, when nothing opens.
    assert_eq!(KdfCost::FLOOR.not_below(used), Err(KdfError::Lowered));
    let to_the_floor = lowered(19 * 1024).unwrap();
    assert!(matches!(to_the_floor.door(), Door::Password(parameters) if parameters.cost() == KdfCost::FLOOR));
    let opened = to_the_floor.unwrap(PATIENT, &DoorKey::password(&keys(KdfCost::FLOOR)));
    assert_eq!(opened, Err(UnwrapError::Refused));
}

#[test]
fn envelopes_of_two_bookings_cannot_be_exchanged_even_with_their_labels() {
    let mut world = World::new();
    let here = world.envelope().to_bytes();
    let other = SealContext { booking: BookingId(Uuid::from_u128(0x31)), ..context() };
    let mut there = world.envelope_for(&other).to_bytes();
    // The server writes this booking's id into the other's envelope.
    there[7..23].copy_from_slice(&here[7..23]);
    assert_eq!(world.open(&Envelope::parse(&there).unwrap()), Err(OpenError::Signature));
}

#[test]
fn parts_of_two_envelopes_do_not_go_together() {
    let mut world = World::new();
    let first = world.envelope().to_bytes();
    let second = world.envelope().to_bytes();
    assert_eq!(first.len(), second.len());
    let slots = COUNT_AT + 1..COUNT_AT + 1 + 2 * SLOT;
    let content = slots.end..first.len() - 64;
    for part in [0..COUNT_AT, slots, content, first.len() - 64..first.len()] {
        let mut mixed = first.clone();
        mixed[part.clone()].copy_from_slice(&second[part.clone()]);
        assert_eq!(world.open(&Envelope::parse(&mixed).unwrap()), Err(OpenError::Signature), "{part:?}");
    }
}

#[test]
fn a_server_without_a_secret_cannot_make_anything_that_opens() {
    let mut world = World::new();
    let honest = world.envelope();
    assert_eq!(honest.note(), NOTE);
    // It knows every public key, so it can seal as a guest; that is all it can be.
    let forged = world.guest_envelope();
    let recipients = world.recipient_ids();
    assert_eq!(world.open_expecting(&world.expected(&recipients), &forged), Err(OpenError::OtherSender));
}
