//! The providers service: one function per endpoint, giving its path.

use form_urlencoded::byte_serialize;
use shared_types::{AppointmentTypeId, PractitionerRoleId, providers::SearchProviders};

use super::segment;

/// `SearchReply`.
pub fn search_providers(search: &SearchProviders) -> String {
    let query = search.to_query();
    if query.is_empty() {
        "/api/v1/providers/search".to_owned()
    } else {
        format!("/api/v1/providers/search?{query}")
    }
}

/// `PlaceSuggestions`.
pub fn suggest_places(words: &str) -> String {
    format!("/api/v1/providers/places?q={}", byte_serialize(words.as_bytes()).collect::<String>())
}

/// `VisitCheck`: whether home visits of a type are made at a place, in words.
pub fn check_visit(role: PractitionerRoleId, of: AppointmentTypeId, near: &str) -> String {
    let near: String = byte_serialize(near.as_bytes()).collect();
    format!("/api/v1/providers/roles/{role}/appointment-types/{of}/visit?near={near}")
}

/// `Professions`.
pub fn list_professions() -> String {
    "/api/v1/providers/professions".to_owned()
}

/// `ProviderProfile`.
pub fn get_provider(slug: &str) -> String {
    format!("/api/v1/providers/providers/{}", segment(slug))
}

/// `PracticeProfile`.
pub fn get_practice(slug: &str) -> String {
    format!("/api/v1/providers/practices/{}", segment(slug))
}

/// `Landing`.
pub fn get_landing(profession: &str, locality: &str) -> String {
    format!("/api/v1/providers/landing/{}/{}", segment(profession), segment(locality))
}

/// `SitemapCount`.
pub fn count_sitemaps() -> String {
    "/api/v1/providers/sitemap".to_owned()
}

/// `Vec<SitemapEntry>`; pages count from 1.
pub fn get_sitemap(page: u32) -> String {
    format!("/api/v1/providers/sitemap/{page}")
}
