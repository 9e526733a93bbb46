//! What owners do: begin epochs, let people go, give keys, and recover what was lost.

use sealing::directory::Leaf;
use shared_types::{
    personal::Personal,
    users::{Mailbox, StaffRole},
    vault::{VaultRefusal, VaultReply, VaultRequest},
};

use crate::{
    server::Server,
    world::{
        NOTE, Person, World, account, at, changed, context, decode, encode, message, note_id, reason,
        the_practice,
    },
};

fn begin(mailbox: Mailbox) -> VaultRequest {
    VaultRequest::BeginEpoch { mailbox, remove: Vec::new(), renew_recovery: false }
}

fn recover(mailbox: Mailbox, shares: [&String; 2]) -> VaultRequest {
    VaultRequest::RecoverMailbox { mailbox, shares: shares.map(|share| Personal::new(share.clone())) }
}

#[test]
fn the_first_epoch_prints_shares_and_a_later_one_only_when_asked() {
    let mut world = World::new();
    assert_eq!(world.shares.each_ref().map(|share| share.split('-').count()), [24; 3]);
    assert_eq!(world.owner.begin(&mut world.server, &[]), None);
    let mailbox = world.owner.mailbox(&world.server);
    let request = VaultRequest::BeginEpoch { mailbox, remove: Vec::new(), renew_recovery: true };
    let reply = world.owner.ask(request);
    let VaultReply::EpochBegun { epoch, shares: Some(shares), .. } = &reply else { panic!("{reply:?}") };
    let printed = format!("{reply:?}");
    assert!(shares.iter().all(|share| !printed.contains(share.expose().as_str())));
    // One for the recovery key and one for each of two; a certificate for each.
    assert_eq!((epoch.grants.len(), epoch.certificates.len()), (3, 2));
    assert_eq!(epoch.grants.iter().filter(|grant| grant.account_id.is_none()).count(), 1);
}

#[test]
fn who_leaves_reads_what_they_had_and_nothing_after() {
    let mut world = World::with_note();
    let before = world.server.clone();
    let gone = world.receptionist.account;
    world.owner.begin(&mut world.server, &[gone]);
    assert!(world.server.mailbox(world.owner.account, None).members.iter().all(|it| it.account_id != gone));
    let after = message("still itching");
    world.patient.write(&mut world.server, context(note_id(0x41), 1), after.clone(), false);
    assert_eq!(world.owner.read(&world.server, true), [Ok(reason()), Ok(after)]);
    assert_eq!(world.receptionist.read(&before, true), [Ok(reason())]);
    assert_eq!(world.receptionist.read(&world.server, true), [Ok(reason()), Err(VaultRefusal::NoGrant)]);
    // Their certificate was good for the epoch that is over.
    let forged = message("I still work here.");
    world.receptionist.write(&mut world.server, context(note_id(0x42), 1), forged, true);
    assert_eq!(world.patient.read(&world.server, false)[2], Err(VaultRefusal::OtherSender));
}

#[test]
fn somebody_new_is_given_the_keys_of_every_epoch_and_is_known_to_patients() {
    let mut world = World::with_note();
    world.owner.begin(&mut world.server, &[]);
    let mut newcomer = Person::new(0x24, &mut world.server);
    world.server.staff.push((newcomer.account, vec![StaffRole::Practitioner]));
    world.owner.give(&mut world.server, &[newcomer.account]);
    assert_eq!(newcomer.read(&world.server, true), [Ok(reason())]);
    let answer = message("I am new here.");
    newcomer.write(&mut world.server, context(note_id(0x41), 1), answer.clone(), true);
    assert_eq!(world.patient.read(&world.server, false), [Ok(reason()), Ok(answer)]);
    // Nothing is given twice.
    let mailbox = world.owner.mailbox(&world.server);
    let reply = world.owner.ask(VaultRequest::GiveKeys { mailbox, to: vec![newcomer.account] });
    let VaultReply::KeysGiven { keys, .. } = reply else { panic!("{reply:?}") };
    assert!(keys.grants.is_empty() && keys.certificates.is_empty());
}

#[test]
fn only_an_owner_begins_and_gives_and_recovers() {
    let mut world = World::new();
    let mailbox = world.receptionist.mailbox(&world.server);
    world.receptionist.is_refused(begin(mailbox.clone()), VaultRefusal::NotAnOwner);
    let give = VaultRequest::GiveKeys { mailbox: mailbox.clone(), to: vec![world.owner.account] };
    world.receptionist.is_refused(give, VaultRefusal::NotAnOwner);
    let [first, second, _] = &world.shares;
    world.receptionist.is_refused(recover(mailbox, [first, second]), VaultRefusal::NotAnOwner);
    // Nor does an owner who is letting themselves go.
    let mailbox = world.owner.mailbox(&world.server);
    let remove = vec![world.owner.account];
    let leave = VaultRequest::BeginEpoch { mailbox, remove, renew_recovery: false };
    world.owner.is_refused(leave, VaultRefusal::NotAnOwner);
}

#[test]
fn keys_are_given_to_those_who_have_keys_by_those_who_hold_some() {
    let mut world = World::new();
    let mut mailbox = world.owner.mailbox(&world.server);
    let give = |mailbox: &Mailbox, to| VaultRequest::GiveKeys { mailbox: mailbox.clone(), to: vec![to] };
    world.owner.is_refused(give(&mailbox, account(0x99)), VaultRefusal::Damaged);
    mailbox.epochs[0].grant = None;
    world.owner.is_refused(give(&mailbox, world.receptionist.account), VaultRefusal::NoGrant);
}

#[test]
fn another_owner_is_a_change_for_everybody_but_the_one_who_made_it() {
    let mut world = World::with_note();
    world.server.staff[1].1.push(StaffRole::Owner);
    world.owner.begin(&mut world.server, &[]);
    assert!(matches!(world.owner.look_at_practice(&world.server), VaultReply::Seen { .. }));
    let seen = changed(world.patient.look_at_practice(&world.server));
    assert_eq!(seen.epoch, Some(2));
    // Nothing is sealed or read until the patient agrees, and then the old notes are read as well.
    let sealed = world.patient.seal(&world.server, context(NOTE, 2), reason(), false);
    assert_eq!(changed(sealed), seen);
    assert_eq!(changed(world.patient.open(&world.server, false)), seen);
    world.patient.agree(&seen);
    assert_eq!(world.patient.read(&world.server, false), [Ok(reason())]);
    // The new owner may do the same.
    let gone = world.owner.account;
    world.receptionist.begin(&mut world.server, &[gone]);
    assert_eq!(world.receptionist.read(&world.server, true), [Ok(reason())]);
}

#[test]
fn a_fingerprint_that_is_not_on_offer_is_not_agreed_to() {
    let mut world = World::new();
    world.patient.look_at_practice(&world.server);
    let other = "12345 ".repeat(12);
    for (fingerprint, why) in
        [(other.trim_end(), VaultRefusal::ForeignKeys), ("twelve groups", VaultRefusal::Damaged)]
    {
        let request = VaultRequest::Agree { subject: the_practice(), fingerprint: fingerprint.to_owned() };
        world.patient.is_refused(request, why);
    }
}

/// The owner has lost everything and made new keys; the receptionist has left.
fn after_the_loss(world: &mut World) -> Person {
    world.server.staff.truncate(1);
    let former = world.server.published(world.owner.account, None).entry;
    let former = Leaf::parse(&decode(&former.leaf)).unwrap().verify().unwrap();
    let again = Person::with_seed(0x21, 0x1021, &mut Server::new());
    let leaf = Leaf::account(&again.identity, Some(&former), None, at(1));
    world.server.publish(again.account, &encode(&leaf.to_bytes()));
    again
}

#[test]
fn two_shares_open_what_everybody_lost_and_the_next_epoch_begins_with_it() {
    let mut world = World::with_note();
    world.owner.begin(&mut world.server, &[]);
    let second = message("still itching");
    world.patient.write(&mut world.server, context(note_id(0x41), 1), second.clone(), false);
    let mut owner = after_the_loss(&mut world);
    let mut colleague = Person::new(0x24, &mut world.server);
    world.server.staff.push((colleague.account, vec![StaffRole::Practitioner]));
    let [first_share, _, third_share] = world.shares.clone();
    let mailbox = owner.mailbox(&world.server);
    assert!(mailbox.epochs.iter().all(|epoch| epoch.grant.is_none()));
    let reply = owner.ask(recover(mailbox, [&third_share.to_lowercase(), &first_share]));
    let VaultReply::Recovered { epoch: Some(epoch), keys, .. } = reply else { panic!("{reply:?}") };
    world.server.begin(&epoch);
    // Two epochs for each of two.
    assert_eq!((keys.grants.len(), keys.certificates.len()), (4, 0));
    world.server.give(&keys);
    for staff in [&mut owner, &mut colleague] {
        staff.reload();
        assert_eq!(staff.read(&world.server, true), [Ok(reason()), Ok(second.clone())]);
    }
    // The patient, who had pinned the practice, is asked; then everything goes on.
    let seen = changed(world.patient.open(&world.server, false));
    world.patient.agree(&seen);
    let answer = message("We are back.");
    colleague.write(&mut world.server, context(note_id(0x42), 1), answer.clone(), true);
    let all = [Ok(reason()), Ok(second), Ok(answer)];
    assert_eq!(world.patient.read(&world.server, false), all);
    // The printed shares stay good.
    let mailbox = owner.mailbox(&world.server);
    let reply = owner.ask(recover(mailbox, [&first_share, &third_share]));
    assert!(matches!(reply, VaultReply::Recovered { epoch: None, .. }), "{reply:?}");
}

#[test]
fn an_owner_whom_the_epoch_knows_recovers_without_another() {
    let mut world = World::with_note();
    let mut mailbox = world.owner.mailbox(&world.server);
    mailbox.epochs[0].grant = None;
    mailbox.members[0].holds.clear();
    let [first, second, _] = &world.shares;
    let reply = world.owner.ask(recover(mailbox, [first, second]));
    let VaultReply::Recovered { epoch: None, keys, .. } = reply else { panic!("{reply:?}") };
    assert_eq!((keys.grants.len(), keys.certificates.len()), (1, 1));
    assert_eq!(keys.grants[0].account_id, Some(world.owner.account));
}

#[test]
fn shares_that_do_not_go_together_open_nothing() {
    let mut world = World::new();
    let [first, second, _] = world.shares.clone();
    let elsewhere = World::new().shares;
    let mailbox = world.owner.mailbox(&world.server);
    let mistyped = format!("{}{}", if first.starts_with('0') { "1" } else { "0" }, &first[1..]);
    for (shares, why) in [
        ([&first, &first], VaultRefusal::Shares),
        ([&mistyped, &second], VaultRefusal::Shares),
        ([&first, &"".to_owned()], VaultRefusal::Shares),
        // Another practice of the same name: well-formed, and another key.
        ([&first, &elsewhere[1]], VaultRefusal::WrongKey),
    ] {
        world.owner.is_refused(recover(mailbox.clone(), shares), why);
    }
    let mut hidden = mailbox;
    hidden.epochs[0].recovery_grant = None;
    world.owner.is_refused(recover(hidden, [&first, &second]), VaultRefusal::NoGrant);
}
