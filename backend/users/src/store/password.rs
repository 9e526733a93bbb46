//! Table `users.password_credential`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::AccountId;
use sqlx::PgConnection;

use crate::domain::credentials::KdfChosen;

/// How a password is proved.
#[derive(Clone, Debug)]
pub struct PasswordRow {
    /// How the browser makes the auth key.
    pub kdf: KdfChosen,
    /// What we keep of it.
    pub auth_hash: String,
}

/// Sets an account's password, or replaces it.
pub async fn put_password(
    conn: &mut PgConnection,
    account_id: AccountId,
    password: &PasswordRow,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.password_credential (account_id, kdf_salt, kdf_memory_kib, kdf_passes, kdf_lanes, \
         auth_hash, changed_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict on constraint password_credential_pkey do update set kdf_salt = excluded.kdf_salt, \
         kdf_memory_kib = excluded.kdf_memory_kib, kdf_passes = excluded.kdf_passes, kdf_lanes = excluded.kdf_lanes, \
         auth_hash = excluded.auth_hash, changed_at = excluded.changed_at",
        account_id.0,
        password.kdf.salt.as_slice(),
        password.kdf.memory_kib,
        password.kdf.passes,
        password.kdf.lanes,
        password.auth_hash,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An account's password.
pub async fn find_password(
    conn: &mut PgConnection,
    account_id: AccountId,
) -> sqlx::Result<Option<PasswordRow>> {
    let row = sqlx::query!(
        "select kdf_salt, kdf_memory_kib, kdf_passes, kdf_lanes, auth_hash from users.password_credential \
         where account_id = $1",
        account_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(PasswordRow {
            kdf: KdfChosen {
                salt: salt(&row.kdf_salt)?,
                memory_kib: row.kdf_memory_kib,
                passes: row.kdf_passes,
                lanes: row.kdf_lanes,
            },
            auth_hash: row.auth_hash,
        })
    })
    .transpose()
}

/// A salt as stored; the table lets no other length in.
pub fn salt(bytes: &[u8]) -> sqlx::Result<[u8; 16]> {
    bytes.try_into().map_err(|_| sqlx::Error::Decode("a salt has 16 bytes".into()))
}
