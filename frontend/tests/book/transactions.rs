//! The way from a practice's money to the visit that it was for.

use frontend::pages::practice_desk::money::visit_link::{VisitLink, VisitLinkProps};
use shared_types::{BookingId, OrganizationId, payments::practice::VisitTime};
use uuid::Uuid;

use crate::{parts::html, support::at};

/// Half past eleven at night in Perth, and the next day in Sydney.
async fn page(leads: bool) -> String {
    html::<VisitLink>(move || VisitLinkProps {
        organization_id: OrganizationId(Uuid::from_u128(1)),
        booking_id: BookingId(Uuid::from_u128(2)),
        visit: VisitTime {
            starts_at: at("2026-11-20T15:30:00Z"),
            time_zone: "Australia/Perth".parse().unwrap(),
        },
        leads,
    })
    .await
}

#[tokio::test]
async fn a_visit_is_found_in_the_calendar_on_its_own_day() {
    let page = page(true).await;
    let (practice, booking) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let href = format!("href=\"/calendar/{practice}?view=day&amp;day=2026-11-20&amp;booking={booking}\"");
    assert!(page.contains(&href), "{page}");
    assert!(page.contains(">Visit on Friday 20 November 2026, 11:30 pm</a>"), "{page}");
}

#[tokio::test]
async fn whoever_has_no_calendar_reads_when_the_visit_is() {
    let page = page(false).await;
    assert!(page.contains("Visit on Friday 20 November 2026, 11:30 pm"), "{page}");
    assert!(!page.contains("href"), "{page}");
}
