//! Table `payments.webhook_received`: what the processor tells, as it came.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::WebhookReceivedId;
use sqlx::PgConnection;

/// What is read of a webhook before it is stored: its own name and what it is about. What it says of that is not believed; the
/// processor is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The event's name.
    pub processor_event: String,
    /// `payment_intent.succeeded`.
    pub kind: String,
    /// What it is about.
    pub processor_object: Option<String>,
    /// The connected account that it is about.
    pub processor_account: Option<String>,
}

/// Stores what came, whole. What came before is only counted.
///
/// # Errors
/// When the table cannot be changed.
pub async fn store(conn: &mut PgConnection, core: &Core, told: &Told, raw: &[u8]) -> sqlx::Result<()> {
    let now = core.now().to_sqlx();
    sqlx::query!(
        "insert into payments.webhook_received as old (webhook_received_id, processor_event, kind, processor_object, \
         processor_account, raw, due_at, received_at) values ($1, $2, $3, $4, $5, $6, $7, $7) \
         on conflict on constraint webhook_received_event_key do update set deliveries = old.deliveries + 1",
        core.id::<WebhookReceivedId>().0,
        told.processor_event,
        told.kind,
        told.processor_object,
        told.processor_account,
        raw,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A webhook to apply.
#[derive(Clone, Debug)]
pub struct Due {
    /// Which.
    pub webhook_received_id: WebhookReceivedId,
    /// What it is about.
    pub told: Told,
    /// How often it was tried, this time included.
    pub attempts: i16,
}

/// Takes webhooks that are due, and makes each due again at `again_at`.
///
/// # Errors
/// When the table cannot be changed.
pub async fn claim_due(
    conn: &mut PgConnection,
    now: Timestamp,
    again_at: Timestamp,
    at_most: i64,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query!(
        "update payments.webhook_received it set due_at = $2, attempts = it.attempts + 1 \
         from (select webhook_received_id from payments.webhook_received where status = 'received' and due_at <= $1 \
         order by due_at limit $3 for update skip locked) due \
         where it.webhook_received_id = due.webhook_received_id \
         returning it.webhook_received_id, it.processor_event, it.kind, it.processor_object, it.processor_account, \
         it.attempts",
        now.to_sqlx(),
        again_at.to_sqlx(),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| Due {
        webhook_received_id: WebhookReceivedId(row.webhook_received_id),
        told: Told {
            processor_event: row.processor_event,
            kind: row.kind,
            processor_object: row.processor_object,
            processor_account: row.processor_account,
        },
        attempts: row.attempts,
    });
    Ok(due.collect())
}

/// How a webhook ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// What it is about stands here as it does there.
    Applied,
    /// It is about nothing of ours.
    Ignored,
    /// It was tried too often; the nightly comparison looks at it.
    GivenUp,
}

/// Ends a webhook.
///
/// # Errors
/// When the table cannot be changed.
pub async fn end(
    conn: &mut PgConnection,
    webhook_received_id: WebhookReceivedId,
    end: End,
    now: Timestamp,
) -> sqlx::Result<()> {
    let status = match end {
        End::Applied => "applied",
        End::Ignored => "ignored",
        End::GivenUp => "given_up",
    };
    sqlx::query!(
        "update payments.webhook_received set status = $2, due_at = null, applied_at = $3 \
         where webhook_received_id = $1 and status = 'received'",
        webhook_received_id.0,
        status,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes a webhook due later.
///
/// # Errors
/// When the table cannot be changed.
pub async fn put_off(
    conn: &mut PgConnection,
    webhook_received_id: WebhookReceivedId,
    due_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.webhook_received set due_at = $2 where webhook_received_id = $1 and status = 'received'",
        webhook_received_id.0,
        due_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the processor has told anything of an object.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_told_of(conn: &mut PgConnection, processor_object: &str) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        "select exists (select from payments.webhook_received where processor_object = $1) as \"told!\"",
        processor_object,
    )
    .fetch_one(conn)
    .await?;
    Ok(row.told)
}
