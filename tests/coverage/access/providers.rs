//! What providers answers.

use kernel::Policy::{Account, Platform, Public};
use shared_types::users::PlatformRole;

use super::Stated;

/// Who may call what of it.
pub const ROUTES: &[Stated] = &[
    ("GET", "/api/v1/providers/me/audit", Account),
    ("GET", "/api/v1/providers/me/export", Account),
    ("GET", "/api/v1/providers/landing/{profession}/{locality}", Public),
    ("GET", "/api/v1/providers/places", Public),
    ("GET", "/api/v1/providers/practices/{slug}", Public),
    ("GET", "/api/v1/providers/professions", Public),
    ("GET", "/api/v1/providers/providers/{slug}", Public),
    (
        "GET",
        "/api/v1/providers/roles/{practitioner_role_id}/appointment-types/{appointment_type_id}/visit",
        Public,
    ),
    ("GET", "/api/v1/providers/search", Public),
    ("GET", "/api/v1/providers/sitemap", Public),
    ("GET", "/api/v1/providers/sitemap/{page}", Public),
    ("GET", "/api/v1/providers/platform/listings", Platform(&[PlatformRole::Administrator])),
    ("POST", "/api/v1/providers/platform/listings/suspensions", Platform(&[PlatformRole::Administrator])),
    (
        "POST",
        "/api/v1/providers/platform/listings/suspensions/{listing_suspension_id}/lift",
        Platform(&[PlatformRole::Administrator]),
    ),
];
