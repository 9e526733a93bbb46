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

const SERVICE: &str = "users";

/// So many entries, and a checkpoint over the first of them.
fn trail(seed: u8, entries: u64, size: u64) -> AuditTrail {
    grown(seed, None, (0..entries).map(entry).collect(), size)
}

/// The same from a browser that has seen so much of it.
fn since(since: u64, entries: u64, size: u64) -> AuditTrail {
    grown(1, Some(since), (0..entries).map(entry).collect(), size)
}

/// A log of these entries, with a checkpoint over the first of them, and the proof that it has grown.
fn grown(seed: u8, since: Option<u64>, logged: Vec<Logged>, size: u64) -> AuditTrail {
    let (mut range, mut nodes) = (CompactRange::new(), std::collections::HashMap::<NodeId, Hash>::new());
    for line in logged.iter().take(usize::try_from(size).unwrap()) {
        range.push(line.hash(), |id, hash| {
            nodes.insert(id, hash);
        });
    }
    let signer = NoteSigner::new("hellomapper.example/audit/users", Algorithm::Log, &[seed; 32]).unwrap();
    let origin = signer.public().name().to_owned();
    let checkpoint = Checkpoint { origin, size, root: range.root() };
    let consistency =
        since.and_then(|since| proof::consistency(since, size, &mut |id| nodes.get(&id).copied()));
    let items = logged.into_iter().map(|logged| {
        let proof = proof::inclusion(logged.index, size, &mut |id| nodes.get(&id).copied());
        TrailEntry { logged, proof }
    });
    AuditTrail {
        items: items.collect(),
        checkpoint: Some(SignedCheckpoint::sign(checkpoint, [&signer], 0).to_string()),
        key: Some(signer.public().to_string()),
        consistency,
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
    line(index, entry)
}

/// An entry in its place.
fn line(index: u64, entry: Entry) -> Logged {
    let leaf = String::from_utf8(Leaf::of(&entry, index, false).data()).unwrap();
    Logged { index, leaf, entry: Some(entry) }
}

fn check(trail: &AuditTrail) -> VaultRequest {
    VaultRequest::CheckTrail { service: SERVICE.to_owned(), trail: serde_json::to_value(trail).unwrap() }
}

/// How much of the log the vault has seen.
fn seen(vault: &mut Vault) -> Option<u64> {
    let reply = vault.answer(VaultRequest::AuditSince { service: SERVICE.to_owned() }, at(0));
    let VaultReply::Since { since } = reply else { panic!("{reply:?}") };
    since
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
    let mut first = Person::new(2, &mut Server::new());
    assert_eq!(verdicts(first.ask(check(&early))), [TrailVerdict::NotYet]);
}

#[test]
fn the_log_and_its_key_are_remembered() {
    let mut person = Person::new(1, &mut Server::new());
    person.ask(check(&trail(1, 4, 3)));
    person.reload();
    // Another key, a shorter log, none any more, another log of the same length.
    person.is_refused(check(&trail(2, 4, 3)), VaultRefusal::AuditFork);
    person.is_refused(check(&trail(1, 4, 2)), VaultRefusal::AuditFork);
    let unsigned = AuditTrail { checkpoint: None, key: None, ..trail(1, 4, 0) };
    person.is_refused(check(&unsigned), VaultRefusal::AuditFork);
    let signer = NoteSigner::new("hellomapper.example/audit/users", Algorithm::Log, &[1; 32]).unwrap();
    let other = Checkpoint { origin: signer.public().name().to_owned(), size: 3, root: Hash::leaf(b"") };
    let checkpoint = Some(SignedCheckpoint::sign(other, [&signer], 0).to_string());
    let other = AuditTrail { checkpoint, ..trail(1, 4, 3) };
    person.is_refused(check(&other), VaultRefusal::AuditFork);
    assert_eq!(
        verdicts(person.ask(check(&trail(1, 4, 3)))),
        [TrailVerdict::InLog, TrailVerdict::InLog, TrailVerdict::InLog, TrailVerdict::NotYet,]
    );
    // Another service has another log.
    assert_eq!(person.since(), None);
}

#[test]
fn a_log_that_has_grown_is_believed_with_its_proof_and_only_with_it() {
    let mut vault = Vault::default();
    assert_eq!(seen(&mut vault), None);
    vault.answer(check(&trail(1, 4, 3)), at(0));
    assert_eq!(seen(&mut vault), Some(3));
    let honest = since(3, 9, 8);
    let proof = honest.consistency.clone().unwrap();
    let mut altered = proof.clone();
    altered[0] = Hash::leaf(b"another");
    for consistency in [None, Some(Vec::new()), Some(altered), Some(proof[1..].to_vec())] {
        let unproved = AuditTrail { consistency, ..honest.clone() };
        assert_eq!(vault.answer(check(&unproved), at(0)), refused(VaultRefusal::AuditFork));
        assert_eq!(seen(&mut vault), Some(3), "a refusal changes nothing");
    }
    // A proof from where the browser is not.
    assert_eq!(vault.answer(check(&since(2, 9, 8)), at(0)), refused(VaultRefusal::AuditFork));
    assert_eq!(verdicts(vault.answer(check(&honest), at(0)))[7], TrailVerdict::InLog);
    assert_eq!(seen(&mut vault), Some(8));
}

#[test]
fn a_log_that_was_written_anew_and_has_grown_since_is_noticed() {
    let mut vault = Vault::default();
    vault.answer(check(&trail(1, 4, 4)), at(0));
    // The second entry is another one; each line, its proof and the signature fit the new log.
    let mut logged: Vec<Logged> = (0..9).map(entry).collect();
    let mut other = logged[1].entry.clone().unwrap();
    other.details.actor = Some("somebody else".to_owned());
    logged[1] = line(1, other);
    let forked = grown(1, Some(4), logged, 8);
    assert!(verdicts(Vault::default().answer(check(&forked), at(0))).contains(&TrailVerdict::InLog));
    assert_eq!(vault.answer(check(&forked), at(0)), refused(VaultRefusal::AuditFork));
    assert_eq!(seen(&mut vault), Some(4));
}

#[test]
fn a_service_has_one_log_whatever_its_name() {
    let mut vault = Vault::default();
    vault.answer(check(&trail(1, 4, 3)), at(0));
    let named = |origin: &str| {
        let signer = NoteSigner::new(origin, Algorithm::Log, &[9; 32]).unwrap();
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: 0, root: Hash::empty() };
        AuditTrail {
            items: Vec::new(),
            checkpoint: Some(SignedCheckpoint::sign(checkpoint, [&signer], 0).to_string()),
            key: Some(signer.public().to_string()),
            consistency: None,
            next: None,
        }
    };
    // Under a name that this browser does not know, and under another service's.
    for origin in ["elsewhere.example/audit/users", "hellomapper.example/audit/bookings"] {
        assert_eq!(vault.answer(check(&named(origin)), at(0)), refused(VaultRefusal::AuditFork), "{origin}");
    }
    assert_eq!(seen(&mut vault), Some(3));
    // At first sight too, a log is its own service's.
    let other = check(&named("hellomapper.example/audit/bookings"));
    assert_eq!(Vault::default().answer(other, at(0)), refused(VaultRefusal::AuditFork));
}

#[test]
fn a_trail_that_cannot_be_read_or_is_not_signed_is_refused() {
    let mut person = Person::new(1, &mut Server::new());
    let honest = trail(1, 4, 3);
    let without_key = AuditTrail { key: None, ..honest.clone() };
    let forged = AuditTrail { key: trail(2, 1, 1).key, ..honest };
    let request = |trail: Value| VaultRequest::CheckTrail { service: SERVICE.to_owned(), trail };
    person.is_refused(request(json!({ "items": 1 })), VaultRefusal::Damaged);
    person.is_refused(check(&without_key), VaultRefusal::Damaged);
    person.is_refused(check(&forged), VaultRefusal::Signature);
}

#[test]
fn without_open_keys_it_is_remembered_for_as_long_as_the_worker_lives() {
    let mut vault = Vault::default();
    let reply = vault.answer(check(&trail(1, 4, 3)), at(0));
    assert!(matches!(reply, VaultReply::TrailChecked { book: None, .. }), "{reply:?}");
    assert_eq!(vault.answer(check(&trail(2, 4, 3)), at(0)), refused(VaultRefusal::AuditFork));
}
