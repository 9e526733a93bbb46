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

#[tokio::test]
async fn what_began_the_day_before_says_when_and_until_when() {
    let night = appointment(4, "Di Park", "2026-11-24T12:30:00Z", AppointmentStatus::Confirmed);
    let html = week_of(night).await;
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
    let list = html::<Agenda>(|| AgendaProps {
        entries: Rc::new(entries(&with(fitted_in()))),
        away: Rc::default(),
        first: TODAY,
        last: TODAY,
        today: TODAY,
        several: true,
        selected: None,
        selected_session: None,
        on_open: Callback::noop(),
        on_session: Callback::noop(),
    })
    .await;
    let [usual, fitted] = ["First visit with Priya Nairwood<", "First visit with Priya Nairwood, fitted in<"];
    in_order(&list, &["Ada Nguyen", usual, "Di Park", fitted]);
    let sheet = html::<DaySheet>(|| DaySheetProps {
        entries: Rc::new(entries(&with(fitted_in()))),
        date: TODAY,
        practice: "Wattle Lane Physio".into(),
    })
    .await;
    in_order(&sheet, &["Di Park", "First visit, fitted in"]);
}
