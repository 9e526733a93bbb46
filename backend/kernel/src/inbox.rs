//! Events from other services, each with an effect exactly once.

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use crate::{Core, Subscriber, outbox::Envelope};

/// Hands an event to a subscriber: the inbox row and the effect commit together, so a repeat does nothing.
///
/// # Errors
/// When the effect fails; nothing is changed then and the event will come again.
pub async fn receive(core: &Core, subscriber: &dyn Subscriber, envelope: &Envelope) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    if note(&mut tx, core, envelope).await? {
        subscriber.receive(&mut tx, envelope).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

/// Notes the event. False when it was here before.
async fn note(conn: &mut PgConnection, core: &Core, envelope: &Envelope) -> sqlx::Result<bool> {
    let noted =
        sqlx::query("insert into inbox (event_id, received_at) values ($1, $2) on conflict do nothing")
            .bind(envelope.event_id)
            .bind(core.now().to_sqlx())
            .execute(conn)
            .await?;
    Ok(noted.rows_affected() == 1)
}

/// Forgets events received more than thirty days ago; no bus repeats so late. Says how many.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_old(core: &Core) -> anyhow::Result<u64> {
    let month_ago = core.now() - jiff::SignedDuration::from_hours(30 * 24);
    let done = sqlx::query("delete from inbox where received_at < $1")
        .bind(month_ago.to_sqlx())
        .execute(&core.pool)
        .await?;
    Ok(done.rows_affected())
}
