//! Table `users.identity`: the keys that an account has now.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sealing::{directory::Statement, identity::IdentityKeys, suite::KeyId};
use shared_types::AccountId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::key_log::{LeafRow, read_index, stored_index};

/// Somebody's keys.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    /// The public halves.
    pub keys: IdentityKeys,
    /// The private halves, as the browser wrapped them.
    pub wrapped: Vec<u8>,
    /// Where they were published.
    pub leaf: LeafRow,
}

/// An open account's keys; none while it has made none.
///
/// # Errors
/// When a table cannot be read, or holds a leaf that was not let in.
pub async fn find(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Option<IdentityRow>> {
    Ok(list(conn, &[account_id]).await?.pop())
}

/// The keys of those accounts that are open and have some.
///
/// # Errors
/// As [`find`].
pub async fn list(conn: &mut PgConnection, accounts: &[AccountId]) -> sqlx::Result<Vec<IdentityRow>> {
    let accounts: Vec<Uuid> = accounts.iter().map(|account_id| account_id.0).collect();
    let rows = sqlx::query!(
        "select identity.wrapped, leaf.leaf_index, leaf.data \
         from users.identity \
             join users.account on account.account_id = identity.account_id and account.closed_at is null \
             join users.key_leaf leaf on leaf.leaf_index = identity.leaf_index \
         where identity.account_id = any($1) order by leaf.leaf_index",
        &accounts,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let leaf = LeafRow { index: read_index(row.leaf_index), data: row.data };
            let keys = match leaf.read()?.statement() {
                Statement::Account(keys) => **keys,
                Statement::Practice(_) => {
                    return Err(sqlx::Error::Decode("an identity's leaf is a practice's".into()));
                }
            };
            Ok(IdentityRow { keys, wrapped: row.wrapped, leaf })
        })
        .collect()
}

/// Sets an account's keys, or replaces them.
///
/// # Errors
/// When the table cannot be changed.
pub async fn put(
    conn: &mut PgConnection,
    account_id: AccountId,
    key_id: KeyId,
    wrapped: &[u8],
    leaf_index: u64,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.identity (account_id, key_id, wrapped, leaf_index, created_at) values ($1, $2, $3, $4, $5) \
         on conflict on constraint identity_pkey do update set key_id = excluded.key_id, wrapped = excluded.wrapped, \
         leaf_index = excluded.leaf_index, created_at = excluded.created_at",
        account_id.0,
        key_id.0.as_slice(),
        wrapped,
        stored_index(leaf_index),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
