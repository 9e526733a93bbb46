//! Waitlists, for those who wait and for the practices that they wait for.

use form_urlencoded::Serializer;
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, Problem, WaitlistEntryId,
    bookings::waitlist::{JoinWaitlist, RemoveFromWaitlist, WaitlistEntry},
};

use super::{ApiClient, Method};

const MINE: &str = "/api/v1/bookings/me/waitlist";

/// `Page<WaitlistEntry>`: one's own places and those of people one acts for.
pub fn list_waitlist() -> String {
    MINE.to_owned()
}

/// `SimilarRoles`: with whom one could do as well, at the practice and within so many kilometres.
pub fn list_similar(role_id: PractitionerRoleId, type_id: AppointmentTypeId, within_km: u16) -> String {
    let query = Serializer::new(String::new())
        .append_pair("appointment_type", &type_id.to_string())
        .append_pair("within_km", &within_km.to_string())
        .finish();
    format!("/api/v1/bookings/roles/{role_id}/similar?{query}")
}

/// `Page<PracticeWaiting>`: who waits for a practice's people.
pub fn list_practice_waitlist(organization_id: OrganizationId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/waitlist")
}

/// Joins a waitlist. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/waitlist-full`, `/problems/not-bookable`, `/problems/invalid`.
pub async fn join_waitlist(
    client: &ApiClient,
    wanted: &JoinWaitlist,
    key: String,
) -> Result<WaitlistEntry, Problem> {
    client.send(Method::Post, MINE, Some(wanted), Some(key)).await
}

/// Leaves a waitlist, and lets a time go that was offered.
///
/// # Errors
/// 404 for somebody else's.
pub async fn leave_waitlist(client: &ApiClient, entry_id: WaitlistEntryId) -> Result<(), Problem> {
    client.send(Method::Delete, &format!("{MINE}/{entry_id}"), None::<&()>, None).await
}

/// Ends somebody's place with a practice.
///
/// # Errors
/// 404 for a place with other practices.
pub async fn remove_from_waitlist(
    client: &ApiClient,
    organization_id: OrganizationId,
    entry_id: WaitlistEntryId,
    removal: &RemoveFromWaitlist,
) -> Result<(), Problem> {
    let path = format!("{}/{entry_id}/remove", list_practice_waitlist(organization_id));
    client.send(Method::Post, &path, Some(removal), None).await
}
