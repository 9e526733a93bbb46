//! Making an account's keys: in the vault, then published. They are wrapped by the password, so it has to be known to be
//! the account's: one that was mistyped would lock them.

use std::rc::Rc;

use shared_types::{
    Problem,
    personal::Personal,
    users::{Me, PutIdentity, PutWrappedKeys},
    vault::{VaultReply, VaultRequest},
};
use yew::prelude::*;

use super::{Act, use_act};
use crate::{
    account,
    api::{ApiClient, sealed, use_api_client, users},
    forms::attempt::outcome_is_open,
    vault,
};

/// Which keys are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// The account's first.
    First,
    /// New ones, in the place of some that nothing opens any more.
    Instead,
}

/// Making keys.
#[derive(Clone, PartialEq)]
pub struct KeyMaking {
    /// Whether it is under way, and why it did not work.
    pub act: Act,
    /// Set while the password has to be given first.
    pub wants_password: Option<Make>,
    /// The recovery code, until it was kept.
    pub code: Option<AttrValue>,
    /// Makes them, or asks for the password.
    pub on_make: Callback<Make>,
    /// Makes a new recovery code for keys that are open.
    pub on_new_code: Callback<()>,
    /// Leaves it.
    pub on_cancel: Callback<()>,
    /// The code was kept.
    pub on_kept: Callback<()>,
}

/// For whoever is signed in. `on_done` is told when the code was kept.
#[hook]
pub fn use_key_making(me: Rc<Me>, on_done: Callback<()>) -> KeyMaking {
    let client = use_api_client();
    let act = use_act();
    let wants_password = use_state_eq(|| None::<Make>);
    let code = use_state_eq(|| None::<AttrValue>);
    let show = {
        let code = code.setter();
        Callback::from(move |made: Personal<String>| code.set(Some(AttrValue::from(made.into_inner()))))
    };
    let on_make = {
        let (client, act, wants, show) = (client.clone(), act.clone(), wants_password.setter(), show.clone());
        Callback::from(move |what: Make| {
            if !vault::has_right_password() {
                return wants.set(Some(what));
            }
            wants.set(None);
            let (client, me, show) = (client.clone(), Rc::clone(&me), show.clone());
            let attempt = move || {
                let (client, me) = (client.clone(), Rc::clone(&me));
                async move { make(&client, &me, what).await }
            };
            act.run(attempt, move |code| show.emit(code));
        })
    };
    let on_new_code = {
        let act = act.clone();
        Callback::from(move |()| {
            let (client, show) = (client.clone(), show.clone());
            let renew = move || {
                let client = client.clone();
                async move { new_code(&client).await }
            };
            act.run(renew, move |code| show.emit(code));
        })
    };
    let on_cancel = {
        let (wants, act) = (wants_password.setter(), act.clone());
        Callback::from(move |()| {
            wants.set(None);
            act.forget();
        })
    };
    let on_kept = {
        let code = code.setter();
        Callback::from(move |()| {
            code.set(None);
            on_done.emit(());
        })
    };
    KeyMaking {
        act,
        wants_password: *wants_password,
        code: (*code).clone(),
        on_make,
        on_new_code,
        on_cancel,
        on_kept,
    }
}

async fn make(client: &ApiClient, me: &Me, what: Make) -> Result<Personal<String>, Problem> {
    let former = match what {
        Make::First => None,
        Make::Instead => {
            let since = vault::log_size().await;
            match sealed::find_account_keys(client, me.account_id, since).await {
                Ok(keys) => Some(keys),
                Err(problem) if problem.is("no-keys") => None,
                Err(problem) => return Err(problem),
            }
        }
    };
    let request = VaultRequest::CreateKeys { account_id: me.account_id, former };
    let reply = vault::ask_for(me.account_id, request).await;
    let VaultReply::Created { identity, recovery_code, .. } = reply else {
        return Err(account::refused(reply));
    };
    publish(client, &identity).await?;
    Ok(recovery_code)
}

/// When the answer is lost, what the server keeps tells whether they arrived.
async fn publish(client: &ApiClient, identity: &PutIdentity) -> Result<(), Problem> {
    let Err(problem) = sealed::put_identity(client, identity).await else { return Ok(()) };
    if outcome_is_open(&problem)
        && let Ok(me) = users::find_me(client).await
        && me.keys.is_some_and(|kept| kept.identity == identity.keys.identity)
    {
        return Ok(());
    }
    Err(problem)
}

/// The code is shown once its wrap is stored: until then the former one counts.
async fn new_code(client: &ApiClient) -> Result<Personal<String>, Problem> {
    let reply = vault::ask(VaultRequest::NewRecoveryCode).await;
    let VaultReply::NewRecoveryCode { wrapped, recovery_code } = reply else {
        return Err(account::refused(reply));
    };
    users::put_wrapped_keys(client, &PutWrappedKeys { wrapped_keys: vec![wrapped] }).await?;
    Ok(recovery_code)
}
