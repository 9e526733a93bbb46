//! The parts of the pages that only a browser fills, rendered by themselves.

use std::rc::Rc;

use frontend::{
    components::{
        appointment_card::{AppointmentCard, AppointmentCardProps},
        birth_fields::{BirthFields, BirthFieldsProps},
        booking_summary::{BookingSummary, BookingSummaryProps},
        manage_cancel::{ManageCancel, ManageCancelProps},
        manage_move::{ManageMove, ManageMoveProps},
        manage_view::{ManageView, ManageViewProps, Outcome},
        money_back::CardMoney,
        party_check::{PartyCheck, PartyCheckProps},
        party_form::{PartyFormView, PartyFormViewProps},
        statements::{PatientSays, StatementsProps},
    },
    forms::{birth_date::BirthDate, party::PartyForm, visit::VisitForm},
    hooks::use_confirm::Confirming,
};
use jiff::civil::date;
use shared_types::{
    AudCents, Problem, StatementId,
    bookings::{AppointmentStatus, AppointmentType, Cancelling, PatientStatement, practice::ChangeReason},
    users::ConsentText,
};
use uuid::Uuid;
use yew::{AttrValue, Callback, Html, ServerRenderer, html::BaseComponent};

use crate::{
    canned::{appointment, hold},
    support::at,
};

pub async fn html<C: BaseComponent>(props: impl FnOnce() -> C::Properties + Send + 'static) -> String {
    unmarked(&ServerRenderer::<C>::with_props(props).hydratable(false).render().await)
}

/// The same without the marks of what stays on one line: words are looked for as they are read.
fn unmarked(html: &str) -> String {
    let mut parts = html.split(r#"<span class="together">"#);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, part| whole + &part.replacen("</span>", "", 1))
}

#[track_caller]
pub fn in_order(html: &str, parts: &[&str]) {
    let mut rest = html;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part:?} not there, or too early: {html}")
        };
        rest = after;
    }
}

/// What Ada typed.
pub fn typed() -> PartyForm {
    PartyForm {
        name: "Ada Nguyen".to_owned(),
        born: BirthDate { day: "29".to_owned(), month: "2".to_owned(), year: "1980".to_owned() },
        email: "ada@example.org".to_owned(),
        mobile: "0491 570 006".to_owned(),
        ..PartyForm::default()
    }
}

pub fn form_props(form: PartyForm) -> PartyFormViewProps {
    PartyFormViewProps {
        form,
        practice: "Wattle Lane Physio".into(),
        on_action: Callback::noop(),
        on_next: Callback::noop(),
        asks_why: false,
        places: None,
        is_member: false,
        more_errors: Vec::new(),
        children: Html::default(),
    }
}

#[tokio::test]
async fn the_form_asks_for_what_the_practice_needs_and_nothing_about_why() {
    let html = html::<PartyFormView>(|| form_props(typed())).await;
    for part in [
        "autocomplete=\"name\"",
        "autocomplete=\"bday-day\"",
        "autocomplete=\"email\"",
        "autocomplete=\"tel\"",
        "value=\"Ada Nguyen\"",
        "We do not ask why you are coming.",
    ] {
        assert!(html.contains(part), "{part:?} not in {html}");
    }
    assert!(!html.contains("error-summary") && !html.contains("aria-invalid"), "{html}");
    assert!(!html.contains("textarea"), "{html}");
}

#[tokio::test]
async fn what_is_wrong_stands_on_top_and_beside_its_field() {
    let wrong = || {
        let mut form = PartyForm { email: "ada@".to_owned(), ..typed() };
        form.errors = form.check(date(2026, 11, 23)).unwrap_err();
        form_props(form)
    };
    let html = html::<PartyFormView>(wrong).await;
    in_order(
        &html,
        &[
            "role=\"alert\"",
            "Please check 1 answer",
            "href=\"#email\"",
            "id=\"email-error\"",
            "name@example.com",
        ],
    );
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 1, "{html}");
}

#[tokio::test]
async fn a_wrong_date_of_birth_is_said_once_and_marks_its_boxes() {
    let props = || BirthFieldsProps {
        born: BirthDate::default(),
        error: Some("Enter the date of birth".into()),
        oninput: Callback::noop(),
    };
    let html = html::<BirthFields>(props).await;
    assert_eq!(html.matches("Enter the date of birth").count(), 1, "{html}");
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 3, "{html}");
}

fn confirming(problem: Option<Problem>) -> Confirming {
    let text = ConsentText {
        text: "booking-collection".to_owned(),
        version: 3,
        title: "Your details and your privacy".to_owned(),
        paragraphs: vec!["The practice needs them.".to_owned()],
        statement: "I agree that the practice keeps them.".to_owned(),
        effective_on: date(2026, 11, 1),
    };
    Confirming {
        notice: Some(Ok(Rc::new(text))),
        agreed: false,
        progress: None,
        problem,
        changed: None,
        on_agree: Callback::noop(),
        on_confirm: Callback::noop(),
        on_same_keys: Callback::noop(),
        on_leave_out: Callback::noop(),
        on_reload: Callback::noop(),
    }
}

pub fn check_props(problem: Option<Problem>) -> PartyCheckProps {
    let form = typed();
    PartyCheckProps {
        hold: Rc::new(hold()),
        details: form.check(date(2026, 11, 23)).unwrap(),
        form,
        times: "/book/x".into(),
        sealed: AttrValue::default(),
        confirm: confirming(problem),
    }
}

#[tokio::test]
async fn the_last_look_shows_everything_and_agrees_to_nothing() {
    let html = html::<PartyCheck>(|| check_props(None)).await;
    in_order(
        &html,
        &[
            "First visit with Priya Nairwood",
            "Tomorrow 9:15 am",
            "$120",
            "After that $40.",
            "Ada Nguyen",
            "29 February 1980",
        ],
    );
    in_order(
        &html,
        &["The practice needs them.", "type=\"checkbox\"", "I agree", "Version 3", "Confirm booking"],
    );
    assert!(!html.contains(" checked"), "{html}");
    assert!(html.contains("Change<span class=\"visually-hidden\"> the date of birth</span>"), "{html}");
}

/// Ada, who is visited at home.
fn at_home() -> PartyForm {
    let street = VisitForm::default().with_street("12 Example Street".to_owned());
    PartyForm { visit: street.with_words("Harris Park NSW 2150".to_owned()), ..typed() }
}

#[tokio::test]
async fn a_home_visit_asks_where_and_shows_it_once_more() {
    let nowhere = || {
        let mut form = typed();
        form.errors = form.read(date(2026, 11, 23), true).unwrap_err();
        PartyFormViewProps { places: Some(Vec::new()), ..form_props(form) }
    };
    let html = html::<PartyFormView>(nowhere).await;
    in_order(
        &html,
        &[
            "Please check 2 answers",
            "href=\"#street\"",
            "href=\"#near\"",
            "Street and number",
            "Suburb or town",
        ],
    );
    let html = self::html::<PartyFormView>(|| form_props(typed())).await;
    assert!(!html.contains("Street and number"), "{html}");
    let check = || {
        let mut props = check_props(None);
        let mut hold = hold();
        hold.appointment_type.home_visit = true;
        (props.hold, props.form) = (Rc::new(hold), at_home());
        props
    };
    let html = self::html::<PartyCheck>(check).await;
    in_order(
        &html,
        &[
            "At your home",
            "12 Example Street, Harris Park NSW 2150",
            "Change",
            "the address",
            "Confirm booking",
        ],
    );
    assert!(!html.contains("12 Church Street"), "{html}");
}

#[tokio::test]
async fn a_failed_confirmation_keeps_everything_and_can_be_tried_again() {
    let offline = || check_props(Some(Problem::new("offline", 0, "We could not reach HelloMapper")));
    let html = html::<PartyCheck>(offline).await;
    in_order(
        &html,
        &["Ada Nguyen", "We could not reach HelloMapper", "Everything you typed is kept.", "Try again"],
    );
}

#[tokio::test]
async fn the_summary_says_who_what_when_where_and_what_cancelling_costs() {
    let props = || {
        let hold = hold();
        BookingSummaryProps {
            role: hold.role,
            appointment_type: Some(hold.appointment_type),
            when: Some((hold.start, hold.as_of)),
            quote: Some(hold.quote),
            policy: Some(hold.policy),
        }
    };
    let html = html::<BookingSummary>(props).await;
    in_order(
        &html,
        &[
            "Priya Nairwood",
            "First visit",
            "Tomorrow 9:15 am",
            "Wattle Lane Physio",
            "$120",
            "Costs nothing until Monday 23 November, 9:15 am.",
        ],
    );
}

#[tokio::test]
async fn a_visit_by_video_says_on_whose_clock_it_is_and_leaves_the_readers_own_to_the_browser() {
    let props = || {
        let hold = hold();
        BookingSummaryProps {
            role: hold.role,
            appointment_type: Some(AppointmentType { telehealth: true, ..hold.appointment_type }),
            when: Some((hold.start, hold.as_of)),
            quote: None,
            policy: None,
        }
    };
    let html = html::<BookingSummary>(props).await;
    in_order(&html, &["Tomorrow 9:15 am", "Tuesday 24 November 2026, Sydney time", "By video or phone"]);
    assert!(html.contains("<span class=\"reader-time\"></span>"), "{html}");
}

#[tokio::test]
async fn a_practices_number_is_written_as_people_write_it() {
    let props = || {
        let mut appointment = appointment(Cancelling::WithoutCharge);
        appointment.role.phone = Some("+61355509533".to_owned());
        AppointmentCardProps { appointment, with_policy: false, children: Html::default() }
    };
    let html = html::<AppointmentCard>(props).await;
    assert!(html.contains("12 Church Street, Parramatta NSW 2150, (03) 5550 9533"), "{html}");
    assert!(!html.contains("+61"), "{html}");
}

pub fn cancel_props(cancelling: Cancelling) -> ManageCancelProps {
    ManageCancelProps {
        only_cancels: false,
        appointment: appointment(cancelling),
        busy: false,
        problem: None,
        on_cancel: Callback::noop(),
        on_move: Callback::noop(),
        on_keep: Callback::noop(),
        money: CardMoney::NotOurs,
    }
}

#[tokio::test]
async fn cancelling_says_what_it_costs_before_its_button() {
    let late = || cancel_props(Cancelling::LateFee { fee_cents: AudCents(4_000) });
    let html = html::<ManageCancel>(late).await;
    in_order(
        &html,
        &["Cancelling now costs $40", "This cannot be undone", "Cancel the appointment", "Keep it"],
    );
    let html = self::html::<ManageCancel>(|| cancel_props(Cancelling::WithoutCharge)).await;
    in_order(&html, &["Cancelling now costs nothing.", "Cancel the appointment"]);
}

#[tokio::test]
async fn too_late_to_cancel_offers_no_button_to_do_it() {
    let html = html::<ManageCancel>(|| cancel_props(Cancelling::NotPossible)).await;
    in_order(&html, &["It is too late to cancel here. Call the practice.", "Keep it"]);
    assert!(!html.contains("button--danger"), "{html}");
}

#[tokio::test]
async fn moving_says_what_becomes_of_the_old_time_before_its_button() {
    let props = || ManageMoveProps {
        appointment: appointment(Cancelling::WithoutCharge),
        to: at("2026-11-24T21:30:00Z"),
        busy: false,
        problem: None,
        on_move: Callback::noop(),
        on_other: Callback::noop(),
    };
    let html = html::<ManageMove>(props).await;
    in_order(
        &html,
        &[
            "Move to Wednesday 25 November, 8:30 am?",
            "Tuesday 24 November, 9:15 am",
            "The old time goes to others",
            "Move the appointment",
        ],
    );
}

pub fn view_props(status: AppointmentStatus, outcome: Option<Outcome>) -> ManageViewProps {
    let mut appointment = appointment(Cancelling::WithoutCharge);
    appointment.status = status;
    if !status.is_upcoming() {
        appointment.cancelling_now = Cancelling::NotPossible;
    }
    ManageViewProps {
        appointment,
        outcome,
        on_move: Callback::noop(),
        on_cancel: Callback::noop(),
        money: CardMoney::NotOurs,
    }
}

#[tokio::test]
async fn an_appointment_shows_how_it_stands_and_what_can_be_done() {
    let html = html::<ManageView>(|| view_props(AppointmentStatus::Confirmed, None)).await;
    in_order(
        &html,
        &["Confirmed", "Tomorrow 9:15 am", "Move it", "Cancel it", "Moving or cancelling now costs nothing."],
    );
    assert!(!html.contains("later than booked"), "{html}");
    let late = || {
        let mut props = view_props(AppointmentStatus::Confirmed, None);
        props.appointment.late_minutes = Some(25);
        props
    };
    let html = self::html::<ManageView>(late).await;
    in_order(&html, &["Likely to begin about 25 minutes later than booked", "Please still come on time"]);
    let lost = |asked_first| {
        let mut props = view_props(AppointmentStatus::CancelledByProvider, None);
        props.appointment.asked_first = asked_first;
        props
    };
    let html = self::html::<ManageView>(move || lost(true)).await;
    in_order(
        &html,
        &["You come first for a new time", "The practice cancelled this appointment.", "/account/waitlist/"],
    );
    let html = self::html::<ManageView>(move || lost(false)).await;
    assert!(!html.contains("You come first"), "{html}");
    let declined = |reason| {
        let mut props = view_props(AppointmentStatus::Declined, None);
        props.appointment.reason = reason;
        props
    };
    let html = self::html::<ManageView>(move || declined(Some(ChangeReason::NoTime))).await;
    in_order(&html, &["The practice could not take it", "Why", "There is no time for it"]);
    let html = self::html::<ManageView>(move || declined(None)).await;
    assert!(!html.contains("Why"), "{html}");
    let gone = || view_props(AppointmentStatus::CancelledByPatient, Some(Outcome::Cancelled));
    let html = self::html::<ManageView>(gone).await;
    in_order(&html, &["Cancelled", "The practice sees that you cancelled", "There is nothing to pay."]);
    assert!(!html.contains("Move it") && !html.contains("Undo"), "{html}");
    // It is announced by the region that it stands in, and not by its own box as well.
    assert_eq!(html.matches("role=\"status\"").count(), 1, "{html}");
}

#[tokio::test]
async fn what_a_patient_says_beside_the_record_is_called_that_and_nothing_stands_where_they_said_nothing() {
    let said = |nth, text: &str, when| PatientStatement {
        statement_id: StatementId(Uuid::from_u128(nth)),
        text: text.to_owned().into(),
        created_at: at(when),
    };
    let html = html::<PatientSays>(move || StatementsProps {
        statements: vec![
            said(1, "I was there at nine.", "2026-11-22T22:15:00Z"),
            said(2, "With <my> son.", "2026-11-23T22:15:00Z"),
        ],
    })
    .await;
    in_order(
        &html,
        &[
            "The patient does not agree with this record",
            "Monday 23 November 2026, 9:15 am",
            "I was there at nine.",
            "Tuesday 24 November 2026, 9:15 am",
            "With &lt;my&gt; son.",
        ],
    );
    assert_eq!(self::html::<PatientSays>(|| StatementsProps { statements: Vec::new() }).await, "");
}
