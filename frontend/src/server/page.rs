//! One page: its address put right, rendered, framed, and given its status and its caching.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use shared_types::Problem;
use yew::ServerRenderer;
use yew_router::Routable;

use super::Pages;
use crate::{
    app::{ServerApp, ServerAppProps},
    head::{Head, HeadSink},
    routes::{Bundle, Route},
};

/// Answers every address that is neither a service's nor a file's.
pub async fn show(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/fhir/") {
        return no_endpoint();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    if pages.files.has(request.uri().path()) {
        return pages.files.built(request).await;
    }
    let uri = request.uri();
    let path = tidy_path(uri.path());
    if path != uri.path() {
        return moved(&with_query(&path, uri));
    }
    let route = Route::recognize(&path).unwrap_or(Route::NotFound);
    let bundle = bundle_for(&route, request.headers());
    let (head, html) = render(&pages, bundle, path, uri.query().unwrap_or_default().to_owned()).await;
    if let Some(to) = head.moved_to.filter(|to| to.starts_with('/') && !to.starts_with("//")) {
        return moved(&to);
    }
    let status = match head.status {
        _ if route == Route::NotFound => 404,
        // Moved, but nowhere that we would send anybody.
        300..400 => 404,
        status => status,
    };
    let policy = pages.document.policy(bundle);
    answer(policy, status, route.is_private(), html, request.headers())
}

/// The bundle that takes a page over. Whoever has signed in books with the pages of their account at hand: keys that they
/// open for a booking are open still where they read what they sent. Such pages are kept by no cache, and what they say is
/// the same for everybody.
fn bundle_for(route: &Route, asked: &HeaderMap) -> Bundle {
    const SESSION: &str = "__Host-session=";
    let bundle = route.bundle();
    let mut cookies = asked.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut signed_in = || cookies.any(|some| some.split(';').any(|one| one.trim().starts_with(SESSION)));
    if bundle == Bundle::Book && signed_in() { Bundle::Member } else { bundle }
}

/// A program asked, so the answer is for a program.
fn no_endpoint() -> Response {
    let problem = serde_json::to_string(&Problem::not_found("Endpoint")).unwrap_or_default();
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/problem+json")], problem).into_response()
}

async fn render(pages: &Pages, bundle: Bundle, path: String, query: String) -> (Head, String) {
    let sink = HeadSink::new();
    let (api, head) = (pages.api.clone(), sink.clone());
    let props = move || ServerAppProps { path: path.into(), query: query.into(), api, head };
    let hydratable = bundle != Bundle::NoScript;
    let body = ServerRenderer::<ServerApp>::with_props(props).hydratable(hydratable).render().await;
    let head = sink.take();
    let html = pages.document.fill(bundle, &head, &body);
    (head, html)
}

pub(super) fn answer(
    policy: &HeaderValue,
    status: u16,
    private: bool,
    html: String,
    asked: &HeaderMap,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    if private || status.is_server_error() {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
        let tag = entity_tag(&html);
        let seen = status == StatusCode::OK
            && asked.get_all(header::IF_NONE_MATCH).iter().any(|kept| has_tag(kept, &tag));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if seen {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    (status, headers, Body::from(html)).into_response()
}

/// One address for one page: no doubled and no trailing slashes, and landing pages in lower case.
fn tidy_path(path: &str) -> String {
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let tidy = format!("/{}", segments.join("/"));
    match Route::recognize(&tidy) {
        Some(Route::Landing { .. }) => tidy.to_ascii_lowercase(),
        _ => tidy,
    }
}

fn with_query(path: &str, uri: &Uri) -> String {
    uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

fn moved(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A weak tag: two pages are the same when they differ in nothing but the second at which they were made.
/// Every reply in the page has an `as_of` to the microsecond; readers see it to the minute.
fn entity_tag(html: &str) -> String {
    const STATE: &str = "<script type=\"application/x-yew-comp-state\">";
    let mut hash = Sha256::new();
    let mut parts = html.split(STATE);
    hash.update(parts.next().unwrap_or_default());
    for part in parts {
        let (states, rest) = part.split_once("</script>").unwrap_or((part, ""));
        for state in states.split(',') {
            let state = STANDARD.decode(state).unwrap_or_else(|_| state.as_bytes().to_vec());
            let state = String::from_utf8_lossy(&state);
            // Before a reply stands its length, which goes with the digits of its second.
            let reply = state.find("{\"").map_or(&*state, |start| &state[start..]);
            for piece in to_the_minute(reply) {
                hash.update(piece);
            }
        }
        hash.update(rest);
    }
    tag_of(hash)
}

/// A tag of a text that changes with every letter of it; weak, since it may be sent compressed.
pub(super) fn entity_tag_of(text: &str) -> String {
    tag_of(Sha256::new().chain_update(text))
}

fn tag_of(hash: Sha256) -> String {
    let digest = hash.finalize();
    format!("W/\"{}\"", hex::encode(&digest[..16]))
}

/// The text without the seconds of its `as_of` values.
fn to_the_minute(text: &str) -> Vec<&str> {
    const AS_OF: &str = "\"as_of\":\"";
    const MINUTE: usize = "2026-11-22T22:00".len();
    let mut parts = text.split(AS_OF);
    let mut kept: Vec<&str> = parts.next().into_iter().collect();
    for part in parts {
        let (instant, rest) = part.split_once('"').unwrap_or((part, ""));
        kept.push(instant.get(..MINUTE).unwrap_or(instant));
        kept.push(rest);
    }
    kept
}

/// Whether an `If-None-Match` holds this tag; the comparison is the weak one (RFC 9110, 13.1.2).
pub(super) fn has_tag(kept: &HeaderValue, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    kept.to_str().is_ok_and(|kept| {
        kept.split(',').map(str::trim).any(|kept| kept == "*" || kept.trim_start_matches("W/") == opaque)
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::{entity_tag, tidy_path};

    #[test]
    fn each_page_has_one_address() {
        for (path, tidy) in [
            ("/", "/"),
            ("/search/", "/search"),
            ("//evil.test/", "/evil.test"),
            ("/Dentist/Parramatta-NSW-2150", "/dentist/parramatta-nsw-2150"),
            ("/manage/AbC", "/manage/AbC"),
            ("/providers/Dr-X", "/providers/Dr-X"),
        ] {
            assert_eq!(tidy_path(path), tidy);
        }
    }

    #[test]
    fn a_page_made_a_second_later_is_the_same_page() {
        let page = |as_of: &str, name: &str| {
            let reply = format!("{{\"as_of\":\"{as_of}\",\"name\":\"{name}\"}}");
            let length = char::from_digit(u32::try_from(reply.len() % 36).unwrap(), 36).unwrap();
            let state = STANDARD.encode(format!("{length}{reply}"));
            entity_tag(&format!(
                "<p>9:00</p><script type=\"application/x-yew-comp-state\">{state}</script><p>x</p>"
            ))
        };
        let first = page("2026-11-22T22:00:01.5Z", "a");
        assert_eq!(first, page("2026-11-22T22:00:59Z", "a"));
        assert_ne!(first, page("2026-11-22T22:01:00Z", "a"));
        assert_ne!(first, page("2026-11-22T22:00:01.5Z", "b"));
    }
}
