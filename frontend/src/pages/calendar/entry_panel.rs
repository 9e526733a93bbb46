//! One appointment beside the calendar: who, what, when, what was agreed, and what can be done with it.

use std::rc::Rc;

use shared_types::{
    bookings::{
        AppointmentStatus,
        mistake::IfMistake,
        practice::{ActName, CalendarAppointment, PracticeRoles, Reachable},
    },
    payments::{claim::CLAIM_STAFF, practice::MONEY_STAFF},
    providers::phone_words,
    time,
};
use yew::prelude::*;

use super::{
    act_form::ActForm,
    agreement::Agreement,
    bulk_bill::{BulkBill, is_charged_for},
    day_sheet::born_words,
    fee_waiver::FeeWaiver,
    mistake_form::MistakeForm,
    move_form::MoveForm,
    propose_form::ProposeForm,
    series_acts::SeriesActs,
};
use crate::{
    calendar::{
        sheet::Entry,
        words::{clock_span, not_taken_words, reason_words, status_words, taken_back_words},
    },
    components::{
        booking_summary::pair,
        booking_words::{Pair, minutes_words, policy_words, price_words},
        icon::Icon,
        statements::PatientSays,
        times_rest::{long_when, place_of},
    },
    hooks::{use_parts, use_reschedule::Change},
    pages::practice_desk::{Desk, thread::thread_path},
};

#[derive(Clone, PartialEq, Properties)]
pub struct EntryPanelProps {
    pub entry: Entry,
    pub desk: Desk,
    pub roles: Rc<PracticeRoles>,
    pub on_put: Callback<CalendarAppointment>,
    pub on_change: Callback<Change>,
}

/// How many parts the panel is drawn in.
pub const PARTS: usize = 3;

/// The panel as it is opened: part by part.
#[component]
pub fn EntryPanel(props: &EntryPanelProps) -> Html {
    let parts = use_parts(PARTS);
    html! { <EntryParts of={props.clone()} {parts} /> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct EntryPartsProps {
    pub of: EntryPanelProps,
    /// How many of its parts are drawn, from the top on.
    pub parts: usize,
}

/// As much of the panel as is to be drawn. Each part has its place from the start and comes below the one before it, so nothing
/// moves that can be seen already.
#[component]
pub fn EntryParts(props: &EntryPartsProps) -> Html {
    let EntryPartsProps { of, parts } = props;
    let appointment = &of.entry.appointment;
    html! {
        <div class="stack">
            <div class="optional stack">
                if *parts > 0 {
                    { facts(&of.entry) }
                }
            </div>
            <div class="optional stack">
                if *parts > 1 {
                    { acts(of) }
                }
            </div>
            <div class="optional">
                if *parts > 2 && appointment.may_reschedule {
                    <MoveForm key={format!("move {}", appointment.version)} entry={of.entry.clone()}
                        roles={Rc::clone(&of.roles)} on_change={of.on_change.clone()} />
                }
            </div>
            <div class="optional">
                if *parts > 2 {
                    <ProposeForm key={format!("propose {}", appointment.version)} entry={of.entry.clone()}
                        organization_id={of.desk.organization_id} on_put={of.on_put.clone()} />
                }
            </div>
        </div>
    }
}

/// Where it stands, and what was agreed.
fn facts(entry: &Entry) -> Html {
    let (state, icon, badge) = status_words(entry.appointment.status);
    html! {
        <>
            <p role="status"><span class={classes!("badge", badge)}><Icon name={icon} />{ state }</span></p>
            <dl class="pairs pairs--tight">{ for pairs(entry).into_iter().map(pair) }</dl>
        </>
    }
}

/// What the patient says, and what can be done. The forms are about the appointment as it is: a change begins them anew.
fn acts(props: &EntryPanelProps) -> Html {
    let EntryPanelProps { entry, desk, on_put, .. } = props;
    let appointment = &entry.appointment;
    let reads = desk.roles.iter().any(|role| role.reads_notes());
    let claims = desk.roles.iter().any(|role| CLAIM_STAFF.contains(role));
    let bills = desk.roles.iter().any(|role| MONEY_STAFF.contains(role));
    let acts = ActName::ALL.into_iter().filter(|act| appointment.acts.contains(act));
    let act = |act: ActName| {
        if let Some(if_mistake) = asks_first(act, appointment) {
            return html! {
                <MistakeForm key={format!("{act:?} {}", appointment.version)} appointment={Rc::clone(appointment)}
                    {if_mistake} zone={entry.zone} organization_id={desk.organization_id} on_put={on_put.clone()} />
            };
        }
        html! {
            <ActForm key={format!("{act:?} {}", appointment.version)} {act} appointment={Rc::clone(appointment)}
                organization_id={desk.organization_id} on_put={on_put.clone()} />
        }
    };
    html! {
        <>
            <PatientSays statements={appointment.statements.clone()} />
            if reads {
                <p>
                    <a href={thread_path(desk.organization_id, appointment.booking_id)}>
                        { "Sealed messages about this booking" }
                    </a>
                </p>
            }
            <div class="optional">
                if appointment.appointment_type.bulk_billed && claims {
                    <Agreement key={appointment.booking_id.to_string()} booking_id={appointment.booking_id}
                        organization_id={desk.organization_id}
                        is_over={appointment.status == AppointmentStatus::Completed} />
                }
            </div>
            <div class="optional">
                if bills && is_charged_for(appointment) {
                    <BulkBill key={appointment.booking_id.to_string()} booking_id={appointment.booking_id}
                        organization_id={desk.organization_id} />
                }
            </div>
            <FeeWaiver appointment={Rc::clone(appointment)} organization_id={desk.organization_id} {bills}
                on_put={on_put.clone()} />
            <ul class="acts" role="list">{ for acts.map(act) }</ul>
            <div class="optional">
                if let Some(series_id) = appointment.series_id {
                    <SeriesActs {series_id} appointment={Rc::clone(appointment)} zone={entry.zone}
                        organization_id={desk.organization_id} on_put={on_put.clone()} />
                }
            </div>
        </>
    }
}

/// What an act means that somebody else has to agree to first; none where one person is enough.
fn asks_first(act: ActName, appointment: &CalendarAppointment) -> Option<IfMistake> {
    let is_mistake = act == ActName::EnterInError;
    appointment.if_mistake.filter(|if_mistake| is_mistake && if_mistake.needs_agreement())
}

/// How the patient is told what becomes of it, where that is not by letters.
fn messages(appointment: &CalendarAppointment) -> Option<Pair> {
    let mobile = appointment.patient.mobile.expose();
    let call = Some(mobile)
        .filter(|mobile| !mobile.is_empty())
        .map(|mobile| format!("Call {}.", phone_words(mobile)));
    match appointment.reachable {
        Reachable::Email => None,
        Reachable::Text => Some(("Messages", "By text message, as they agreed".to_owned(), None)),
        Reachable::None => Some(("Messages", "Has no address: tell them yourself".to_owned(), call)),
    }
}

/// What there is to know. Parts that say nothing are left out.
fn pairs(entry: &Entry) -> Vec<Pair> {
    let (appointment, zone) = (&entry.appointment, entry.zone);
    let of = &appointment.appointment_type;
    let day = time::long_date(entry.date());
    let mut pairs: Vec<Pair> = vec![
        ("When", clock_span(appointment, zone), Some(day)),
        ("With", entry.with.to_string(), None),
        ("What", of.name.clone(), Some(minutes_words(of))),
        ("Price", price_words(of.price_cents, of.bulk_billed), None),
        ("Cancelling", policy_words(appointment.policy, appointment.start, zone), None),
    ];
    if let Some(booked) = appointment.booked_zone {
        let told = format!("{} in {}", long_when(appointment.start, booked), place_of(booked));
        let why = "The place’s time zone was corrected since. The patient’s letters keep this time.";
        pairs.insert(1, ("Booked as", told, Some(why.to_owned())));
    }
    if !appointment.resources.is_empty() {
        let names: Vec<_> = appointment.resources.iter().map(|resource| resource.name.as_str()).collect();
        pairs.push(("Where and with what", names.join(", "), None));
    }
    if let Some(visit) = &appointment.visit {
        pairs.push(("At home", visit.line(), None));
    }
    let patient = &appointment.patient;
    pairs.push(("Born", born_words(*patient.date_of_birth.expose()), None));
    for (term, words) in [("Mobile", patient.mobile.expose()), ("E-mail", patient.email.expose())] {
        if !words.is_empty() {
            pairs.push((term, words.clone(), None));
        }
    }
    pairs.extend(messages(appointment));
    if let Some(reply_by) = appointment.reply_by {
        pairs.push((
            "Answer by",
            long_when(reply_by, zone),
            Some("After that the request ends by itself.".to_owned()),
        ));
    }
    if let Some(said) = appointment.attendance_confirmed_at {
        pairs.push(("Coming", format!("Said so on {}", long_when(said, zone)), None));
    }
    if let Some(not_taken) = appointment.not_taken {
        pairs.push(("Proposal", not_taken_words(not_taken, appointment.start, zone), None));
    }
    if appointment.fitted_in {
        let stays = "It stays marked as fitted in when that is cancelled or moved.";
        pairs.push(("Fitted in", "Beside what was there then".to_owned(), Some(stays.to_owned())));
    }
    if let Some(reason) = appointment.reason {
        // Of one who is checked in: why the end of their visit was taken back.
        let was_taken_back = appointment.status == AppointmentStatus::CheckedIn;
        let words = if was_taken_back { taken_back_words(reason) } else { reason_words(reason) };
        pairs.push(("Why", words.to_owned(), None));
    }
    pairs
}
