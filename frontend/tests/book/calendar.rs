//! A practice's calendar: pages that the server sends empty, and the parts that only a browser fills, rendered by
//! themselves.

use std::rc::Rc;

use frontend::{
    calendar::{
        sheet::{Entry, columns, entries},
        view::{CalendarView, Layout, Zoom},
    },
    components::series_visits::{Scope, SeriesVisits, SeriesVisitsProps, VisitLine},
    forms::questions::QuestionsForm,
    pages::{
        account::Own,
        calendar::{
            agenda::{Agenda, AgendaProps},
            day_sheet::{DaySheet, DaySheetProps},
            entry_panel::{EntryPanelProps, EntryParts, EntryPartsProps, PARTS},
            grid::{TimeGrid, TimeGridProps},
            month::{MonthTable, MonthTableProps},
            propose_form::{NewTime, NewTimeProps},
            questions_form::{QuestionsEditor, QuestionsEditorProps},
            unmarked::{UnmarkedLists, UnmarkedListsProps},
        },
        practice_desk::Desk,
    },
};
use jiff::{
    SignedDuration,
    civil::{Date, date},
};
use serde_json::json;
use shared_types::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, OrganizationId, PractitionerRoleId, ProposalId,
    Zone,
    bookings::{
        AppointmentStatus, AppointmentType, Audience, CancellationPolicy, Cancelling, PracticePatient,
        Question,
        mistake::{IfMistake, MoneyMoved},
        practice::{
            ActName, CalendarAppointment, ClosedDays, OpenSpan, PracticeCalendar, PracticeRoles,
            RoleCalendar, TakenBy, TakenSpan,
        },
        proposal::Proposed,
        running_late::RunningLate,
        unmarked::{Presumed, UnmarkedVisit},
    },
    problem::FieldError,
    users::StaffRole,
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{Canned, as_of, at, get, site},
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
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4_000) },
        cancelling_now: Cancelling::LateFee { fee_cents: AudCents(4_000) },
        late_fee_cents: AudCents::ZERO,
        patient: PracticePatient {
            name: name.to_owned().into(),
            preferred_name: None,
            date_of_birth: date(1980, 2, 29).into(),
            email: "ada@example.org".to_owned().into(),
            mobile: "+61491570006".to_owned().into(),
        },
        statements: Vec::new(),
        resources: Vec::new(),
        series_id: None,
        visit: None,
        if_mistake: None,
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
    }
}

fn all() -> Rc<Vec<Entry>> {
    Rc::new(entries(&calendar()))
}

#[tokio::test]
async fn the_agenda_lists_every_day_and_says_where_each_entry_stands() {
    let html = html::<Agenda>(|| AgendaProps {
        entries: all(),
        first: TODAY,
        last: date(2026, 11, 24),
        today: TODAY,
        several: false,
        selected: Some(BookingId(Uuid::from_u128(2))),
        on_open: Callback::noop(),
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
            "aria-label=\"9:15 am to 10:00 am, Ada Nguyen, First visit, Confirmed\"",
            "aria-label=\"9:30 am to 10:15 am, Bo Lee, First visit, Waits for your answer\"",
            "Being booked",
        ],
    );
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
    assert!(html.contains("aria-label=\"Monday 23 November 2026, 2 appointments\""), "{html}");
    assert!(
        html.contains("?view=day&amp;day=2026-11-23") || html.contains("?view=day&day=2026-11-23"),
        "{html}"
    );
    assert_eq!(html.matches("aria-current=\"date\"").count(), 1);
}

/// The nth appointment of the list, as staff of that role see it.
fn opened(nth: usize, role: StaffRole) -> EntryPanelProps {
    let me = serde_json::from_value(json!({
        "account_id": ID,
        "email": "robin@example.org",
        "patient_id": null,
        "acts_for": [],
        "memberships": [],
        "platform": [],
        "strength": "passkey",
        "signed_in_at": "2026-11-22T22:00:00Z",
        "totp": false,
        "passkeys": 0,
        "recovery_codes_left": 0,
        "keys": null,
    }));
    EntryPanelProps {
        entry: all()[nth].clone(),
        desk: Desk {
            me: Own(Rc::new(me.unwrap())),
            organization_id: OrganizationId(Uuid::from_u128(9)),
            name: "Wattle Lane Physio".into(),
            roles: Rc::new([role]),
        },
        roles: Rc::new(PracticeRoles { items: Vec::new(), as_of: as_of() }),
        on_put: Callback::noop(),
        on_change: Callback::noop(),
    }
}

#[tokio::test]
async fn who_sees_to_the_money_can_ask_whether_a_visit_can_be_bulk_billed_instead() {
    let question = "Can it be bulk billed instead?";
    // Neither those who do not, nor of what was cancelled.
    for (nth, role, asks) in
        [(0, StaffRole::Owner, true), (0, StaffRole::Reception, false), (2, StaffRole::Owner, false)]
    {
        let shown = html::<EntryParts>(move || EntryPartsProps { of: opened(nth, role), parts: PARTS }).await;
        assert_eq!(shown.contains(question), asks, "{nth} {role:?}: {shown}");
    }
}

/// The panel of the first entry, as reception sees it, with as many of its parts.
fn panel(parts: usize) -> EntryPartsProps {
    EntryPartsProps { of: opened(0, StaffRole::Reception), parts }
}

#[tokio::test]
async fn every_button_says_what_it_does_and_what_it_costs_before_it_is_pressed() {
    let html = html::<EntryParts>(|| panel(PARTS)).await;
    in_order(
        &html,
        &[
            "Confirmed",
            "9:15 am to 10:00 am",
            "Costs nothing until Sunday 22 November, 9:15 am. After that $40.",
            "Sealed messages about this booking",
            "Check in",
            "The patient is here and the desk has their details.",
            "Did not come",
            "Cancel for the patient",
            "Move it or change its length",
        ],
    );
    // What takes something away says so first, and only then shows the button that does it; fields come once they are wanted.
    assert!(!html.contains("button--danger") && !html.contains("move-date"), "{html}");
}

#[tokio::test]
async fn where_money_moved_the_panel_says_that_a_colleague_is_asked_and_then_that_one_was() {
    for (asked_at, words) in [
        (None, "Asks a colleague to agree, since money or a claim hangs on it."),
        (Some(as_of()), "Somebody else was asked to agree that this is a mistake"),
    ] {
        let html = html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Owner);
            let appointment = Rc::make_mut(&mut of.entry.appointment);
            appointment.acts.push(ActName::EnterInError);
            let money = MoneyMoved::Taken { cents: AudCents(8_500) };
            appointment.if_mistake = Some(IfMistake { money, claim_lodged: false, asked_at });
            EntryPartsProps { of, parts: PARTS }
        })
        .await;
        assert!(html.contains(words), "{html}");
    }
}

#[tokio::test]
async fn a_panel_is_drawn_from_the_top_on() {
    for (parts, shown) in [
        (0, [false, false, false]),
        (1, [true, false, false]),
        (2, [true, true, false]),
        (PARTS, [true, true, true]),
    ] {
        let html = html::<EntryParts>(move || panel(parts)).await;
        let words = ["9:15 am to 10:00 am", "Check in", "Move it or change its length"];
        assert_eq!(words.map(|words| html.contains(words)), shown, "{parts}: {html}");
    }
}

#[tokio::test]
async fn another_time_is_proposed_beside_moving_and_an_open_proposal_can_be_taken_back() {
    let shown = |proposed: Option<Proposed>, may_propose| {
        html::<EntryParts>(move || {
            let mut of = opened(0, StaffRole::Reception);
            let appointment = Rc::make_mut(&mut of.entry.appointment);
            (appointment.proposed, appointment.may_propose) = (proposed, may_propose);
            EntryPartsProps { of, parts: PARTS }
        })
    };
    let proposed = Proposed {
        proposal_id: ProposalId(Uuid::from_u128(7)),
        start: at("2026-11-25T22:30:00Z"),
        end: at("2026-11-25T23:15:00Z"),
        answer_until: at("2026-11-22T20:15:00Z"),
    };
    let page = shown(None, true).await;
    in_order(&page, &["Move it or change its length", "Propose another time"]);
    assert!(!page.contains("Take it back") && !page.contains("propose-date"), "{page}");
    let page = shown(Some(proposed), true).await;
    in_order(
        &page,
        &[
            "Proposed: Thursday 26 November, 9:30 am",
            "The patient can answer until Monday 23 November, 7:15 am.",
            "The appointment stays until they agree",
            "Take it back",
            "Propose another time",
        ],
    );
    // Too late for another one, and the open one can still be taken back.
    let page = shown(Some(proposed), false).await;
    assert!(page.contains("Take it back") && !page.contains("Propose another time"), "{page}");
    let page = shown(None, false).await;
    assert!(!page.contains("Take it back") && !page.contains("Propose another time"), "{page}");
}

#[tokio::test]
async fn proposing_says_what_stays_and_until_when_the_patient_can_answer() {
    let html = html::<NewTime>(|| NewTimeProps {
        entry: all()[0].clone(),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_proposed: Callback::noop(),
        opened: true,
    })
    .await;
    in_order(
        &html,
        &[
            "Propose another time",
            "The appointment stays until the patient agrees, and the new time is kept meanwhile",
            "48 hours, and until 2 hours before either time at the latest.",
            "propose-date",
            "2026-11-23",
            "propose-time",
            "09:15",
            "Propose it",
        ],
    );
}

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
