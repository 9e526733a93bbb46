//! Who waits, as they see it themselves and as a practice does.

use std::rc::Rc;

use frontend::pages::{
    account::waitlist::place::{PlaceCard, PlaceCardProps},
    calendar::waitlist::{WaitingList, WaitingListProps},
};
use jiff::{
    SignedDuration,
    civil::{date, time},
};
use shared_types::{
    AppointmentTypeId, HoldId, OrganizationId, PractitionerRoleId, WaitlistEntryId, Zone,
    bookings::{
        Weekdays,
        waitlist::{
            OfferMade, OfferStatus, PracticeWaiting, Priority, PriorityCause, WaitedFor, WaitlistEntry,
            WaitlistOffer, WaitlistStatus, Wishes,
        },
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn priya() -> WaitedFor {
    WaitedFor {
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
        appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
        name: "Priya Nairwood".to_owned(),
        organization_name: None,
        slug: "priya-nairwood-1".to_owned(),
        address: "12 Church Street".to_owned(),
        telehealth: false,
        home_visit: false,
        time_zone: Zone::SYDNEY,
    }
}

/// A colleague on the other side of the country.
fn cy() -> WaitedFor {
    WaitedFor {
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(2)),
        name: "Cy Colleague".to_owned(),
        organization_name: Some("Hill Practice".to_owned()),
        address: "5 High Street".to_owned(),
        time_zone: "Australia/Perth".parse().unwrap(),
        ..priya()
    }
}

fn wishes() -> Wishes {
    Wishes {
        weekdays: Weekdays::from_bits(0b11).unwrap(),
        from: time(9, 0, 0, 0),
        until: time(12, 0, 0, 0),
        first: date(2026, 11, 23),
        last: date(2026, 12, 21),
    }
}

/// A place with Priya Nairwood or Cy Colleague, with whom a time is held.
fn offered() -> WaitlistEntry {
    WaitlistEntry {
        waitlist_entry_id: WaitlistEntryId(Uuid::from_u128(7)),
        patient_id: None,
        status: WaitlistStatus::Offered,
        with: vec![priya(), cy()],
        wishes: wishes(),
        joined_at: as_of(),
        priority: None,
        ahead: 0,
        offer: Some(WaitlistOffer {
            hold_id: HoldId(Uuid::from_u128(8)),
            practitioner_role_id: cy().practitioner_role_id,
            appointment_type_id: cy().appointment_type_id,
            start: at("2026-11-23T22:15:00Z"),
            end: at("2026-11-23T22:45:00Z"),
            expires_at: as_of() + SignedDuration::from_mins(30),
            passed: 0,
        }),
        removed_reason: None,
        as_of: as_of(),
    }
}

fn waiting(position: i64, name: Option<&str>, status: WaitlistStatus) -> PracticeWaiting {
    PracticeWaiting {
        waitlist_entry_id: WaitlistEntryId(Uuid::from_u128(position.unsigned_abs().into())),
        position,
        name: name.map(|name| name.to_owned().into()),
        status,
        with: vec![priya()],
        wishes: wishes(),
        joined_at: as_of(),
        priority: None,
        offers: Vec::new(),
        as_of: as_of(),
    }
}

#[tokio::test]
async fn a_time_held_with_another_one_says_at_which_practice_where_and_on_whose_clocks() {
    let held = |entry: WaitlistEntry| {
        html::<PlaceCard>(move || PlaceCardProps {
            entry: Rc::new(entry),
            patient_name: Some("Bo Nguyen".into()),
            on_changed: Callback::noop(),
        })
    };
    let whose = "Priya Nairwood, for Bo Nguyen";
    let who = "6:15 am with Cy Colleague is held for you.";
    let day = "Tuesday 24 November 2026, Perth time.";
    let place = format!("At Hill Practice, 5 High Street. {day}");
    in_order(&held(offered()).await, &[whose, "Or with Cy Colleague of Hill Practice.", who, &place]);
    for (telehealth, home_visit, place) in [(true, false, "By video or phone"), (false, true, "At your home")]
    {
        let mut entry = offered();
        entry.with[1] = WaitedFor { telehealth, home_visit, ..cy() };
        let page = held(entry).await;
        in_order(&page, &[whose, who, &format!("{place}, Hill Practice. {day}"), "Take it"]);
        assert!(!page.contains("5 High Street"), "nobody goes there: {page}");
    }
}

#[tokio::test]
async fn a_practice_reads_of_a_held_time_on_the_clocks_of_whom_it_is_with() {
    let mut one = waiting(1, None, WaitlistStatus::Offered);
    one.with.push(cy());
    one.offers.push(OfferMade {
        practitioner_role_id: cy().practitioner_role_id,
        start: at("2026-11-23T22:15:00Z"),
        offered_at: as_of(),
        expires_at: at("2026-11-22T22:30:00Z"),
        status: OfferStatus::Open,
    });
    let page = html::<WaitingList>(move || WaitingListProps {
        items: Rc::new(vec![one]),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    });
    in_order(&page.await, &["6:15 am is held for them until 6:30 am.", "with Cy Colleague: held for them"]);
}

#[tokio::test]
async fn a_practice_reads_what_became_of_each_time_that_was_offered() {
    let mut one = waiting(1, None, WaitlistStatus::Waiting);
    one.offers = (0_i64..)
        .zip([OfferStatus::Booked, OfferStatus::Declined, OfferStatus::Lapsed])
        .map(|(days, status)| OfferMade {
            practitioner_role_id: priya().practitioner_role_id,
            start: at("2026-11-23T22:15:00Z") + SignedDuration::from_hours(24 * days),
            offered_at: as_of(),
            expires_at: at("2026-11-22T22:30:00Z"),
            status,
        })
        .collect();
    let page = html::<WaitingList>(move || WaitingListProps {
        items: Rc::new(vec![one]),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    });
    let became = [
        "Tuesday 24 November 2026 with Priya Nairwood: taken",
        "Wednesday 25 November 2026 with Priya Nairwood: let go, or declined here",
        "Thursday 26 November 2026 with Priya Nairwood: not answered or paid for in time",
    ];
    in_order(&page.await, &became);
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
