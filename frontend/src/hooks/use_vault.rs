//! Whether an account's keys are open in this tab, and the ways to open them: the password, a passkey that has a secret,
//! and the printed code.

use std::rc::Rc;

use shared_types::{
    AccountId, Problem,
    users::{AccountKeys, EmailOnly, Me, PutWrappedKeys, WrappedBy},
    vault::{Door, VaultReply, VaultRequest},
};
use yew::{platform::spawn_local, prelude::*};

use super::{use_act, use_standing::use_standing, use_version};
use crate::{
    account,
    api::{ApiClient, use_api_client, users},
    browser, passkey, vault,
};

/// How an account's keys stand here.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys {
    /// Not known yet; the server renders this.
    Unknown,
    /// The account has made none.
    Absent,
    /// They have to be opened.
    Locked(Ways),
    /// They are open.
    Open(Ways),
    /// The vault does not answer.
    Failed(Problem),
}

/// What opens them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// The password. Not after a reset, until the keys are wrapped by the new one.
    pub password: bool,
    /// A passkey.
    pub passkey: bool,
}

impl Ways {
    /// As the server keeps them. There is always the printed code.
    pub fn of(keys: &AccountKeys) -> Self {
        let by = |kind| keys.account_key.iter().any(|copy| copy.kind == kind);
        Self { password: by(WrappedBy::Password), passkey: by(WrappedBy::Passkey) }
    }
}

/// What somebody opens their keys with. No `Debug`: it is a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Opener {
    /// As typed.
    Password(String),
    /// As typed.
    Code(String),
    /// Whichever the browser offers.
    Passkey,
}

/// An account's keys, as a page knows them.
#[derive(Clone, PartialEq)]
pub struct VaultDoor {
    /// How they stand.
    pub keys: Keys,
    /// Whether they are being opened.
    pub busy: bool,
    /// Why they did not open.
    pub problem: Option<Problem>,
    /// Opens them.
    pub on_open: Callback<Opener>,
    /// Closes them again.
    pub on_lock: Callback<()>,
    /// Looks again how they stand.
    pub on_look: Callback<()>,
}

impl VaultDoor {
    /// Whether they are open.
    pub fn is_open(&self) -> bool {
        match self.keys {
            Keys::Open(_) => true,
            Keys::Unknown | Keys::Absent | Keys::Locked(_) | Keys::Failed(_) => false,
        }
    }
}

/// The keys of whoever is signed in; nothing is known of nobody's.
#[hook]
pub fn use_vault(me: Option<Rc<Me>>) -> VaultDoor {
    let (client, ask) = (use_api_client(), use_standing().ask);
    let keys = use_state_eq(|| Keys::Unknown);
    let (version, on_look) = use_version();
    let act = use_act();
    {
        let keys = keys.setter();
        let kept = me.as_ref().map(|me| (me.account_id, me.keys.clone()));
        use_effect_with((kept, version), move |(kept, _)| {
            let kept = kept.clone();
            spawn_local(async move {
                keys.set(match kept {
                    None => Keys::Unknown,
                    Some((_, None)) => Keys::Absent,
                    Some((account_id, Some(kept))) => stand(account_id, Ways::of(&kept)).await,
                });
            });
        });
    }
    let on_open = {
        let (act, on_look) = (act.clone(), on_look.clone());
        Callback::from(move |opener: Opener| {
            let Some(me) = me.clone() else { return };
            let (client, ask, on_look) = (client.clone(), ask.clone(), on_look.clone());
            let attempt = move || {
                let (client, me, opener) = (client.clone(), Rc::clone(&me), opener.clone());
                async move { open(&client, &me, opener).await }
            };
            act.run(attempt, move |wrapped: bool| {
                on_look.emit(());
                if wrapped {
                    ask.emit(());
                }
            });
        })
    };
    let on_lock = {
        let on_look = on_look.clone();
        Callback::from(move |()| {
            let on_look = on_look.clone();
            spawn_local(async move {
                vault::ask(VaultRequest::Lock).await;
                on_look.emit(());
            });
        })
    };
    VaultDoor { keys: (*keys).clone(), busy: act.busy, problem: act.problem, on_open, on_lock, on_look }
}

async fn stand(account_id: AccountId, ways: Ways) -> Keys {
    let reply = vault::ask(VaultRequest::Standing).await;
    let VaultReply::Standing { account_id: open } = reply else {
        return Keys::Failed(account::refused(reply));
    };
    if open == Some(account_id) { Keys::Open(ways) } else { Keys::Locked(ways) }
}

/// Opens the keys. Says whether the password wraps them from now on and did not before.
async fn open(client: &ApiClient, me: &Me, opener: Opener) -> Result<bool, Problem> {
    let Some(keys) = me.keys.clone() else { return Ok(false) };
    let (account_id, ways) = (me.account_id, Ways::of(&keys));
    let (with, typed) = match opener {
        Opener::Password(password) => (derive(client, me, &password).await?, true),
        Opener::Code(code) => (Door::RecoveryCode { code: code.into() }, false),
        Opener::Passkey => (passkey_door().await?, false),
    };
    let reply = vault::ask_for(account_id, VaultRequest::Unlock { account_id, with, keys, book: None }).await;
    let VaultReply::Unlocked { .. } = reply else {
        return Err(account::refused(reply));
    };
    let lacking = !ways.password && !typed && vault::has_right_password();
    Ok(lacking && wrap_by_password(client).await.is_ok())
}

async fn derive(client: &ApiClient, me: &Me, password: &str) -> Result<Door, Problem> {
    let started = users::start_sign_in(client, &EmailOnly { email: me.email.clone() }).await?;
    let request = VaultRequest::Password { password: browser::composed(password).into(), kdf: started.kdf };
    let reply = vault::ask(request).await;
    let VaultReply::Derived { .. } = reply else { return Err(account::refused(reply)) };
    Ok(Door::Password)
}

async fn passkey_door() -> Result<Door, Problem> {
    let got = passkey::get(&passkey::local_options(&[]), true).await?;
    let prf = got.prf.ok_or_else(|| {
        Problem::new("passkey", 0, "This passkey cannot open your keys")
            .detail("Nothing was changed. Use your password or your printed code.")
    })?;
    Ok(Door::Passkey { credential_id: got.credential_id, prf: prf.into() })
}

/// Lets the password that one has just signed in with open the keys: after a reset it does not.
///
/// # Errors
/// `/problems/sign-in-again`, the service's other problems, or the vault's.
pub async fn wrap_by_password(client: &ApiClient) -> Result<(), Problem> {
    let reply = vault::ask(VaultRequest::Rewrap).await;
    let VaultReply::Rewrapped { wrapped } = reply else { return Err(account::refused(reply)) };
    users::put_wrapped_keys(client, &PutWrappedKeys { wrapped_keys: vec![wrapped] }).await
}
