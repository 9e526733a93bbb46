//! Table `bookings.webhook`: which there are and whether they are told. What they are told is in `delivery.rs`.

mod delivery;
mod secrets;

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    OrganizationId, WebhookId,
    bookings::webhook::{LOG_DAYS, TRIED_HOURS, Webhook, WebhookStatus},
};
use sqlx::PgConnection;

pub use self::{
    delivery::{Due, Tried, claim, deliveries, delivery, queue, redeliver, settle},
    secrets::{claim_to_seal, find_other_key, rotate, seal, secret},
};
use crate::sealed::Secrets;

/// Writes a new one.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    organization: OrganizationId,
    id: WebhookId,
    address: &str,
    secrets: &Secrets,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.webhook (webhook_id, organization_id, address, key_id, sealed_secret, created_at) \
         values ($1, $2, $3, $4, $5, $6)",
        id as WebhookId,
        organization as OrganizationId,
        address,
        secrets.key_id,
        secrets.sealed,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has changes of a practice's webhooks wait for each other until the transaction ends, so that a count stays true.
///
/// # Errors
/// When the database fails.
pub async fn lock_practice(conn: &mut PgConnection, organization: OrganizationId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('webhooks of ' || $1::uuid::text, 0))",
        organization as OrganizationId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of a practice, the earliest first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_practice(conn: &mut PgConnection, organization: OrganizationId) -> Result<Vec<Webhook>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select webhook_id as "webhook_id: WebhookId", address, status, created_at, former_until
           from bookings.webhook where organization_id = $1 order by created_at, webhook_id"#,
        organization as OrganizationId,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// One of a practice, locked.
///
/// # Errors
/// As [`of_practice`].
pub async fn find(
    conn: &mut PgConnection,
    organization: OrganizationId,
    id: WebhookId,
) -> Result<Option<Webhook>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select webhook_id as "webhook_id: WebhookId", address, status, created_at, former_until
           from bookings.webhook where organization_id = $1 and webhook_id = $2 for update"#,
        organization as OrganizationId,
        id as WebhookId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// Removes one with its log.
///
/// # Errors
/// When the database fails.
pub async fn remove(conn: &mut PgConnection, id: WebhookId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.webhook where webhook_id = $1", id as WebhookId).execute(conn).await?;
    Ok(())
}

/// Has one stand elsewhere. What waits in one that is switched on is tried at once, and for a day.
///
/// # Errors
/// When the database fails.
pub async fn set_status(
    conn: &mut PgConnection,
    id: WebhookId,
    status: WebhookStatus,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook set status = $2 where webhook_id = $1",
        id as WebhookId,
        status.code(),
    )
    .execute(&mut *conn)
    .await?;
    if status == WebhookStatus::Active {
        sqlx::query!(
            "update bookings.webhook_delivery set due_at = $2, give_up_at = $3 \
             where webhook_id = $1 and status = 'pending'",
            id as WebhookId,
            now.to_sqlx() as jiff_sqlx::Timestamp,
            given_up_at(now).to_sqlx() as jiff_sqlx::Timestamp,
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

fn given_up_at(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(TRIED_HOURS)).unwrap_or(now)
}

/// Stops a webhook that is told and has answered nothing since then. False when it has, or is not told any more.
///
/// # Errors
/// When the database fails.
pub async fn stop(
    conn: &mut PgConnection,
    webhook: WebhookId,
    silent_since: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.webhook set status = 'stopped' where webhook_id = $1 and status = 'active' and not exists (
             select from bookings.webhook_delivery
             where webhook_delivery.webhook_id = $1 and webhook_delivery.status = 'delivered'
                 and webhook_delivery.attempted_at > $2
         )",
        webhook as WebhookId,
        silent_since.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what was told a month ago, and former secrets that sign no longer.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
    let month_ago = now.saturating_sub(SignedDuration::from_hours(24 * LOG_DAYS)).unwrap_or(now);
    sqlx::query!(
        "delete from bookings.webhook_delivery where created_at < $1",
        month_ago.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update bookings.webhook set former_secret = null, sealed_former_secret = null, former_until = null \
         where former_until <= $1",
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A webhook as the database has it.
struct Columns {
    webhook_id: WebhookId,
    address: String,
    status: String,
    created_at: jiff_sqlx::Timestamp,
    former_until: Option<jiff_sqlx::Timestamp>,
}

impl Columns {
    fn read(self) -> Result<Webhook> {
        Ok(Webhook {
            webhook_id: self.webhook_id,
            address: self.address,
            status: WebhookStatus::from_code(&self.status).context("a known state of a webhook")?,
            created_at: self.created_at.to_jiff(),
            former_until: self.former_until.map(|until| until.to_jiff()),
        })
    }
}
