//! "Who looked at my record": what the audit log of a service vouches for.

use serde_json::{Value, json};
use shared_types::vault::{TrailVerdict, VaultRefusal, VaultReply, VaultRequest};
use transparency::{
    Checkpoint, CompactRange, Hash, NodeId, NoteSigner, SignedCheckpoint,
    entry::{Details, Entry, Leaf, Logged, Outcome, Salt},
    note::Algorithm,
    proof,
    trail::{AuditTrail, TrailEntry},
};
use uuid::Uuid;
use vault::Vault;

use crate::{
    server::Server,
    world::{Person, at, refused},
};

/// So many entries, and a checkpoint over the first of them.
fn trail(seed: u8, entries: u64, size: u64) -> AuditTrail {
    let logged: Vec<Logged> = (0..entries).map(entry).collect();
    let (mut range, mut nodes) = (CompactRange::new(), std::collections::HashMap::<NodeId, Hash>::new());
    for line in logged.iter().take(usize::try_from(size).unwrap()) {
        range.push(line.hash(), |id, hash| {
            nodes.insert(id, hash);
        });
    }
    let signer = NoteSigner::new("hellomapper.example/audit/users", Algorithm::Log, &[seed; 32]).unwrap();
    let origin = signer.public().name().to_owned();
    let checkpoint = Checkpoint { origin, size, root: range.root() };
    let items = logged.into_iter().map(|logged| {
        let proof = proof::inclusion(logged.index, size, &mut |id| nodes.get(&id).copied());
        TrailEntry { logged, proof }
    });
    AuditTrail {
        items: items.collect(),
        checkpoint: Some(SignedCheckpoint::sign(checkpoint, [&signer], 0).to_string()),
        key: Some(signer.public().to_string()),
        next: None,
    }
}

fn entry(index: u64) -> Logged {
    let entry = Entry {
        action: "find_me".to_owned(),
        details: Details {
            access_grant_id: None,
            actor: None,
            actor_kind: "anonymous".to_owned(),
            audit_entry_id: Uuid::from_u128(u128::from(index)),
            network: None,
            on_behalf_of: None,
            organization_id: None,
            purpose: "account".to_owned(),
            request_id: None,
            resource_id: "1".to_owned(),
            resource_kind: "account".to_owned(),
            session_id: None,
            strength: None,
            whose: None,
        },
        outcome: Outcome::Allowed,
        salt: Salt([1; 16]),
        time_us: 1,
    };
    let leaf = String::from_utf8(Leaf::of(&entry, index, false).data()).unwrap();
    Logged { index, leaf, entry: Some(entry) }
}

fn check(trail: &AuditTrail) -> VaultRequest {
    VaultRequest::CheckTrail { trail: serde_json::to_value(trail).unwrap() }
}

fn verdicts(reply: VaultReply) -> Vec<TrailVerdict> {
    let VaultReply::TrailChecked { vouched, .. } = reply else { panic!("{reply:?}") };
    vouched
}

#[test]
fn each_entry_is_vouched_for_awaited_or_contradicted() {
    let mut person = Person::new(1, &mut Server::new());
    let honest = trail(1, 4, 3);
    let expected = [TrailVerdict::InLog, TrailVerdict::InLog, TrailVerdict::InLog, TrailVerdict::NotYet];
    assert_eq!(verdicts(person.ask(check(&honest))), expected);
    let mut changed = honest.clone();
    changed.items[1].logged.entry.as_mut().unwrap().action = "nothing".to_owned();
    changed.items[2].proof = None;
    let expected =
        [TrailVerdict::InLog, TrailVerdict::Contradicted, TrailVerdict::Contradicted, TrailVerdict::NotYet];
    assert_eq!(verdicts(person.ask(check(&changed))), expected);
    // Before there is a checkpoint nothing is vouched for.
    let early = AuditTrail { checkpoint: None, key: None, ..trail(1, 1, 0) };
    assert_eq!(verdicts(person.ask(check(&early))), [TrailVerdict::NotYet]);
}

#[test]
fn the_log_and_its_key_are_remembered() {
    let mut person = Person::new(1, &mut Server::new());
    person.ask(check(&trail(1, 4, 3)));
    person.reload();
    // Another key, a shorter log, another log of the same length.
    person.is_refused(check(&trail(2, 4, 3)), VaultRefusal::SplitView);
    person.is_refused(check(&trail(1, 4, 2)), VaultRefusal::SplitView);
    let signer = NoteSigner::new("hellomapper.example/audit/users", Algorithm::Log, &[1; 32]).unwrap();
    let other = Checkpoint { origin: signer.public().name().to_owned(), size: 3, root: Hash::leaf(b"") };
    let checkpoint = Some(SignedCheckpoint::sign(other, [&signer], 0).to_string());
    let other = AuditTrail { checkpoint, ..trail(1, 4, 3) };
    person.is_refused(check(&other), VaultRefusal::SplitView);
    assert_eq!(verdicts(person.ask(check(&trail(1, 4, 4)))), [TrailVerdict::InLog; 4]);
    // Another service has another log.
    assert_eq!(person.since(), None);
}

#[test]
fn a_trail_that_cannot_be_read_or_is_not_signed_is_refused() {
    let mut person = Person::new(1, &mut Server::new());
    let honest = trail(1, 4, 3);
    let without_key = AuditTrail { key: None, ..honest.clone() };
    let forged = AuditTrail { key: trail(2, 1, 1).key, ..honest };
    let request = |trail: Value| VaultRequest::CheckTrail { trail };
    person.is_refused(request(json!({ "items": 1 })), VaultRefusal::Damaged);
    person.is_refused(check(&without_key), VaultRefusal::Damaged);
    person.is_refused(check(&forged), VaultRefusal::Signature);
}

#[test]
fn without_open_keys_it_is_remembered_for_as_long_as_the_worker_lives() {
    let mut vault = Vault::default();
    let reply = vault.answer(check(&trail(1, 4, 3)), at(0));
    assert!(matches!(reply, VaultReply::TrailChecked { book: None, .. }), "{reply:?}");
    assert_eq!(vault.answer(check(&trail(2, 4, 3)), at(0)), refused(VaultRefusal::SplitView));
}
