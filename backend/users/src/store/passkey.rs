//! Tables `users.passkey` and `users.webauthn_ceremony`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::{Serialize, de::DeserializeOwned};
use shared_types::{AccountId, CeremonyId, PasskeyId, users::PasskeyView};
use sqlx::{PgConnection, types::Json};
use webauthn_rs::prelude::Passkey;

/// A passkey as signing in needs it.
#[derive(Clone, Debug)]
pub struct PasskeyRow {
    /// Which.
    pub passkey_id: PasskeyId,
    /// The credential.
    pub passkey: Passkey,
}

/// Adds a passkey. False when somebody has that credential already.
pub async fn insert_passkey(
    conn: &mut PgConnection,
    row: &PasskeyRow,
    account_id: AccountId,
    name: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "insert into users.passkey (passkey_id, account_id, credential_id, credential, name, created_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict on constraint passkey_credential_id_key do nothing",
        row.passkey_id.0,
        account_id.0,
        row.passkey.cred_id().as_slice(),
        Json(&row.passkey) as _,
        name,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// An account's passkey by the id that its authenticator gave it; nobody else changes it until the transaction ends.
pub async fn find_passkey(
    conn: &mut PgConnection,
    account_id: AccountId,
    credential_id: &[u8],
) -> sqlx::Result<Option<PasskeyRow>> {
    let row = sqlx::query!(
        r#"select passkey_id, credential as "credential: Json<Passkey>" from users.passkey
           where account_id = $1 and credential_id = $2 for update"#,
        account_id.0,
        credential_id,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| PasskeyRow { passkey_id: row.passkey_id.into(), passkey: row.credential.0 }))
}

/// Notes that somebody signed in with it, and its counter.
pub async fn note_use(conn: &mut PgConnection, row: &PasskeyRow, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.passkey set credential = $2, last_used_at = $3 where passkey_id = $1",
        row.passkey_id.0,
        Json(&row.passkey) as _,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An account's passkeys, oldest first.
pub async fn list_passkeys(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<PasskeyView>> {
    let rows = sqlx::query!(
        "select passkey_id, name, created_at, last_used_at from users.passkey where account_id = $1 \
         order by created_at, passkey_id",
        account_id.0,
    )
    .fetch_all(conn)
    .await?;
    let views = rows.into_iter().map(|row| PasskeyView {
        passkey_id: row.passkey_id.into(),
        name: row.name,
        created_at: row.created_at.to_jiff(),
        last_used_at: row.last_used_at.map(|at| at.to_jiff()),
    });
    Ok(views.collect())
}

/// The ids that authenticators gave an account's passkeys.
pub async fn list_credential_ids(
    conn: &mut PgConnection,
    account_id: AccountId,
) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!("select credential_id from users.passkey where account_id = $1", account_id.0)
        .fetch_all(conn)
        .await
}

/// Removes an account's passkey. False when it has none of that id.
pub async fn delete_passkey(
    conn: &mut PgConnection,
    account_id: AccountId,
    passkey_id: PasskeyId,
) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "delete from users.passkey where account_id = $1 and passkey_id = $2",
        account_id.0,
        passkey_id.0,
    )
    .execute(conn)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// Keeps what a browser was asked.
pub async fn insert_ceremony<T: Serialize + Send + Sync>(
    conn: &mut PgConnection,
    ceremony_id: CeremonyId,
    account_id: Option<AccountId>,
    state: &T,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let state = serde_json::to_value(state).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into users.webauthn_ceremony (ceremony_id, account_id, state, expires_at) values ($1, $2, $3, $4)",
        ceremony_id.0,
        account_id.map(|account_id| account_id.0) as _,
        state,
        expires_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes away what a browser was asked, on behalf of that account or of nobody: it is answered once. `None` when it was
/// answered, has ended, or was asked of somebody else.
pub async fn take_ceremony<T: DeserializeOwned>(
    conn: &mut PgConnection,
    ceremony_id: CeremonyId,
    account_id: Option<AccountId>,
    now: Timestamp,
) -> sqlx::Result<Option<T>> {
    let state = sqlx::query_scalar!(
        "delete from users.webauthn_ceremony where ceremony_id = $1 and account_id is not distinct from $2 \
         and expires_at > $3 returning state",
        ceremony_id.0,
        account_id.map(|account_id| account_id.0) as _,
        now.to_sqlx(),
    )
    .fetch_optional(conn)
    .await?;
    state
        .map(|state| serde_json::from_value(state).map_err(|error| sqlx::Error::Decode(error.into())))
        .transpose()
}
