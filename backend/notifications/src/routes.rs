//! Every path and method of the service.

mod export_record;
mod list_previews;
mod list_undelivered;
mod mail_reminders;
mod notices;
mod platform_undelivered;
mod preferences;
mod push_subscriptions;
mod receive_bounce;
mod receive_text;
mod receive_text_status;
mod send_again;
mod unsubscribe;
mod watch_notices;

use axum::{Router, http::Method};
use kernel::{Policy, Routes, audit::trail, export, routes::Route};
use shared_types::users::{PlatformRole, StaffRole};

use crate::state::State;

const PREFERENCES: &str = "/api/v1/notifications/me/preferences";
const PUSH_SUBSCRIPTIONS: &str = "/api/v1/notifications/me/push-subscriptions";
const UNSUBSCRIBE: &str = "/api/v1/notifications/unsubscribe/{token}";

/// The router and the same routes as data.
pub fn routes(state: State) -> (Router, Vec<Route>) {
    let core = state.core.clone();
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
        .route(Method::GET, PREFERENCES, "find_preferences", Policy::Account, preferences::find_preferences)
        .route(Method::PUT, PREFERENCES, "put_preferences", Policy::Account, preferences::put_preferences)
        .route(
            Method::POST,
            "/api/v1/notifications/me/mail-reminders/find",
            "find_mail_reminders",
            Policy::Account,
            mail_reminders::find_mail_reminders,
        )
        .route(
            Method::PUT,
            "/api/v1/notifications/me/mail-reminders",
            "put_mail_reminders",
            Policy::Account,
            mail_reminders::put_mail_reminders,
        )
        .route(
            Method::GET,
            PUSH_SUBSCRIPTIONS,
            "list_push_subscriptions",
            Policy::Account,
            push_subscriptions::list_push_subscriptions,
        )
        .route(
            Method::PUT,
            PUSH_SUBSCRIPTIONS,
            "put_push_subscription",
            Policy::Account,
            push_subscriptions::put_push_subscription,
        )
        .route(
            Method::DELETE,
            "/api/v1/notifications/me/push-subscriptions/{push_subscription_id}",
            "delete_push_subscription",
            Policy::Account,
            push_subscriptions::delete_push_subscription,
        )
        .route(
            Method::GET,
            "/api/v1/notifications/me/notices",
            "list_notices",
            Policy::Account,
            notices::list_notices,
        )
        .route(
            Method::POST,
            "/api/v1/notifications/me/notices/read",
            "read_notices",
            Policy::Account,
            notices::read_notices,
        )
        .route(
            Method::GET,
            "/api/v1/notifications/me/stream",
            "watch_notices",
            Policy::Account,
            watch_notices::watch_notices,
        )
        .route(
            Method::GET,
            "/api/v1/notifications/platform/previews",
            "list_previews",
            Policy::Platform(&[PlatformRole::Administrator]),
            list_previews::list_previews(&state.sender),
        )
        .route(
            Method::GET,
            "/api/v1/notifications/platform/undelivered",
            "list_platform_undelivered",
            Policy::Platform(&[PlatformRole::Administrator]),
            platform_undelivered::list_platform_undelivered,
        )
        .route(
            Method::POST,
            "/api/v1/notifications/platform/undelivered/{message_id}/send-again",
            "send_platform_again",
            Policy::Platform(&[PlatformRole::Administrator]),
            platform_undelivered::send_platform_again,
        )
        .route(
            Method::GET,
            "/api/v1/notifications/practices/{organization_id}/previews",
            "list_practice_previews",
            Policy::Practice(&StaffRole::READERS),
            list_previews::list_practice_previews(&state.sender),
        )
        .route(
            Method::GET,
            "/api/v1/notifications/practices/{organization_id}/undelivered",
            "list_undelivered",
            Policy::Practice(&StaffRole::READERS),
            list_undelivered::list_undelivered,
        )
        .route(
            Method::POST,
            "/api/v1/notifications/practices/{organization_id}/undelivered/{message_id}/send-again",
            "send_again",
            Policy::Practice(&StaffRole::READERS),
            send_again::send_again,
        )
        .route(Method::POST, receive_text::PATH, "receive_text", Policy::Public, receive_text::receive_text)
        .route(
            Method::POST,
            receive_text_status::PATH,
            "receive_text_status",
            Policy::Public,
            receive_text_status::receive_text_status,
        )
        .route_with_limit(
            Method::POST,
            receive_bounce::PATH,
            "receive_bounce",
            Policy::Public,
            receive_bounce::MAX_REPORT,
            receive_bounce::receive_bounce,
        )
        .route(Method::GET, UNSUBSCRIBE, "show_unsubscribe", Policy::Public, unsubscribe::show_unsubscribe)
        .route(Method::POST, UNSUBSCRIBE, "unsubscribe", Policy::Public, unsubscribe::unsubscribe)
        .route(Method::DELETE, UNSUBSCRIBE, "subscribe_again", Policy::Public, unsubscribe::subscribe_again)
        .route(
            Method::GET,
            "/api/v1/notifications/unsubscribe/{token}/state",
            "find_unsubscribe",
            Policy::Public,
            unsubscribe::find_unsubscribe,
        )
        .finish(state)
}
