//! What the processor was asked so long ago that it may not know the request again by its key: before it is asked once more, what it
//! made is looked for by our own name for it.

use jiff::{SignedDuration, Timestamp};
use shared_types::{IntentId, RefundId};

use crate::{
    gateways::card_processor::{IntentRecord, RefundRecord, Window},
    state::State,
};

/// So long the processor knows a request again by its key; a little less than its day.
const KEYS_LAST: SignedDuration = SignedDuration::from_hours(20);
/// So much its clock and ours may differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(10);

/// Whether what was begun then may have been forgotten.
pub fn may_be_forgotten(begun_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(begun_at) >= KEYS_LAST
}

/// The payment or hold that a try led to.
///
/// # Errors
/// When the processor does not answer.
pub async fn find_intent(
    state: &State,
    intent_id: IntentId,
    begun_at: Timestamp,
) -> anyhow::Result<Option<IntentRecord>> {
    let (reference, window) = (intent_id.to_string(), since(state, begun_at));
    let mut after = None;
    loop {
        let page = state.processor.list_intents(window, after.as_deref()).await?;
        let found =
            page.items.into_iter().find(|record| record.reference.as_deref() == Some(reference.as_str()));
        if found.is_some() || page.next.is_none() {
            return Ok(found);
        }
        after = page.next;
    }
}

/// The money that a refund gave back.
///
/// # Errors
/// When the processor does not answer.
pub async fn find_refund(
    state: &State,
    refund_id: RefundId,
    begun_at: Timestamp,
) -> anyhow::Result<Option<RefundRecord>> {
    let (reference, window) = (refund_id.to_string(), since(state, begun_at));
    let mut after = None;
    loop {
        let page = state.processor.list_refunds(window, after.as_deref()).await?;
        let found =
            page.items.into_iter().find(|record| record.reference.as_deref() == Some(reference.as_str()));
        if found.is_some() || page.next.is_none() {
            return Ok(found);
        }
        after = page.next;
    }
}

fn since(state: &State, begun_at: Timestamp) -> Window {
    Window { from: begun_at - LEEWAY, until: state.core.now() + LEEWAY }
}
