//! What every service answers about a person's own record, in one format for all of them.

use form_urlencoded::Serializer;
use shared_types::BookingId;

/// The services, in the order in which people are shown them.
pub const SERVICES: [&str; 5] = ["users", "bookings", "providers", "payments", "notifications"];

/// The services that list what somebody agreed to there.
pub const WITH_CONSENTS: [&str; 3] = ["users", "bookings", "payments"];

/// `AuditTrail`: who looked at one's record, from where on. `since` is how much of the log this browser has seen.
pub fn list_audit_trail(service: &str, cursor: Option<&str>, since: Option<u64>) -> String {
    let path = format!("/api/v1/{service}/me/audit");
    let mut query = Serializer::new(String::new());
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    if let Some(since) = since {
        query.append_pair("since", &since.to_string());
    }
    let query = query.finish();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// `DataExport`: everything a service holds about one.
pub fn get_export(service: &str) -> String {
    format!("/api/v1/{service}/me/export")
}

/// `Page<ConsentHeld>`: what one agreed to in a service.
pub fn list_consents(service: &str) -> String {
    format!("/api/v1/{service}/me/consents")
}

/// `BookingNotes`: everything sealed that was said about a booking. `since` is how much of the key log this browser has
/// seen.
pub fn list_notes(booking_id: BookingId, since: Option<u64>) -> String {
    let since = since.map(|size| format!("?since={size}")).unwrap_or_default();
    format!("/api/v1/users/me/bookings/{booking_id}/notes{since}")
}
