//! Keys that were published before.

use sqlx::PgConnection;

/// Whether the key of that name is known already.
pub async fn is_known(conn: &mut PgConnection, kid: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists(select from users.signing_key where kid = $1) as "known!""#, kid)
        .fetch_one(conn)
        .await
}
