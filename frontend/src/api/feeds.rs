//! Calendars that people subscribe to by a secret address, and those that we read: bookings keeps both.

use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    bookings::{
        calendar_feed::{CreateFeed, FeedMade},
        external_calendar::{ExternalCalendarState, PutExternalCalendar},
    },
};

use super::{ApiClient, Method};

/// `FeedState`: one's own feed.
pub const OWN_FEED: &str = "/api/v1/bookings/me/calendar-feed";

/// `FeedState`: a practitioner's feed.
pub fn role_feed(organization_id: OrganizationId, role_id: PractitionerRoleId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/roles/{role_id}/calendar-feed")
}

/// `ExternalCalendarState`: a practitioner's other calendar.
pub fn external_calendar(organization_id: OrganizationId, role_id: PractitionerRoleId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/roles/{role_id}/external-calendar")
}

/// Makes an address for the feed at a path, instead of the one before.
///
/// # Errors
/// `/problems/not-allowed`.
pub async fn create_feed(client: &ApiClient, path: &str, feed: &CreateFeed) -> Result<FeedMade, Problem> {
    client.send(Method::Post, path, Some(feed), None).await
}

/// Switches the feed at a path off, or reads the calendar at it no more.
///
/// # Errors
/// `/problems/not-allowed`.
pub async fn remove(client: &ApiClient, path: &str) -> Result<(), Problem> {
    client.send(Method::Delete, path, None::<&()>, None).await
}

/// Has a calendar read from now on.
///
/// # Errors
/// `/problems/invalid`, `/problems/not-allowed`.
pub async fn put_external_calendar(
    client: &ApiClient,
    path: &str,
    calendar: &PutExternalCalendar,
) -> Result<ExternalCalendarState, Problem> {
    client.send(Method::Put, path, Some(calendar), None).await
}
