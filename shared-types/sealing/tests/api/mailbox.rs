//! A practice's epochs: beginning, giving, leaving, certifying, losing everything.

use sealing::{
    account_key::CodeError,
    counter::Epoch,
    directory::{Pin, Statement, VerifiedLeaf},
    envelope::{Expected, ExpectedSender, OpenError, RecipientId, RecipientKey, Sender, open, seal},
    identity::Identity,
    mailbox::{
        BeginError, CertificateError, CombineError, EpochPlan, Grant, GrantOpenError, Holder, Owners,
        OwnersError, PracticeEpoch, Recovery, RecoveryKey, Share, StaffCertificate, begin_epoch,
    },
    wire::ParseError,
};
use shared_types::{AccountId, OrganizationId};
use uuid::Uuid;

use crate::world::{PRACTICE, World, at, context, plan, reason, trusted};

const ELSEWHERE: OrganizationId = OrganizationId(Uuid::from_u128(0x11));

fn practice(leaf: &VerifiedLeaf) -> &PracticeEpoch {
    match leaf.statement() {
        Statement::Practice(practice) => practice,
        Statement::Account(_) => panic!("a practice's leaf"),
    }
}

/// The grant that is for a person.
fn grant_for<'a>(grants: &'a [Grant], person: &Identity) -> &'a Grant {
    let holder = Holder::Member(person.keys().key_id());
    grants.iter().find(|grant| grant.holder() == holder).unwrap()
}

#[test]
fn every_member_opens_the_mailbox_with_their_own_grant() {
    let mut world = World::new();
    let envelope = world.envelope();
    let recipients = world.recipient_ids();
    for member in [&world.owner, &world.receptionist] {
        let grant = Grant::parse(&grant_for(&world.first.grants, member).to_bytes()).unwrap();
        let mailbox = grant.open(member, practice(&world.leaf), &[]).unwrap();
        assert_eq!(mailbox.key_id(), world.mailbox().key_id());
        let opened = open(&world.expected(&recipients), &envelope, &RecipientKey::Practice(&mailbox));
        assert_eq!(opened, Ok(reason()));
    }
}

#[test]
fn somebody_new_gets_the_key_of_the_epoch_that_is_on() {
    let mut world = World::new();
    let new = Identity::generate(AccountId(Uuid::from_u128(0x23)), &mut world.rng);
    let grant = world.first.mailbox.grant(&new.trusted(), &world.owner, &mut world.rng).unwrap();
    let opened = grant.open(&new, practice(&world.leaf), &[]).unwrap();
    assert_eq!(opened.key_id(), world.mailbox().key_id());
}

#[test]
fn who_leaves_cannot_read_what_comes_after_and_who_stays_reads_both() {
    let mut world = World::new();
    let before = world.envelope();
    let old_leaf = world.leaf.clone();
    let members = [world.owner.trusted()];
    let second = world.next_epoch(&old_leaf, &members);
    let leaf = second.leaf.clone().verify().unwrap();
    // No grant names the one who left.
    let left = Holder::Member(world.receptionist.keys().key_id());
    assert!(second.grants.iter().all(|grant| grant.holder() != left));
    // The patient's browser takes note and seals to the new key.
    world.pin = world.pin.observe(&leaf).unwrap();
    world.leaf = leaf;
    let after = world.envelope();
    assert_eq!(after.epoch().get(), 2);
    let ids: Vec<RecipientId> = after.recipients().collect();
    let expected = world.expected(&ids);
    // The one who left still holds the old key.
    let old_grant = grant_for(&world.first.grants, &world.receptionist);
    let old_key = old_grant.open(&world.receptionist, practice(&old_leaf), &[]);
    let opened = open(&expected, &after, &RecipientKey::Practice(&old_key.unwrap()));
    assert_eq!(opened, Err(OpenError::NotForThisKey));
    // The one who stays holds both.
    let new_grant = grant_for(&second.grants, &world.owner);
    let new_key = new_grant.open(&world.owner, practice(&world.leaf), &[]).unwrap();
    assert_eq!(open(&expected, &after, &RecipientKey::Practice(&new_key)), Ok(reason()));
    let ids: Vec<RecipientId> = before.recipients().collect();
    let opened = open(&world.expected(&ids), &before, &RecipientKey::Practice(&world.first.mailbox));
    assert_eq!(opened, Ok(reason()));
}

#[test]
fn grants_that_do_not_fit_are_refused() {
    let mut world = World::new();
    let first = world.leaf.clone();
    let members = [world.owner.trusted(), world.receptionist.trusted()];
    let second = world.next_epoch(&first, &members);
    let second_leaf = second.leaf.verify().unwrap();
    let theirs = World::with_seed(2);
    let grant = grant_for(&world.first.grants, &world.owner);
    let open = |grant: &Grant, leaf: &VerifiedLeaf| {
        grant.open(&world.owner, practice(leaf), &[]).map(|key| key.key_id())
    };
    assert_eq!(open(grant, &second_leaf), Err(GrantOpenError::OtherEpoch));
    // The same practice's name with other owners and another key: a server's invention.
    assert_eq!(open(grant, &theirs.leaf), Err(GrantOpenError::NotAnOwner));
    let for_another = grant_for(&world.first.grants, &world.receptionist);
    assert_eq!(open(for_another, &first), Err(GrantOpenError::OtherHolder));
    assert_eq!(open(grant, &first), Ok(world.mailbox().key_id()));
}

#[test]
fn an_owner_of_a_later_epoch_gives_the_keys_of_those_before_and_nobody_else_does() {
    let mut world = World::new();
    let new_owner = Identity::generate(AccountId(Uuid::from_u128(0x24)), &mut world.rng);
    let first = world.leaf.clone();
    let me = [new_owner.trusted()];
    let previous = trusted(&first);
    let begun = begin_epoch(&plan(&me, &me), Some(&previous), &new_owner, at(60), &mut world.rng).unwrap();
    let second = begun.leaf.verify().unwrap();
    let key = &world.first.mailbox;
    let grant = key.grant(&new_owner.trusted(), &new_owner, &mut world.rng).unwrap();
    let opened = grant.open(&new_owner, practice(&first), &[practice(&second)]).unwrap();
    assert_eq!(opened.key_id(), key.key_id());
    // Who knows of no later epoch takes no later owner, and an earlier owner gives no later key.
    assert_eq!(grant.open(&new_owner, practice(&first), &[]).unwrap_err(), GrantOpenError::NotAnOwner);
    let by_former = begun.mailbox.grant(&new_owner.trusted(), &world.owner, &mut world.rng).unwrap();
    let opened = by_former.open(&new_owner, practice(&second), &[practice(&first)]);
    assert_eq!(opened.unwrap_err(), GrantOpenError::NotAnOwner);
}

#[test]
fn a_grant_of_another_practice_is_refused() {
    let mut world = World::new();
    let me = [world.owner.trusted()];
    let plan = EpochPlan { organization: ELSEWHERE, ..plan(&me, &me) };
    let elsewhere = begin_epoch(&plan, None, &world.owner, at(0), &mut world.rng).unwrap();
    let grant = grant_for(&elsewhere.grants, &world.owner);
    let opened = grant.open(&world.owner, practice(&world.leaf), &[]);
    assert_eq!(opened.unwrap_err(), GrantOpenError::OtherPractice);
}

#[test]
fn every_cut_and_every_flipped_bit_of_a_grant_is_refused() {
    let world = World::new();
    let stored = grant_for(&world.first.grants, &world.owner).to_bytes();
    for length in 0..stored.len() {
        assert_eq!(Grant::parse(&stored[..length]), Err(ParseError::Truncated), "{length}");
    }
    for bit in 0..stored.len() * 8 {
        let mut altered = stored.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let opened = Grant::parse(&altered);
        let opened = opened.ok().map(|grant| grant.open(&world.owner, practice(&world.leaf), &[]));
        assert!(!matches!(opened, Some(Ok(_))), "bit {bit}");
    }
}

#[test]
fn only_an_owner_who_stays_begins_an_epoch() {
    let mut world = World::new();
    let (owner, other) = ([world.owner.trusted()], [world.receptionist.trusted()]);
    let previous = trusted(&world.leaf);
    let elsewhere = EpochPlan { organization: ELSEWHERE, ..plan(&owner, &owner) };
    for (plan, previous, expected) in [
        (plan(&other, &owner), None, BeginError::NotAnOwner),
        (plan(&owner, &other), None, BeginError::ActorLeftOut),
        (plan(&[], &owner), None, BeginError::Owners(OwnersError::Nobody)),
        (elsewhere, Some(&previous), BeginError::OtherPractice),
    ] {
        let begun = begin_epoch(&plan, previous, &world.owner, at(0), &mut world.rng);
        assert_eq!(begun.unwrap_err(), expected);
    }
}

#[test]
fn a_practice_has_from_one_to_sixteen_owners() {
    let mut world = World::new();
    let keys: Vec<_> = (0..17)
        .map(|at| *Identity::generate(AccountId(Uuid::from_u128(at)), &mut world.rng).keys().sign())
        .collect();
    assert_eq!(Owners::new([]), Err(OwnersError::Nobody));
    assert_eq!(Owners::new(keys.clone()), Err(OwnersError::TooMany));
    let owners = Owners::new(keys[..16].iter().rev().copied()).unwrap();
    assert_eq!(owners, Owners::new(keys[..16].iter().chain(&keys[..3]).copied()).unwrap());
}

#[test]
fn a_patient_knows_who_wrote_for_the_practice() {
    let mut world = World::new();
    let recipients = world.recipients();
    let sender = Sender::Account(&world.receptionist);
    let envelope = seal(&context(), &reason(), &sender, &recipients, &mut world.rng).unwrap();
    let certificate = world
        .first
        .certificates
        .iter()
        .find(|certificate| certificate.account() == world.receptionist.keys().account())
        .unwrap();
    let certificate = StaffCertificate::parse(&certificate.to_bytes()).unwrap();
    let sender = certificate.verify(world.pin.past_practice(&world.leaf).unwrap()).unwrap();
    let ids = world.recipient_ids();
    let expected = Expected { sender, ..world.expected(&ids) };
    assert_eq!(open(&expected, &envelope, &RecipientKey::Patient(&world.patient)), Ok(reason()));
    // Somebody without a certificate is nobody.
    let expected = Expected { sender: ExpectedSender::account(world.owner.keys()), ..expected };
    let opened = open(&expected, &envelope, &RecipientKey::Patient(&world.patient));
    assert_eq!(opened, Err(OpenError::OtherSender));
}

#[test]
fn certificates_that_do_not_fit_are_refused() {
    let mut world = World::new();
    let first = world.leaf.clone();
    let members = [world.owner.trusted()];
    let second = world.next_epoch(&first, &members).leaf.verify().unwrap();
    let theirs = World::with_seed(2);
    let member = world.receptionist.trusted();
    let issue =
        |organization, by: &Identity| StaffCertificate::issue(organization, Epoch::FIRST, &member, by);
    for (certificate, leaf, expected) in [
        (issue(ELSEWHERE, &world.owner), &first, CertificateError::OtherPractice),
        (issue(PRACTICE, &world.owner), &second, CertificateError::OtherEpoch),
        (issue(PRACTICE, &theirs.owner), &first, CertificateError::NotAnOwner),
        // One may not certify oneself.
        (issue(PRACTICE, &world.receptionist), &first, CertificateError::NotAnOwner),
    ] {
        assert_eq!(certificate.verify(practice(leaf)), Err(expected));
    }
    let stored = issue(PRACTICE, &world.owner).to_bytes();
    for bit in 0..stored.len() * 8 {
        let mut altered = stored.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let verified = StaffCertificate::parse(&altered).ok().map(|altered| altered.verify(practice(&first)));
        assert!(!matches!(verified, Some(Ok(_))), "bit {bit}");
    }
}

#[test]
fn any_two_shares_open_what_the_practice_lost() {
    let mut world = World::new();
    let members = [world.owner.trusted()];
    let first = world.leaf.clone();
    // The recovery key lasts over epochs.
    let second = world.next_epoch(&first, &members);
    assert!(second.recovery.is_none());
    let leaf = second.leaf.clone().verify().unwrap();
    let shares = world.recovery.split(&mut world.rng);
    let shares =
        shares.map(|share| Share::read(&share.print().expose().to_lowercase().replace('-', " ")).unwrap());
    let [a, b, c] = &shares;
    assert_eq!([a, b, c].map(Share::number), [1, 2, 3]);
    for chosen in [vec![a, b], vec![b, c], vec![c, a], vec![a, b, c]] {
        let chosen: Vec<Share> = chosen.into_iter().cloned().collect();
        for (grants, leaf) in [(&world.first.grants, &first), (&second.grants, &leaf)] {
            let recovery = RecoveryKey::combine(&chosen, practice(leaf)).unwrap();
            let grant = grants.iter().find(|grant| matches!(grant.holder(), Holder::Recovery(_))).unwrap();
            let mailbox = recovery.open(grant, practice(leaf), &[]).unwrap();
            assert_eq!(mailbox.key_id(), leaf.key_id());
        }
    }
}

#[test]
fn shares_that_do_not_go_together_are_refused() {
    let mut world = World::new();
    let [a, b, _] = world.recovery.split(&mut world.rng);
    let [_, split_again, _] = world.recovery.split(&mut world.rng);
    let owner = [world.owner.trusted()];
    let renewed = EpochPlan { recovery: Recovery::Renew, ..plan(&owner, &owner) };
    let elsewhere = EpochPlan { organization: ELSEWHERE, ..plan(&owner, &owner) };
    let previous = trusted(&world.leaf);
    let mut share_of = |plan, previous| {
        let begun = begin_epoch(plan, previous, &world.owner, at(60), &mut world.rng).unwrap();
        let [_, second, _] = begun.recovery.unwrap().split(&mut world.rng);
        second
    };
    let of_later = share_of(&renewed, Some(&previous));
    let of_elsewhere = share_of(&elsewhere, None);
    for (shares, expected) in [
        (vec![], CombineError::TooFew),
        (vec![a.clone()], CombineError::TooFew),
        (vec![a.clone(), a.clone()], CombineError::SameShare),
        (vec![a.clone(), of_elsewhere], CombineError::OtherPractice),
        (vec![a.clone(), of_later], CombineError::OtherEpoch),
        (vec![a.clone(), split_again], CombineError::WrongShares),
    ] {
        assert_eq!(RecoveryKey::combine(&shares, practice(&world.leaf)).unwrap_err(), expected);
    }
    assert!(RecoveryKey::combine(&[a, b], practice(&world.leaf)).is_ok());
}

#[test]
fn a_wrong_character_in_a_share_is_noticed() {
    let mut world = World::new();
    let [share, ..] = world.recovery.split(&mut world.rng);
    let printed = share.print();
    let text = printed.expose();
    assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [4; 24]);
    for (at, letter) in text.char_indices().filter(|(_, letter)| *letter != '-') {
        let other = if letter == '7' { "8" } else { "7" };
        let slip = format!("{}{other}{}", &text[..at], &text[at + 1..]);
        assert_eq!(Share::read(&slip), Err(CodeError::Checksum), "{at}");
    }
    assert_eq!(Share::read(&text[..text.len() - 5]), Err(CodeError::Length { expected: 96 }));
}

#[test]
fn nothing_secret_of_a_mailbox_is_printed() {
    let mut world = World::new();
    let [share, ..] = world.recovery.split(&mut world.rng);
    assert!(format!("{:?}", world.first.mailbox).contains("[secret]"));
    assert!(format!("{:?}", world.recovery).contains("[secret]"));
    assert!(format!("{share:?}").contains("[secret]"));
    assert_eq!(format!("{:?}", share.print()), "[secret]");
}

#[test]
fn a_practice_that_recovers_with_a_new_owner_is_shown_as_changed() {
    let mut world = World::new();
    let new_owner = Identity::generate(AccountId(Uuid::from_u128(0x24)), &mut world.rng);
    let me = [new_owner.trusted()];
    let previous = trusted(&world.leaf);
    let begun = begin_epoch(&plan(&me, &me), Some(&previous), &new_owner, at(60), &mut world.rng).unwrap();
    let leaf = begun.leaf.verify().unwrap();
    let pin = world.pin.observe(&leaf).unwrap();
    assert!(matches!(pin, Pin::Changed { .. }));
    let pin = pin.agree(&leaf.fingerprint()).unwrap();
    assert!(pin.practice(&leaf).is_ok());
}
