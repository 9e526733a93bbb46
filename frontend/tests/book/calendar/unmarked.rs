//! The visits that nobody marked.

use std::{collections::BTreeSet, rc::Rc};

use frontend::pages::calendar::unmarked::{UnmarkedLists, UnmarkedListsProps};
use shared_types::{
    OrganizationId, Zone,
    bookings::{
        AppointmentStatus,
        practice::{ActName, CalendarAppointment},
        unmarked::{Presumed, UnmarkedVisit},
    },
};
use uuid::Uuid;
use yew::Callback;

use super::appointment;
use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

/// A visit that nobody marked.
fn unmarked(nth: u128, name: &str, status: AppointmentStatus, presumed: Option<Presumed>) -> UnmarkedVisit {
    let acts = vec![ActName::TookPlace, ActName::NoShow];
    let appointment = CalendarAppointment { acts, ..appointment(nth, name, "2026-11-22T22:15:00Z", status) };
    UnmarkedVisit {
        appointment,
        practitioner_name: "Priya Nairwood".to_owned(),
        time_zone: Zone::SYDNEY,
        presumed,
        as_of: as_of(),
    }
}

async fn lists(items: Vec<UnmarkedVisit>) -> String {
    html::<UnmarkedLists>(move || UnmarkedListsProps {
        items: Rc::new(items),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn visits_that_nobody_marked_come_before_those_that_count_by_themselves() {
    let presumed = |disputed| Presumed {
        at: at("2026-11-23T12:15:00Z"),
        dispute_by: at("2026-11-30T12:15:00Z"),
        disputed,
    };
    let page = lists(vec![
        unmarked(1, "Ada Nguyen", AppointmentStatus::Confirmed, None),
        unmarked(2, "Bo Lee", AppointmentStatus::Completed, Some(presumed(false))),
        unmarked(3, "Cy Brown", AppointmentStatus::Completed, Some(presumed(true))),
    ])
    .await;
    in_order(
        &page,
        &[
            "To mark: 1",
            "Ada Nguyen",
            "It took place",
            "Did not come",
            "Open it in the calendar",
            "Counted as having taken place in the last 7 days",
            "Bo Lee",
            "The patient can dispute it until",
            "Cy Brown",
            "The patient says that it did not take place.",
            "Answer the dispute",
        ],
    );
}

#[tokio::test]
async fn each_button_says_whose_visit_it_is_about() {
    let page = lists(vec![
        unmarked(1, "Ada Nguyen", AppointmentStatus::Confirmed, None),
        unmarked(2, "Bo Lee", AppointmentStatus::Confirmed, None),
    ])
    .await;
    let buttons: Vec<_> = page
        .split("<button")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('>')?.1.split_once("</button>")?.0))
        .collect();
    assert_eq!(buttons.len(), 4, "{page}");
    assert_eq!(buttons.iter().collect::<BTreeSet<_>>().len(), 4, "{buttons:?}");
}

#[tokio::test]
async fn where_every_visit_is_marked_both_lists_say_so() {
    let page = lists(Vec::new()).await;
    in_order(
        &page,
        &[
            "To mark: 0",
            "Every visit that began two hours ago or earlier is marked.",
            "None: somebody marked each of them.",
        ],
    );
}
