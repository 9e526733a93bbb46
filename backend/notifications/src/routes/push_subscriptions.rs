//! `/api/v1/notifications/me/push-subscriptions`: on which devices an account is told what the bell tells.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{Core, Disclosed, Json, Reject, SignedIn, outbound::OutboundError};
use shared_types::{
    Problem, PushSubscriptionId,
    notifications::push::{
        MOST_PUSH_SUBSCRIPTIONS, PushSubscription, PushSubscriptions, PutPushSubscription,
    },
    problem::FieldError,
};

use crate::{
    gateways::web_push::{BrowserKeys, read_base64},
    own_record::note,
    state::State,
    store::push::{self, Browser},
};

/// The caller's browsers, and the key by which push services know us.
pub async fn list_push_subscriptions(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<PushSubscriptions>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let items = push::list(&mut tx, caller.account_id).await?;
    let recorded = note(&mut tx, core, &caller, "list_push_subscriptions").await?;
    let list = PushSubscriptions { server_key: state.push.server_key().to_owned(), items };
    Ok(Disclosed::commit(core, tx, recorded, list).await?)
}

/// Has the caller told on a browser from now on. Whoever was told there before is not any more; the same one again gets its
/// keys anew.
pub async fn put_push_subscription(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<PutPushSubscription>,
) -> Result<Disclosed<PushSubscription>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    state.push.check(&body.endpoint).map_err(not_called)?;
    let (p256dh, auth) = read_keys(&body)?;
    let browser = Browser { account_id, endpoint: &body.endpoint, p256dh: &p256dh, auth: &auth };
    let mut tx = core.begin().await?;
    push::lock_account(&mut tx, account_id).await?;
    let kept = push::list(&mut tx, account_id).await?;
    if kept.iter().filter(|other| other.endpoint != body.endpoint).count() >= MOST_PUSH_SUBSCRIPTIONS {
        return Err(invalid("/endpoint", "You are told on ten devices already; remove one first"));
    }
    let subscription = push::put(&mut tx, core.id(), browser, core.now()).await?;
    let recorded = note(&mut tx, core, &caller, "put_push_subscription").await?;
    Ok(Disclosed::commit(core, tx, recorded, subscription).await?)
}

/// Tells nobody there any more, and forgets what waits.
pub async fn delete_push_subscription(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(id): Path<PushSubscriptionId>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    if !push::remove(&mut tx, caller.account_id, id).await? {
        return Err(Problem::not_found("This device").into());
    }
    note(&mut tx, &core, &caller, "delete_push_subscription").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// The browser's keys as bytes, where they are keys.
fn read_keys(body: &PutPushSubscription) -> Result<(Vec<u8>, Vec<u8>), Reject> {
    let Some(p256dh) = read_base64(&body.p256dh) else {
        return Err(invalid("/p256dh", "Send it in base64url, without padding"));
    };
    let Some(auth) = read_base64(&body.auth).filter(|bytes| bytes.len() == 16) else {
        return Err(invalid("/auth", "Send 16 bytes in base64url, without padding"));
    };
    match BrowserKeys::new(&p256dh, &auth) {
        Some(_) => Ok((p256dh, auth)),
        None => Err(invalid("/p256dh", "Send a point of the curve P-256, uncompressed")),
    }
}

fn not_called(error: OutboundError) -> Reject {
    invalid("/endpoint", &format!("This cannot be called: {error}"))
}

fn invalid(pointer: &str, detail: &str) -> Reject {
    Problem::invalid(vec![FieldError::new(pointer, detail)]).into()
}
