//! Tables `bookings.webhook` and `bookings.webhook_delivery`.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    OrganizationId, WebhookDeliveryId, WebhookId,
    bookings::webhook::{
        DeliveryFailure, DeliveryStatus, LOG_DAYS, TRIED_HOURS, Webhook, WebhookDelivery, WebhookStatus,
    },
};
use sqlx::PgConnection;

use crate::sealed::{Kept, Secrets};

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

/// The secret that signs, for whoever made it and lost the reply.
///
/// # Errors
/// When the database fails.
pub async fn secret(conn: &mut PgConnection, id: WebhookId) -> Result<Kept> {
    let row = sqlx::query!(
        "select secret, sealed_secret, key_id from bookings.webhook where webhook_id = $1",
        id as WebhookId,
    )
    .fetch_one(conn)
    .await?;
    Kept::of(row.secret, row.sealed_secret, row.key_id.as_deref()).context("a webhook has a secret")
}

/// Removes one with its log.
///
/// # Errors
/// When the database fails.
pub async fn remove(conn: &mut PgConnection, id: WebhookId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.webhook where webhook_id = $1", id as WebhookId).execute(conn).await?;
    Ok(())
}

/// Has another secret sign; the one before signs as well until then.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    conn: &mut PgConnection,
    id: WebhookId,
    secrets: &Secrets,
    former_until: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook set secret = null, former_secret = null, key_id = $2, sealed_secret = $3, \
         sealed_former_secret = $4, former_until = $5 where webhook_id = $1",
        id as WebhookId,
        secrets.key_id,
        secrets.sealed,
        secrets.former.as_deref(),
        former_until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A webhook with its secret and the one before it.
pub type WithSecrets = (WebhookId, Kept, Option<Kept>);

/// Webhooks whose secrets are kept as they were made or were sealed by one of these keys, locked until the transaction ends; those
/// that somebody else has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn claim_to_seal(
    conn: &mut PgConnection,
    older: &[String],
    at_most: i64,
) -> Result<Vec<WithSecrets>> {
    let rows = sqlx::query!(
        r#"select webhook_id as "webhook_id: WebhookId", secret, former_secret, sealed_secret, sealed_former_secret, key_id
           from bookings.webhook where sealed_secret is null or key_id = any($1)
           order by webhook_id limit $2 for update skip locked"#,
        older,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let webhooks = rows.into_iter().map(|row| {
        let key_id = row.key_id.as_deref();
        let secret = Kept::of(row.secret, row.sealed_secret, key_id).context("a webhook has a secret")?;
        Ok((row.webhook_id, secret, Kept::of(row.former_secret, row.sealed_former_secret, key_id)))
    });
    webhooks.collect()
}

/// Writes the same secrets down sealed with the newest key. To be called with the row locked.
///
/// # Errors
/// When the database fails.
pub async fn seal(conn: &mut PgConnection, id: WebhookId, secrets: &Secrets) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook set secret = null, former_secret = null, key_id = $2, sealed_secret = $3, \
         sealed_former_secret = $4 where webhook_id = $1",
        id as WebhookId,
        secrets.key_id,
        secrets.sealed,
        secrets.former.as_deref(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of a key that sealed some secret and is none of these.
///
/// # Errors
/// When the database fails.
pub async fn find_other_key(conn: &mut PgConnection, known: &[String]) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"select key_id as "key_id!" from bookings.webhook where not key_id = any($1) order by key_id limit 1"#,
        known,
    )
    .fetch_optional(conn)
    .await
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

/// Has something told to a webhook.
///
/// # Errors
/// When the database fails.
pub async fn queue(
    conn: &mut PgConnection,
    id: WebhookDeliveryId,
    webhook: WebhookId,
    (event, body): (&str, &str),
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.webhook_delivery (webhook_delivery_id, webhook_id, event, body, created_at, due_at, give_up_at) \
         values ($1, $2, $3, $4, $5, $5, $6)",
        id as WebhookDeliveryId,
        webhook as WebhookId,
        event,
        body,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        given_up_at(now).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a webhook was told, the latest first.
///
/// # Errors
/// As [`of_practice`].
pub async fn deliveries(conn: &mut PgConnection, webhook: WebhookId) -> Result<Vec<WebhookDelivery>> {
    let rows = sqlx::query_as!(
        DeliveryColumns,
        r#"select webhook_delivery_id as "webhook_delivery_id: WebhookDeliveryId", event, body, status, attempts,
               response_status, failure, created_at, attempted_at, due_at
           from bookings.webhook_delivery where webhook_id = $1
           order by created_at desc, webhook_delivery_id desc limit 100"#,
        webhook as WebhookId,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(DeliveryColumns::read).collect()
}

/// One thing that a webhook was told.
///
/// # Errors
/// As [`of_practice`].
pub async fn delivery(
    conn: &mut PgConnection,
    webhook: WebhookId,
    id: WebhookDeliveryId,
) -> Result<Option<WebhookDelivery>> {
    let row = sqlx::query_as!(
        DeliveryColumns,
        r#"select webhook_delivery_id as "webhook_delivery_id: WebhookDeliveryId", event, body, status, attempts,
               response_status, failure, created_at, attempted_at, due_at
           from bookings.webhook_delivery where webhook_id = $1 and webhook_delivery_id = $2"#,
        webhook as WebhookId,
        id as WebhookDeliveryId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(DeliveryColumns::read).transpose()
}

/// Has something told once more, whatever became of it, and tried for a day again.
///
/// # Errors
/// When the database fails.
pub async fn redeliver(conn: &mut PgConnection, id: WebhookDeliveryId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook_delivery set status = 'pending', attempts = 0, due_at = $2, give_up_at = $3 \
         where webhook_delivery_id = $1",
        id as WebhookDeliveryId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        given_up_at(now).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something to be sent now.
#[derive(Clone, Debug)]
pub struct Due {
    pub webhook_delivery_id: WebhookDeliveryId,
    pub webhook_id: WebhookId,
    pub organization_id: OrganizationId,
    pub address: String,
    pub secret: Kept,
    /// While it signs as well.
    pub former_secret: Option<Kept>,
    pub body: String,
    /// This try counted.
    pub attempts: i32,
    pub created_at: Timestamp,
    pub give_up_at: Timestamp,
}

/// Claims a batch that is due, until `lease` is over: whoever dies with it leaves it to the next one.
///
/// # Errors
/// As [`of_practice`].
pub async fn claim(
    conn: &mut PgConnection,
    now: Timestamp,
    lease: SignedDuration,
    batch: i64,
) -> Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"with due as (
               select delivery.webhook_delivery_id
               from bookings.webhook_delivery delivery join bookings.webhook using (webhook_id)
               where delivery.status = 'pending' and delivery.due_at <= $1 and webhook.status = 'active'
               order by delivery.due_at limit $3 for update of delivery skip locked
           )
           update bookings.webhook_delivery delivery set due_at = $2, attempts = attempts + 1, attempted_at = $1
           from bookings.webhook
           where webhook.webhook_id = delivery.webhook_id
               and delivery.webhook_delivery_id in (select webhook_delivery_id from due)
           returning delivery.webhook_delivery_id as "webhook_delivery_id: WebhookDeliveryId",
               delivery.webhook_id as "webhook_id: WebhookId", webhook.organization_id as "organization_id: OrganizationId",
               webhook.address, webhook.secret, webhook.sealed_secret, webhook.key_id,
               case when webhook.former_until > $1 then webhook.former_secret end as former_secret,
               case when webhook.former_until > $1 then webhook.sealed_former_secret end as sealed_former_secret,
               delivery.body, delivery.attempts, delivery.created_at, delivery.give_up_at"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        now.saturating_add(lease).unwrap_or(now).to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| {
        let key_id = row.key_id.as_deref();
        Ok(Due {
            webhook_delivery_id: row.webhook_delivery_id,
            webhook_id: row.webhook_id,
            organization_id: row.organization_id,
            address: row.address,
            secret: Kept::of(row.secret, row.sealed_secret, key_id).context("a webhook has a secret")?,
            former_secret: Kept::of(row.former_secret, row.sealed_former_secret, key_id),
            body: row.body,
            attempts: row.attempts,
            created_at: row.created_at.to_jiff(),
            give_up_at: row.give_up_at.to_jiff(),
        })
    });
    due.collect()
}

/// What came of a try.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    pub response_status: Option<u16>,
    pub failure: Option<DeliveryFailure>,
    /// When it is tried next; none when there is nothing left to do.
    pub next: Option<Timestamp>,
}

/// Writes down what came of a try. False when the delivery was begun anew meanwhile: then nothing is changed.
///
/// # Errors
/// When the database fails.
pub async fn settle(conn: &mut PgConnection, due: &Due, tried: Tried) -> Result<bool> {
    let status = match (tried.failure, tried.next) {
        (None, _) => DeliveryStatus::Delivered,
        (Some(_), Some(_)) => DeliveryStatus::Pending,
        (Some(_), None) => DeliveryStatus::Failed,
    };
    let done = sqlx::query!(
        "update bookings.webhook_delivery set status = $3, response_status = $4, failure = $5, \
         due_at = coalesce($6, due_at) \
         where webhook_delivery_id = $1 and attempts = $2 and status = 'pending'",
        due.webhook_delivery_id as WebhookDeliveryId,
        due.attempts,
        status.code(),
        tried.response_status.map(i16::try_from).transpose()?,
        tried.failure.map(DeliveryFailure::code),
        tried.next.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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

/// A delivery as the database has it.
struct DeliveryColumns {
    webhook_delivery_id: WebhookDeliveryId,
    event: String,
    body: String,
    status: String,
    attempts: i32,
    response_status: Option<i16>,
    failure: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    attempted_at: Option<jiff_sqlx::Timestamp>,
    due_at: jiff_sqlx::Timestamp,
}

impl DeliveryColumns {
    fn read(self) -> Result<WebhookDelivery> {
        let known = |code: String| DeliveryFailure::from_code(&code).context("a known failure of a delivery");
        let status = DeliveryStatus::from_code(&self.status).context("a known state of a delivery")?;
        Ok(WebhookDelivery {
            webhook_delivery_id: self.webhook_delivery_id,
            event: self.event,
            status,
            attempts: self.attempts,
            response_status: self.response_status.map(u16::try_from).transpose()?,
            failure: self.failure.map(known).transpose()?,
            created_at: self.created_at.to_jiff(),
            attempted_at: self.attempted_at.map(|at| at.to_jiff()),
            due_at: Some(self.due_at.to_jiff()).filter(|_| status == DeliveryStatus::Pending),
            body: self.body,
        })
    }
}
