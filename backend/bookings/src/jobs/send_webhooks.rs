//! Tells practices' webhooks what is due, twenty at once. Nothing is open in the database while they answer: a batch is claimed for
//! two minutes, and whoever dies with it leaves it to the next one, so that each delivery is made at least once under one
//! `webhook-id`. What is not answered is tried again, slower each time; after a day it is given up, and a webhook that answered
//! nothing meanwhile is stopped. Nothing goes out unsigned: a delivery whose webhook's secret does not open fails the job, and is due
//! again when its claim is over.

use anyhow::Result;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{
    audit::{self, Actor, Outcome, Purpose},
    outbound::{OutboundError, Outgoing},
    outbox::{self, About},
};
use shared_types::bookings::{BookingsEvent, StoppedWebhook, webhook::DeliveryFailure};

use crate::{
    domain::{next_try, signatures},
    sealed::{former_secret_of, secret_of},
    state::State,
    store::webhook::{self, Due, Tried},
};

const BATCH: i64 = 20;
/// Longer than any answer may take.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// Says that nobody is there any more, and asks to be left alone.
const GONE: u16 = 410;

/// One batch. Says how many were tried.
pub async fn send_webhooks(state: State) -> Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let batch = webhook::claim(&mut tx, core.now(), LEASE, BATCH).await?;
    core.commit(tx).await?;
    let answers = join_all(batch.iter().map(|due| send(&state, due))).await;
    let mut unsigned = None;
    for (due, answer) in batch.iter().zip(answers) {
        match answer {
            Ok(answer) => settle(&state, due, answer).await?,
            Err(why) => unsigned = Some(why),
        }
    }
    unsigned.map_or(Ok(u64::try_from(batch.len())?), Err)
}

/// Sends one, and says with which status it was answered.
///
/// # Errors
/// When it cannot be signed.
async fn send(state: &State, due: &Due) -> Result<Result<u16, OutboundError>> {
    let (id, seconds) = (due.webhook_delivery_id.to_string(), state.core.now().as_second());
    let secret = due.secret.open(&state.cipher, secret_of(due.webhook_id))?;
    let former = due.former_secret.as_ref();
    let former =
        former.map(|former| former.open(&state.cipher, former_secret_of(due.webhook_id))).transpose()?;
    let secrets: Vec<&[u8]> = [Some(secret.as_slice()), former.as_deref()].into_iter().flatten().collect();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures(&secrets, &id, seconds, &due.body)),
        ("webhook-id", id),
    ] {
        // Figures, letters and Base64 are all that is in them.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    let (address, body) = (due.address.as_str(), due.body.clone().into_bytes());
    Ok(state.outbound.deliver(Outgoing { method: Method::POST, address, headers, body }).await)
}

/// Writes down what came of it, and stops a webhook that has been silent for a day.
async fn settle(state: &State, due: &Due, answer: Result<u16, OutboundError>) -> Result<()> {
    let (core, now) = (&state.core, state.core.now());
    let response_status = answer.as_ref().ok().copied();
    let failure = match answer {
        Ok(200..=299) => None,
        Ok(_) => Some(DeliveryFailure::Refused),
        Err(OutboundError::NotAllowed(_) | OutboundError::NotPublic) => Some(DeliveryFailure::NotCalled),
        Err(OutboundError::Unreachable | OutboundError::TooLarge) => Some(DeliveryFailure::Unreachable),
        Err(OutboundError::TimedOut) => Some(DeliveryFailure::TimedOut),
    };
    let next = now.saturating_add(next_try(due.tries)).unwrap_or(now);
    let next = Some(next).filter(|next| *next < due.give_up_at && response_status != Some(GONE));
    let mut tx = core.begin().await?;
    // Whoever has begun it anew since says what came of it.
    let settled = webhook::settle(&mut tx, due, Tried { response_status, failure, next }, now).await?;
    let given_up = settled && failure.is_some() && next.is_none();
    if given_up && webhook::stop(&mut tx, due.webhook_id, due.created_at).await? {
        let entry = audit::Entry {
            actor: Actor::System("bookings.send_webhooks"),
            action: "stop_webhook",
            resource: due.organization_id.into(),
            whose: None,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, core, entry).await?;
        let stopped = StoppedWebhook { webhook_id: due.webhook_id, organization_id: due.organization_id };
        let about =
            About { aggregate: "webhook", id: due.webhook_id.to_string(), version: now.as_millisecond() };
        outbox::tell(&mut tx, core, about, &BookingsEvent::WebhookStopped(stopped)).await?;
    }
    core.commit(tx).await?;
    Ok(())
}
