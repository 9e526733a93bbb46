//! Who waits, as a practice sees them.

use std::rc::Rc;

use frontend::pages::calendar::waitlist::{WaitingList, WaitingListProps};
use jiff::civil::{date, time};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, WaitlistEntryId, Zone,
    bookings::{
        Weekdays,
        waitlist::{
            OfferMade, OfferStatus, PracticeWaiting, Priority, PriorityCause, WaitedFor, WaitlistStatus,
            Wishes,
        },
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn waiting(position: i64, name: Option<&str>, status: WaitlistStatus) -> PracticeWaiting {
    PracticeWaiting {
        waitlist_entry_id: WaitlistEntryId(Uuid::from_u128(position.unsigned_abs().into())),
        position,
        name: name.map(|name| name.to_owned().into()),
        status,
        with: vec![WaitedFor {
            practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
            name: "Priya Nairwood".to_owned(),
            organization_name: None,
            slug: "priya-nairwood-1".to_owned(),
            address: "12 Church Street".to_owned(),
            telehealth: false,
            home_visit: false,
            time_zone: Zone::SYDNEY,
        }],
        wishes: Wishes {
            weekdays: Weekdays::from_bits(0b11).unwrap(),
            from: time(9, 0, 0, 0),
            until: time(12, 0, 0, 0),
            first: date(2026, 11, 23),
            last: date(2026, 12, 21),
        },
        joined_at: as_of(),
        priority: None,
        offers: Vec::new(),
        as_of: as_of(),
    }
}

#[tokio::test]
async fn whose_appointment_was_cancelled_comes_first_and_the_practice_reads_why() {
    let mut first = waiting(1, Some("Ada Nguyen"), WaitlistStatus::Waiting);
    let start = at("2026-11-23T22:15:00Z");
    first.priority = Some(Priority { cause: PriorityCause::CancelledByProvider, start });
    let page = html::<WaitingList>(move || WaitingListProps {
        items: Rc::new(vec![first]),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    });
    let words = "Asked first, because you cancelled their appointment of Tuesday 24 November, 9:15 am.";
    in_order(&page.await, &["1. Ada Nguyen", words]);
}

#[tokio::test]
async fn who_waits_stands_in_order_with_what_is_held_for_them_and_nobody_new_is_named() {
    let mut first = waiting(1, None, WaitlistStatus::Offered);
    first.offers.push(OfferMade {
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
        start: at("2026-11-23T22:15:00Z"),
        offered_at: as_of(),
        expires_at: at("2026-11-22T22:30:00Z"),
        status: OfferStatus::Open,
    });
    let items = vec![first, waiting(2, Some("Ada Nguyen"), WaitlistStatus::Waiting)];
    let page = html::<WaitingList>(move || WaitingListProps {
        items: Rc::new(items),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    });
    let page = page.await;
    in_order(
        &page,
        &[
            "1. Somebody new to you",
            "9:15 am is held for them until 9:30 am.",
            "Waits for Priya Nairwood.",
            "Monday, Tuesday, starting from 9:00 am to 12:00 pm, until Mon 21 Dec",
            "Asked once",
            "2. Ada Nguyen",
            "Asked after one before them.",
        ],
    );
}
