//! What notifications answers.

use kernel::Policy::{Account, Platform, Practice, Public};
use shared_types::users::{PlatformRole, StaffRole};

use super::Stated;

/// Who may call what of it.
pub const ROUTES: &[Stated] = &[
    ("GET", "/api/v1/notifications/me/audit", Account),
    ("GET", "/api/v1/notifications/me/export", Account),
    ("GET", "/api/v1/notifications/me/preferences", Account),
    ("PUT", "/api/v1/notifications/me/preferences", Account),
    ("POST", "/api/v1/notifications/me/mail-reminders/find", Account),
    ("PUT", "/api/v1/notifications/me/mail-reminders", Account),
    ("GET", "/api/v1/notifications/me/notices", Account),
    ("POST", "/api/v1/notifications/me/notices/read", Account),
    ("GET", "/api/v1/notifications/me/push-subscriptions", Account),
    ("PUT", "/api/v1/notifications/me/push-subscriptions", Account),
    ("DELETE", "/api/v1/notifications/me/push-subscriptions/{push_subscription_id}", Account),
    ("GET", "/api/v1/notifications/me/stream", Account),
    ("POST", "/api/v1/notifications/texts", Public),
    ("POST", "/api/v1/notifications/texts/{message_id}/status", Public),
    ("POST", "/api/v1/notifications/bounces", Public),
    ("GET", "/api/v1/notifications/unsubscribe/{token}", Public),
    ("POST", "/api/v1/notifications/unsubscribe/{token}", Public),
    ("DELETE", "/api/v1/notifications/unsubscribe/{token}", Public),
    ("GET", "/api/v1/notifications/unsubscribe/{token}/state", Public),
    ("GET", "/api/v1/notifications/platform/previews", Platform(&[PlatformRole::Administrator])),
    ("GET", "/api/v1/notifications/platform/undelivered", Platform(&[PlatformRole::Administrator])),
    (
        "POST",
        "/api/v1/notifications/platform/undelivered/{message_id}/send-again",
        Platform(&[PlatformRole::Administrator]),
    ),
    ("GET", "/api/v1/notifications/practices/{organization_id}/previews", Practice(&StaffRole::READERS)),
    ("GET", "/api/v1/notifications/practices/{organization_id}/undelivered", Practice(&StaffRole::READERS)),
    (
        "POST",
        "/api/v1/notifications/practices/{organization_id}/undelivered/{message_id}/send-again",
        Practice(&StaffRole::READERS),
    ),
];
