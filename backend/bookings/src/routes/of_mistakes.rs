//! Requests to enter an appointment in error where somebody else has to agree: a practice's, and what administrators answer of them.

use axum::http::Method;
use kernel::{
    Policy::{Platform, Practice},
    Routes,
};
use shared_types::{bookings::mistake::MISTAKE_STAFF, users::PlatformRole::Administrator};

use super::{platform_mistakes, practice_mistakes};
use crate::state::State;

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/mistake",
            "ask_mistake",
            Practice(&MISTAKE_STAFF),
            practice_mistakes::ask_mistake,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/mistakes",
            "list_practice_mistakes",
            Practice(&MISTAKE_STAFF),
            practice_mistakes::list_practice_mistakes,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/mistakes/{mistake_request_id}/approve",
            "approve_mistake",
            Practice(&MISTAKE_STAFF),
            practice_mistakes::approve_mistake,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/mistakes/{mistake_request_id}/decline",
            "decline_mistake",
            Practice(&MISTAKE_STAFF),
            practice_mistakes::decline_mistake,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/mistakes/{mistake_request_id}/withdraw",
            "withdraw_mistake",
            Practice(&MISTAKE_STAFF),
            practice_mistakes::withdraw_mistake,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/platform/mistakes",
            "list_mistakes",
            Platform(&[Administrator]),
            platform_mistakes::list_mistakes,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/platform/mistakes/{mistake_request_id}/approve",
            "approve_mistake_as_platform",
            Platform(&[Administrator]),
            platform_mistakes::approve_mistake_as_platform,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/platform/mistakes/{mistake_request_id}/decline",
            "decline_mistake_as_platform",
            Platform(&[Administrator]),
            platform_mistakes::decline_mistake_as_platform,
        )
}
