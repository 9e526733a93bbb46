//! The routes of a service with who may call them. A route without a policy cannot be written down.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::{MethodFilter, on},
};
use serde_json::Value;
use shared_types::{
    Problem,
    users::{PlatformRole, StaffRole},
};

use crate::{
    Core, Reject, access,
    layers::MAX_BODY,
    openapi::{self, Describe, Described, Follows},
};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Anybody: what it gives is public.
    Public,
    /// A browser that holds a guest's cookie, has opened a manage link, or is signed in. Anybody else is told "not
    /// found", since they may not know that the thing exists. Which things they may see, the handler decides.
    Holder,
    /// Anybody who is signed in. Which things they may see, the handler decides.
    Account,
    /// Staff of the practice that `{organization_id}` in the path names, in one of these roles, signed in with a
    /// passkey or a code. Others are told "not found".
    Practice(&'static [StaffRole]),
    /// Platform staff in one of these roles, signed in with a passkey. Others are told "not found".
    Platform(&'static [PlatformRole]),
}

/// One route as written down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// In full: `/api/v1/bookings/holds/{hold_id}`.
    pub path: &'static str,
    /// The HTTP method.
    pub method: String,
    /// The name used everywhere for this action: `create_hold`.
    pub operation: &'static str,
    /// Who may call it.
    pub policy: Policy,
    /// The largest body it takes, in bytes.
    pub max_body: usize,
}

/// A service's routes, with the inventory that the access test and the API description are made from.
pub struct Routes<S> {
    service: &'static str,
    core: Core,
    router: Router<S>,
    inventory: Vec<(Route, Describe)>,
    follows: Vec<Follows>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet. `core` tells who calls.
    pub fn new(service: &'static str, core: &Core) -> Self {
        let (inventory, follows) = (Vec::new(), Vec::new());
        Self { service, core: core.clone(), router: Router::new(), inventory, follows }
    }

    /// Adds a route: method, path, name, who may call it, and what answers, whose types describe it. Its bodies are at most
    /// [`MAX_BODY`] long.
    ///
    /// # Panics
    /// On a method that a service does not use, a path outside the service's prefix, or a practice's route whose path
    /// names no practice: mistakes of ours that a start shows at once.
    pub fn route<H, T>(
        self,
        method: Method,
        path: &'static str,
        operation: &'static str,
        policy: Policy,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S> + Described<T>,
        T: 'static,
    {
        self.route_with_limit(method, path, operation, policy, MAX_BODY, handler)
    }

    /// The same for a route whose bodies may be larger, or must be smaller: at most `max_body` bytes, which somebody who
    /// is not let in does not get to send.
    ///
    /// # Panics
    /// As [`Routes::route`].
    pub fn route_with_limit<H, T>(
        mut self,
        method: Method,
        path: &'static str,
        operation: &'static str,
        policy: Policy,
        max_body: usize,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S> + Described<T>,
        T: 'static,
    {
        assert!(
            !matches!(policy, Policy::Practice(_)) || path.contains("{organization_id}"),
            "{path} names no practice"
        );
        let filter = MethodFilter::try_from(method.clone()).expect("a common HTTP method");
        let core = self.core.clone();
        let guard = middleware::from_fn(move |request, next| {
            let core = core.clone();
            async move { admit(&core, policy, operation, max_body, request, next).await }
        });
        let methods = on(filter, handler).layer(DefaultBodyLimit::max(max_body)).layer(guard);
        self.router = self.router.route(path, methods);
        let route = Route { path, method: method.to_string(), operation, policy, max_body };
        self.inventory.push((route, H::describe));
        self
    }

    /// Says that an operation's body can be made of another's reply: each field with where the reply has it. Ids by which
    /// operations follow one another are found by themselves.
    pub fn follows(
        mut self,
        from: &'static str,
        to: &'static str,
        with: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.follows.push(Follows { from, to, with });
        self
    }

    /// The routes so far, as data.
    pub fn inventory(&self) -> impl Iterator<Item = &Route> {
        self.inventory.iter().map(|(route, _)| route)
    }

    /// The router with its state, its own description at `/api/v1/{service}/openapi.json`, and the inventory.
    pub fn finish(self, state: S) -> (Router, Vec<Route>) {
        let Self { service, inventory, follows, .. } = self;
        let routes = inventory.iter().map(|(route, _)| route.clone()).collect();
        // Made when it is first asked for.
        let document = LazyLock::new(move || openapi::document(service, &inventory, &follows));
        let document = Arc::new(document);
        let describe = axum::routing::get(move || std::future::ready(axum::Json(Value::clone(&document))));
        let path = format!("/api/v1/{service}/openapi.json");
        (self.router.with_state(state).route(&path, describe), routes)
    }
}

/// Lets a request in or refuses it. A refusal of somebody we know is written down before they are told.
async fn admit(
    core: &Core,
    policy: Policy,
    operation: &'static str,
    max_body: usize,
    request: Request,
    next: Next,
) -> Result<Response, Reject> {
    let (mut parts, body) = request.into_parts();
    if let Err(refusal) = access::admit(core, policy, &mut parts).await {
        access::note_refusal(core, operation, &parts.headers, refusal).await?;
        return Err(refusal.into());
    }
    // A body that announces its length is refused before any of it is read; others once they have grown too long.
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced.and_then(|length| length.parse().ok()).is_some_and(|length: u64| length > max_body as u64) {
        return Err(too_large(max_body).into());
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Err(too_large(max_body).into());
    }
    Ok(response)
}

/// 413, with the limit in words.
fn too_large(max_body: usize) -> Problem {
    let limit = match max_body {
        bytes if bytes >= MIB && bytes.is_multiple_of(MIB) => format!("{} MB", bytes / MIB),
        bytes if bytes >= KIB => format!("{} KB", bytes / KIB),
        bytes => format!("{bytes} bytes"),
    };
    Problem::new("too-large", 413, "This is too large")
        .detail(format!("Nothing was changed. At most {limit} can be sent here. Send less and try again."))
}
