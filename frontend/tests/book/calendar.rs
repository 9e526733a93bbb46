//! A practice's calendar: pages that the server sends empty, and the parts that only a browser fills, rendered by
//! themselves.

mod desk;
mod entries;
mod hours;
mod mistakes;
mod panel;
mod requests;
mod sessions;
mod time_off;
mod told;
mod unmarked;

use std::rc::Rc;

use frontend::{
    calendar::{
        sheet::{Entry, columns, entries},
        view::{CalendarView, Layout, Zoom},
    },
    components::series_visits::{Scope, SeriesVisits, SeriesVisitsProps, VisitLine},
    forms::questions::QuestionsForm,
    pages::calendar::{
        agenda::{Agenda, AgendaProps},
        day_sheet::{DaySheet, DaySheetProps},
        grid::{TimeGrid, TimeGridProps},
        month::{MonthTable, MonthTableProps},
        questions_form::{QuestionsEditor, QuestionsEditorProps},
    },
};
use jiff::{
    SignedDuration,
    civil::{Date, date},
};
use serde_json::json;
use shared_types::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, OrganizationId, PractitionerRoleId, Zone,
    bookings::{
        AppointmentStatus, AppointmentType, Audience, CancellationPolicy, Cancelling, PracticePatient,
        Question,
        practice::{
            ActName, CalendarAppointment, ClosedDays, OpenSpan, PracticeCalendar, Reachable, RoleCalendar,
            TakenBy, TakenSpan,
        },
        running_late::RunningLate,
    },
    problem::FieldError,
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{Canned, as_of, at, get, names_hold_what_is_written, site},
};

const ID: &str = "00000000-0000-7000-8000-000000000009";
/// The suite's today, in Sydney.
const TODAY: Date = date(2026, 11, 23);

#[tokio::test]
async fn pages_of_a_calendar_are_sent_empty_and_are_neither_kept_nor_indexed() {
    for (path, heading) in [
        (format!("/calendar/{ID}?view=week&day=2026-11-24"), "Calendar"),
        (format!("/calendar/{ID}/hours"), "Hours"),
        (format!("/calendar/{ID}/types"), "Appointment types"),
        (format!("/calendar/{ID}/calendars"), "Other calendars"),
        (format!("/calendar/{ID}/waitlist"), "Waitlist"),
        (format!("/calendar/{ID}/disputes"), "Disputes"),
        (format!("/calendar/{ID}/mistakes"), "Mistakes to agree on"),
        (format!("/calendar/{ID}/requests"), "Requests to answer"),
        (format!("/calendar/{ID}/unmarked"), "Visits to mark"),
        (format!("/calendar/{ID}/webhooks"), "Webhooks"),
        (format!("/calendar/{ID}/resources"), "Rooms and devices"),
        (format!("/calendar/{ID}/pools"), "Booked as one"),
    ] {
        let page = get(&site(Canned::new()), &path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.has("aria-busy=\"true\"");
        page.says("This page needs JavaScript");
        for private in ["role=\"grid\"", "<form", "agenda"] {
            page.lacks(private);
        }
    }
}

/// The nth booking.
fn appointment(nth: u128, name: &str, start: &str, status: AppointmentStatus) -> CalendarAppointment {
    let start = at(start);
    let end = start + SignedDuration::from_mins(45);
    CalendarAppointment {
        appointment_id: AppointmentId(Uuid::from_u128(1_000 + nth)),
        booking_id: BookingId(Uuid::from_u128(nth)),
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
        version: 1,
        status,
        reason: None,
        appointment_type: AppointmentType {
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
            name: "First visit".to_owned(),
            duration_minutes: 45,
            price_cents: AudCents(12_000),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::All,
            needs_acceptance: false,
            seats: None,
            home_visit: false,
        },
        start,
        end,
        takes: Some((start, end)),
        fitted_in: false,
        reply_by: None,
        attendance_confirmed_at: None,
        acts: vec![ActName::CheckIn, ActName::CancelForPatient, ActName::NoShow],
        may_reschedule: true,
        may_propose: true,
        proposed: None,
        not_taken: None,
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4_000) },
        cancelling_now: Cancelling::LateFee { fee_cents: AudCents(4_000) },
        late_fee_cents: AudCents::ZERO,
        no_show_fee_cents: AudCents(5_000),
        patient: PracticePatient {
            name: name.to_owned().into(),
            preferred_name: None,
            date_of_birth: date(1980, 2, 29).into(),
            email: "ada@example.org".to_owned().into(),
            mobile: "+61491570006".to_owned().into(),
        },
        reachable: Reachable::Email,
        statements: Vec::new(),
        resources: Vec::new(),
        series_id: None,
        group: None,
        visit: None,
        if_mistake: None,
        booked_zone: None,
    }
}

/// Monday: Ada at 9:15 am, Bo beside her from 9:30, Cy cancelled; Tuesday is a holiday.
fn calendar() -> PracticeCalendar {
    PracticeCalendar {
        from: TODAY,
        to: date(2026, 11, 29),
        as_of: as_of(),
        roles: vec![RoleCalendar {
            practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
            name: "Priya Nairwood".to_owned(),
            time_zone: Zone::SYDNEY,
            open: vec![OpenSpan {
                start: at("2026-11-22T22:00:00Z"),
                end: at("2026-11-23T06:00:00Z"),
                audience: Audience::All,
            }],
            closed: vec![ClosedDays {
                first: date(2026, 11, 24),
                last: date(2026, 11, 24),
                holiday: Some("Show day".to_owned()),
            }],
            away: Vec::new(),
            appointments: vec![
                appointment(1, "Ada Nguyen", "2026-11-22T22:15:00Z", AppointmentStatus::Confirmed),
                appointment(2, "Bo Lee", "2026-11-22T22:30:00Z", AppointmentStatus::Requested),
                appointment(3, "Cy Tran", "2026-11-23T02:00:00Z", AppointmentStatus::CancelledByPatient),
            ],
            taken: vec![TakenSpan {
                start: at("2026-11-23T03:00:00Z"),
                end: at("2026-11-23T03:30:00Z"),
                by: TakenBy::Held { until: at("2026-11-22T22:10:00Z") },
            }],
            running_late: None,
        }],
        tag: String::new(),
    }
}

fn all() -> Rc<Vec<Entry>> {
    Rc::new(entries(&calendar()))
}

#[tokio::test]
async fn the_agenda_lists_every_day_and_says_where_each_entry_stands() {
    let html = html::<Agenda>(|| AgendaProps {
        entries: all(),
        away: Rc::default(),
        first: TODAY,
        last: date(2026, 11, 24),
        today: TODAY,
        several: false,
        selected: Some(BookingId(Uuid::from_u128(2))),
        selected_session: None,
        on_open: Callback::noop(),
        on_session: Callback::noop(),
    })
    .await;
    in_order(
        &html,
        &[
            "Today, Monday 23 November",
            "9:15 am to 10:00 am",
            "Ada Nguyen",
            "Confirmed",
            "Bo Lee",
            "Waits for your answer",
            "Cy Tran",
            "Cancelled by the patient",
            "Tomorrow, Tuesday 24 November",
            "Nothing is booked.",
        ],
    );
    assert_eq!(html.matches("aria-current=\"true\"").count(), 1, "{html}");
    assert!(!html.contains("style="), "{html}");
}

fn grid(layout: Layout) -> TimeGridProps {
    let view = CalendarView { layout, ..CalendarView::default() };
    TimeGridProps {
        label: "Priya Nairwood".into(),
        columns: Rc::new(columns(&calendar(), &view, TODAY)),
        layout,
        zoom: Zoom::Half,
        today: TODAY,
        now: as_of(),
        selected: None,
        on_open: Callback::noop(),
        on_drop: Callback::noop(),
        on_turn: Callback::noop(),
        on_help: Callback::noop(),
    }
}

#[tokio::test]
async fn the_grid_is_one_for_those_who_hear_it_too() {
    let html = html::<TimeGrid>(|| grid(Layout::Week)).await;
    assert_eq!(html.matches("role=\"grid\"").count(), 1);
    assert_eq!(html.matches("role=\"columnheader\"").count(), 8, "the hours and seven days");
    // Twenty rows of half an hour from eight to six, with a heading and seven cells each.
    assert_eq!(html.matches("role=\"rowheader\"").count(), 20);
    assert_eq!(html.matches("role=\"gridcell\"").count(), 140);
    in_order(
        &html,
        &[
            "Mon 23 Nov",
            "Show day",
            "aria-label=\"8:00 am, Monday 23 November, not open\"",
            "aria-label=\"9:15 am, Ada Nguyen, First visit, until 10:00 am, Confirmed\"",
            "aria-label=\"9:30 am, Bo Lee, First visit, until 10:15 am, Waits for your answer\"",
            "aria-label=\"2:00 pm, Monday 23 November, being booked\"",
            "Being booked",
        ],
    );
    names_hold_what_is_written(&html);
    // What was cancelled takes no time; the way in is made in the browser; positions are no attributes.
    assert!(
        !html.contains("Cy Tran") && !html.contains("tabindex=\"0\"") && !html.contains("style="),
        "{html}"
    );
}

#[tokio::test]
async fn the_day_says_who_runs_late() {
    let late = |minutes| {
        let mut day = calendar();
        let said_at = at("2026-11-22T22:05:00Z");
        day.roles[0].running_late = Some(RunningLate { date: TODAY, minutes, said_at, version: 1 });
        let view = CalendarView { layout: Layout::Day, ..CalendarView::default() };
        TimeGridProps { columns: Rc::new(columns(&day, &view, TODAY)), ..grid(Layout::Day) }
    };
    in_order(&html::<TimeGrid>(move || late(25)).await, &["Priya Nairwood", "About 25 min late"]);
    assert!(!html::<TimeGrid>(move || late(0)).await.contains("min late"));
}

fn editor() -> QuestionsEditorProps {
    let questions: Vec<Question> = serde_json::from_value(json!([
        {"id": 7, "words": "Which side hurts?", "kind": "one_of", "choices": ["Left", "Right"], "required": true},
        {"id": 2, "words": "", "kind": "short_text"},
    ]))
    .unwrap();
    QuestionsEditorProps {
        id: "type-new-questions".into(),
        organization_id: ID.parse().unwrap(),
        form: QuestionsForm::of(&questions),
        errors: vec![FieldError::new("/questions/1/words", "Use 1 to 200 characters")],
        on_form: Callback::noop(),
    }
}

#[tokio::test]
async fn questions_are_edited_by_buttons_and_shown_as_patients_see_them() {
    let html = html::<QuestionsEditor>(editor).await;
    in_order(
        &html,
        &[
            "Questions before the visit",
            "only your practice and the patient can read them",
            "Question 1",
            "value=\"Which side hurts?\"",
            "One of some choices",
            "Left\nRight",
            " checked",
            "aria-disabled=\"true\"",
            "Earlier",
            ": question 1",
            "Later",
            "Remove",
            "Question 2",
            "Use 1 to 200 characters",
            "id=\"type-new-questions-2-later\"",
            "aria-disabled=\"true\"",
            "Add a question",
            "As patients see them",
            "disabled",
            "Which side hurts?",
            " (required)",
            "type=\"radio\"",
        ],
    );
    assert_eq!(html.matches("aria-disabled=\"true\"").count(), 2, "neither end goes further: {html}");
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 1, "{html}");
}

#[tokio::test]
async fn each_visit_of_a_series_says_what_cancelling_it_costs() {
    let html = html::<SeriesVisits>(|| SeriesVisitsProps {
        id: "series-scope".into(),
        scope: Scope::Following,
        on_scope: Callback::noop(),
        visits: vec![
            VisitLine { id: "1".into(), when: "Monday 7 December, 10:00 am".into(), cost: "$40.".into() },
            VisitLine {
                id: "2".into(),
                when: "Monday 14 December, 10:00 am".into(),
                cost: "Nothing.".into(),
            },
        ],
    })
    .await;
    in_order(
        &html,
        &[
            "Which visits",
            "This visit and those after it",
            "All visits to come",
            "Monday 7 December, 10:00 am",
            "$40.",
            "Monday 14 December, 10:00 am",
            "Nothing.",
        ],
    );
}

#[tokio::test]
async fn a_day_on_paper_leaves_out_what_does_not_take_place() {
    let html = html::<DaySheet>(|| DaySheetProps {
        entries: all(),
        date: TODAY,
        practice: "Wattle Lane Physio".into(),
    })
    .await;
    in_order(
        &html,
        &["Wattle Lane Physio, Monday 23 November 2026", "Ada Nguyen", "29 February 1980", "Bo Lee"],
    );
    assert!(html.contains("print-only") && !html.contains("Cy Tran"), "{html}");
}

#[tokio::test]
async fn a_month_counts_what_stands_and_leads_to_its_days() {
    let html = html::<MonthTable>(|| MonthTableProps {
        entries: all(),
        view: CalendarView { layout: Layout::Month, ..CalendarView::default() },
        today: TODAY,
        organization_id: OrganizationId(Uuid::from_u128(9)),
    })
    .await;
    assert!(html.contains("aria-label=\"Monday 23, 2 appointments, November 2026\""), "{html}");
    names_hold_what_is_written(&html);
    assert!(
        html.contains("?view=day&amp;day=2026-11-23") || html.contains("?view=day&day=2026-11-23"),
        "{html}"
    );
    assert_eq!(html.matches("aria-current=\"date\"").count(), 1);
}
