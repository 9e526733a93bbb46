//! Table `bookings.webhook_delivery`: what webhooks are told, and what came of it.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    OrganizationId, WebhookDeliveryId, WebhookId,
    bookings::webhook::{DeliveryFailure, DeliveryStatus, WebhookDelivery, WebhookTry},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::given_up_at;
use crate::sealed::Kept;

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
/// As [`super::of_practice`].
pub async fn deliveries(conn: &mut PgConnection, webhook: WebhookId) -> Result<Vec<WebhookDelivery>> {
    let rows = sqlx::query_as!(
        DeliveryColumns,
        r#"select webhook_delivery_id as "webhook_delivery_id: WebhookDeliveryId", event, body, status,
               attempts - tried_before as "attempts!", response_status, failure, created_at, attempted_at, due_at
           from bookings.webhook_delivery where webhook_id = $1
           order by created_at desc, webhook_delivery_id desc limit 100"#,
        webhook as WebhookId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut deliveries: Vec<_> = rows.into_iter().map(DeliveryColumns::read).collect::<Result<_>>()?;
    note_tries(conn, &mut deliveries).await?;
    Ok(deliveries)
}

/// One thing that a webhook was told.
///
/// # Errors
/// As [`super::of_practice`].
pub async fn delivery(
    conn: &mut PgConnection,
    webhook: WebhookId,
    id: WebhookDeliveryId,
) -> Result<Option<WebhookDelivery>> {
    let row = sqlx::query_as!(
        DeliveryColumns,
        r#"select webhook_delivery_id as "webhook_delivery_id: WebhookDeliveryId", event, body, status,
               attempts - tried_before as "attempts!", response_status, failure, created_at, attempted_at, due_at
           from bookings.webhook_delivery where webhook_id = $1 and webhook_delivery_id = $2"#,
        webhook as WebhookId,
        id as WebhookDeliveryId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let mut found = [row.read()?];
    note_tries(conn, &mut found).await?;
    let [found] = found;
    Ok(Some(found))
}

/// Puts beside each delivery how it was tried, in order.
async fn note_tries(conn: &mut PgConnection, deliveries: &mut [WebhookDelivery]) -> Result<()> {
    let ids: Vec<Uuid> = deliveries.iter().map(|one| one.webhook_delivery_id.0).collect();
    let rows = sqlx::query!(
        r#"select webhook_delivery_id as "webhook_delivery_id: WebhookDeliveryId", attempted_at, settled_at, response_status,
               failure
           from bookings.webhook_attempt where webhook_delivery_id = any($1) order by webhook_delivery_id, attempt"#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        let known = |code: String| DeliveryFailure::from_code(&code).context("a known failure of a try");
        let tried = WebhookTry {
            attempted_at: row.attempted_at.to_jiff(),
            settled_at: row.settled_at.map(|at| at.to_jiff()),
            response_status: row.response_status.map(u16::try_from).transpose()?,
            failure: row.failure.map(known).transpose()?,
        };
        let of = deliveries.iter_mut().find(|one| one.webhook_delivery_id == row.webhook_delivery_id);
        of.context("the delivery of a try")?.tries.push(tried);
    }
    Ok(())
}

/// Has something told once more under the same id, whatever became of it, and tried for a day again. What came of earlier tries
/// stays written down, and one that is under way says nothing of the new ones.
///
/// # Errors
/// When the database fails.
pub async fn redeliver(conn: &mut PgConnection, id: WebhookDeliveryId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.webhook_delivery set status = 'pending', tried_before = attempts, due_at = $2, \
         give_up_at = $3 \
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
    /// Which try this is, of all.
    pub attempts: i32,
    /// Which it is since it was last begun anew.
    pub tries: i32,
    pub created_at: Timestamp,
    pub give_up_at: Timestamp,
}

/// Claims a batch that is due, until `lease` is over: whoever dies with it leaves it to the next one.
///
/// # Errors
/// As [`super::of_practice`].
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
               delivery.body, delivery.attempts, delivery.tried_before, delivery.created_at, delivery.give_up_at"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        now.saturating_add(lease).unwrap_or(now).to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.webhook_delivery_id.0).collect();
    sqlx::query!(
        "insert into bookings.webhook_attempt (webhook_delivery_id, attempt, attempted_at) \
         select webhook_delivery_id, attempts, $2::timestamptz from bookings.webhook_delivery where webhook_delivery_id = any($1) \
         on conflict on constraint webhook_attempt_pkey do nothing",
        &ids,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
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
            tries: row.attempts - row.tried_before,
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

/// Writes down what came of a try. False when the delivery was begun anew meanwhile: then where that stands is not changed.
///
/// # Errors
/// When the database fails.
pub async fn settle(conn: &mut PgConnection, due: &Due, tried: Tried, now: Timestamp) -> Result<bool> {
    let response_status = tried.response_status.map(i16::try_from).transpose()?;
    sqlx::query!(
        "update bookings.webhook_attempt set settled_at = $3, response_status = $4, failure = $5 \
         where webhook_delivery_id = $1 and attempt = $2",
        due.webhook_delivery_id as WebhookDeliveryId,
        due.attempts,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        response_status,
        tried.failure.map(DeliveryFailure::code),
    )
    .execute(&mut *conn)
    .await?;
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
        response_status,
        tried.failure.map(DeliveryFailure::code),
        tried.next.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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
            tries: Vec::new(),
        })
    }
}
