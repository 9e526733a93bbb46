//! The sandbox over HTTP.

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::any,
};
use serde_json::Value;

use crate::{
    Sandbox, api,
    call::Call,
    control,
    form::Form,
    idempotency::{self, Known},
    pages,
    refusal::Refusal,
    world::World,
};

/// The largest body that is read.
const LARGEST: usize = 1024 * 1024;

/// The API, the pages and the controls.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/v1/{*path}", any(ask))
        .merge(pages::routes())
        .merge(control::routes())
        .with_state(sandbox)
}

/// What a client is answered with.
struct Answered {
    status: StatusCode,
    body: Value,
    is_repeated: bool,
    is_lost: bool,
}

async fn ask(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let call = Call {
        method: head.method.to_string(),
        path: head.uri.path().trim_start_matches("/v1/").trim_end_matches('/').to_owned(),
        form: form(head.uri.query(), &body),
        account: text(&head.headers, "stripe-account"),
    };
    let key = text(&head.headers, "idempotency-key").filter(|_| call.method == "POST");
    if !has_key(&head.headers) {
        let refusal = Refusal::no_key();
        return reply(refusal.status, &refusal.body(), false);
    }
    let answered = sandbox.act(|world| answer(world, &call, key.as_deref()));
    if answered.is_lost {
        // The client sees a gateway that lost its server, and cannot know whether anything was done.
        return (StatusCode::GATEWAY_TIMEOUT, "").into_response();
    }
    reply(answered.status, &answered.body, answered.is_repeated)
}

fn answer(world: &mut World, call: &Call, key: Option<&str>) -> Answered {
    world.figures.requests += 1;
    if world.by_chance(world.faults.busy_percent) {
        world.figures.busy += 1;
        let refusal = Refusal::busy();
        return Answered { status: refusal.status, body: refusal.body(), is_repeated: false, is_lost: false };
    }
    let is_first = key.is_some_and(|key| !idempotency::is_known(world, call, key));
    let is_provoked = is_first && world.faults.provokes_repeat_at(&call.path);
    let is_lost = is_provoked || world.by_chance(world.faults.lost_reply_percent);
    world.figures.replies_lost += u64::from(is_lost);
    match key.map(|key| idempotency::look(world, call, key)) {
        Some(Known::Answered(before)) => {
            world.figures.repeated += 1;
            let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
            return Answered { status, body: before.body, is_repeated: true, is_lost };
        }
        Some(Known::Another(refusal)) => {
            return Answered { status: refusal.status, body: refusal.body(), is_repeated: false, is_lost };
        }
        Some(Known::Nothing) | None => {}
    }
    world.request = key.map(str::to_owned);
    let (status, body) = match api::answer(world, call) {
        Ok(body) => (StatusCode::OK, body),
        Err(refusal) => (refusal.status, refusal.body()),
    };
    world.request = None;
    if let Some(key) = key {
        idempotency::remember(world, call, key, status, &body);
    }
    Answered { status, body, is_repeated: false, is_lost }
}

fn reply(status: StatusCode, body: &Value, is_repeated: bool) -> Response {
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert("stripe-version", header::HeaderValue::from_static(crate::world::VERSION));
    if is_repeated {
        headers.insert("idempotent-replayed", header::HeaderValue::from_static("true"));
    }
    response
}

/// Query and body together.
fn form(query: Option<&str>, body: &Bytes) -> Form {
    let mut form = Form::parse(query.unwrap_or_default());
    form.add(&String::from_utf8_lossy(body));
    form
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Whether a test key is shown. Keys of the real processor's live mode have no business here.
fn has_key(headers: &HeaderMap) -> bool {
    text(headers, "authorization")
        .and_then(|shown| shown.strip_prefix("Bearer ").map(str::to_owned))
        .is_some_and(|key| key.starts_with("sk_test_") || key.starts_with("rk_test_"))
}
