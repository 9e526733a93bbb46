//! Every path and method of the service.

mod find_consent_text;

use axum::{Router, http::Method};
use kernel::{Core, Policy, Routes, routes::Route};

/// The router and the same routes as data.
pub fn routes(core: Core) -> (Router, Vec<Route>) {
    Routes::new("users")
        .route(
            Method::GET,
            "/api/v1/users/consent-texts/{text}",
            "find_consent_text",
            Policy::Public,
            find_consent_text::find_consent_text,
        )
        .finish(core)
}
