//! The key log: what a browser has seen of it, it is not shown otherwise.

use shared_types::{
    users::{KeyLogHead, PublishedKeys},
    vault::{VaultRefusal, VaultReply, VaultRequest},
};
use transparency::Hash;

use crate::{
    server::{Log, Server},
    world::{NOTE, Person, World, context, reason},
};

fn look(keys: PublishedKeys) -> VaultRequest {
    VaultRequest::Look { keys }
}

#[test]
fn a_log_that_has_grown_is_believed_with_its_proof() {
    let mut world = World::new();
    world.patient.look_at_practice(&world.server);
    let before = world.patient.since();
    for number in 0x50..0x59 {
        Person::new(number, &mut world.server);
        let reply = world.patient.look_at_practice(&world.server);
        assert!(matches!(reply, VaultReply::Seen { book: Some(_), .. }), "{reply:?}");
    }
    assert_eq!(world.patient.since(), before.map(|size| size + 9));
}

#[test]
fn another_root_of_the_same_size_is_another_log() {
    let mut world = World::new();
    world.patient.look_at_practice(&world.server);
    let since = world.patient.since();
    let mut keys = world.server.practice(since);
    keys.head = world.server.log.head_of(since, since.unwrap(), Hash::leaf(b"another"));
    world.patient.is_refused(look(keys), VaultRefusal::SplitView);
}

#[test]
fn growth_without_its_proof_is_another_log() {
    let mut world = World::new();
    world.patient.look_at_practice(&world.server);
    let since = world.patient.since();
    Person::new(0x50, &mut world.server);
    Person::new(0x51, &mut world.server);
    let honest = world.server.practice(since);
    let proof = honest.head.consistency.clone().unwrap();
    let mut altered = proof.clone();
    altered[0] = Hash::leaf(b"another").to_string();
    let mut shorter = proof.clone();
    shorter.pop();
    let unreadable = vec!["not a hash".to_owned(); proof.len()];
    for consistency in [None, Some(Vec::new()), Some(altered), Some(shorter), Some(unreadable)] {
        let head = KeyLogHead { consistency, ..honest.head.clone() };
        let keys = PublishedKeys { head, ..honest.clone() };
        world.patient.is_refused(look(keys), VaultRefusal::SplitView);
    }
    // A proof from where the browser is not.
    let keys = world.server.practice(since.map(|size| size - 1));
    world.patient.is_refused(look(keys), VaultRefusal::SplitView);
    assert!(matches!(world.patient.ask(look(honest)), VaultReply::Seen { .. }));
}

#[test]
fn a_log_that_has_shrunk_is_another_log() {
    let mut world = World::new();
    let before = world.server.clone();
    Person::new(0x50, &mut world.server);
    world.patient.look_at_practice(&world.server);
    let keys = before.practice(None);
    world.patient.is_refused(look(keys), VaultRefusal::SplitView);
}

#[test]
fn another_key_or_another_name_is_another_log() {
    let mut world = World::new();
    world.patient.look_at_practice(&world.server);
    let honest = world.server.practice(world.patient.since());
    for (origin, seed) in [("hellomapper.example/keys", 2), ("elsewhere.example/keys", 1)] {
        let mut server = Server::new();
        server.log = Log::new(origin, seed);
        let other = World::before(server);
        let keys = other.server.practice(None);
        world.patient.is_refused(look(keys), VaultRefusal::SplitView);
    }
    // The right key under another name, at first sight.
    let mut newcomer = Person::new(0x50, &mut Server::new());
    let mut keys = honest.clone();
    keys.head.checkpoint = world.server.log.sign("elsewhere.example/keys".to_owned(), 4, Hash::leaf(b""));
    newcomer.is_refused(look(keys), VaultRefusal::SplitView);
    assert!(matches!(world.patient.ask(look(honest)), VaultReply::Seen { .. }));
}

#[test]
fn a_checkpoint_that_the_key_did_not_sign_is_refused() {
    let mut world = World::new();
    let honest = world.server.practice(None);
    let other = Log::new("hellomapper.example/keys", 2);
    let signed = |change: &dyn Fn(&mut PublishedKeys)| {
        let mut keys = honest.clone();
        change(&mut keys);
        look(keys)
    };
    let other_key = signed(&|keys| keys.head.key = other.key());
    world.patient.is_refused(other_key, VaultRefusal::Signature);
    let other_size = signed(&|keys| {
        keys.head.checkpoint = keys.head.checkpoint.replacen("\n4\n", "\n5\n", 1);
    });
    world.patient.is_refused(other_size, VaultRefusal::Signature);
    let unreadable = signed(&|keys| keys.head.checkpoint.truncate(20));
    world.patient.is_refused(unreadable, VaultRefusal::Damaged);
    let no_key = signed(&|keys| keys.head.key.clear());
    world.patient.is_refused(no_key, VaultRefusal::Damaged);
    // A name that no book could hold.
    let long = Log::new(&"x".repeat(2000), 1);
    let long = signed(&|keys| keys.head = long.head(None));
    world.patient.is_refused(long, VaultRefusal::Damaged);
}

#[test]
fn a_leaf_that_is_not_in_the_log_is_refused_wherever_it_is_shown() {
    let mut world = World::with_note();
    let mut elsewhere = World::new();
    // The same leaf, and the way to another place.
    let since = world.patient.since();
    let mut keys = world.server.practice(since);
    keys.entry.index -= 1;
    world.patient.is_refused(look(keys), VaultRefusal::NotInLog);
    let mut keys = world.server.practice(since);
    keys.entry.proof.pop();
    world.patient.is_refused(look(keys), VaultRefusal::NotInLog);
    // A leaf of another log, whatever it is about.
    Person::with_seed(0x20, 0x1020, &mut elsewhere.server);
    let theirs = elsewhere.server.published(world.patient.account, None).entry;
    let mut to = world.owner.seal_to(&world.server, true);
    to.patients = vec![theirs.clone()];
    let request = VaultRequest::Seal { context: context(NOTE, 2), note: reason(), to, guest: false };
    world.owner.is_refused(request, VaultRefusal::NotInLog);
    let since = world.owner.since();
    let mut notes = world.server.booking_notes(world.owner.account, true, since);
    notes.patients = vec![theirs.clone()];
    world.owner.is_refused(VaultRequest::Open { notes, as_practice: true }, VaultRefusal::NotInLog);
    let mut mailbox = world.owner.mailbox(&world.server);
    mailbox.members[1].keys = Some(theirs);
    let request = VaultRequest::GiveKeys { mailbox, to: vec![world.receptionist.account] };
    world.owner.is_refused(request, VaultRefusal::NotInLog);
}
