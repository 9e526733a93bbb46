//! Table `users.sign_up`: people who have not followed their link yet.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, personal::Personal};
use sqlx::PgConnection;

use super::password::{PasswordRow, salt};

/// A sign-up that waits for its link to be followed.
#[derive(Clone, Debug)]
pub struct SignUpRow {
    /// The account it will make.
    pub account_id: AccountId,
    /// The address, as written.
    pub email: Personal<String>,
    /// The password chosen.
    pub password: PasswordRow,
}

/// Keeps a sign-up until its link ends.
pub async fn insert_sign_up(
    conn: &mut PgConnection,
    row: &SignUpRow,
    token_hash: &[u8; 32],
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let password = &row.password;
    sqlx::query!(
        "insert into users.sign_up (account_id, token_hash, email, kdf_salt, kdf_memory_kib, kdf_passes, kdf_lanes, \
         auth_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.account_id.0,
        token_hash.as_slice(),
        row.email.expose(),
        password.kdf.salt.as_slice(),
        password.kdf.memory_kib,
        password.kdf.passes,
        password.kdf.lanes,
        password.auth_hash,
        now.to_sqlx(),
        expires_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the sign-up of a link away, if it still waits: a link works once.
pub async fn take_sign_up(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<SignUpRow>> {
    let row = sqlx::query!(
        "delete from users.sign_up where token_hash = $1 and expires_at > $2 \
         returning account_id, email, kdf_salt, kdf_memory_kib, kdf_passes, kdf_lanes, auth_hash",
        token_hash.as_slice(),
        now.to_sqlx(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(SignUpRow {
            account_id: row.account_id.into(),
            email: row.email.into(),
            password: PasswordRow {
                kdf: crate::domain::credentials::KdfChosen {
                    salt: salt(&row.kdf_salt)?,
                    memory_kib: row.kdf_memory_kib,
                    passes: row.kdf_passes,
                    lanes: row.kdf_lanes,
                },
                auth_hash: row.auth_hash,
            },
        })
    })
    .transpose()
}
