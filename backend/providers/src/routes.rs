//! Every path of the service.

mod check_visit;
mod export_record;
mod find_landing;
mod find_practice;
mod find_provider;
mod list_places;
mod list_professions;
mod list_sitemap;
mod platform_listings;
mod search_providers;

use axum::http::Method;
use kernel::{
    Core,
    Policy::{Account, Platform, Public},
    Routes,
    audit::trail,
    export,
};
use shared_types::{Problem, users::PlatformRole::Administrator};

use crate::state::State;

/// A path segment that could be a slug; what could not names no page of ours, and the database need not be asked.
fn slug(segment: &str) -> Option<&str> {
    let could_be = segment.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    could_be.then_some(segment)
}

/// It is suspended: whoever followed a link learns that much, and no reason.
fn not_listed(what: &str) -> Problem {
    Problem::new("not-listed", 410, &format!("{what} is not listed at the moment"))
        .detail("New times are not offered. If you have an appointment, it stands until somebody tells you otherwise.")
}

/// The routes. Those for finding care are all public: it needs no account (C-03).
pub fn routes(core: &Core) -> Routes<State> {
    Routes::new("providers", core)
        .route(
            Method::GET,
            "/api/v1/providers/me/audit",
            trail::OPERATION,
            Account,
            trail::list_audit_trail(core),
        )
        .route(
            Method::GET,
            "/api/v1/providers/me/export",
            export::OPERATION,
            Account,
            export_record::export_record,
        )
        .route(
            Method::GET,
            "/api/v1/providers/search",
            "search_providers",
            Public,
            search_providers::search_providers,
        )
        .route(Method::GET, "/api/v1/providers/places", "list_places", Public, list_places::list_places)
        .route(
            Method::GET,
            "/api/v1/providers/professions",
            "list_professions",
            Public,
            list_professions::list_professions,
        )
        .route(
            Method::GET,
            "/api/v1/providers/providers/{slug}",
            "find_provider",
            Public,
            find_provider::find_provider,
        )
        .route(
            Method::GET,
            "/api/v1/providers/practices/{slug}",
            "find_practice",
            Public,
            find_practice::find_practice,
        )
        .route(
            Method::GET,
            "/api/v1/providers/roles/{practitioner_role_id}/appointment-types/{appointment_type_id}/visit",
            "check_visit",
            Public,
            check_visit::check_visit,
        )
        .route(
            Method::GET,
            "/api/v1/providers/landing/{profession}/{locality}",
            "find_landing",
            Public,
            find_landing::find_landing,
        )
        .route(Method::GET, "/api/v1/providers/sitemap", "count_sitemap", Public, list_sitemap::count_sitemap)
        .route(
            Method::GET,
            "/api/v1/providers/sitemap/{page}",
            "list_sitemap",
            Public,
            list_sitemap::list_sitemap,
        )
        .route(
            Method::GET,
            "/api/v1/providers/platform/listings",
            "list_listings",
            Platform(&[Administrator]),
            platform_listings::list_listings,
        )
        .route(
            Method::POST,
            "/api/v1/providers/platform/listings/suspensions",
            "suspend_listing",
            Platform(&[Administrator]),
            platform_listings::suspend_listing,
        )
        .route(
            Method::POST,
            "/api/v1/providers/platform/listings/suspensions/{listing_suspension_id}/lift",
            "lift_suspension",
            Platform(&[Administrator]),
            platform_listings::lift_suspension,
        )
}
