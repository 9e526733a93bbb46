//! A time that a practice proposes, as the patient reads it, and what stands after the answer.

use std::rc::Rc;

use frontend::{
    components::{
        manage_cancel::{ManageCancel, ManageCancelProps},
        manage_view::ManageView,
        money_back::CardMoney,
        proposed_time::{
            AnsweredNotice, AnsweredNoticeProps, EndedNotice, EndedNoticeProps, ProposedTime,
            ProposedTimeProps,
        },
    },
    pages::booked::{Done, DoneProps, Told},
};
use shared_types::{
    Problem, ProposalId,
    bookings::{Appointment, AppointmentStatus, Cancelling, proposal::Proposed},
};
use uuid::Uuid;
use yew::{Callback, NodeRef};

use crate::{
    canned::appointment,
    parts::{html, in_order, view_props},
    support::at,
};

/// Half past nine on Thursday instead of a quarter past nine on Tuesday.
fn proposed() -> Proposed {
    Proposed {
        proposal_id: ProposalId(Uuid::from_u128(7)),
        start: at("2026-11-25T22:30:00Z"),
        end: at("2026-11-25T23:15:00Z"),
        answer_until: at("2026-11-23T06:00:00Z"),
    }
}

async fn notice(proposed: Option<Proposed>) -> String {
    html::<ProposedTime>(move || ProposedTimeProps {
        appointment: Rc::new(Appointment { proposed, ..appointment(Cancelling::WithoutCharge) }),
        on_answered: Callback::noop(),
    })
    .await
}

async fn answered(agreed: bool) -> String {
    html::<AnsweredNotice>(move || AnsweredNoticeProps {
        appointment: Rc::new(appointment(Cancelling::WithoutCharge)),
        agreed,
        node_ref: NodeRef::default(),
    })
    .await
}

#[tokio::test]
async fn both_times_and_the_last_moment_for_an_answer_stand_before_the_two_answers() {
    let page = notice(Some(proposed())).await;
    in_order(
        &page,
        &[
            "proposes another time",
            "Thursday 26 November, 9:30 am",
            "instead of Tuesday 24 November, 9:15 am",
            "Your appointment stays as it is until you agree, and the new time is kept for you meanwhile.",
            "You can answer until Monday 23 November, 5:00 pm",
            "after that everything stays as it is.",
            "Agree to the new time",
            "Keep what I have",
        ],
    );
    assert_eq!(page.matches("<button").count(), 2, "{page}");
    let page = notice(None).await;
    assert!(!page.contains("proposes") && !page.contains("<button"), "{page}");
}

#[tokio::test]
async fn after_the_answer_the_page_says_what_stands() {
    in_order(
        &answered(true).await,
        &["Moved to Tuesday 24 November, 9:15 am", "a…@example.org", "The old time has been let go."],
    );
    in_order(
        &answered(false).await,
        &["Your appointment stays on Tuesday 24 November, 9:15 am", "Nothing has changed."],
    );
}

#[tokio::test]
async fn what_is_no_longer_proposed_says_why_and_leads_to_how_it_stands() {
    let page = html::<EndedNotice>(|| EndedNoticeProps {
        problem: Problem::new("proposal-ended", 410, "This time is no longer proposed")
            .detail("The practice took it back. Your appointment stands as it was."),
        busy: false,
        on_look: Callback::noop(),
        node_ref: NodeRef::default(),
    })
    .await;
    in_order(
        &page,
        &["This time is no longer proposed", "The practice took it back.", "Show how it stands now"],
    );
}

#[tokio::test]
async fn what_was_moved_meanwhile_says_so_and_offers_no_calendar_file() {
    let done = |status| {
        html::<Done>(move || DoneProps {
            appointment: Rc::new(Appointment { status, ..appointment(Cancelling::WithoutCharge) }),
            told: Told::Nothing,
            on_changed: Callback::noop(),
        })
    };
    let says_moved = ["Moved to another time", "The latest e-mail and your account show when it is now."];
    let moved = done(AppointmentStatus::Rescheduled).await;
    in_order(&moved, &says_moved);
    assert!(!moved.contains("Add to calendar") && !moved.contains("Your appointment"), "{moved}");
    let booked = done(AppointmentStatus::Confirmed).await;
    in_order(&booked, &["You are booked", "Add to calendar"]);
    assert!(!booked.contains("Moved to another time"), "{booked}");
    // The same behind its link.
    let linked = html::<ManageView>(|| view_props(AppointmentStatus::Rescheduled, None)).await;
    in_order(&linked, &["Your appointment", says_moved[0], says_moved[1]]);
}

#[tokio::test]
async fn behind_its_link_a_calendar_file_is_offered_once_the_practice_has_agreed() {
    let view = |status| html::<ManageView>(move || view_props(status, None));
    let asked = view(AppointmentStatus::Requested).await;
    in_order(&asked, &["Waiting for the practice", "Withdraw it", "Withdrawing it costs nothing."]);
    assert!(!asked.contains("Move it"), "what is not agreed to cannot be moved: {asked}");
    let unpaid = view(AppointmentStatus::AwaitingPayment).await;
    in_order(&unpaid, &["Waiting for payment", "Move it", "Cancel it"]);
    for open in [asked, unpaid] {
        assert!(!open.contains("Add to calendar") && !open.contains(".ics"), "{open}");
    }
    in_order(&view(AppointmentStatus::Confirmed).await, &["Confirmed", "Cancel it", "Add to calendar"]);
}

#[tokio::test]
async fn who_withdraws_a_request_is_asked_about_a_request_and_offered_no_other_time() {
    let question = |status| {
        html::<ManageCancel>(move || ManageCancelProps {
            appointment: view_props(status, None).appointment,
            busy: false,
            problem: None,
            on_cancel: Callback::noop(),
            on_move: Callback::noop(),
            on_keep: Callback::noop(),
            only_cancels: false,
            money: CardMoney::NotOurs,
        })
    };
    let asked = question(AppointmentStatus::Requested).await;
    in_order(
        &asked,
        &[
            "Keep the request",
            "Withdraw this request?",
            "Withdrawing it costs nothing.",
            "you withdrew.",
            "Withdraw the request",
        ],
    );
    assert!(!asked.contains("Move it") && !asked.contains("ancel"), "{asked}");
    let booked = question(AppointmentStatus::Confirmed).await;
    in_order(
        &booked,
        &["Cancel this appointment?", "you cancelled.", "Cancel the appointment", "Move it instead"],
    );
}
