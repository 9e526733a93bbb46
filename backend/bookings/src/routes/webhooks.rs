//! `/api/v1/bookings/practices/{organization_id}/webhooks`: where a practice is told of its appointments.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::SignedDuration;
use kernel::{
    Core, Created, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
    outbound::OutboundError,
};
use shared_types::{
    OrganizationId, Problem, WebhookDeliveryId, WebhookId,
    bookings::webhook::{
        CreateWebhook, MOST_WEBHOOKS, ROTATION_HOURS, SetWebhookActive, Webhook, WebhookDeliveries,
        WebhookDelivery, WebhookSecret, WebhookStatus, Webhooks,
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use crate::{
    domain::{ping, secret_words},
    sealed::{Secrets, secret_of},
    state::State,
    store::webhook,
};

/// A webhook of a practice, by the path.
type OfPractice = Path<(OrganizationId, WebhookId)>;

/// The practice's webhooks.
pub async fn list_webhooks(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<Webhooks>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let items = webhook::of_practice(&mut conn, organization_id).await?;
    Ok(Plain(Webhooks { items, as_of: state.core.now() }))
}

/// Has the practice told at an address from now on. The secret is shown this once; a repeat shows the same one.
pub async fn create_webhook(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
    Json(body): Json<CreateWebhook>,
) -> Result<Created<Plain<WebhookSecret>>, Reject> {
    let (core, now, action) = (&state.core, state.core.now(), "create_webhook");
    let address = body.address.trim();
    state.outbound.check(address).map_err(not_called)?;
    let mut tx = core.begin().await?;
    let holder = organization_id.to_string();
    // The reply that is kept for a repeat is the id alone, so that the secret is in one place.
    let id = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(id) => id,
        Begun::New(ticket) => {
            webhook::lock_practice(&mut tx, organization_id).await?;
            if webhook::of_practice(&mut tx, organization_id).await?.len() >= MOST_WEBHOOKS {
                let detail = "The practice has five webhooks already; remove one first";
                return Err(Problem::invalid(vec![FieldError::new("/address", detail)]).into());
            }
            let id: WebhookId = core.id();
            let secret: [u8; 32] = core.chance.bytes();
            let secrets = Secrets::seal(&state.cipher, &core.chance, id, &secret, None);
            webhook::insert(&mut tx, organization_id, id, address, &secrets, now).await?;
            ticket.finish(&mut tx, 201, &id).await?;
            id
        }
    };
    note(&mut tx, core, &caller, organization_id, action).await?;
    let reply = with_secret(&mut tx, &state, organization_id, id).await?;
    core.commit(tx).await?;
    Ok(Created(Plain(reply)))
}

/// Tells it of nothing any more, and forgets what it was told.
pub async fn delete_webhook(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    webhook::remove(&mut tx, id).await?;
    note(&mut tx, core, &caller, organization_id, "delete_webhook").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Switches it on or off. What waits in one that is switched on is tried at once.
pub async fn set_webhook_active(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
    Json(body): Json<SetWebhookActive>,
) -> Result<Plain<Webhook>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    let status = if body.active { WebhookStatus::Active } else { WebhookStatus::Off };
    webhook::set_status(&mut tx, id, status, core.now()).await?;
    note(&mut tx, core, &caller, organization_id, "set_webhook_active").await?;
    let changed = find(&mut tx, organization_id, id).await?;
    core.commit(tx).await?;
    Ok(Plain(changed))
}

/// Has another secret sign. The one before signs as well for a day; one before that no longer.
pub async fn rotate_webhook_secret(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
) -> Result<Plain<WebhookSecret>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let until = now.saturating_add(SignedDuration::from_hours(ROTATION_HOURS)).unwrap_or(now);
    let mut tx = core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    let former = webhook::secret(&mut tx, id).await?.open(&state.cipher, secret_of(id))?;
    let secret: [u8; 32] = core.chance.bytes();
    let secrets = Secrets::seal(&state.cipher, &core.chance, id, &secret, Some(former.as_slice()));
    webhook::rotate(&mut tx, id, &secrets, until).await?;
    note(&mut tx, core, &caller, organization_id, "rotate_webhook_secret").await?;
    let reply = with_secret(&mut tx, &state, organization_id, id).await?;
    core.commit(tx).await?;
    Ok(Plain(reply))
}

/// Sends a test.
pub async fn ping_webhook(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
) -> Result<Created<Plain<WebhookDelivery>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    let (delivery_id, (event, body)) = (core.id(), ping(id, now));
    webhook::queue(&mut tx, delivery_id, id, (event, &body), now).await?;
    note(&mut tx, core, &caller, organization_id, "ping_webhook").await?;
    let queued = find_delivery(&mut tx, id, delivery_id).await?;
    core.commit(tx).await?;
    Ok(Created(Plain(queued)))
}

/// What it was told, the latest first.
pub async fn list_deliveries(
    Extract(state): Extract<State>,
    Path((organization_id, id)): OfPractice,
) -> Result<Plain<WebhookDeliveries>, Reject> {
    let mut tx = state.core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    let items = webhook::deliveries(&mut tx, id).await?;
    Ok(Plain(WebhookDeliveries { items, as_of: state.core.now() }))
}

/// Tells it something once more, under the same id.
pub async fn redeliver(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id, delivery_id)): Path<(OrganizationId, WebhookId, WebhookDeliveryId)>,
) -> Result<Plain<WebhookDelivery>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    find_delivery(&mut tx, id, delivery_id).await?;
    webhook::redeliver(&mut tx, delivery_id, core.now()).await?;
    note(&mut tx, core, &caller, organization_id, "redeliver").await?;
    let queued = find_delivery(&mut tx, id, delivery_id).await?;
    core.commit(tx).await?;
    Ok(Plain(queued))
}

async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    id: WebhookId,
) -> Result<Webhook, Reject> {
    let found = webhook::find(conn, organization_id, id).await?;
    found.ok_or_else(|| Problem::not_found("This webhook").into())
}

async fn find_delivery(
    conn: &mut PgConnection,
    webhook_id: WebhookId,
    id: WebhookDeliveryId,
) -> Result<WebhookDelivery, Reject> {
    let found = webhook::delivery(conn, webhook_id, id).await?;
    found.ok_or_else(|| Problem::not_found("This delivery").into())
}

async fn with_secret(
    conn: &mut PgConnection,
    state: &State,
    organization_id: OrganizationId,
    id: WebhookId,
) -> Result<WebhookSecret, Reject> {
    let secret = webhook::secret(conn, id).await?.open(&state.cipher, secret_of(id))?;
    let secret = secret_words(&secret).into();
    Ok(WebhookSecret { webhook: find(conn, organization_id, id).await?, secret })
}

/// An address that is not one that is called.
fn not_called(error: OutboundError) -> Problem {
    let why = match error {
        OutboundError::NotAllowed(why) => why,
        OutboundError::NotPublic
        | OutboundError::Unreachable
        | OutboundError::TimedOut
        | OutboundError::TooLarge => "it cannot be reached",
    };
    Problem::invalid(vec![FieldError::new("/address", format!("This address cannot be used: {why}"))])
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    organization_id: OrganizationId,
    action: &'static str,
) -> sqlx::Result<()> {
    let entry = audit::Entry {
        actor: Actor::for_practice(caller, organization_id),
        action,
        resource: organization_id.into(),
        whose: None,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
