//! Every path and method of the service.

mod coverage;
mod export_record;
mod find_consent_text;
mod list_consents;

use axum::{Router, http::Method};
use kernel::{
    Policy::{Account, Public},
    Routes,
    audit::trail,
    export,
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
            "/api/v1/payments/me/export",
            export::OPERATION,
            Account,
            export_record::export_record,
        )
        .route(
            Method::GET,
            "/api/v1/payments/me/consents",
            "list_consents",
            Account,
            list_consents::list_consents,
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
