//! Whom a practice has told of its appointments.

use axum::http::Method;
use kernel::{Policy::Practice, Routes};
use shared_types::bookings::webhook::WEBHOOK_STAFF;

use super::webhooks;
use crate::state::State;

const WEBHOOKS: &str = "/api/v1/bookings/practices/{organization_id}/webhooks";

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
        .route(Method::GET, WEBHOOKS, "list_webhooks", Practice(&WEBHOOK_STAFF), webhooks::list_webhooks)
        .route(Method::POST, WEBHOOKS, "create_webhook", Practice(&WEBHOOK_STAFF), webhooks::create_webhook)
        .route(
            Method::DELETE,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}",
            "delete_webhook",
            Practice(&WEBHOOK_STAFF),
            webhooks::delete_webhook,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/active",
            "set_webhook_active",
            Practice(&WEBHOOK_STAFF),
            webhooks::set_webhook_active,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/secret",
            "rotate_webhook_secret",
            Practice(&WEBHOOK_STAFF),
            webhooks::rotate_webhook_secret,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/ping",
            "ping_webhook",
            Practice(&WEBHOOK_STAFF),
            webhooks::ping_webhook,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/deliveries",
            "list_deliveries",
            Practice(&WEBHOOK_STAFF),
            webhooks::list_deliveries,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/deliveries/{webhook_delivery_id}/redeliver",
            "redeliver",
            Practice(&WEBHOOK_STAFF),
            webhooks::redeliver,
        )
}
