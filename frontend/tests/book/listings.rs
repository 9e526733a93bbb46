//! What administrators see of listings, and of what is booked with whom is not listed any more.

use std::rc::Rc;

use frontend::pages::admin::{
    listings::{ListingRow, ListingRowProps},
    reviews::{
        AppointmentRows, AppointmentRowsProps, Decide, DecideProps, RoleRow, RoleRowProps, RoleRows,
        RoleRowsProps,
    },
};
use shared_types::{
    Zone,
    bookings::{
        AppointmentStatus,
        review::{REVIEWED, ReviewAppointment, ReviewRole},
    },
    page::Page,
    providers::{
        Unlisted,
        listing::{Listing, ListingId, Suspension, SuspensionReason},
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn listing(suspension: Option<Suspension>) -> Listing {
    Listing {
        listing: ListingId::Role(Uuid::from_u128(1).into()),
        slug: "ada-example".to_owned(),
        name: "Ada Example".to_owned(),
        practice: Some("Banksia Clinic".to_owned()),
        place: Some("Parramatta NSW".to_owned()),
        suspension,
        practice_suspended: false,
    }
}

async fn row(suspension: Option<Suspension>) -> String {
    html::<ListingRow>(move || ListingRowProps {
        listing: Rc::new(listing(suspension)),
        on_changed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_listing_is_suspended_with_a_reason_and_lifted_again() {
    let listed = row(None).await;
    in_order(
        &listed,
        &[
            "/providers/ada-example",
            "Banksia Clinic, Parramatta NSW",
            "<summary>Suspend",
            "What is booked stands",
            "Why",
        ],
    );
    let suspended = row(Some(Suspension {
        listing_suspension_id: Uuid::from_u128(2).into(),
        reason: SuspensionReason::Registration,
        suspended_by: Uuid::from_u128(3).into(),
        suspended_at: as_of(),
        ends_at: None,
    }))
    .await;
    in_order(&suspended, &["Suspended: the registration is not in force.", "List again", ": Ada Example"]);
    assert!(!suspended.contains("<summary>"), "{suspended}");
}

/// Somebody who is not listed any more, with so many appointments to look at.
fn review_role(appointments: u32) -> ReviewRole {
    ReviewRole {
        practitioner_role_id: Uuid::from_u128(1).into(),
        name: "Ada Example".to_owned(),
        organization_name: Some("Banksia Clinic".to_owned()),
        phone: Some("(02) 5550 0000".to_owned()),
        time_zone: Zone::SYDNEY,
        unlisted: Unlisted::Suspended,
        since: as_of(),
        appointments,
        next_start: at("2026-11-23T22:15:00Z"),
    }
}

/// The nth of their appointments.
fn review_appointment(nth: u128) -> ReviewAppointment {
    ReviewAppointment {
        appointment_id: Uuid::from_u128(nth).into(),
        booking_id: Uuid::from_u128(nth).into(),
        version: 1,
        status: AppointmentStatus::Confirmed,
        start: at("2026-11-23T22:15:00Z"),
        end: at("2026-11-23T23:00:00Z"),
        time_zone: None,
    }
}

#[tokio::test]
async fn who_is_not_listed_any_more_stands_there_with_what_is_booked() {
    let props = || RoleRowProps { role: Rc::new(review_role(2)), on_decided: Callback::noop() };
    let page = html::<RoleRow>(props).await;
    in_order(
        &page,
        &[
            "Ada Example",
            "Banksia Clinic, (02) 5550 0000",
            "Suspended since",
            "2 appointments, the next on",
            "Show them",
        ],
    );
}

#[tokio::test]
async fn an_emptied_later_page_does_not_say_that_nothing_waits() {
    let emptied = |is_first| {
        html::<RoleRows>(move || RoleRowsProps {
            page: Rc::new(Page { items: Vec::new(), next: None }),
            is_first,
            on_decided: Callback::noop(),
        })
    };
    assert!(emptied(true).await.contains("Nothing waits for a look."));
    let later = emptied(false).await;
    assert!(later.contains("Nothing is left on this page.") && !later.contains("Nothing waits"), "{later}");
}

#[tokio::test]
async fn where_not_all_appointments_are_shown_it_says_so() {
    let rows = |shown: usize, waiting| {
        html::<AppointmentRows>(move || AppointmentRowsProps {
            role: Rc::new(review_role(waiting)),
            page: Rc::new(Page { items: (1..).take(shown).map(review_appointment).collect(), next: None }),
            on_decided: Callback::noop(),
        })
    };
    let more = rows(REVIEWED, 250).await;
    in_order(&more, &["These are the earliest 100 of 250.", "Let stand", ": all of these"]);
    let all = rows(REVIEWED, 100).await;
    assert!(all.contains(": all of these") && !all.contains("the earliest 100"), "{all}");
    let none = rows(0, 2).await;
    assert!(none.contains("Nothing of it waits for a look any more."), "{none}");
}

#[tokio::test]
async fn what_is_cancelled_for_a_practitioner_is_asked_about_twice() {
    let shown = |asked| {
        html::<Decide>(move || DecideProps {
            role: Uuid::from_u128(1).into(),
            which: Rc::new([review_appointment(2), review_appointment(3)]),
            about: "all of these".into(),
            on_decided: Callback::noop(),
            asked,
        })
    };
    let first = shown(false).await;
    in_order(&first, &["Let stand", ": all of these", "Cancel", ": all of these"]);
    assert!(!first.contains("cannot be undone"), "{first}");
    let then = shown(true).await;
    in_order(
        &then,
        &["is written to at once.", "This cannot be undone.", "Cancel 2 appointments", "Leave it"],
    );
}
