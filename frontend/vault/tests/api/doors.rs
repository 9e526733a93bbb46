//! Making keys, and opening them by a password, a printed code or a passkey.

use shared_types::{
    users::{AccountKeys, Kdf, PutIdentity, WrappedBy, WrappedKey},
    vault::{Door, VaultRefusal, VaultReply, VaultRequest},
};
use vault::Vault;

use crate::{
    server::Server,
    world::{NOTE, Person, World, account, at, changed, context, decode, encode, passkey, reason, refused},
};

fn new_password(vault: &mut Vault, password: &str) -> (Kdf, String) {
    match vault.answer(VaultRequest::NewPassword { password: password.to_owned().into() }, at(0)) {
        VaultReply::Derived { kdf, auth_key } => (kdf, auth_key.into_inner()),
        other => panic!("{other:?}"),
    }
}

fn known_password(vault: &mut Vault, password: &str, kdf: &Kdf) -> VaultReply {
    let request = VaultRequest::Password { password: password.to_owned().into(), kdf: kdf.clone() };
    vault.answer(request, at(0))
}

fn created(vault: &mut Vault) -> (PutIdentity, String) {
    let request = VaultRequest::CreateKeys { account_id: account(1), former: None };
    match vault.answer(request, at(0)) {
        VaultReply::Created { identity, recovery_code, book: Some(_) } => {
            (identity, recovery_code.into_inner())
        }
        other => panic!("{other:?}"),
    }
}

/// What another browser does later with what the server kept.
fn unlock(keys: &AccountKeys, of: u128, with: Door, vault: &mut Vault) -> VaultReply {
    let request = VaultRequest::Unlock { account_id: account(of), with, keys: keys.clone(), book: None };
    vault.answer(request, at(0))
}

fn unlock_by_password(keys: &AccountKeys, of: u128, password: &str, kdf: &Kdf) -> (Vault, VaultReply) {
    let mut vault = Vault::default();
    known_password(&mut vault, password, kdf);
    let reply = unlock(keys, of, Door::Password, &mut vault);
    (vault, reply)
}

fn by_code(code: &str) -> Door {
    Door::RecoveryCode { code: code.to_owned().into() }
}

fn unlocked() -> VaultReply {
    VaultReply::Unlocked { book: None }
}

fn replace(keys: &mut AccountKeys, with: WrappedKey) {
    keys.account_key.retain(|key| key.kind != with.kind);
    keys.account_key.push(with);
}

#[test]
fn another_browser_opens_the_keys_with_the_password_and_nothing_else_does() {
    let mut vault = Vault::default();
    let (kdf, auth_key) = new_password(&mut vault, "correct horse");
    let (PutIdentity { keys, .. }, _) = created(&mut vault);
    let (mut second, reply) = unlock_by_password(&keys, 1, "correct horse", &kdf);
    assert_eq!(reply, unlocked());
    assert_eq!(second.open_for(), Some(account(1)));
    let standing = second.answer(VaultRequest::Standing, at(0));
    assert_eq!(standing, VaultReply::Standing { account_id: Some(account(1)) });
    assert_eq!(unlock_by_password(&keys, 1, "correct hose", &kdf).1, refused(VaultRefusal::WrongKey));
    assert_eq!(unlock_by_password(&keys, 2, "correct horse", &kdf).1, refused(VaultRefusal::Damaged));
    let again = known_password(&mut Vault::default(), "correct horse", &kdf);
    assert_eq!(again, VaultReply::Derived { kdf, auth_key: auth_key.into() });
}

#[test]
fn the_printed_code_opens_the_keys_and_a_new_password_can_wrap_them_then() {
    let mut vault = Vault::default();
    new_password(&mut vault, "forgotten");
    let (PutIdentity { mut keys, .. }, code) = created(&mut vault);
    let mut later = Vault::default();
    assert_eq!(unlock(&keys, 1, by_code("0000-0000"), &mut later), refused(VaultRefusal::WrongKey));
    assert_eq!(unlock(&keys, 1, by_code(&code.to_lowercase()), &mut later), unlocked());
    let (kdf, _) = new_password(&mut later, "a new one");
    let VaultReply::Rewrapped { wrapped } = later.answer(VaultRequest::Rewrap, at(0)) else {
        panic!("open keys wrap")
    };
    replace(&mut keys, wrapped);
    assert_eq!(unlock_by_password(&keys, 1, "a new one", &kdf).1, unlocked());
}

#[test]
fn each_passkey_opens_the_keys_with_its_own_secret() {
    let mut person = Person::new(1, &mut Server::new());
    let door = |credential: &[u8], prf: [u8; 32]| (encode(credential), encode(&prf));
    for (credential_id, prf) in [door(b"phone", [1; 32]), door(b"laptop", [2; 32])] {
        let request = VaultRequest::WrapByPasskey { credential_id, prf: prf.into() };
        let VaultReply::Rewrapped { wrapped } = person.ask(request) else { panic!("open keys wrap") };
        assert_eq!((wrapped.kind, wrapped.passkey_id), (WrappedBy::Passkey, None));
        person.keys.account_key.push(wrapped);
    }
    let open = |(credential_id, prf): (String, String)| {
        let with = Door::Passkey { credential_id, prf: prf.into() };
        unlock(&person.keys, 1, with, &mut Vault::default())
    };
    assert_eq!(open(door(b"phone", [1; 32])), unlocked());
    assert_eq!(open(door(b"laptop", [2; 32])), unlocked());
    assert_eq!(open(door(b"laptop", [1; 32])), refused(VaultRefusal::WrongKey));
    assert_eq!(open(door(b"tablet", [1; 32])), refused(VaultRefusal::WrongKey));
    assert_eq!(open((encode(b"phone"), encode(&[1; 31]))), refused(VaultRefusal::Damaged));
    assert_eq!(open((String::new(), encode(&[1; 32]))), refused(VaultRefusal::Damaged));
}

#[test]
fn a_new_recovery_code_ends_the_former_one_once_it_is_stored_and_not_before() {
    let mut vault = Vault::default();
    new_password(&mut vault, "correct horse");
    let (PutIdentity { mut keys, .. }, former) = created(&mut vault);
    let reply = vault.answer(VaultRequest::NewRecoveryCode, at(0));
    let VaultReply::NewRecoveryCode { wrapped, recovery_code } = reply else { panic!("{reply:?}") };
    let new = recovery_code.into_inner();
    let open = |keys: &AccountKeys, code: &str| unlock(keys, 1, by_code(code), &mut Vault::default());
    assert_eq!(open(&keys, &former), unlocked());
    assert_eq!(open(&keys, &new), refused(VaultRefusal::WrongKey));
    replace(&mut keys, wrapped);
    assert_eq!(open(&keys, &new), unlocked());
    assert_eq!(open(&keys, &former), refused(VaultRefusal::WrongKey));
}

#[test]
fn new_keys_follow_lost_ones_and_whoever_knew_those_is_asked() {
    let World { mut server, patient, mut receptionist, .. } = World::with_note();
    receptionist.read(&server, true);
    // The patient has lost everything and makes new keys in another browser.
    let mut vault = Vault::default();
    new_password(&mut vault, "a new one");
    let former = Some(server.published(patient.account, None));
    let request = VaultRequest::CreateKeys { account_id: patient.account, former };
    // The clock of that browser is far behind.
    let reply = vault.answer(request, at(-1_000_000));
    let VaultReply::Created { identity, .. } = reply else { panic!("{reply:?}") };
    server.publish(patient.account, &identity.leaf);
    let seen = changed(receptionist.open(&server, true));
    assert!(seen.before.is_some_and(|before| before != seen.fingerprint));
}

#[test]
fn new_keys_do_not_follow_those_of_somebody_else() {
    let mut world = World::new();
    let former = Some(world.server.published(world.owner.account, None));
    let mut vault = Vault::default();
    new_password(&mut vault, "a new one");
    let request = VaultRequest::CreateKeys { account_id: world.patient.account, former };
    assert_eq!(vault.answer(request, at(0)), refused(VaultRefusal::ForeignKeys));
    assert_eq!(vault.open_for(), None);
    assert!(matches!(world.patient.look_at_practice(&world.server), VaultReply::Seen { .. }));
}

#[test]
fn a_locked_vault_knows_nothing() {
    let mut world = World::with_note();
    let mut patient = world.patient;
    let to = patient.seal_to(&world.server, false);
    let notes = world.server.booking_notes(patient.account, false, None);
    let mailbox = world.owner.mailbox(&world.server);
    assert_eq!(patient.ask(VaultRequest::Lock), VaultReply::Locked);
    assert_eq!(patient.vault.open_for(), None);
    assert_eq!(patient.since(), None);
    let shares = world.shares.clone().map(Into::into);
    let [first, second, _]: [shared_types::personal::Personal<String>; 3] = shares;
    for request in [
        VaultRequest::Rewrap,
        VaultRequest::NewRecoveryCode,
        VaultRequest::WrapByPasskey { credential_id: encode(b"phone"), prf: encode(&[1; 32]).into() },
        VaultRequest::CreateKeys { account_id: patient.account, former: None },
        VaultRequest::Seal { context: context(NOTE, 2), note: reason(), to, guest: false },
        VaultRequest::Open { notes, as_practice: false },
        VaultRequest::BeginEpoch { mailbox: mailbox.clone(), remove: Vec::new(), renew_recovery: false },
        VaultRequest::GiveKeys { mailbox: mailbox.clone(), to: Vec::new() },
        VaultRequest::RecoverMailbox { mailbox, shares: [first, second] },
    ] {
        assert_eq!(patient.ask(request), refused(VaultRefusal::Locked));
    }
    assert_eq!(
        unlock(&patient.keys, 0x20, Door::Password, &mut patient.vault),
        refused(VaultRefusal::Locked)
    );
    assert_eq!(unlock(&patient.keys, 0x20, passkey(), &mut patient.vault), unlocked());
}

#[test]
fn a_server_that_lies_about_parameters_or_keys_is_found_out() {
    let mut vault = Vault::default();
    let (kdf, _) = new_password(&mut vault, "correct horse");
    let (PutIdentity { keys, .. }, _) = created(&mut vault);
    let weak = Kdf { memory_kib: 1024, ..kdf.clone() };
    assert_eq!(known_password(&mut vault, "correct horse", &weak), refused(VaultRefusal::Derivation));
    let costly = Kdf { memory_kib: 1024 * 1024, ..kdf.clone() };
    assert_eq!(known_password(&mut vault, "correct horse", &costly), refused(VaultRefusal::Derivation));
    // Cheaper within the limits: it opens nothing.
    let cheaper = Kdf { memory_kib: 19 * 1024, passes: 2, ..kdf.clone() };
    let (_, reply) = unlock_by_password(&keys, 1, "correct horse", &cheaper);
    assert_eq!(reply, refused(VaultRefusal::WrongKey));
    let mut other = Vault::default();
    new_password(&mut other, "mallory");
    let (PutIdentity { keys: theirs, .. }, _) = created(&mut other);
    let mut swapped = keys.clone();
    swapped.identity.public = theirs.identity.public;
    let (_, reply) = unlock_by_password(&swapped, 1, "correct horse", &kdf);
    assert_eq!(reply, refused(VaultRefusal::Damaged));
    let mut cut = keys.clone();
    cut.identity.wrapped.truncate(20);
    assert_eq!(unlock_by_password(&cut, 1, "correct horse", &kdf).1, refused(VaultRefusal::Damaged));
    let mut unknown = keys;
    let mut blob = decode(&unknown.account_key[0].blob);
    blob[6] = 2;
    unknown.account_key[0].blob = encode(&blob);
    let (_, reply) = unlock_by_password(&unknown, 1, "correct horse", &kdf);
    assert_eq!(reply, refused(VaultRefusal::UnknownFormat));
}

#[test]
fn a_password_has_a_length() {
    let mut vault = Vault::default();
    for password in [String::new(), "x".repeat(1025)] {
        let request = VaultRequest::NewPassword { password: password.into() };
        assert_eq!(vault.answer(request, at(0)), refused(VaultRefusal::Password));
    }
}

#[test]
fn no_message_shows_a_secret_when_printed_for_a_log() {
    let request = VaultRequest::NewPassword { password: "correct horse".to_owned().into() };
    assert!(!format!("{request:?}").contains("horse"));
    let mut vault = Vault::default();
    let (_, auth_key) = new_password(&mut vault, "correct horse");
    let request = VaultRequest::CreateKeys { account_id: account(1), former: None };
    let reply = vault.answer(request, at(0));
    let VaultReply::Created { recovery_code, .. } = &reply else { panic!("keys are made") };
    let shown = format!("{reply:?}");
    assert!(!shown.contains(recovery_code.expose().as_str()) && !shown.contains(&auth_key));
    let reply = vault.answer(VaultRequest::NewRecoveryCode, at(0));
    let VaultReply::NewRecoveryCode { recovery_code, .. } = &reply else { panic!("{reply:?}") };
    assert!(!format!("{reply:?}").contains(recovery_code.expose().as_str()));
    let prf = encode(&[7; 32]);
    let request = VaultRequest::WrapByPasskey { credential_id: String::new(), prf: prf.clone().into() };
    assert!(!format!("{request:?} {:?}", by_code("0123-4567")).contains(&prf));
    assert!(!format!("{:?}", by_code("0123-4567")).contains("4567"));
}
