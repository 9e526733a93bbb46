//! An appointment behind its link: how it stands and what can be done about it.

use shared_types::bookings::{Appointment, AppointmentStatus, Cancelling};
use yew::prelude::*;

use super::{
    appointment_card::AppointmentCard,
    asked_first::AskedFirst,
    booking_words::{MOVED_WORDS, cancelling_words},
    icon::Icon,
    money_back::{CardMoney, money_back_words},
    notice::{Notice, NoticeKind},
    statements::disagreement_path,
    times_rest::{dialled, long_when},
};
use crate::api::bookings;

/// What was just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is at another time now.
    Moved,
    /// It will not take place.
    Cancelled,
    /// Somebody else changed it meanwhile.
    ChangedElsewhere,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ManageViewProps {
    pub appointment: Appointment,
    #[prop_or_default]
    pub outcome: Option<Outcome>,
    pub on_move: Callback<()>,
    pub on_cancel: Callback<()>,
    /// What was paid for it before it was cancelled.
    #[prop_or_default]
    pub money: CardMoney,
}

/// The appointment, with what can be done while it stands.
#[component]
pub fn ManageView(props: &ManageViewProps) -> Html {
    let appointment = &props.appointment;
    html! {
        <>
            <div class="stack">
                <p><StatusBadge status={appointment.status} /></p>
                <h1 id="manage-title" tabindex="-1">{ "Your appointment" }</h1>
                <div role="status">{ outcome(props) }</div>
                <div class="optional">{ appointment.late_minutes.map(lateness).unwrap_or_default() }</div>
            </div>
            <AppointmentCard appointment={appointment.clone()}>{ acts(props) }</AppointmentCard>
            <div class="optional"><AskedFirst appointment={appointment.clone()} /></div>
            <p class="muted">{ consequence(appointment) }</p>
            <p class="small">
                <a href={disagreement_path(appointment.appointment_id)}>
                    { "You do not agree with what the practice wrote down?" }
                </a>
            </p>
        </>
    }
}

/// Whether its patient can still do something about it.
pub fn is_changeable(appointment: &Appointment) -> bool {
    appointment.status.is_upcoming() && appointment.cancelling_now != Cancelling::NotPossible
}

/// Whether the practice has not taken it yet: it can be withdrawn, and not moved.
pub fn is_request(appointment: &Appointment) -> bool {
    appointment.status == AppointmentStatus::Requested
}

/// What the button says that ends it.
pub fn end_words(appointment: &Appointment) -> &'static str {
    if is_request(appointment) { "Withdraw it" } else { "Cancel it" }
}

/// What it would cost to end it.
pub fn ending_words(appointment: &Appointment) -> String {
    if is_request(appointment) && appointment.cancelling_now == Cancelling::WithoutCharge {
        "Withdrawing it costs nothing.".to_owned()
    } else {
        cancelling_words(appointment.cancelling_now)
    }
}

fn acts(props: &ManageViewProps) -> Html {
    let appointment = &props.appointment;
    let role = &appointment.role;
    if !is_changeable(appointment) {
        return html! {
            <div class="button-row">
                if let Some(phone) = &role.phone {
                    <a class="button" href={format!("tel:{}", dialled(phone))}>{ format!("Call {}", shared_types::providers::phone_words(phone)) }</a>
                }
                <a class="button button--quiet" href={format!("/providers/{}", role.slug)}>
                    { "Book another time" }
                </a>
            </div>
        };
    }
    // What is not agreed to, or not paid for, stands in no calendar yet.
    let is_open =
        [AppointmentStatus::Requested, AppointmentStatus::AwaitingPayment].contains(&appointment.status);
    let (on_move, on_cancel) =
        (props.on_move.reform(|_: MouseEvent| ()), props.on_cancel.reform(|_: MouseEvent| ()));
    html! {
        <div class="button-row">
            if !is_request(appointment) {
                <button type="button" class="button" onclick={on_move}>{ "Move it" }</button>
            }
            <button type="button" class="button button--quiet" onclick={on_cancel}>{ end_words(appointment) }</button>
            if !is_open {
                <a class="button button--plain" href={bookings::calendar_file(appointment.appointment_id)}
                    download="appointment.ics">
                    <Icon name="calendar" />{ "Add to calendar" }
                </a>
            }
        </div>
    }
}

/// What acting would mean, before any button is pressed.
fn consequence(appointment: &Appointment) -> String {
    if !appointment.status.is_upcoming() {
        return String::new();
    }
    match appointment.cancelling_now {
        Cancelling::WithoutCharge if !is_request(appointment) => {
            "Moving or cancelling now costs nothing.".to_owned()
        }
        Cancelling::WithoutCharge | Cancelling::LateFee { .. } | Cancelling::NotPossible => {
            ending_words(appointment)
        }
    }
}

fn outcome(props: &ManageViewProps) -> Html {
    let appointment = &props.appointment;
    match props.outcome {
        None if appointment.status == AppointmentStatus::Rescheduled => html! {
            <Notice kind={NoticeKind::Soon} icon="calendar" title="Moved to another time" announced=true>
                <p>{ MOVED_WORDS }</p>
            </Notice>
        },
        None => Html::default(),
        Some(Outcome::Moved) => html! {
            <Notice kind={NoticeKind::Success} announced=true
                title={format!("Moved to {}", long_when(appointment.start, appointment.role.time_zone))}>
                <p>
                    { format!("We are sending the new details to {}. The old time has been let go.", appointment.email_hint) }
                </p>
            </Notice>
        },
        Some(Outcome::Cancelled) => html! {
            <Notice kind={NoticeKind::Success} title="Cancelled" announced=true>
                <p>
                    { format!("The practice sees that you cancelled, and we are sending a note to {}. {}", appointment.email_hint, fee_words(props)) }
                </p>
            </Notice>
        },
        Some(Outcome::ChangedElsewhere) => html! {
            <Notice kind={NoticeKind::Soon} title="It changed while this page was open" announced=true>
                <p>{ "Nothing was done. This is how the appointment stands now." }</p>
            </Notice>
        },
    }
}

/// As the practice says today.
fn lateness(minutes: u16) -> Html {
    html! {
        <Notice kind={NoticeKind::Soon} icon="clock"
            title={format!("Likely to begin about {minutes} minutes later than booked")}>
            <p>{ "Please still come on time unless your practice tells you otherwise." }</p>
        </Notice>
    }
}

/// What is to pay, and what goes back.
fn fee_words(props: &ManageViewProps) -> String {
    match props.appointment.status {
        AppointmentStatus::CancelledLate => {
            let fee = props.appointment.policy.late_fee_cents;
            let owed = format!("The late fee is {fee}; you pay it only if nobody else takes the time.");
            let back = money_back_words(&props.money, Some(fee));
            [Some(owed), back].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => {
            money_back_words(&props.money, None).unwrap_or_else(|| "There is nothing to pay.".to_owned())
        }
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StatusBadgeProps {
    pub status: AppointmentStatus,
}

/// How an appointment stands, in its patient's words.
#[component]
pub fn StatusBadge(props: &StatusBadgeProps) -> Html {
    let (badge, icon, words) = status_badge(props.status);
    html! { <span class={classes!("badge", badge)}><Icon name={icon} />{ words }</span> }
}

/// Class, icon and word of a state.
fn status_badge(status: AppointmentStatus) -> (Option<&'static str>, &'static str, &'static str) {
    match status {
        AppointmentStatus::Requested => (Some("badge--soon"), "clock", "Waiting for the practice"),
        AppointmentStatus::AwaitingPayment => (Some("badge--soon"), "clock", "Waiting for payment"),
        AppointmentStatus::Confirmed => (Some("badge--success"), "check", "Confirmed"),
        AppointmentStatus::Arrived | AppointmentStatus::CheckedIn => {
            (Some("badge--success"), "check", "You are there")
        }
        AppointmentStatus::InConsult => (Some("badge--success"), "check", "Under way"),
        AppointmentStatus::Rescheduled => (None, "calendar", "Moved to another time"),
        AppointmentStatus::Declined => (Some("badge--danger"), "close", "The practice could not take it"),
        AppointmentStatus::Expired => (Some("badge--danger"), "close", "Not answered or paid for in time"),
        AppointmentStatus::CancelledByPatient => (None, "close", "Cancelled"),
        AppointmentStatus::CancelledLate => (None, "close", "Cancelled late"),
        AppointmentStatus::CancelledByProvider => {
            (Some("badge--danger"), "close", "Cancelled by the practice")
        }
        AppointmentStatus::CancelledByAdmin => (Some("badge--danger"), "close", "Cancelled by HelloMapper"),
        AppointmentStatus::Completed => (None, "check", "Took place"),
        AppointmentStatus::NoShowPatient => (None, "close", "You were not there"),
        AppointmentStatus::NoShowProvider => {
            (Some("badge--danger"), "close", "The practitioner was not there")
        }
        AppointmentStatus::EnteredInError => (None, "close", "Entered by mistake"),
    }
}
