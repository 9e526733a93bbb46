//! A service signs with a key from now on.

use anyhow::ensure;
use kernel::{Core, keys};
use shared_types::users::SigningKey;
use sqlx::PgConnection;

/// Learns the key: sessions are signed by users, quotes by bookings. Nobody speaks for another.
pub async fn receive(
    conn: &mut PgConnection,
    core: &Core,
    producer: &str,
    key: &SigningKey,
) -> anyhow::Result<()> {
    ensure!(key.issuer == producer, "{producer} told a key of {}", key.issuer);
    keys::learn(conn, core, key).await
}
