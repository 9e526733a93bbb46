//! What every request passes through once, outermost first: its id, its span, panics, the time limit, the size limit,
//! and where unsafe requests may come from.

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use shared_types::Problem;
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::{CsrfLayer, ProtectionError},
    timeout::TimeoutLayer,
};
use tracing::Instrument as _;

use crate::{
    Chance, Clock, MediaType as _,
    address::{ClientAddress, TrustedProxies},
    fhir::{self, FhirJson},
    headers,
    reject::problem_response,
};

/// The largest body a request may have, in bytes, where a route does not say otherwise.
pub const MAX_BODY: usize = 64 * 1024;

tokio::task_local! {
    static REQUEST_ID: String;
    static NETWORK: String;
}

/// The id of the request being answered, for audit rows and events.
pub fn current_request_id() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

/// The network that the request being answered came from, for audit rows: an address without its last part.
pub fn current_network() -> Option<String> {
    NETWORK.try_with(Clone::clone).ok()
}

/// Puts the layers around a router. `trusted_origin` is the public origin, for fronts that rewrite `Host`.
///
/// # Errors
/// When `trusted_origin` is no origin.
pub fn apply(
    router: Router,
    clock: Clock,
    chance: Chance,
    proxies: TrustedProxies,
    trusted_origin: &str,
) -> anyhow::Result<Router> {
    let csrf = CsrfLayer::new().add_trusted_origin(trusted_origin)?.with_rejection_response(foreign_origin);
    Ok(router
        .layer(csrf)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(20)))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            problem_response(&Problem::internal())
        }))
        .layer(axum::Extension(proxies.clone()))
        .layer(middleware::from_fn(move |request, next| {
            observe(clock.clone(), chance.clone(), proxies.clone(), request, next)
        })))
}

fn foreign_origin(_: ProtectionError) -> Response<Body> {
    let problem = Problem::new("forbidden-origin", 403, "This request came from another site")
        .detail("Open the page on this site and try again.");
    problem_response(&problem)
}

/// Gives the request an id, a span and a count. Logs carry the route's template, never the path or the query.
async fn observe(
    clock: Clock,
    chance: Chance,
    proxies: TrustedProxies,
    request: Request,
    next: Next,
) -> Response {
    let id = chance.id::<uuid::Uuid>(&clock).to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let fhir = fhir::is_spoken_at(request.uri().path());
    let api = fhir || request.uri().path().starts_with("/api/");
    let span = tracing::info_span!("request", id = %id, method = %method, route = %route);
    let started = Instant::now();
    let network = ClientAddress::of(request.extensions(), request.headers(), &proxies).network();
    let answering = NETWORK.scope(network, next.run(request));
    let mut response = REQUEST_ID.scope(id.clone(), answering).instrument(span).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("http_request_seconds", "route" => route, "method" => method.to_string(), "status" => status)
        .record(started.elapsed().as_secs_f64());
    let told = response.extensions_mut().remove::<Problem>();
    if let Some(mut problem) = told.or_else(|| unexplained(response.status()).filter(|_| api)) {
        problem.instance = Some(id.clone());
        let (kind, body) = if fhir {
            (FhirJson::NAME, serde_json::to_vec(&fhir::outcome(&problem)))
        } else {
            ("application/problem+json", serde_json::to_vec(&problem))
        };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        *response.body_mut() = Body::from(body.unwrap_or_default());
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if api {
        headers::for_api(response.headers_mut());
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// What the router and its extractors refuse in words of their own, as a problem like every other. Their words may
/// quote the request, so they go.
fn unexplained(status: StatusCode) -> Option<Problem> {
    match status {
        StatusCode::NOT_FOUND => Some(Problem::not_found("That")),
        StatusCode::SERVICE_UNAVAILABLE => Some(
            Problem::new("busy", 503, "Too many people at once")
                .detail("This took too long. Look whether it was done, then try again."),
        ),
        _ if status.is_client_error() => {
            Some(Problem::new("unreadable", status.as_u16(), "This request cannot be read"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        http::{Request, StatusCode},
        routing::get,
    };
    use tower::ServiceExt as _;

    use super::{TrustedProxies, apply};
    use crate::{Chance, Clock};

    #[tokio::test]
    async fn a_panic_becomes_a_problem_without_its_words() {
        let broken = get(|| async { panic!("Ada Nguyen, born 1985-03-27") as StatusCode });
        let router = Router::new().route("/api/v1/broken", broken);
        let (clock, chance) = (Clock::System, Chance::seeded(1));
        let router =
            apply(router, clock, chance, TrustedProxies::default(), "http://localhost:8080").unwrap();
        for _ in 0..2 {
            let request = Request::get("/api/v1/broken").body(Body::empty()).unwrap();
            let reply = router.clone().oneshot(request).await.unwrap();
            assert_eq!(reply.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(reply.headers()["content-type"], "application/problem+json");
            let body = to_bytes(reply.into_body(), usize::MAX).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains("/problems/") && !body.contains("Ada"), "{body}");
        }
    }
}
