//! A part of a day off: how its row reads, the button that takes it, and where it stands in the grid and in the list.

use std::rc::Rc;

use frontend::{
    calendar::{
        away::spells,
        sheet::{columns, entries},
        view::{CalendarView, Layout},
    },
    forms::{hours::HoursForm, when::WhenForm},
    pages::calendar::{
        agenda::{Agenda, AgendaProps},
        grid::{TimeGrid, TimeGridProps},
        hours_form::{HoursFields, HoursFieldsProps},
        time_off::{Became, NotAvailable, NotAvailableProps, TimeOff, TimeOffToast, TimeOffToastProps},
    },
};
use jiff::civil::{Date, date, time};
use shared_types::{
    AudCents, OrganizationId, PractitionerRoleId,
    bookings::{
        Busy, CancellationPolicy, Closure,
        practice::PracticeCalendar,
        schedule::{PutSchedule, RoleTypes, ScheduleSettings},
    },
    problem::FieldError,
};
use uuid::Uuid;
use yew::Callback;

use super::{TODAY, calendar, grid};
use crate::{
    parts::{html, in_order},
    support::{at, names_hold_what_is_written},
};

const WEDNESDAY: Date = date(2026, 11, 25);

/// The suite's week, and nobody there on Wednesday from one to three.
fn week() -> PracticeCalendar {
    let mut week = calendar();
    week.roles[0].away.push(Busy { start: at("2026-11-25T02:00:00Z"), end: at("2026-11-25T04:00:00Z") });
    week
}

fn off() -> Closure {
    Closure::part_of(WEDNESDAY, time(13, 0, 0, 0), time(15, 0, 0, 0))
}

fn fields() -> HoursFieldsProps {
    let settings = ScheduleSettings {
        step_minutes: 15,
        notice_minutes: 0,
        horizon_days: 30,
        opens_on_holidays: false,
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(0) },
    };
    let mut form = HoursForm::of(&PutSchedule {
        version: 1,
        settings,
        rules: Vec::new(),
        leave: vec![Closure::days(date(2026, 12, 24), date(2027, 1, 3)), off()],
        extra_hours: Vec::new(),
    });
    form.errors = vec![FieldError::new("/leave/1/until", "Give a time off that ends after it begins")];
    HoursFieldsProps {
        form,
        types: Rc::new(RoleTypes { items: Vec::new() }),
        today: TODAY,
        may_edit: true,
        on_action: Callback::noop(),
    }
}

#[tokio::test]
async fn days_off_are_whole_unless_somebody_says_from_when_until_when() {
    let page = html::<HoursFields>(fields).await;
    in_order(
        &page,
        &[
            "Days off",
            "<legend>Thursday 24 December to Sunday 3 January 2027</legend>",
            "Last day off",
            " checked",
            "Whole day",
            "<legend>Wednesday 25 November, 1:00 pm to 3:00 pm</legend>",
            "Whole day",
            "Off from",
            "value=\"13:00\"",
            "Off until",
            "value=\"15:00\"",
            "Give a time off that ends after it begins",
            " Wednesday 25 November, 1:00 pm to 3:00 pm",
            "Add days off",
        ],
    );
    assert_eq!(page.matches("Off from").count(), 1, "{page}");
}

#[tokio::test]
async fn the_grid_says_when_nobody_is_there() {
    let page = html::<TimeGrid>(|| {
        let view = CalendarView { layout: Layout::Week, ..CalendarView::default() };
        TimeGridProps { columns: Rc::new(columns(&week(), &view, TODAY)), ..grid(Layout::Week) }
    })
    .await;
    in_order(
        &page,
        &[
            "aria-label=\"12:30 pm, Wednesday 25 November, not open\"",
            "aria-label=\"1:00 pm, Wednesday 25 November, not available\"",
            "class=\"cal__away\"",
            "Not available",
            "aria-label=\"2:30 pm, Wednesday 25 November, not available\"",
            "aria-label=\"3:00 pm, Wednesday 25 November, not open\"",
        ],
    );
    names_hold_what_is_written(&page);
    assert_eq!(page.matches("cal__away").count(), 1, "{page}");
}

async fn listed(several: bool) -> String {
    html::<Agenda>(move || AgendaProps {
        entries: Rc::new(entries(&week())),
        away: Rc::new(spells(&week())),
        first: TODAY,
        last: WEDNESDAY,
        today: TODAY,
        several,
        selected: None,
        selected_session: None,
        on_open: Callback::noop(),
        on_session: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn the_list_says_when_nobody_is_there_and_of_several_who() {
    let page = listed(false).await;
    in_order(&page, &["Tuesday 24 November", "Public holiday, Show day", "Wednesday 25 November"]);
    in_order(&page, &["Wednesday 25 November", "Not available, 1:00 pm to 3:00 pm", "Nothing is booked."]);
    assert_eq!(page.matches("Not available").count(), 1, "{page}");
    assert!(listed(true).await.contains("Priya Nairwood: Not available, 1:00 pm to 3:00 pm"));
}

async fn button(day: Date, minute: Option<i32>, minutes: i32) -> String {
    html::<NotAvailable>(move || NotAvailableProps {
        organization_id: OrganizationId(Uuid::from_u128(9)),
        role_id: PractitionerRoleId(Uuid::from_u128(1)),
        name: "Priya Nairwood".into(),
        when: WhenForm::of(Some(day), minute, Some(minutes)),
        today: TODAY,
        on_taken: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_time_that_is_taken_off_is_said_before_and_can_be_taken_back() {
    let page = button(WEDNESDAY, Some(13 * 60), 120).await;
    in_order(
        &page,
        &["Wednesday 25 November, 1:00 pm to 3:00 pm", "what is booked then stays", "Not available then"],
    );
    assert!(!button(WEDNESDAY, None, 120).await.contains("Not available then"), "there is no time yet");
    let late = button(WEDNESDAY, Some(23 * 60), 120).await;
    assert!(late.contains("ends before midnight") && !late.contains("Not available then"), "{late}");

    let over = button(date(2026, 11, 22), Some(13 * 60), 120).await;
    assert!(!over.contains("Not available then"), "{over}");
    assert!(button(TODAY, Some(13 * 60), 120).await.contains("Not available then"));

    let toast = |became| {
        html::<TimeOffToast>(move || TimeOffToastProps {
            organization_id: OrganizationId(Uuid::from_u128(9)),
            taken: TimeOff {
                role_id: PractitionerRoleId(Uuid::from_u128(1)),
                name: "Priya Nairwood".into(),
                off: off(),
                became,
            },
            today: TODAY,
            on_back: Callback::noop(),
            on_gone: Callback::noop(),
        })
    };
    let taken = |lying_in| toast(Became::Taken { lying_in });
    let off = "Priya Nairwood is not available on Wednesday 25 November, 1:00 pm to 3:00 pm.";
    let said = taken(0).await;
    in_order(&said, &[off, "Undo"]);
    assert!(!said.contains("lies in it") && !said.contains("lie in it"), "{said}");
    in_order(&taken(1).await, &[off, "1 appointment lies in it; it stays.", "Undo"]);
    in_order(
        &taken(2).await,
        &[
            off,
            "2 appointments lie in it; they stay.",
            "/calendar/00000000-0000-0000-0000-000000000009/hours?who=00000000-0000-0000-0000-000000000001",
            "See under “Hours”",
            "Undo",
        ],
    );
    let already = toast(Became::WasTaken).await;
    assert!(already.contains("already. Nothing was changed.") && !already.contains("Undo"), "{already}");
    let back = toast(Became::TakenBack).await;
    assert!(back.contains("Priya Nairwood is available again on") && !back.contains("Undo"), "{back}");
}
