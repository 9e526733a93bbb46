//! What webhooks' messages are signed with, as it is kept.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::WebhookId;
use sqlx::PgConnection;

use crate::sealed::{Kept, Secrets};

/// The secret that signs, for whoever made it and lost the reply.
///
/// # Errors
/// When the database fails.
pub async fn secret(conn: &mut PgConnection, id: WebhookId) -> Result<Kept> {
    let row = sqlx::query!(
        "select secret, sealed_secret, key_id from bookings.webhook where webhook_id = $1",
        id as WebhookId,
    )
    .fetch_one(conn)
    .await?;
    Kept::of(row.secret, row.sealed_secret, row.key_id.as_deref()).context("a webhook has a secret")
}

/// Has another secret sign; the one before signs as well until then.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    conn: &mut PgConnection,
    id: WebhookId,
    secrets: &Secrets,
    former_until: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook set secret = null, former_secret = null, key_id = $2, sealed_secret = $3, \
         sealed_former_secret = $4, former_until = $5 where webhook_id = $1",
        id as WebhookId,
        secrets.key_id,
        secrets.sealed,
        secrets.former.as_deref(),
        former_until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A webhook with its secret and the one before it.
pub type WithSecrets = (WebhookId, Kept, Option<Kept>);

/// Webhooks whose secrets are kept as they were made or were sealed by one of these keys, locked until the transaction ends; those
/// that somebody else has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn claim_to_seal(
    conn: &mut PgConnection,
    older: &[String],
    at_most: i64,
) -> Result<Vec<WithSecrets>> {
    let rows = sqlx::query!(
        r#"select webhook_id as "webhook_id: WebhookId", secret, former_secret, sealed_secret, sealed_former_secret, key_id
           from bookings.webhook where sealed_secret is null or key_id = any($1)
           order by webhook_id limit $2 for update skip locked"#,
        older,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let webhooks = rows.into_iter().map(|row| {
        let key_id = row.key_id.as_deref();
        let secret = Kept::of(row.secret, row.sealed_secret, key_id).context("a webhook has a secret")?;
        Ok((row.webhook_id, secret, Kept::of(row.former_secret, row.sealed_former_secret, key_id)))
    });
    webhooks.collect()
}

/// Writes the same secrets down sealed with the newest key. To be called with the row locked.
///
/// # Errors
/// When the database fails.
pub async fn seal(conn: &mut PgConnection, id: WebhookId, secrets: &Secrets) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook set secret = null, former_secret = null, key_id = $2, sealed_secret = $3, \
         sealed_former_secret = $4 where webhook_id = $1",
        id as WebhookId,
        secrets.key_id,
        secrets.sealed,
        secrets.former.as_deref(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of a key that sealed some secret and is none of these.
///
/// # Errors
/// When the database fails.
pub async fn find_other_key(conn: &mut PgConnection, known: &[String]) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"select key_id as "key_id!" from bookings.webhook where not key_id = any($1) order by key_id limit 1"#,
        known,
    )
    .fetch_optional(conn)
    .await
}
