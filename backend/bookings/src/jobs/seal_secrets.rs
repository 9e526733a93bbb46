//! Seals addresses of other calendars and secrets of webhooks that are still kept as they were given, and seals anew what an older
//! key sealed, so that the older key can go: a hundred of each at a time. What was sealed with a key that is not here fails the job,
//! which names the key; it stays as it is and is opened again once the key is back.

use anyhow::{Result, bail};

use crate::{
    sealed::{Address, KEYS, Secrets, address_of, former_secret_of, secret_of},
    state::State,
    store::{external_calendar, webhook},
};

const BATCH: i64 = 100;

/// One batch. Says how many calendars and webhooks were sealed.
pub async fn seal_secrets(state: State) -> Result<u64> {
    let (core, cipher) = (&state.core, &state.cipher);
    let mut known = cipher.older_key_ids();
    let mut tx = core.begin().await?;
    let calendars = external_calendar::claim_to_seal(&mut tx, &known, BATCH).await?;
    for (role, kept) in &calendars {
        let address = kept.open_text(cipher, address_of(*role))?;
        let sealed = Address::seal(cipher, &core.chance, *role, &address);
        external_calendar::seal(&mut tx, *role, &sealed).await?;
    }
    let webhooks = webhook::claim_to_seal(&mut tx, &known, BATCH).await?;
    for (id, secret, former) in &webhooks {
        let secret = secret.open(cipher, secret_of(*id))?;
        let former = former.as_ref().map(|former| former.open(cipher, former_secret_of(*id))).transpose()?;
        let sealed = Secrets::seal(cipher, &core.chance, *id, &secret, former.as_deref());
        webhook::seal(&mut tx, *id, &sealed).await?;
    }
    if calendars.is_empty() && webhooks.is_empty() {
        known.push(cipher.key_id().to_owned());
        let missed = match external_calendar::find_other_key(&mut tx, &known).await? {
            Some(missed) => Some(missed),
            None => webhook::find_other_key(&mut tx, &known).await?,
        };
        if let Some(missed) = missed {
            bail!(
                "addresses of calendars or secrets of webhooks were sealed with the key {missed}, which is not here: \
                 name its file in {KEYS}, after the newest"
            );
        }
    }
    core.commit(tx).await?;
    Ok((calendars.len() + webhooks.len()) as u64)
}
