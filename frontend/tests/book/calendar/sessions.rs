//! Group sessions: one entry in the grid, one heading in lists, and a panel of their people.

use std::{collections::BTreeSet, rc::Rc};

use frontend::{
    calendar::{
        sessions::session_of,
        sheet::{columns, entries},
        view::{CalendarView, Layout},
    },
    pages::calendar::{
        agenda::{Agenda, AgendaProps},
        grid::{TimeGrid, TimeGridProps},
        session_panel::{SessionPanel, SessionPanelProps},
    },
};
use jiff::{SignedDuration, civil::date};
use shared_types::{
    BookingId, GroupSessionId, OrganizationId,
    bookings::{
        AppointmentStatus,
        practice::{ActName, CalendarAppointment, GroupSeat, PracticeCalendar, Reachable},
    },
};
use uuid::Uuid;
use yew::Callback;

use super::{
    TODAY, appointment, calendar,
    entries::{agenda, sheet},
    grid,
};
use crate::{
    parts::{html, in_order},
    support::{at, names_hold_what_is_written},
};

/// A seat in the session at half past ten: of its eight, three are taken.
fn seat(nth: u128, name: &str, status: AppointmentStatus) -> CalendarAppointment {
    let mut one = appointment(nth, name, "2026-11-22T23:30:00Z", status);
    one.appointment_type.name = "Group class".to_owned();
    one.appointment_type.seats = Some(8);
    let group_session_id = GroupSessionId(Uuid::from_u128(7));
    one.group = Some(GroupSeat { group_session_id, seats_taken: 3, seats: 8 });
    one.acts = vec![ActName::Cancel];
    one
}

/// Monday, with a session of three besides the others; one of them has arrived, and one cannot be written to.
fn with_session() -> PracticeCalendar {
    let mut day = calendar();
    let unreached = CalendarAppointment {
        reachable: Reachable::None,
        ..seat(12, "Eli Wood", AppointmentStatus::Confirmed)
    };
    let seats = [
        seat(11, "Dee Marsh", AppointmentStatus::Confirmed),
        unreached,
        seat(13, "Fay Stone", AppointmentStatus::Arrived),
    ];
    day.roles[0].appointments.extend(seats);
    day
}

#[tokio::test]
async fn a_session_is_one_entry_of_the_grid_that_cannot_be_pulled() {
    let props = || {
        let view = CalendarView { layout: Layout::Week, ..CalendarView::default() };
        TimeGridProps { columns: Rc::new(columns(&with_session(), &view, TODAY)), ..grid(Layout::Week) }
    };
    let html = html::<TimeGrid>(props).await;
    assert_eq!(html.matches("class=\"cal__entry\"").count(), 3, "Ada, Bo, and the session: {html}");
    in_order(
        &html,
        &[
            "aria-label=\"10:30 am, Group class, 3 of 8 seats taken, until 11:15 am\"",
            "Group class",
            "3 of 8",
        ],
    );
    names_hold_what_is_written(&html);
    assert_eq!(html.matches("cal__grip").count(), 2, "{html}");
    assert!(!html.contains("Dee Marsh"), "{html}");
}

#[tokio::test]
async fn lists_have_a_heading_for_a_session_and_its_people_below() {
    let agenda = || AgendaProps {
        entries: Rc::new(entries(&with_session())),
        away: Rc::default(),
        first: TODAY,
        last: TODAY,
        today: TODAY,
        several: false,
        selected: None,
        selected_session: session_of(&with_session(), BookingId(Uuid::from_u128(12)))
            .map(|session| session.key()),
        on_open: Callback::noop(),
        on_session: Callback::noop(),
    };
    let people = ["Dee Marsh", "Eli Wood", "Fay Stone"];
    let html_of_agenda = html::<Agenda>(agenda).await;
    in_order(
        &html_of_agenda,
        &["Bo Lee", "<h3", "Group class, 3 of 8", people[0], people[1], people[2], "Cy Tran"],
    );
    assert_eq!(html_of_agenda.matches("<h3").count(), 1, "{html_of_agenda}");
    assert_eq!(html_of_agenda.matches("aria-current=\"true\"").count(), 1, "the heading: {html_of_agenda}");
    let sheet = sheet(with_session(), TODAY).await;
    let heading = "10:30 am to 11:15 am, Group class, 3 of 8 seats taken";
    in_order(&sheet, &["Bo Lee", heading, people[0], people[1], people[2]]);
}

/// The same session with one seat that lasts until noon, and is not the first.
fn with_longer_seat() -> PracticeCalendar {
    let mut day = with_session();
    let mut seats = day.roles[0].appointments.iter_mut();
    let longer = seats.find(|one| one.booking_id == BookingId(Uuid::from_u128(12))).unwrap();
    longer.end = longer.start + SignedDuration::from_mins(90);
    day
}

#[tokio::test]
async fn a_session_lasts_until_the_last_of_its_people_goes_wherever_it_is_told() {
    let grid = html::<TimeGrid>(|| {
        let view = CalendarView { layout: Layout::Week, ..CalendarView::default() };
        TimeGridProps { columns: Rc::new(columns(&with_longer_seat(), &view, TODAY)), ..grid(Layout::Week) }
    })
    .await;
    in_order(&grid, &["aria-label=\"10:30 am, Group class, 3 of 8 seats taken, until 12:00 pm\""]);
    let agenda = agenda(with_longer_seat(), TODAY, TODAY).await;
    let (whole, seat) = ("10:30 am to 12:00 pm", "10:30 am to 11:15 am");
    in_order(&agenda, &["<h3", whole, "Group class, 3 of 8", seat, "Dee Marsh", whole, "Eli Wood", seat]);
    let sheet = sheet(with_longer_seat(), TODAY).await;
    in_order(&sheet, &["10:30 am to 12:00 pm, Group class, 3 of 8 seats taken", seat, "Dee Marsh"]);
    let panel = html::<SessionPanel>(|| {
        let day = with_longer_seat();
        SessionPanelProps {
            session: Rc::new(session_of(&day, BookingId(Uuid::from_u128(11))).unwrap()),
            organization_id: OrganizationId(Uuid::from_u128(9)),
            calendar: Rc::new(day),
            on_open: Callback::noop(),
            on_put: Callback::noop(),
        }
    })
    .await;
    in_order(&panel, &["When", whole, "Seats taken"]);
}

/// Tuesday with a session in the night to Wednesday, from half past eleven: Dee's seat lasts past midnight, Eli's does not.
fn with_night_session() -> PracticeCalendar {
    let mut week = calendar();
    for (nth, name, minutes) in [(11, "Dee Marsh", 45), (12, "Eli Wood", 30)] {
        let start = at("2026-11-24T12:30:00Z");
        let end = start + SignedDuration::from_mins(minutes);
        let one = seat(nth, name, AppointmentStatus::Confirmed);
        week.roles[0].appointments.push(CalendarAppointment { start, end, ..one });
    }
    week
}

#[tokio::test]
async fn a_session_that_lasts_past_midnight_is_listed_on_both_days_with_those_who_are_there() {
    let (tuesday, wednesday) = (date(2026, 11, 24), date(2026, 11, 25));
    let agenda = agenda(with_night_session(), tuesday, wednesday).await;
    let after = "from 11:30 pm the day before, until 12:15 am";
    in_order(
        &agenda,
        &["11:30 pm to 12:15 am", "Dee Marsh", "Eli Wood", "Wednesday", "<h3", after, after, "Dee Marsh"],
    );
    assert_eq!(agenda.matches("Eli Wood").count(), 1, "{agenda}");
    let ids: Vec<_> = agenda.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let different: BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "{ids:?}");
    let sheet = sheet(with_night_session(), wednesday).await;
    in_order(&sheet, &[&format!("{after}, Group class, 3 of 8 seats taken"), after, "Dee Marsh"]);
    assert!(!sheet.contains("Eli Wood"), "{sheet}");
}

#[tokio::test]
async fn the_panel_leads_to_each_person_and_says_what_cancelling_for_everyone_does() {
    let panel = || {
        let day = with_session();
        let session = session_of(&day, BookingId(Uuid::from_u128(12))).unwrap();
        SessionPanelProps {
            session: Rc::new(session),
            organization_id: OrganizationId(Uuid::from_u128(9)),
            calendar: Rc::new(day),
            on_open: Callback::noop(),
            on_put: Callback::noop(),
        }
    };
    let html = html::<SessionPanel>(panel).await;
    in_order(
        &html,
        &[
            "10:30 am to 11:15 am",
            "3 of 8",
            "People in this session",
            "Dee Marsh",
            "Eli Wood",
            "Fay Stone",
            "Arrived",
            "A session is not moved as one.",
            "Cancel for everyone",
            "2 appointments are cancelled. Nobody pays anything for that",
            "1 appointment stays as booked",
            "Tell them yourself:",
            "Eli Wood",
        ],
    );
    assert_eq!(html.matches("class=\"agenda-item session-person\"").count(), 3, "{html}");
}
