//! What a practice's staff ask of users and bookings: who works there, and what is booked.

use form_urlencoded::Serializer;
use jiff::civil::Date;
use shared_types::{
    AccountId, OrganizationId, Problem,
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

/// One page of what is booked from one day to another, both included, on the calendars of the practice's places.
///
/// # Errors
/// `/problems/invalid` for more than 31 days.
pub async fn list_practice_appointments(
    client: &ApiClient,
    organization_id: OrganizationId,
    (from, to): (Date, Date),
    cursor: Option<&str>,
) -> Result<Page<PracticeAppointment>, Problem> {
    let mut query = Serializer::new(String::new());
    query.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    let query = query.finish();
    client.get(&format!("/api/v1/bookings/practices/{organization_id}/appointments?{query}")).await.read()
}

fn member(organization_id: OrganizationId, account_id: AccountId) -> String {
    format!("{}/{account_id}", list_staff(organization_id))
}
