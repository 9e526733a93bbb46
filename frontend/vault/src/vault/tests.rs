use shared_types::{
    AccountId,
    users::{Kdf, WrappedBy},
    vault::{AccountKeys, VaultRefusal, VaultReply, VaultRequest},
};
use uuid::Uuid;

use super::Vault;

fn account(n: u128) -> AccountId {
    Uuid::from_u128(n).into()
}

fn new_password(vault: &mut Vault, password: &str) -> (Kdf, String) {
    match vault.answer(VaultRequest::NewPassword { password: password.to_owned().into() }) {
        VaultReply::Derived { kdf, auth_key } => (kdf, auth_key.into_inner()),
        other => panic!("{other:?}"),
    }
}

fn known_password(vault: &mut Vault, password: &str, kdf: &Kdf) -> VaultReply {
    vault.answer(VaultRequest::Password { password: password.to_owned().into(), kdf: kdf.clone() })
}

fn created(vault: &mut Vault) -> (AccountKeys, String) {
    match vault.answer(VaultRequest::CreateKeys { account_id: account(1) }) {
        VaultReply::Created { keys, recovery_code } => (keys, recovery_code.into_inner()),
        other => panic!("{other:?}"),
    }
}

fn refused(why: VaultRefusal) -> VaultReply {
    VaultReply::Refused { why }
}

/// What another browser does later with what the server kept.
fn unlock(keys: &AccountKeys, of: AccountId, password: &str, kdf: &Kdf) -> (Vault, VaultReply) {
    let mut vault = Vault::default();
    known_password(&mut vault, password, kdf);
    let reply = vault.answer(VaultRequest::Unlock { account_id: of, keys: keys.clone() });
    (vault, reply)
}

#[test]
fn another_browser_opens_the_keys_with_the_password_and_nothing_else_does() {
    let mut vault = Vault::default();
    let (kdf, auth_key) = new_password(&mut vault, "correct horse");
    let (keys, _) = created(&mut vault);
    let (second, reply) = unlock(&keys, account(1), "correct horse", &kdf);
    assert_eq!(reply, VaultReply::Unlocked);
    assert_eq!(second.open_for(), Some(account(1)));
    assert_eq!(unlock(&keys, account(1), "correct hose", &kdf).1, refused(VaultRefusal::WrongKey));
    assert_eq!(unlock(&keys, account(2), "correct horse", &kdf).1, refused(VaultRefusal::Damaged));
    let again = known_password(&mut Vault::default(), "correct horse", &kdf);
    assert_eq!(again, VaultReply::Derived { kdf, auth_key: auth_key.into() });
}

#[test]
fn the_printed_code_opens_the_keys_and_a_new_password_can_wrap_them_then() {
    let mut vault = Vault::default();
    new_password(&mut vault, "forgotten");
    let (mut keys, code) = created(&mut vault);
    let mut later = Vault::default();
    let recover = |vault: &mut Vault, code: &str| {
        let code = code.to_owned().into();
        vault.answer(VaultRequest::Recover { account_id: account(1), code, keys: keys.clone() })
    };
    assert_eq!(recover(&mut later, "0000-0000"), refused(VaultRefusal::WrongKey));
    assert_eq!(recover(&mut later, &code.to_lowercase()), VaultReply::Unlocked);
    let (kdf, _) = new_password(&mut later, "a new one");
    let VaultReply::Rewrapped { wrapped } = later.answer(VaultRequest::Rewrap) else {
        panic!("open keys wrap")
    };
    keys.account_key.retain(|key| key.kind != WrappedBy::Password);
    keys.account_key.push(wrapped);
    assert_eq!(unlock(&keys, account(1), "a new one", &kdf).1, VaultReply::Unlocked);
}

#[test]
fn a_locked_vault_knows_nothing() {
    let mut vault = Vault::default();
    new_password(&mut vault, "correct horse");
    let (keys, _) = created(&mut vault);
    assert_eq!(vault.answer(VaultRequest::Lock), VaultReply::Locked);
    assert_eq!(vault.open_for(), None);
    assert_eq!(vault.answer(VaultRequest::Rewrap), refused(VaultRefusal::Locked));
    let again = VaultRequest::Unlock { account_id: account(1), keys };
    assert_eq!(vault.answer(again), refused(VaultRefusal::Locked));
}

#[test]
fn a_server_that_lies_about_parameters_or_keys_is_found_out() {
    let mut vault = Vault::default();
    let (kdf, _) = new_password(&mut vault, "correct horse");
    let (keys, _) = created(&mut vault);
    let weak = Kdf { memory_kib: 1024, ..kdf.clone() };
    assert_eq!(known_password(&mut vault, "correct horse", &weak), refused(VaultRefusal::Derivation));
    let mut other = Vault::default();
    new_password(&mut other, "mallory");
    let (theirs, _) = created(&mut other);
    let mut swapped = keys.clone();
    swapped.identity.public = theirs.identity.public;
    assert_eq!(unlock(&swapped, account(1), "correct horse", &kdf).1, refused(VaultRefusal::Damaged));
    let mut cut = keys;
    cut.identity.wrapped.truncate(20);
    assert_eq!(unlock(&cut, account(1), "correct horse", &kdf).1, refused(VaultRefusal::Damaged));
}

#[test]
fn no_message_shows_a_secret_when_printed_for_a_log() {
    let request = VaultRequest::NewPassword { password: "correct horse".to_owned().into() };
    assert!(!format!("{request:?}").contains("horse"));
    let mut vault = Vault::default();
    let (_, auth_key) = new_password(&mut vault, "correct horse");
    let reply = vault.answer(VaultRequest::CreateKeys { account_id: account(1) });
    let VaultReply::Created { recovery_code, .. } = &reply else { panic!("keys are made") };
    let shown = format!("{reply:?}");
    assert!(!shown.contains(recovery_code.expose().as_str()) && !shown.contains(&auth_key));
}
