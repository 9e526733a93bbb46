//! `GET /api/v1/notifications/me/stream`: how many notices are not read, told as it changes, by server-sent events (HTML Living
//! Standard, 9.2, read 2026-11-26). It ends with the session: when its token has ended or was revoked, or the account signed out.
//!
//! Each stream asks the database again and again what stands, and tells what is different from what it told last. So it does not
//! matter which process wrote a notice, nothing that is committed late is passed over, and a browser that comes back says by
//! `Last-Event-ID` what it knows.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State as Extract,
    http::{HeaderMap, HeaderName},
    response::{
        IntoResponse as _,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use kernel::{Core, MediaType, Reject, SignedIn, Written, cookies, session};
use shared_types::{AccountId, NoticeId, Problem, notifications::NoticeCount};

use crate::{
    seats::{Seat, Seats},
    state::State,
    store::notice,
};

/// How often a stream looks.
const LOOK: Duration = Duration::from_secs(2);
/// After how long without news something is said all the same, so that what lies between does not take us for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// What a browser sends that has been here before.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Tells fronts that keep replies back until they are whole, such as nginx, that this one is never whole.
const AS_IT_COMES: [(HeaderName, &str); 1] = [(HeaderName::from_static("x-accel-buffering"), "no")];

/// Server-sent events.
pub struct Events;

impl MediaType for Events {
    const NAME: &'static str = "text/event-stream";
}

/// One stream.
struct Watch {
    core: Core,
    account_id: AccountId,
    token: String,
    /// What was told last.
    told: Option<String>,
    is_first: bool,
    _seat: Seat,
}

/// Opens a stream, at most four for an account.
pub async fn watch_notices(
    Extract(state): Extract<State>,
    caller: SignedIn,
    headers: HeaderMap,
) -> Result<([(HeaderName, &'static str); 1], Written<Events>), Reject> {
    let seat = Seats::take(&state.seats, caller.account_id).ok_or_else(too_many)?;
    let token = cookies::value(&headers, session::COOKIE).unwrap_or_default().to_owned();
    let told = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let watch =
        Watch { core: state.core, account_id: caller.account_id, token, told, is_first: true, _seat: seat };
    let events = Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    Ok((AS_IT_COMES, Written::new(events.into_response().into_body())))
}

/// Waits for news. None ends the stream: then the browser comes back, if it still may.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    loop {
        if !std::mem::take(&mut watch.is_first) {
            tokio::time::sleep(LOOK).await;
        }
        let core = &watch.core;
        core.sessions.verify(&watch.token, core.now()).ok()?;
        let (unread, newest) = notice::standing(&core.pool, watch.account_id).await.ok()?;
        let id = event_id(unread, newest);
        if watch.told.as_ref() == Some(&id) {
            continue;
        }
        let event = Event::default().event("notices").id(&id).json_data(NoticeCount { unread }).ok()?;
        watch.told = Some(id);
        return Some((Ok(event), watch));
    }
}

/// What stands, as one word.
fn event_id(unread: i64, newest: Option<NoticeId>) -> String {
    newest.map_or_else(|| "0".to_owned(), |newest| format!("{unread}-{newest}"))
}

fn too_many() -> Reject {
    Problem::new("rate-limited", 429, "This account watches in too many places")
        .detail("Nothing was changed. Close one of the other windows.")
        .into()
}
