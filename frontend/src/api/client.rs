//! One client for both sides: the server calls the services' router in process, the browser fetches from its
//! own origin. Nothing here knows an endpoint.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared_types::{Problem, payments::quote::PaymentTicket};
use yew::prelude::*;

/// What came back: the status and the text, as carried from the server to the browser. A small plain struct,
/// because Yew's prepared state cannot read tagged or flattened types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The HTTP status; 0 when nothing answered.
    pub status: u16,
    /// JSON, mostly.
    pub body: String,
}

impl Reply {
    /// Reads the body, or the problem it describes.
    ///
    /// # Errors
    /// The service's problem; `/problems/internal` for a body that is not what was agreed.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if (200..300).contains(&self.status) {
            // An empty body (204) reads as `()`.
            let body = if self.body.is_empty() { "null" } else { &self.body };
            return serde_json::from_str(body).map_err(|_| Problem::internal());
        }
        let problem = serde_json::from_str::<Problem>(&self.body);
        let status = if self.status < 400 { 500 } else { self.status };
        Err(problem.unwrap_or_else(|_| Problem { status, ..Problem::internal() }))
    }

    /// No question, no answer.
    pub fn nothing() -> Self {
        Self { status: 204, body: String::new() }
    }

    /// Whether nobody is signed in, or the token has ended.
    #[cfg(all(feature = "hydration", not(feature = "ssr")))]
    fn is_signed_out(&self) -> bool {
        self.status == 401 && self.read::<()>().is_err_and(|problem| problem.is("signed-out"))
    }

    fn of_problem(problem: &Problem) -> Self {
        Self { status: problem.status, body: serde_json::to_string(problem).unwrap_or_default() }
    }
}

/// The methods we send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// What goes with a request beside its body.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    /// Makes a repeat harmless.
    idempotency_key: Option<String>,
    /// Shows payments that a booking is one's own.
    payment_ticket: Option<String>,
}

/// Sends requests to the services.
#[derive(Clone, Debug, Default)]
pub struct ApiClient {
    #[cfg(feature = "ssr")]
    services: Option<in_process::Services>,
}

impl PartialEq for ApiClient {
    /// There is one client in an application, made once.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The client of this application.
#[hook]
pub fn use_api_client() -> ApiClient {
    use_context::<ApiClient>().unwrap_or_default()
}

impl ApiClient {
    /// Fetches a path; a failure to reach the service is a reply with the problem `offline`.
    pub async fn get(&self, path: &str) -> Reply {
        self.request(Method::Get, path, None, Extra::default()).await
    }

    /// Sends a body and reads the answer; `()` reads an empty one.
    ///
    /// # Errors
    /// The service's problem, or `offline`.
    pub async fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
        idempotency_key: Option<String>,
    ) -> Result<T, Problem> {
        let body = body.map(serde_json::to_string).transpose().map_err(|_| Problem::internal())?;
        let extra = Extra { idempotency_key, ..Extra::default() };
        self.request(method, path, body, extra).await.read()
    }

    /// The same about a booking's money, with the ticket by which it is one's own.
    ///
    /// # Errors
    /// The service's problem, or `offline`.
    pub async fn send_with_ticket<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
        (ticket, idempotency_key): (&PaymentTicket, Option<String>),
    ) -> Result<T, Problem> {
        let body = body.map(serde_json::to_string).transpose().map_err(|_| Problem::internal())?;
        let extra = Extra { idempotency_key, ..with_ticket(ticket)? };
        self.request(method, path, body, extra).await.read()
    }

    /// Fetches a text that is no JSON, such as a page to keep, with the ticket of the booking that it is about.
    ///
    /// # Errors
    /// The service's problem, or `offline`.
    pub async fn get_text_with_ticket(&self, path: &str, ticket: &PaymentTicket) -> Result<String, Problem> {
        let reply = self.request(Method::Get, path, None, with_ticket(ticket)?).await;
        if (200..300).contains(&reply.status) { Ok(reply.body) } else { reply.read() }
    }
}

fn with_ticket(ticket: &PaymentTicket) -> Result<Extra, Problem> {
    let ticket = serde_json::to_vec(ticket).map_err(|_| Problem::internal())?;
    Ok(Extra { payment_ticket: Some(URL_SAFE_NO_PAD.encode(ticket)), ..Extra::default() })
}

/// Nothing answered.
#[cfg(any(feature = "hydration", not(feature = "ssr")))]
fn offline() -> Problem {
    Problem::new("offline", 0, "We could not reach HelloMapper")
        .detail("Nothing was changed. Check your connection and try again.")
}

#[cfg(feature = "ssr")]
mod in_process {
    //! The server's side: one call into the services' own router, through all of their layers.

    use axum::{
        Router,
        body::{Body, to_bytes},
        http::{Request, header},
    };
    use shared_types::Problem;
    use tokio::runtime::Handle;
    use tower::ServiceExt;

    use super::{ApiClient, Extra, Method, Reply};

    /// Far above any reply of ours; a guard, not a limit anybody should meet.
    const MAX_REPLY_BYTES: usize = 16 * 1024 * 1024;

    /// Marks a request as made by the pages in the same process, for layers that count by address.
    #[derive(Clone, Copy, Debug)]
    pub struct InProcess;

    /// The services and the runtime they run on.
    #[derive(Clone, Debug)]
    pub struct Services {
        router: Router,
        runtime: Option<Handle>,
    }

    impl Services {
        /// Yew renders on threads with small runtimes of their own; the services' connections belong to the
        /// runtime that opened them, so a call goes there and back.
        async fn call(&self, request: Request<Body>) -> Option<Reply> {
            let router = self.router.clone();
            let call = async move {
                let Ok(response) = router.oneshot(request).await;
                let status = response.status().as_u16();
                let body = to_bytes(response.into_body(), MAX_REPLY_BYTES).await;
                body.map(|bytes| Reply { status, body: String::from_utf8_lossy(&bytes).into_owned() })
            };
            let reply = match &self.runtime {
                Some(runtime) => match runtime.spawn(call).await {
                    Ok(reply) => reply,
                    Err(error) => {
                        tracing::error!(%error, "a service's call by the pages did not end");
                        return None;
                    }
                },
                None => call.await,
            };
            reply
                .inspect_err(|error| tracing::error!(%error, "a service's reply to the pages broke off"))
                .ok()
        }
    }

    impl ApiClient {
        /// Calls this router, on the runtime that this is called from.
        pub fn in_process(router: Router) -> Self {
            Self { services: Some(Services { router, runtime: Handle::try_current().ok() }) }
        }

        pub(super) async fn request(
            &self,
            method: Method,
            path: &str,
            body: Option<String>,
            extra: Extra,
        ) -> Reply {
            let (Some(services), Method::Get, None, Extra { idempotency_key: None, payment_ticket: None }) =
                (&self.services, method, body, extra)
            else {
                // Pages are rendered for anonymous visitors and change nothing.
                return Reply::of_problem(&Problem::internal());
            };
            let request = Request::get(path)
                .header(header::ACCEPT, "application/json")
                .extension(InProcess)
                .body(Body::empty());
            let Ok(request) = request else { return Reply::of_problem(&Problem::not_found("Page")) };
            services.call(request).await.unwrap_or_else(|| Reply::of_problem(&Problem::internal()))
        }
    }
}

#[cfg(feature = "ssr")]
pub use in_process::InProcess;

/// Where a token that has ended is exchanged for a new one.
pub(super) const REFRESH: &str = "/api/v1/users/refresh";
/// Where a sign-in ends.
pub(super) const SIGN_OUT: &str = "/api/v1/users/sign-out";

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
impl ApiClient {
    /// A token that has ended is refreshed once and the request made again: what was refused for want of a sign-in has
    /// changed nothing. Where the token could not be refreshed for another reason than that nobody is signed in, that is what
    /// is told: a reader who goes on to another page meanwhile, or is in a tunnel, is not signed out.
    async fn request(&self, method: Method, path: &str, body: Option<String>, extra: Extra) -> Reply {
        let reply = answer(method, path, body.clone(), extra.clone()).await;
        if path == REFRESH || !reply.is_signed_out() {
            return reply;
        }
        let refreshed = answer(Method::Post, REFRESH, None, Extra::default()).await;
        if refreshed.status == 200 {
            answer(method, path, body, extra).await
        } else if refreshed.is_signed_out() {
            reply
        } else {
            refreshed
        }
    }

    /// Fetches a path without renewing a sign-in that has ended: for what a page asks by itself while nobody does anything. Nobody
    /// stays signed in because a page lies open.
    pub async fn get_unrenewed(&self, path: &str) -> Reply {
        answer(Method::Get, path, None, Extra::default()).await
    }
}

#[cfg(not(all(feature = "hydration", not(feature = "ssr"))))]
impl ApiClient {
    /// Fetches a path. Only in a browser is there a sign-in that could be renewed.
    pub async fn get_unrenewed(&self, path: &str) -> Reply {
        self.get(path).await
    }
}

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
async fn answer(method: Method, path: &str, body: Option<String>, extra: Extra) -> Reply {
    fetch(method, path, body, extra).await.unwrap_or_else(|_| Reply::of_problem(&offline()))
}

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
async fn fetch(
    method: Method,
    path: &str,
    body: Option<String>,
    extra: Extra,
) -> Result<Reply, gloo_net::Error> {
    use gloo_net::http::Request;
    use shared_types::payments::quote::TICKET_HEADER;

    let mut request = match method {
        Method::Get => Request::get(path),
        Method::Post => Request::post(path),
        Method::Put => Request::put(path),
        Method::Delete => Request::delete(path),
    }
    .header("accept", "application/json");
    if let Some(key) = extra.idempotency_key {
        request = request.header("idempotency-key", &key);
    }
    if let Some(ticket) = extra.payment_ticket {
        request = request.header(TICKET_HEADER, &ticket);
    }
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body)?,
        None => request.build()?,
    };
    let request = if [REFRESH, SIGN_OUT].contains(&path) { outliving_page(request) } else { request };
    let response = request.send().await?;
    Ok(Reply { status: response.status(), body: response.text().await? })
}

/// The same request, which goes on when its page is left: the token that takes the old one's place arrives, and whoever closes
/// the page is signed out. web-sys has no name for the option yet.
#[cfg(all(feature = "hydration", not(feature = "ssr")))]
fn outliving_page(request: gloo_net::http::Request) -> gloo_net::http::Request {
    let init = web_sys::RequestInit::new();
    let asked = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
    debug_assert_eq!(asked, Ok(true), "a plain object takes a property");
    let request = web_sys::Request::from(request);
    web_sys::Request::new_with_request_and_init(&request, &init).unwrap_or(request).into()
}

#[cfg(not(any(feature = "ssr", feature = "hydration")))]
impl ApiClient {
    async fn request(&self, _: Method, _: &str, _: Option<String>, _: Extra) -> Reply {
        Reply::of_problem(&offline())
    }
}
