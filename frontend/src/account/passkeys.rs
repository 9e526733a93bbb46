//! What an account does with passkeys: signing in, adding one, and letting it open the account's keys.

use shared_types::{
    AccountId, PasskeyId, Problem,
    users::{CreatePasskey, PasskeyAnswer, PasskeyView, PutWrappedKeys, SignedInReply, WrappedKey},
    vault::{Door, VaultReply, VaultRequest},
};

use super::refused;
use crate::{
    api::{ApiClient, users},
    passkey, vault,
};

/// Signs in with any passkey that the browser has for us. Gives the door to the keys that its secret opens, if it has one.
///
/// # Errors
/// The service's problem, or the browser's.
pub async fn sign_in(client: &ApiClient) -> Result<(SignedInReply, Option<Door>), Problem> {
    let ceremony = users::start_passkey_sign_in(client).await?;
    let got = passkey::get(&ceremony.options, true).await?;
    let door = got.prf.map(|prf| Door::Passkey { credential_id: got.credential_id, prf: prf.into() });
    let answer = PasskeyAnswer { ceremony_id: ceremony.ceremony_id, credential: got.credential };
    let reply = users::sign_in_with_passkey(client, &answer).await?;
    Ok((reply, door))
}

/// A passkey that was added.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// As it stands in the list.
    pub view: PasskeyView,
    /// Its id, as WebAuthn gave it.
    pub credential_id: String,
    /// Whether it has a secret that can open keys.
    pub can_open: bool,
    /// Whether it opens the account's keys from now on.
    pub opens: bool,
}

/// Makes a passkey and gives it to the account; with `open`, it is to open the account's keys as well, which must be open
/// for that. A passkey that cannot, or a person who does not want to be asked twice, is no failure: it signs in.
///
/// # Errors
/// `/problems/sign-in-again`, the service's other problems, or the browser's.
pub async fn add(
    client: &ApiClient,
    account_id: AccountId,
    name: String,
    open: bool,
) -> Result<Added, Problem> {
    let ceremony = users::start_passkey(client).await?;
    let made = passkey::create(&ceremony.options).await?;
    let wrapped =
        if open && made.prf_enabled { wrap(account_id, &made.credential_id).await.ok() } else { None };
    let opens = wrapped.is_some();
    let answer = PasskeyAnswer { ceremony_id: ceremony.ceremony_id, credential: made.credential };
    let body = CreatePasskey { name, answer, wrapped_key: wrapped.map(|wrapped| wrapped.blob) };
    let view = users::create_passkey(client, &body).await?;
    Ok(Added { view, credential_id: made.credential_id, can_open: made.prf_enabled, opens })
}

/// Lets a passkey that the account has open its keys, which must be open: asks for its secret, and keeps what that wraps.
///
/// # Errors
/// `/problems/sign-in-again`, the service's other problems, the browser's, or the vault's.
pub async fn let_open(
    client: &ApiClient,
    account_id: AccountId,
    passkey_id: PasskeyId,
    credential_id: &str,
) -> Result<(), Problem> {
    let wrapped = WrappedKey { passkey_id: Some(passkey_id), ..wrap(account_id, credential_id).await? };
    users::put_wrapped_keys(client, &PutWrappedKeys { wrapped_keys: vec![wrapped] }).await
}

/// The account key, wrapped by the passkey's secret, for which the device asks once more.
async fn wrap(account_id: AccountId, credential_id: &str) -> Result<WrappedKey, Problem> {
    let got = passkey::get(&passkey::local_options(&[credential_id]), true).await?;
    let prf = got.prf.ok_or_else(without_secret)?.into();
    let request = VaultRequest::WrapByPasskey { credential_id: got.credential_id, prf };
    let reply = vault::ask_for(account_id, request).await;
    if let VaultReply::Rewrapped { wrapped } = reply { Ok(wrapped) } else { Err(refused(reply)) }
}

fn without_secret() -> Problem {
    Problem::new("passkey", 0, "This passkey cannot open sealed messages").detail(
        "It signs you in all the same. To open sealed messages, use your password or your printed code.",
    )
}
