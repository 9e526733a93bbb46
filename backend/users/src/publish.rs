//! What users tells the others at every start: the texts and the keys they do not have yet.

use anyhow::ensure;
use kernel::{
    Core, consent, keys,
    outbox::{self, About},
};
use shared_types::users::{ConsentText, SigningKey, UsersEvent};
use sqlx::PgConnection;

use crate::store;

/// Publishes what is new, in one transaction. A repeat does nothing, and of two instances that start at once one
/// waits for the other.
///
/// # Errors
/// When a published text has other words now, or a table cannot be changed.
pub async fn publish(core: &Core, texts: &[ConsentText], keys: &[SigningKey]) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    store::published_text::lock(&mut tx).await?;
    for text in texts {
        publish_text(&mut tx, core, text).await?;
    }
    for key in keys {
        publish_key(&mut tx, core, key).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

async fn publish_text(conn: &mut PgConnection, core: &Core, text: &ConsentText) -> anyhow::Result<()> {
    let (name, version) = (text.text.as_str(), text.version);
    if !store::published_text::publish_text(conn, name, version, core.now()).await? {
        let published = store::published_text::find_version(conn, name, version).await?;
        ensure!(
            published.as_ref() == Some(text),
            "{name} version {version} is published with other words; people agreed to those, so new words need a \
             file of their own with version {}",
            version + 1
        );
        return Ok(());
    }
    consent::keep_text(conn, text).await?;
    let about = About { aggregate: "consent_text", id: text.text.clone(), version: i64::from(version) };
    outbox::tell(conn, core, about, &UsersEvent::ConsentTextPublished(text.clone())).await?;
    Ok(())
}

async fn publish_key(conn: &mut PgConnection, core: &Core, key: &SigningKey) -> anyhow::Result<()> {
    if store::signing_key::is_known(conn, &key.kid).await? {
        return Ok(());
    }
    keys::learn(conn, core, key).await?;
    // A key never changes, so its first version is its last.
    let about = About { aggregate: "signing_key", id: key.kid.clone(), version: 1 };
    outbox::tell(conn, core, about, &UsersEvent::SigningKeyPublished(key.clone())).await?;
    Ok(())
}
