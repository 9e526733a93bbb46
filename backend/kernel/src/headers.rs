//! What every reply of the API tells browsers, and what every reply at all does where people come by TLS. The pages
//! have headers of their own.

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::map_response,
    response::Response,
};

use crate::host;

/// Two years, and for every name below ours: what browsers ask for before they list a site as TLS only.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Replies of the API are data: no browser shows one as a page, frames it, guesses its type, or gives it to another
/// site.
const API: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Puts them on a reply. Most replies are one person's or soon out of date, so nobody in between may keep them, unless
/// the handler said otherwise.
pub(crate) fn for_api(headers: &mut HeaderMap) {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    for (name, value) in API {
        headers.insert(name, value);
    }
}

/// `Strict-Transport-Security` on every reply when the public address is reached by TLS. Not for this machine's own
/// names: a browser would keep a developer from everything else there.
pub(crate) fn by_tls_only(router: Router, public_url: &str) -> Router {
    if !public_url.starts_with("https://") || host::is_local(public_url) {
        return router;
    }
    router.layer(map_response(|mut response: Response| async move {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        response
    }))
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::Request};
    use tower::ServiceExt as _;

    use super::by_tls_only;

    #[tokio::test]
    async fn tls_is_promised_for_two_years_where_people_come_by_it() {
        for (public_url, promised) in [
            ("https://hellomapper.example", true),
            ("http://hellomapper.example", false),
            ("https://localhost:8443", false),
        ] {
            let router = by_tls_only(Router::new(), public_url);
            let reply = router.oneshot(Request::new(Body::empty())).await.unwrap();
            let header = reply.headers().get("strict-transport-security");
            assert_eq!(header.is_some(), promised, "{public_url}");
            assert!(header.is_none_or(|value| value == "max-age=63072000; includeSubDomains"));
        }
    }
}
