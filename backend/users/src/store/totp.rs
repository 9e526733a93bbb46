//! Tables `users.totp_credential` and `users.recovery_code`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::AccountId;
use sqlx::PgConnection;

/// An authenticator app's secret, sealed.
#[derive(Clone, Debug)]
pub struct TotpRow {
    /// Opens with the service's own key only.
    pub sealed_secret: Vec<u8>,
    /// Whether it has shown a right code, and is asked for since.
    pub confirmed: bool,
}

/// Keeps a new secret until it is confirmed. False when a confirmed one is there: that has to be removed first.
pub async fn put_secret(
    conn: &mut PgConnection,
    account_id: AccountId,
    sealed_secret: &[u8],
    now: Timestamp,
) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        "insert into users.totp_credential (account_id, sealed_secret, created_at) values ($1, $2, $3) \
         on conflict on constraint totp_credential_pkey do update \
         set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at \
         where totp_credential.confirmed_at is null",
        account_id.0,
        sealed_secret,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// An account's secret.
pub async fn find_totp(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Option<TotpRow>> {
    let row = sqlx::query!(
        r#"select sealed_secret, confirmed_at is not null as "confirmed!" from users.totp_credential
           where account_id = $1"#,
        account_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| TotpRow { sealed_secret: row.sealed_secret, confirmed: row.confirmed }))
}

/// Uses the code of a step. False when that step or a later one was used before: of two requests with one code, one
/// is refused.
pub async fn use_step(conn: &mut PgConnection, account_id: AccountId, step: i64) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update users.totp_credential set last_used_step = $2 \
         where account_id = $1 and (last_used_step is null or last_used_step < $2)",
        account_id.0,
        step,
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// From now on codes are asked for.
pub async fn confirm(conn: &mut PgConnection, account_id: AccountId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.totp_credential set confirmed_at = $2 where account_id = $1 and confirmed_at is null",
        account_id.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes the secret and the recovery codes. False when there was none.
pub async fn delete_totp(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<bool> {
    sqlx::query!("delete from users.recovery_code where account_id = $1", account_id.0)
        .execute(&mut *conn)
        .await?;
    let removed = sqlx::query!("delete from users.totp_credential where account_id = $1", account_id.0)
        .execute(conn)
        .await?;
    Ok(removed.rows_affected() == 1)
}

/// Replaces the recovery codes.
pub async fn put_recovery_codes(
    conn: &mut PgConnection,
    account_id: AccountId,
    hashes: &[[u8; 32]],
) -> sqlx::Result<()> {
    sqlx::query!("delete from users.recovery_code where account_id = $1", account_id.0)
        .execute(&mut *conn)
        .await?;
    let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.to_vec()).collect();
    sqlx::query!(
        "insert into users.recovery_code (account_id, code_hash) select $1, hash from unnest($2::bytea[]) as hash",
        account_id.0,
        &hashes,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a recovery code. False when it is none of theirs, or was used.
pub async fn use_recovery_code(
    conn: &mut PgConnection,
    account_id: AccountId,
    hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update users.recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null",
        account_id.0,
        hash.as_slice(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// How many recovery codes are left.
pub async fn count_recovery_codes(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<u32> {
    let left = sqlx::query_scalar!(
        r#"select count(*) as "left!" from users.recovery_code where account_id = $1 and used_at is null"#,
        account_id.0,
    )
    .fetch_one(conn)
    .await?;
    Ok(u32::try_from(left).unwrap_or(u32::MAX))
}
