//! `POST /api/v1/payments/processor/webhook`: what the card processor tells. It is stored as it came and applied by a job, so
//! that the processor is answered at once.

use anyhow::Context as _;
use axum::{body::Bytes, extract::State as Extract, http::HeaderMap, response::NoContent};
use kernel::Reject;
use serde::Deserialize;
use shared_types::Problem;

use crate::{
    state::State,
    store::webhook_received::{self, Told},
};

/// The longest that is taken; the database's constraint says the same.
pub const MAX_WEBHOOK: usize = 1024 * 1024;

/// Stores it, once it is known to be the processor's by the signature on the raw bytes.
pub async fn receive_processor_webhook(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    raw: Bytes,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Err(reason) = stripe_client::verify(&raw, signature, &state.webhook_secrets, core.now()) {
        tracing::warn!(reason = %reason, "a webhook was not believed");
        return Err(unsigned().into());
    }
    let event: Event = serde_json::from_slice(&raw).ok().ok_or_else(unsigned)?;
    let told = Told {
        processor_event: event.id,
        kind: event.kind,
        processor_object: event.data.object.id,
        processor_account: event.account,
    };
    let mut tx = core.begin().await?;
    webhook_received::store(&mut tx, core, &told, &raw).await.context("storing a webhook")?;
    core.commit(tx).await?;
    Ok(NoContent)
}

fn unsigned() -> Problem {
    Problem::new("signature", 400, "This is not signed by the card processor")
        .detail("Nothing was changed. Sign the raw bytes, and send them within five minutes.")
}

/// What is read of it: its own name and what it is about.
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    account: Option<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    id: Option<String>,
}
