//! What entries say of themselves that others need not: that they began the day before, and that they were fitted in.

use std::rc::Rc;

use frontend::{
    calendar::{
        sheet::{columns, entries},
        view::{CalendarView, Layout},
    },
    pages::calendar::{
        agenda::{Agenda, AgendaProps},
        day_sheet::{DaySheet, DaySheetProps},
        grid::{TimeGrid, TimeGridProps},
    },
};
use jiff::civil::{Date, date};
use shared_types::bookings::{
    AppointmentStatus,
    practice::{CalendarAppointment, PracticeCalendar},
};
use yew::Callback;

use super::{TODAY, appointment, calendar, grid};
use crate::{
    parts::{html, in_order},
    support::names_hold_what_is_written,
};

/// The week with one appointment more.
fn with(one: CalendarAppointment) -> PracticeCalendar {
    let mut week = calendar();
    week.roles[0].appointments.push(one);
    week
}

async fn week_of(one: CalendarAppointment) -> String {
    html::<TimeGrid>(move || {
        let view = CalendarView { layout: Layout::Week, ..CalendarView::default() };
        TimeGridProps { columns: Rc::new(columns(&with(one), &view, TODAY)), ..grid(Layout::Week) }
    })
    .await
}

/// The agenda of some days of a calendar.
pub async fn agenda(week: PracticeCalendar, first: Date, last: Date) -> String {
    html::<Agenda>(move || AgendaProps {
        entries: Rc::new(entries(&week)),
        away: Rc::default(),
        first,
        last,
        today: TODAY,
        several: true,
        selected: None,
        selected_session: None,
        on_open: Callback::noop(),
        on_session: Callback::noop(),
    })
    .await
}

/// A day of a calendar on paper.
pub async fn sheet(week: PracticeCalendar, date: Date) -> String {
    html::<DaySheet>(move || DaySheetProps {
        entries: Rc::new(entries(&week)),
        date,
        practice: "Wattle Lane Physio".into(),
    })
    .await
}

/// Di Park's visit in the night to Wednesday, at 11:30 pm.
fn night(status: AppointmentStatus) -> CalendarAppointment {
    appointment(4, "Di Park", "2026-11-24T12:30:00Z", status)
}

/// The week with that night, and with Gus Hart on Wednesday morning.
fn with_night(status: AppointmentStatus) -> PracticeCalendar {
    let mut week = with(night(status));
    let morning = appointment(5, "Gus Hart", "2026-11-24T22:15:00Z", AppointmentStatus::Confirmed);
    week.roles[0].appointments.push(morning);
    week
}

const TUESDAY: Date = date(2026, 11, 24);
const WEDNESDAY: Date = date(2026, 11, 25);
/// When [`night`] is, as the list and the sheet of Wednesday say it.
const AFTER_MIDNIGHT: &str = ">from 11:30 pm the day before, until 12:15 am<";

#[tokio::test]
async fn what_lasts_past_midnight_is_in_the_list_of_either_day_under_an_id_of_its_own() {
    let both = agenda(with_night(AppointmentStatus::Confirmed), TUESDAY, WEDNESDAY).await;
    let ids = ["entry", "part"].map(|of| format!("id=\"cal-{of}-00000000-0000-0000-0000-000000000004\""));
    in_order(
        &both,
        &[
            "Tuesday 24 November",
            &ids[0],
            ">11:30 pm to 12:15 am<",
            "Di Park",
            "Wednesday 25 November",
            &ids[1],
            AFTER_MIDNIGHT,
            "Di Park",
            "9:15 am to 10:00 am",
            "Gus Hart",
        ],
    );
    for id in &ids {
        assert_eq!(both.matches(id).count(), 1, "{id}: {both}");
    }
    assert!(!both.contains("Nothing is booked."), "{both}");
    let second = agenda(with(night(AppointmentStatus::Confirmed)), WEDNESDAY, WEDNESDAY).await;
    in_order(&second, &[&ids[1], AFTER_MIDNIGHT, "Di Park"]);
    assert!(!second.contains("Nothing is booked."), "{second}");
}

#[tokio::test]
async fn what_lasts_past_midnight_is_on_the_sheet_of_either_day() {
    let first = sheet(with_night(AppointmentStatus::Confirmed), TUESDAY).await;
    in_order(&first, &[">11:30 pm to 12:15 am<", "Di Park"]);
    let second = sheet(with_night(AppointmentStatus::Confirmed), WEDNESDAY).await;
    in_order(&second, &[AFTER_MIDNIGHT, "Di Park", "9:15 am to 10:00 am", "Gus Hart"]);
}

#[tokio::test]
async fn a_night_that_was_cancelled_is_in_the_list_of_either_day_and_on_no_sheet() {
    let off = AppointmentStatus::CancelledByPatient;
    let words = "Cancelled by the patient";
    in_order(
        &agenda(with_night(off), TUESDAY, WEDNESDAY).await,
        &["Di Park", words, AFTER_MIDNIGHT, "Di Park", words, "Gus Hart"],
    );
    let second = sheet(with_night(off), WEDNESDAY).await;
    assert!(second.contains("Gus Hart") && !second.contains("Di Park"), "{second}");
}

#[tokio::test]
async fn what_ends_at_midnight_is_not_on_the_day_after() {
    let evening = || with(appointment(4, "Di Park", "2026-11-24T12:15:00Z", AppointmentStatus::Confirmed));
    let list = agenda(evening(), TUESDAY, WEDNESDAY).await;
    in_order(&list, &[">11:15 pm to 12:00 am<", "Di Park", "Wednesday 25 November", "Nothing is booked."]);
    assert_eq!(list.matches("Di Park").count(), 1, "{list}");
    assert!(sheet(evening(), TUESDAY).await.contains("Di Park"));
    assert!(!sheet(evening(), WEDNESDAY).await.contains("Di Park"));
}

#[tokio::test]
async fn what_began_the_day_before_says_when_and_until_when() {
    let html = week_of(night(AppointmentStatus::Confirmed)).await;
    in_order(
        &html,
        &[
            "aria-label=\"from 11:30 pm the day before, Di Park, First visit, until 12:15 am, Confirmed\"",
            "from 11:30 pm the day before",
            "aria-label=\"11:30 pm, Di Park, First visit, until 12:15 am, Confirmed\"",
        ],
    );
    assert!(!html.contains("12:00 am, Di Park"), "{html}");
    names_hold_what_is_written(&html);
    // Neither part is pulled, unlike Ada and Bo, and each has an id of its own.
    assert_eq!(html.matches("cal__grip").count(), 2, "{html}");
    assert_eq!(html.matches("data-stays=\"true\"").count(), 2, "{html}");
    assert_eq!(html.matches("id=\"cal-entry-00000000-0000-0000-0000-000000000004\"").count(), 1, "{html}");
}

/// Di Park in the afternoon, alone by now.
fn fitted_in() -> CalendarAppointment {
    let one = appointment(4, "Di Park", "2026-11-23T05:00:00Z", AppointmentStatus::Confirmed);
    CalendarAppointment { fitted_in: true, ..one }
}

#[tokio::test]
async fn who_was_fitted_in_is_seen_to_have_been_also_where_nobody_is_beside_them() {
    let shown = week_of(fitted_in()).await;
    let label = "aria-label=\"4:00 pm, Di Park, First visit, fitted in, until 4:45 pm, Confirmed\"";
    in_order(&shown, &[label, "First visit, fitted in</span>"]);
    assert_eq!(shown.matches("data-fitted=\"true\"").count(), 1, "{shown}");
    names_hold_what_is_written(&shown);
    let list = agenda(with(fitted_in()), TODAY, TODAY).await;
    let [usual, fitted] = ["First visit with Priya Nairwood<", "First visit with Priya Nairwood, fitted in<"];
    in_order(&list, &["Ada Nguyen", usual, "Di Park", fitted]);
    let sheet = sheet(with(fitted_in()), TODAY).await;
    in_order(&sheet, &["Di Park", "First visit, fitted in"]);
}
