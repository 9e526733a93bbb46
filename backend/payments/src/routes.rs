//! Every path and method of the service.

mod coverage;
mod find_consent_text;

use axum::{Router, http::Method};
use kernel::{
    Policy::{Account, Public},
    Routes,
    audit::trail,
    routes::Route,
};

use crate::state::State;

const COVERAGE: &str = "/api/v1/payments/me/coverage/{patient_id}";

/// The router and the same routes as data. Whose coverage an `Account` may see, the token's delegations say.
pub fn routes(state: State) -> (Router, Vec<Route>) {
    Routes::new("payments", &state.core)
        .route(
            Method::GET,
            "/api/v1/payments/me/audit",
            trail::OPERATION,
            Account,
            trail::list_audit_trail(&state.core),
        )
        .route(
            Method::GET,
            "/api/v1/payments/consent-texts/{text}",
            "find_consent_text",
            Public,
            find_consent_text::find_consent_text,
        )
        .route(Method::GET, COVERAGE, "find_coverage", Account, coverage::find_coverage)
        .route(Method::PUT, COVERAGE, "put_coverage", Account, coverage::put_coverage)
        .route(Method::DELETE, COVERAGE, "delete_coverage", Account, coverage::delete_coverage)
        .finish(state)
}
