//! Table `users.wrapped_key`: copies of account keys that we cannot open.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{AccountId, users::WrappedBy};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::credentials::Blob;

/// Keeps copies; one of a kind and passkey replaces the one before. `None` when a passkey named is not the account's.
pub async fn put_wrapped_keys(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
    blobs: &[Blob],
) -> sqlx::Result<Option<()>> {
    for blob in blobs {
        if !put_wrapped_key(conn, core.id(), account_id, blob, core.now()).await? {
            return Ok(None);
        }
    }
    Ok(Some(()))
}

async fn put_wrapped_key(
    conn: &mut PgConnection,
    wrapped_key_id: Uuid,
    account_id: AccountId,
    blob: &Blob,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let put = sqlx::query!(
        "insert into users.wrapped_key (wrapped_key_id, account_id, kind, passkey_id, blob, created_at) \
         select $1, $2, $3, $4, $5, $6 \
         where $4::uuid is null or exists (select from users.passkey where passkey_id = $4 and account_id = $2) \
         on conflict on constraint wrapped_key_one_key do update \
         set blob = excluded.blob, created_at = excluded.created_at",
        wrapped_key_id,
        account_id.0,
        code(blob.kind),
        blob.passkey_id.map(|passkey_id| passkey_id.0) as _,
        blob.bytes,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// An account's copies.
pub async fn list_wrapped_keys(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<Blob>> {
    let rows = sqlx::query!(
        "select kind, passkey_id, blob from users.wrapped_key where account_id = $1 order by kind, passkey_id",
        account_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let kind = [WrappedBy::Password, WrappedBy::Passkey, WrappedBy::Recovery]
                .into_iter()
                .find(|kind| code(*kind) == row.kind)
                .ok_or_else(|| sqlx::Error::Decode("an unknown kind of wrapped key".into()))?;
            Ok(Blob { kind, passkey_id: row.passkey_id.map(Into::into), bytes: row.blob })
        })
        .collect()
}

/// Forgets every copy: the key that they hold opens nothing any more.
pub async fn delete_wrapped_keys(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<()> {
    sqlx::query!("delete from users.wrapped_key where account_id = $1", account_id.0).execute(conn).await?;
    Ok(())
}

/// Forgets the copy that the password wrapped. False when there was none.
pub async fn delete_password_copy(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "delete from users.wrapped_key where account_id = $1 and kind = 'password'",
        account_id.0
    )
    .execute(conn)
    .await?;
    Ok(removed.rows_affected() == 1)
}

fn code(kind: WrappedBy) -> &'static str {
    match kind {
        WrappedBy::Password => "password",
        WrappedBy::Passkey => "passkey",
        WrappedBy::Recovery => "recovery",
    }
}
