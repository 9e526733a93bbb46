//! users signs sessions with a key from now on.

use anyhow::ensure;
use kernel::{Core, keys};
use shared_types::users::SigningKey;
use sqlx::PgConnection;

/// Learns the key, if it is users' own: nobody speaks for another.
pub async fn receive(conn: &mut PgConnection, core: &Core, key: &SigningKey) -> anyhow::Result<()> {
    ensure!(key.issuer == "users", "users told a key of {}", key.issuer);
    keys::learn(conn, core, key).await
}
