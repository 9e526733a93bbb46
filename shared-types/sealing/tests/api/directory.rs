//! Leaves, fingerprints and pins.

use proptest::prelude::*;
use sealing::{
    directory::{
        Continuity, Fingerprint, FingerprintError, FollowError, Leaf, LeafError, LeafParseError, Pin,
        PinError, Statement, Subject, VerifiedLeaf,
    },
    identity::Identity,
    mailbox::begin_epoch,
    wire::ParseError,
};
use shared_types::AccountId;
use uuid::Uuid;

use crate::world::{PATIENT, World, account_leaf, at, plan, trusted};

#[test]
fn leaves_come_back_and_are_believed() {
    let world = World::new();
    for leaf in [account_leaf(&world.patient), world.leaf.clone()] {
        let published = leaf.leaf().to_bytes();
        let read = Leaf::parse(&published).unwrap();
        assert_eq!(read.to_bytes(), published);
        assert_eq!(read.verify(), Ok(leaf));
    }
}

#[test]
fn every_cut_and_every_flipped_bit_of_a_leaf_is_refused() {
    let mut world = World::new();
    let (first, vouched) = vouched_leaf(&mut world);
    for (leaf, voucher) in [(first.clone(), 0), (world.leaf.clone(), 0), (vouched, 64)] {
        let published = leaf.leaf().to_bytes();
        for length in 0..published.len() {
            let refused = LeafParseError::Parse(ParseError::Truncated);
            assert_eq!(Leaf::parse(&published[..length]), Err(refused), "{length}");
        }
        for bit in 0..published.len() * 8 {
            let mut altered = published.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let believed = Leaf::parse(&altered).ok().and_then(|leaf| leaf.verify().ok());
            if bit / 8 < published.len() - voucher {
                assert_eq!(believed, None, "bit {bit}");
            } else {
                // The voucher is for the next question.
                assert_eq!(believed.unwrap().follows(&first), Err(FollowError::Voucher), "bit {bit}");
            }
        }
    }
}

/// A person's leaf and the next one, which the former key vouches for.
fn vouched_leaf(world: &mut World) -> (VerifiedLeaf, VerifiedLeaf) {
    let first = account_leaf(&world.patient);
    let new = Identity::generate(PATIENT, &mut world.rng);
    let second = Leaf::account(&new, Some(&first), Some(&world.patient), at(1)).verify().unwrap();
    (first, second)
}

#[test]
fn a_leaf_follows_the_one_it_names() {
    let mut world = World::new();
    let (first, vouched) = vouched_leaf(&mut world);
    assert_eq!(vouched.follows(&first), Ok(Continuity::Vouched));
    let new = Identity::generate(PATIENT, &mut world.rng);
    let after = |previous, former: Option<&Identity>, seconds| {
        Leaf::account(&new, previous, former, at(seconds)).verify().unwrap()
    };
    assert_eq!(after(Some(&first), None, 1).follows(&first), Ok(Continuity::Unvouched));
    assert_eq!(after(Some(&first), Some(&new), 1).follows(&first), Err(FollowError::Voucher));
    assert_eq!(after(None, None, 1).follows(&first), Err(FollowError::BrokenChain));
    assert_eq!(after(Some(&vouched), None, 1).follows(&first), Err(FollowError::BrokenChain));
    assert_eq!(after(Some(&first), None, -1).follows(&first), Err(FollowError::TimeRunsBack));
    assert_eq!(after(Some(&first), None, 1).follows(&world.leaf), Err(FollowError::OtherSubject));
}

#[test]
fn a_practices_epochs_follow_one_by_one() {
    let mut world = World::new();
    let first = world.leaf.clone();
    let members = [world.owner.trusted()];
    let second = world.next_epoch(&first, &members).leaf.verify().unwrap();
    let third = world.next_epoch(&second, &members).leaf.verify().unwrap();
    assert_eq!(second.follows(&first), Ok(Continuity::Vouched));
    assert_eq!(third.follows(&second), Ok(Continuity::Vouched));
    assert_eq!(third.follows(&first), Err(FollowError::BrokenChain));
    let new_owner = Identity::generate(AccountId(Uuid::from_u128(0x24)), &mut world.rng);
    let me = [new_owner.trusted()];
    let taken_over = begin_epoch(&plan(&me, &me), Some(&trusted(&first)), &new_owner, at(60), &mut world.rng);
    let taken_over = taken_over.unwrap();
    assert_eq!(taken_over.leaf.verify().unwrap().follows(&first), Ok(Continuity::Unvouched));
}

#[test]
fn a_leaf_is_signed_by_its_subject() {
    let world = World::new();
    let published = world.leaf.leaf().to_bytes();
    // The signer stands before the signature and the byte that says there is no voucher.
    let signer = published.len() - 1 - 64 - 32..published.len() - 1 - 64;
    let mut somebody_else = published.clone();
    somebody_else[signer].copy_from_slice(world.patient.keys().sign().as_bytes());
    assert_eq!(Leaf::parse(&somebody_else).unwrap().verify(), Err(LeafError::SignerMayNot));
}

#[test]
fn fingerprints_are_sixty_digits_and_come_back() {
    let world = World::new();
    let fingerprint = world.leaf.fingerprint();
    let lines = fingerprint.lines();
    for line in &lines {
        assert_eq!(line.split(' ').map(str::len).collect::<Vec<_>>(), [5; 4]);
    }
    assert_eq!(lines.join("\n").parse(), Ok(fingerprint));
    assert_eq!(fingerprint.to_string().replace(' ', "").parse(), Ok(fingerprint));
    let digits = fingerprint.to_string();
    let letter = format!("{}x", &digits[1..]);
    for wrong in ["", &digits[1..], &format!("{digits}0"), &letter, "٣"] {
        assert_eq!(wrong.parse::<Fingerprint>(), Err(FingerprintError), "{wrong}");
    }
}

#[test]
fn a_fingerprint_is_of_the_owners_and_not_of_the_epoch() {
    let mut world = World::new();
    let first = world.leaf.clone();
    let members = [world.owner.trusted()];
    let second = world.next_epoch(&first, &members).leaf.verify().unwrap();
    assert_ne!(first.key_id(), second.key_id());
    assert_eq!(first.fingerprint(), second.fingerprint());
    assert_ne!(first.fingerprint(), World::with_seed(2).leaf.fingerprint());
    let person = account_leaf(&world.patient);
    assert_ne!(person.fingerprint(), account_leaf(&world.owner).fingerprint());
    assert_eq!(person.subject(), Subject::Account(PATIENT));
}

#[test]
fn a_pin_goes_from_unknown_to_pinned_to_changed_and_back() {
    let mut world = World::new();
    let before = account_leaf(&world.patient);
    let after = account_leaf(&Identity::generate(PATIENT, &mut world.rng));
    assert_eq!(Pin::Unknown.account(&before), Err(PinError::NotPinned));
    let pinned = Pin::Unknown.observe(&before).unwrap();
    assert_eq!(pinned.account(&before), Ok(world.patient.trusted()));
    assert_eq!(pinned.account(&after), Err(PinError::NotPinned));
    let changed = pinned.observe(&after).unwrap();
    for leaf in [&before, &after] {
        assert_eq!(changed.account(leaf), Err(PinError::Changed));
    }
    assert_eq!(changed.agree(&before.fingerprint()), Err(PinError::NotOnOffer));
    let agreed = changed.agree(&after.fingerprint()).unwrap();
    assert!(agreed.account(&after).is_ok());
    assert_eq!(agreed.account(&before), Err(PinError::NotPinned));
    // The server stops lying.
    assert_eq!(changed.observe(&before), Ok(pinned));
}

#[test]
fn a_pin_is_of_one_subject() {
    let world = World::new();
    let patient = Pin::Unknown.observe(&account_leaf(&world.patient)).unwrap();
    assert_eq!(patient.observe(&account_leaf(&world.owner)), Err(PinError::OtherSubject));
    assert_eq!(patient.practice(&world.leaf).unwrap_err(), PinError::OtherSubject);
    assert_eq!(patient.practice(&account_leaf(&world.patient)).unwrap_err(), PinError::OtherSubject);
    assert_eq!(world.pin.account(&world.leaf).unwrap_err(), PinError::OtherSubject);
}

#[test]
fn a_past_epoch_of_the_pinned_owners_is_enough_to_read_by() {
    let mut world = World::new();
    let first = world.leaf.clone();
    let members = [world.owner.trusted()];
    let second = world.next_epoch(&first, &members).leaf.verify().unwrap();
    let pin = world.pin.observe(&second).unwrap();
    assert!(pin.past_practice(&first).is_ok());
    assert!(pin.practice(&first).is_err());
    assert_eq!(pin.past_practice(&World::with_seed(2).leaf).unwrap_err(), PinError::NotPinned);
    assert_eq!(pin.past_practice(&account_leaf(&world.owner)).unwrap_err(), PinError::OtherSubject);
    assert!(matches!(first.statement(), Statement::Practice(_)));
}

#[test]
fn pins_are_kept_by_the_browser() {
    let mut world = World::new();
    let members = [world.owner.trusted()];
    let first = world.leaf.clone();
    let mut theirs = World::with_seed(2);
    let their_first = theirs.leaf.clone();
    let their_members = [theirs.owner.trusted()];
    let changed = theirs.next_epoch(&their_first, &their_members).leaf.verify().unwrap();
    let second = world.next_epoch(&first, &members).leaf.verify().unwrap();
    for pin in [
        Pin::Unknown,
        world.pin.clone(),
        world.pin.observe(&second).unwrap(),
        world.pin.observe(&changed).unwrap(),
        Pin::Unknown.observe(&account_leaf(&world.patient)).unwrap(),
    ] {
        let stored = pin.to_bytes();
        assert_eq!(Pin::parse(&stored), Ok(pin));
        for length in 0..stored.len() {
            assert_eq!(Pin::parse(&stored[..length]), Err(ParseError::Truncated));
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_a_fingerprint_panic(text in any::<String>()) {
        if let Ok(fingerprint) = text.parse::<Fingerprint>() {
            prop_assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        }
    }
}
