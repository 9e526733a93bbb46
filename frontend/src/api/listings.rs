//! Listings that are taken out of search, and what is booked with whom is not listed any more: for administrators.

use shared_types::{
    ListingSuspensionId, PractitionerRoleId, Problem,
    bookings::review::{DecideReview, ReviewAppointment},
    page::Page,
    providers::listing::{Listing, SuspendListing},
};

use super::{ApiClient, Method, money::with_cursor, segment};

const LISTINGS: &str = "/api/v1/providers/platform/listings";
const REVIEWS: &str = "/api/v1/bookings/platform/reviews";

/// `Page<Listing>`: by words of a name; without words, those that are suspended.
pub fn list_listings(words: &str, cursor: Option<&str>) -> String {
    if words.is_empty() {
        return with_cursor(LISTINGS, cursor);
    }
    let path = format!("{LISTINGS}?q={}", segment(words));
    cursor.map_or_else(|| path.clone(), |cursor| format!("{path}&cursor={}", segment(cursor)))
}

/// Suspends a listing. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state` while it is suspended, `/problems/invalid`, 404.
pub async fn suspend_listing(
    client: &ApiClient,
    suspend: &SuspendListing,
    key: String,
) -> Result<Listing, Problem> {
    client.send(Method::Post, &format!("{LISTINGS}/suspensions"), Some(suspend), Some(key)).await
}

/// Lifts a suspension.
///
/// # Errors
/// `/problems/wrong-state` once it is lifted, 404.
pub async fn lift_suspension(client: &ApiClient, id: ListingSuspensionId) -> Result<Listing, Problem> {
    client.send(Method::Post, &format!("{LISTINGS}/suspensions/{id}/lift"), None::<&()>, None).await
}

/// `Page<ReviewRole>`: roles that are not listed any more and have appointments.
pub fn list_reviews(cursor: Option<&str>) -> String {
    with_cursor(REVIEWS, cursor)
}

/// `Page<ReviewAppointment>`: the appointments of one of them.
pub fn list_review_appointments(role: PractitionerRoleId) -> String {
    format!("{REVIEWS}/{role}")
}

/// Lets appointments stand, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state` once the role is listed again.
pub async fn keep_reviewed(
    client: &ApiClient,
    role: PractitionerRoleId,
    decision: &DecideReview,
) -> Result<Page<ReviewAppointment>, Problem> {
    let path = format!("{}/keep", list_review_appointments(role));
    client.send(Method::Post, &path, Some(decision), None).await
}

/// Cancels appointments for the platform, as last seen.
///
/// # Errors
/// As [`keep_reviewed`].
pub async fn cancel_reviewed(
    client: &ApiClient,
    role: PractitionerRoleId,
    decision: &DecideReview,
) -> Result<Page<ReviewAppointment>, Problem> {
    let path = format!("{}/cancel", list_review_appointments(role));
    client.send(Method::Post, &path, Some(decision), None).await
}
