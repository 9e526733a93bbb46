//! What a practice's staff ask of users and bookings: who works there, and what is booked.

use form_urlencoded::Serializer;
use shared_types::{
    AccountId, BookingId, OrganizationId, Problem,
    bookings::PracticeAppointment,
    page::Page,
    users::{ChangeRoles, InvitationSent, InviteStaff},
};

use super::{ApiClient, Method};

/// `Page<StaffMember>`: everybody who works there.
pub fn list_staff(organization_id: OrganizationId) -> String {
    format!("/api/v1/users/practices/{organization_id}/staff")
}

/// Asks somebody to join. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/not-allowed`, `/problems/stronger-sign-in`.
pub async fn invite_staff(
    client: &ApiClient,
    organization_id: OrganizationId,
    invitation: &InviteStaff,
    key: String,
) -> Result<InvitationSent, Problem> {
    let path = format!("/api/v1/users/practices/{organization_id}/staff-invitations");
    client.send(Method::Post, &path, Some(invitation), Some(key)).await
}

/// Changes what somebody does there, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/last-owner`, `/problems/epoch-needed`.
pub async fn change_staff_roles(
    client: &ApiClient,
    organization_id: OrganizationId,
    account_id: AccountId,
    change: &ChangeRoles,
) -> Result<(), Problem> {
    client.send(Method::Put, &member(organization_id, account_id), Some(change), None).await
}

/// Lets somebody go.
///
/// # Errors
/// `/problems/last-owner`, `/problems/epoch-needed`, 404.
pub async fn remove_staff(
    client: &ApiClient,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> Result<(), Problem> {
    client.send(Method::Delete, &member(organization_id, account_id), None::<&()>, None).await
}

/// `Page<PracticeAppointment>`: some bookings, as far as they are with the practice, each as it stands now; at most
/// [`PRACTICE_BOOKINGS`] at once.
///
/// [`PRACTICE_BOOKINGS`]: shared_types::bookings::PRACTICE_BOOKINGS
pub fn practice_bookings(organization_id: OrganizationId, bookings: &[BookingId]) -> String {
    let ids: Vec<_> = bookings.iter().map(ToString::to_string).collect();
    let query = Serializer::new(String::new()).append_pair("ids", &ids.join(",")).finish();
    format!("/api/v1/bookings/practices/{organization_id}/bookings?{query}")
}

/// The bookings at that address.
///
/// # Errors
/// `/problems/invalid` for more than that.
pub async fn list_practice_bookings(
    client: &ApiClient,
    organization_id: OrganizationId,
    bookings: &[BookingId],
) -> Result<Page<PracticeAppointment>, Problem> {
    client.get(&practice_bookings(organization_id, bookings)).await.read()
}

fn member(organization_id: OrganizationId, account_id: AccountId) -> String {
    format!("{}/{account_id}", list_staff(organization_id))
}
