//! Every path and method of the service.

mod export_record;

use axum::{Router, http::Method};
use kernel::{Core, Policy, Routes, audit::trail, export, routes::Route};

/// The router and the same routes as data.
pub fn routes(core: Core) -> (Router, Vec<Route>) {
    Routes::new("notifications", &core)
        .route(
            Method::GET,
            "/api/v1/notifications/me/audit",
            trail::OPERATION,
            Policy::Account,
            trail::list_audit_trail(&core),
        )
        .route(
            Method::GET,
            "/api/v1/notifications/me/export",
            export::OPERATION,
            Policy::Account,
            export_record::export_record,
        )
        .finish(core)
}
