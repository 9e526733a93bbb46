//! What a patient says of their own visit around its start: that they will come, that they are there, that nobody was there for them.
//! Each with what follows from it before its button. Bookings decides whether it may be said; what is offered here follows its hours.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    Problem,
    bookings::{
        Appointment, AppointmentStatus,
        practice::{ABSENCE_MINUTES, ARRIVAL_MINUTES},
    },
};
use yew::prelude::*;

use super::{
    money_back::{CardMoney, money_back_words},
    notice::{Notice, NoticeKind},
};

/// Of the section's heading.
pub const TITLE_ID: &str = "visit-title";

/// From how long before the start a patient is asked whether they will come, in minutes: when the first reminder asks it.
const ASKED_MINUTES: i64 = 48 * 60;

/// What a patient says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// They will come.
    WillCome,
    /// They are at the practice.
    Arrived,
    /// The practitioner was not there.
    NobodyCame,
}

impl Saying {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::WillCome, Self::Arrived, Self::NobodyCame];
}

/// Whether it is offered to say this of an appointment at a moment.
pub fn may_say(saying: Saying, appointment: &Appointment, now: Timestamp) -> bool {
    let start = appointment.start;
    let since =
        |minutes: i64| now >= start.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(start);
    let stands = appointment.status == AppointmentStatus::Confirmed;
    match saying {
        Saying::WillCome => {
            stands && appointment.attendance_confirmed_at.is_none() && since(-ASKED_MINUTES) && now < start
        }
        Saying::Arrived => {
            stands
                && appointment.appointment_type.is_at_practice()
                && appointment.repair_until.is_none()
                && since(-ARRIVAL_MINUTES)
                && now < appointment.end
        }
        Saying::NobodyCame => {
            let waits = stands
                || [AppointmentStatus::Arrived, AppointmentStatus::CheckedIn].contains(&appointment.status);
            waits && since(ABSENCE_MINUTES)
        }
    }
}

/// Whether there is anything to say of an appointment at a moment, or something was said of it.
pub fn has_visit_acts(appointment: &Appointment, now: Timestamp) -> bool {
    known_words(appointment, now).is_some()
        || Saying::ALL.into_iter().any(|saying| may_say(saying, appointment, now))
}

/// What the practice knows already.
fn known_words(appointment: &Appointment, now: Timestamp) -> Option<&'static str> {
    match appointment.status {
        AppointmentStatus::Confirmed => {
            let said = appointment.attendance_confirmed_at.is_some() && now < appointment.start;
            said.then_some("The practice knows that you will come.")
        }
        AppointmentStatus::Arrived | AppointmentStatus::CheckedIn => {
            Some("The practice knows that you are there.")
        }
        AppointmentStatus::NoShowProvider => {
            Some("It is noted that the practitioner was not there. You owe nothing for this appointment.")
        }
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::EnteredInError => None,
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct VisitActsProps {
    pub appointment: Appointment,
    /// By which moment it goes what is offered.
    pub now: Timestamp,
    /// What was just said here.
    #[prop_or_default]
    pub said: Option<Saying>,
    /// Whether the question is open if really nobody was there.
    #[prop_or_default]
    pub asked: bool,
    /// Whether an answer is still out.
    #[prop_or_default]
    pub busy: bool,
    /// Why it did not work.
    #[prop_or_default]
    pub problem: Option<Problem>,
    /// The appointment stands elsewhere by now than it is shown.
    #[prop_or_default]
    pub changed: bool,
    /// What was paid for it before anything was said.
    #[prop_or_default]
    pub money: CardMoney,
    pub on_say: Callback<Saying>,
    /// Opens the question, or closes it.
    pub on_ask: Callback<bool>,
    /// Shows how the appointment stands now.
    pub on_look: Callback<()>,
    /// Of what tells that something was said.
    #[prop_or_default]
    pub told_ref: NodeRef,
    /// Of the question.
    #[prop_or_default]
    pub question_ref: NodeRef,
}

/// The section.
#[component]
pub fn VisitActs(props: &VisitActsProps) -> Html {
    let offered = |saying: Saying, words: fn(&VisitActsProps) -> Html| {
        may_say(saying, &props.appointment, props.now).then(|| words(props))
    };
    html! {
        <section class="stack no-print" aria-labelledby={TITLE_ID}>
            <h2 id={TITLE_ID} tabindex="-1">{ "Your visit" }</h2>
            <div class="optional">{ told(props) }</div>
            <div class="optional">{ refused(props) }</div>
            <div class="optional">{ offered(Saying::WillCome, will_come) }</div>
            <div class="optional">{ offered(Saying::Arrived, arrived) }</div>
            <div class="optional">{ offered(Saying::NobodyCame, nobody_came) }</div>
        </section>
    }
}

/// What was just said here, or what is known already.
fn told(props: &VisitActsProps) -> Html {
    let Some(saying) = props.said else {
        let known = known_words(&props.appointment, props.now);
        return known.map_or_else(Html::default, |words| html! { <p>{ words }</p> });
    };
    let (title, words) = match saying {
        Saying::WillCome => (
            "The practice knows that you will come",
            "You get no more reminders of this appointment. If something comes up, please say so early."
                .to_owned(),
        ),
        Saying::Arrived => (
            "The practice knows that you are there",
            "Please wait until you are called. If you are not there after all, tell the desk.".to_owned(),
        ),
        Saying::NobodyCame => (
            "It is noted that the practitioner was not there",
            format!("{} The practice sees what you said, and has a day to answer it.", owed(props)),
        ),
    };
    html! {
        <Notice kind={NoticeKind::Success} {title} node_ref={props.told_ref.clone()}><p>{ words }</p></Notice>
    }
}

/// Why it did not work; where the appointment has changed meanwhile, with the way to how it stands.
fn refused(props: &VisitActsProps) -> Html {
    let Some(problem) = &props.problem else { return Html::default() };
    html! {
        <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
            <p>{ problem.detail.clone().unwrap_or_else(|| "Nothing was changed.".to_owned()) }</p>
            if props.changed {
                <div class="button-row">
                    <button type="button" class="button button--quiet" aria-busy={props.busy.to_string()}
                        onclick={props.on_look.reform(|_: MouseEvent| ())}>{ "Show how it stands now" }</button>
                </div>
            }
        </Notice>
    }
}

fn will_come(props: &VisitActsProps) -> Html {
    let at_practice = props.appointment.appointment_type.is_at_practice();
    html! {
        <div class="stack">
            <p>{ "Will it suit you? Tell the practice, and you get no more reminders of this appointment." }</p>
            <div class="button-row">
                { say(props, Saying::WillCome, "button", if at_practice { "I will come" } else { "I will be there" }) }
            </div>
        </div>
    }
}

fn arrived(props: &VisitActsProps) -> Html {
    let changeable = props.now < props.appointment.start;
    html! {
        <div class="stack">
            <p>
                { "Are you at the practice? Say so, and the desk and the practitioner see it." }
                if changeable { { " After that you can no longer move or cancel the appointment here." } }
            </p>
            <div class="button-row">{ say(props, Saying::Arrived, "button", "I have arrived") }</div>
        </div>
    }
}

fn nobody_came(props: &VisitActsProps) -> Html {
    let ask = |open: bool| props.on_ask.reform(move |_: MouseEvent| open);
    let next = if props.asked {
        html! {
            <Notice kind={NoticeKind::Soon} title="Was nobody there?" node_ref={props.question_ref.clone()}>
                <p>
                    { "Say it only if you were there, or waited for the call, and the practitioner did not come." }
                </p>
                <div class="button-row">
                    { say(props, Saying::NobodyCame, "button button--danger", "Yes, nobody was there") }
                    <button type="button" class="button button--quiet" onclick={ask(false)}>
                        { "I wait a little longer" }
                    </button>
                </div>
            </Notice>
        }
    } else {
        html! {
            <div class="button-row">
                <button type="button" class="button button--quiet" onclick={ask(true)}>
                    { "The practitioner was not there" }
                </button>
            </div>
        }
    };
    html! {
        <div class="stack">
            <div class="prose">
                <p>{ "Was nobody there for you? If you say so:" }</p>
                <ul>
                    <li>{ owed(props) }</li>
                    <li>
                        { "The practice sees it, and has a day to say that it was otherwise. Then you can answer, and an " }
                        { "administrator decides." }
                    </li>
                    <li>{ "You cannot take it back here." }</li>
                </ul>
            </div>
            <div class="optional">{ next }</div>
        </div>
    }
}

/// What becomes of the money of a visit that the practice did not give.
fn owed(props: &VisitActsProps) -> String {
    let back = money_back_words(&props.money, None);
    let words = [Some("You owe nothing for this appointment.".to_owned()), back];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The button that says something.
fn say(props: &VisitActsProps, saying: Saying, class: &'static str, words: &'static str) -> Html {
    let onclick = props.on_say.reform(move |_: MouseEvent| saying);
    html! {
        <button type="button" {class} {onclick} aria-busy={props.busy.to_string()}>{ words }</button>
    }
}
