//! What a patient says of their own visit: when it is offered, what is said before its button and after it.

use std::rc::Rc;

use frontend::{
    components::{
        money_back::CardMoney,
        visit_acts::{Saying, VisitActs, VisitActsProps, has_visit_acts, may_say},
    },
    pages::booked::{Done, DoneProps, Told},
};
use jiff::{SignedDuration, Timestamp};
use shared_types::{
    Problem,
    bookings::{Appointment, AppointmentStatus, AppointmentType, Cancelling},
    payments::PaymentStatus,
};
use yew::{Callback, NodeRef};

use crate::{
    canned::appointment,
    higher_charge::paid,
    parts::{html, in_order},
};

fn standing(status: AppointmentStatus) -> Appointment {
    Appointment { status, ..appointment(Cancelling::WithoutCharge) }
}

/// So many minutes after the start of the 45 minutes, or before it.
fn minutes(count: i64) -> Timestamp {
    standing(AppointmentStatus::Confirmed).start + SignedDuration::from_mins(count)
}

fn props(appointment: Appointment, now: i64) -> VisitActsProps {
    VisitActsProps {
        appointment,
        now: minutes(now),
        said: None,
        asked: false,
        busy: false,
        problem: None,
        changed: false,
        money: CardMoney::NotOurs,
        on_say: Callback::noop(),
        on_ask: Callback::noop(),
        on_look: Callback::noop(),
        told_ref: NodeRef::default(),
        question_ref: NodeRef::default(),
    }
}

/// The section of a confirmed appointment so many minutes after its start.
async fn page(now: i64, change: fn(VisitActsProps) -> VisitActsProps) -> String {
    html::<VisitActs>(move || change(props(standing(AppointmentStatus::Confirmed), now))).await
}

fn offered(appointment: &Appointment, now: i64) -> [bool; 3] {
    Saying::ALL.map(|saying| may_say(saying, appointment, minutes(now)))
}

#[test]
fn each_thing_is_offered_in_its_hours() {
    let booked = standing(AppointmentStatus::Confirmed);
    for (now, expected) in [
        (-2_881, [false, false, false]),
        (-2_880, [true, false, false]),
        (-61, [true, false, false]),
        (-60, [true, true, false]),
        (-1, [true, true, false]),
        (0, [false, true, false]),
        (29, [false, true, false]),
        (30, [false, true, true]),
        (44, [false, true, true]),
        (45, [false, false, true]),
    ] {
        assert_eq!(offered(&booked, now), expected, "{now} minutes after the start");
        assert_eq!(has_visit_acts(&booked, minutes(now)), expected.contains(&true), "{now}");
    }
    let told = Appointment { attendance_confirmed_at: Some(minutes(-900)), ..booked };
    assert_eq!(offered(&told, -600), [false; 3]);
    assert!(has_visit_acts(&told, minutes(-600)), "it says what the practice knows");
}

#[test]
fn nobody_arrives_where_they_do_not_go_or_while_another_card_is_needed() {
    let booked = standing(AppointmentStatus::Confirmed);
    let of = |of: AppointmentType| Appointment { appointment_type: of, ..booked.clone() };
    let telehealth = of(AppointmentType { telehealth: true, ..booked.appointment_type.clone() });
    let at_home = of(AppointmentType { home_visit: true, ..booked.appointment_type.clone() });
    let unpaid = Appointment { repair_until: Some(minutes(0)), ..booked.clone() };
    for appointment in [telehealth, at_home, unpaid] {
        assert_eq!(offered(&appointment, 30), [false, false, true]);
    }
}

#[test]
fn what_does_not_wait_any_more_is_not_spoken_of() {
    for status in AppointmentStatus::ALL {
        let waits = [AppointmentStatus::Confirmed, AppointmentStatus::Arrived, AppointmentStatus::CheckedIn];
        assert_eq!(offered(&standing(status), 60), [false, false, waits.contains(&status)], "{status:?}");
    }
}

#[tokio::test]
async fn whether_somebody_will_come_is_asked_as_the_reminder_asks_it() {
    let before = page(-600, |props| props).await;
    in_order(&before, &["Your visit", "you get no more reminders", "I will come"]);
    assert!(!before.contains("I have arrived") && !before.contains("was not there"), "{before}");
    let at_home = page(-600, |props| {
        let of = AppointmentType { home_visit: true, ..props.appointment.appointment_type.clone() };
        let appointment = Appointment { appointment_type: of, ..props.appointment.clone() };
        VisitActsProps { appointment, ..props }
    })
    .await;
    in_order(&at_home, &["I will be there"]);
    let after = page(-600, |props| {
        let appointment =
            Appointment { attendance_confirmed_at: Some(props.now), ..props.appointment.clone() };
        VisitActsProps { said: Some(Saying::WillCome), appointment, ..props }
    })
    .await;
    in_order(&after, &["The practice knows that you will come", "please say so early"]);
    assert!(!after.contains("<button"), "{after}");
}

#[tokio::test]
async fn who_says_that_they_are_there_reads_first_what_they_can_no_longer_do() {
    let before = page(-10, |props| props).await;
    in_order(
        &before,
        &[
            "the desk and the practitioner see it",
            "no longer move or cancel the appointment here",
            "I have arrived",
        ],
    );
    let late = page(10, |props| props).await;
    assert!(late.contains("I have arrived") && !late.contains("no longer move"), "{late}");
    let there = html::<VisitActs>(|| props(standing(AppointmentStatus::Arrived), -5)).await;
    in_order(&there, &["The practice knows that you are there."]);
    assert!(!there.contains("<button"), "{there}");
}

#[tokio::test]
async fn that_nobody_was_there_has_its_consequences_before_its_button_and_is_asked_once_more() {
    let back = "You get $110 back to your card; banks take up to ten days.";
    let taken = |props: VisitActsProps| {
        let payment = paid(PaymentStatus::Captured, None);
        VisitActsProps { money: CardMoney::Read(Rc::new(payment)), ..props }
    };
    let before = page(30, taken).await;
    in_order(
        &before,
        &[
            "You owe nothing for this appointment.",
            back,
            "has a day to say that it was otherwise",
            "You cannot take it back here.",
            "The practitioner was not there",
        ],
    );
    assert!(!before.contains("button--danger"), "{before}");
    let asked = page(30, |props| VisitActsProps { asked: true, ..props }).await;
    in_order(
        &asked,
        &[
            "Was nobody there?",
            "Say it only if you were there",
            "Yes, nobody was there",
            "I wait a little longer",
        ],
    );
    assert!(!asked.contains("your card"), "who may not see money reads nothing of it: {asked}");
    let said = html::<VisitActs>(|| {
        let payment = paid(PaymentStatus::Captured, None);
        VisitActsProps {
            said: Some(Saying::NobodyCame),
            money: CardMoney::Read(Rc::new(payment)),
            ..props(standing(AppointmentStatus::NoShowProvider), 31)
        }
    })
    .await;
    in_order(
        &said,
        &["It is noted that the practitioner was not there", "You owe nothing for this appointment.", back],
    );
    assert!(!said.contains("<button"), "{said}");
    let later = html::<VisitActs>(|| props(standing(AppointmentStatus::NoShowProvider), 600)).await;
    in_order(&later, &["It is noted that the practitioner was not there. You owe nothing"]);
}

#[tokio::test]
async fn what_is_refused_says_why_and_leads_to_how_it_stands_where_that_has_changed() {
    let early = page(30, |props| {
        let problem = Problem::new("too-early", 409, "It is too early for this")
            .detail("Nothing was changed. It can be done from today 9:45 am on.");
        VisitActsProps { problem: Some(problem), ..props }
    })
    .await;
    in_order(&early, &["It is too early for this", "It can be done from today 9:45 am on."]);
    assert!(!early.contains("Show how it stands now"), "{early}");
    let stale = page(30, |props| {
        let problem = Problem::new("stale-version", 409, "This appointment has changed since you opened it");
        VisitActsProps { problem: Some(problem), changed: true, ..props }
    })
    .await;
    in_order(&stale, &["has changed since you opened it", "Nothing was changed.", "Show how it stands now"]);
}

#[tokio::test]
async fn an_accounts_own_page_of_a_booking_offers_it_as_well() {
    let done = |as_of: i64| {
        html::<Done>(move || DoneProps {
            appointment: Rc::new(Appointment {
                as_of: minutes(as_of),
                ..standing(AppointmentStatus::Confirmed)
            }),
            told: Told::Nothing,
            on_changed: Callback::noop(),
        })
    };
    in_order(&done(-30).await, &["You are booked", "Your visit", "I have arrived", "What happens next"]);
    in_order(&done(40).await, &["Your visit", "The practitioner was not there"]);
    let far = done(-5_000).await;
    assert!(!far.contains("Your visit"), "{far}");
    // What the reminder says can be done there.
    in_order(&far, &["?step=move", "Move it", "?step=cancel", "Cancel it"]);
    let over = html::<Done>(|| DoneProps {
        appointment: Rc::new(standing(AppointmentStatus::Declined)),
        told: Told::Nothing,
        on_changed: Callback::noop(),
    })
    .await;
    in_order(&over, &["The practice could not take it", "/providers/", "Book another time"]);
    assert!(!over.contains("?step="), "{over}");
}

#[tokio::test]
async fn what_the_practice_answers_first_is_not_called_booked() {
    let asked = html::<Done>(|| DoneProps {
        appointment: Rc::new(Appointment {
            reply_by: Some(minutes(-120)),
            ..standing(AppointmentStatus::Requested)
        }),
        told: Told::Nothing,
        on_changed: Callback::noop(),
    })
    .await;
    in_order(
        &asked,
        &[
            "Your request is with the practice",
            "The time is kept for you until then. It answers by Tuesday 24 November, 7:15 am",
            "We write to a…@example.org.",
            "?step=cancel",
            "Withdraw it",
            "a link to see or withdraw your request.",
        ],
    );
    for absent in ["You are booked", "Add to calendar", "a calendar file", "Move it"] {
        assert!(!asked.contains(absent), "{absent} in {asked}");
    }
}
