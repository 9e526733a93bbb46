//! Table `payments.signing_key`, read: whose signatures are believed.

use sqlx::PgConnection;

/// One of bookings' public keys, by its name.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_of_bookings(conn: &mut PgConnection, kid: &str) -> sqlx::Result<Option<[u8; 32]>> {
    let key = sqlx::query_scalar!(
        "select public_key from payments.signing_key where kid = $1 and issuer = 'bookings'",
        kid,
    )
    .fetch_optional(conn)
    .await?;
    Ok(key.and_then(|key| key.as_slice().try_into().ok()))
}
