//! The fingerprint of one's own keys, as the directory shows them to everybody else.

use shared_types::{
    AccountId, Problem,
    users::PublishedKeys,
    vault::{SeenKeys, VaultReply, VaultRequest},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    account,
    api::{ApiClient, sealed, use_api_client},
    vault,
};

/// Asked for once; `None` until it is there.
#[hook]
pub fn use_own_fingerprint(account_id: AccountId) -> Option<Result<SeenKeys, Problem>> {
    let client = use_api_client();
    let seen = use_state(|| None::<Result<SeenKeys, Problem>>);
    let set = seen.setter();
    use_effect_with(account_id, move |account_id| {
        let account_id = *account_id;
        spawn_local(async move { set.set(Some(find(&client, account_id).await)) });
    });
    (*seen).clone()
}

async fn find(client: &ApiClient, account_id: AccountId) -> Result<SeenKeys, Problem> {
    let keys = sealed::find_account_keys(client, account_id, vault::log_size().await).await?;
    look(account_id, keys).await
}

/// What the vault makes of keys that the server shows: also of those that have changed, which are then to be compared.
///
/// # Errors
/// The vault's refusal: the keys are not in the log, or the log is not the one that this browser knows.
pub async fn look(account_id: AccountId, keys: PublishedKeys) -> Result<SeenKeys, Problem> {
    let reply = vault::ask_for(account_id, VaultRequest::Look { keys }).await;
    if let VaultReply::Seen { keys, .. } | VaultReply::Changed { keys, .. } = reply {
        Ok(keys)
    } else {
        Err(account::refused(reply))
    }
}
