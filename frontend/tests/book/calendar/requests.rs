//! The requests that wait for the practice's answer.

use std::rc::Rc;

use frontend::pages::calendar::requests::{RequestList, RequestListProps};
use shared_types::{
    OrganizationId, Zone,
    bookings::{
        AppointmentStatus,
        practice::{ActName, CalendarAppointment},
        requests::WaitingRequest,
    },
};
use uuid::Uuid;
use yew::Callback;

use super::appointment;
use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

/// Somebody who waits for an answer until then.
fn waiting(nth: u128, name: &str, answer_by: &str) -> WaitingRequest {
    let answer_by = at(answer_by);
    let asked = appointment(nth, name, "2026-11-25T22:15:00Z", AppointmentStatus::Requested);
    let acts = vec![ActName::Accept, ActName::Decline, ActName::CancelForPatient];
    WaitingRequest {
        appointment: CalendarAppointment { acts, reply_by: Some(answer_by), ..asked },
        practitioner_name: "Priya Nairwood".to_owned(),
        time_zone: Zone::SYDNEY,
        answer_by,
        as_of: as_of(),
    }
}

async fn list(items: Vec<WaitingRequest>) -> String {
    html::<RequestList>(move || RequestListProps {
        items: Rc::new(items),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn each_request_says_until_when_it_waits_and_is_accepted_or_declined_by_a_button_of_its_own() {
    let page = list(vec![
        waiting(1, "Ada Nguyen", "2026-11-23T22:15:00Z"),
        waiting(2, "Bo Lee", "2026-11-24T00:15:00Z"),
    ])
    .await;
    in_order(
        &page,
        &[
            "Waiting for your answer: 2",
            "Ada Nguyen",
            "Thursday 26 November, 9:15 am, with Priya Nairwood: First visit.",
            "Waits for your answer",
            "Answer by Tuesday 24 November, 9:15 am.",
            "Accept the request",
            ": Ada Nguyen",
            "Decline the request",
            ": Ada Nguyen",
            "Open it in the calendar",
            "Bo Lee",
            "Answer by Tuesday 24 November, 11:15 am.",
            "Accept the request",
            ": Bo Lee",
        ],
    );
    assert!(!page.contains("Cancel for the patient"), "what else can be done is in the calendar: {page}");
}

#[tokio::test]
async fn where_nobody_waits_the_page_says_so() {
    let page = list(Vec::new()).await;
    in_order(&page, &["Waiting for your answer: 0", "Nobody waits for an answer."]);
    assert!(!page.contains("<ul"), "{page}");
}
