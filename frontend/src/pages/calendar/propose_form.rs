//! Proposing another time to the patient: the appointment stays until they agree. What is proposed already is shown, and can be taken
//! back.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    OrganizationId,
    bookings::{
        practice::CalendarAppointment,
        proposal::{ANSWER_BEFORE_START_HOURS, ANSWER_HOURS, Proposal, ProposeTime, Proposed},
    },
};
use yew::prelude::*;

use super::aside::TITLE_ID;
use crate::{
    api::{calendar, use_api_client},
    browser,
    calendar::sheet::{Entry, instant_at, minute_of},
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
        times_rest::long_when,
    },
    forms::when::{time_value, wall_time},
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ProposeFormProps {
    pub entry: Entry,
    pub organization_id: OrganizationId,
    pub on_put: Callback<CalendarAppointment>,
}

/// What is proposed, and the form for another time; nothing where neither is.
#[component]
pub fn ProposeForm(props: &ProposeFormProps) -> Html {
    let ProposeFormProps { entry, organization_id, on_put } = props;
    let appointment = &entry.appointment;
    if appointment.proposed.is_none() && !appointment.may_propose {
        return Html::default();
    }
    let on_proposed = {
        let (appointment, on_put) = (Rc::clone(appointment), on_put.clone());
        Callback::from(move |proposed: Option<Proposed>| {
            let not_taken = appointment.not_taken.filter(|_| proposed.is_none());
            on_put.emit(CalendarAppointment { proposed, not_taken, ..(*appointment).clone() });
            // The button has gone with what it did.
            browser::focus(TITLE_ID);
        })
    };
    html! {
        <div class="stack">
            <div class="optional">
                if let Some(proposed) = appointment.proposed {
                    <Open key={proposed.proposal_id.to_string()} {proposed} entry={entry.clone()}
                        organization_id={*organization_id} on_proposed={on_proposed.clone()} />
                }
            </div>
            <div class="optional">
                if appointment.may_propose {
                    // What was typed goes with what came of it.
                    <NewTime key={format!("{:?}", appointment.proposed.map(|proposed| proposed.proposal_id))}
                        entry={entry.clone()} organization_id={*organization_id} {on_proposed} />
                }
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OpenProps {
    proposed: Proposed,
    entry: Entry,
    organization_id: OrganizationId,
    on_proposed: Callback<Option<Proposed>>,
}

/// The time that waits for the patient's answer.
#[component]
fn Open(props: &OpenProps) -> Html {
    let OpenProps { proposed, entry, organization_id, on_proposed } = props;
    let (client, act) = (use_api_client(), use_act());
    let onclick = {
        let (act, on_proposed) = (act.clone(), on_proposed.clone());
        let (organization_id, id) = (*organization_id, entry.appointment.appointment_id);
        move |_: MouseEvent| {
            let (client, on_proposed) = (client.clone(), on_proposed.clone());
            let send = move || {
                let client = client.clone();
                async move { calendar::withdraw_proposal(&client, organization_id, id).await }
            };
            act.run(send, move |()| on_proposed.emit(None));
        }
    };
    let (start, until) =
        (long_when(proposed.start, entry.zone), long_when(proposed.answer_until, entry.zone));
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Soon} icon="clock" title={format!("Proposed: {start}")}>
                <p>
                    { format!("The patient can answer until {until}. The appointment stays until they agree, and the new time ") }
                    { "is kept meanwhile." }
                </p>
                <div class="button-row">
                    <button type="button" class="button button--quiet" {onclick} aria-busy={act.busy.to_string()}>
                        { "Take it back" }
                    </button>
                </div>
            </Notice>
            <Refused {act} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct NewTimeProps {
    pub entry: Entry,
    pub organization_id: OrganizationId,
    pub on_proposed: Callback<Option<Proposed>>,
    /// Whether its fields are there from the start.
    #[prop_or_default]
    pub opened: bool,
}

/// A day and a start, as they are being typed.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    date: String,
    time: String,
}

impl Typed {
    /// The day and the minute of it; none of a field that says neither.
    fn read(&self) -> (Option<Date>, Option<i32>) {
        let time = wall_time(&self.time);
        (self.date.parse().ok(), time.map(|time| i32::from(time.hour()) * 60 + i32::from(time.minute())))
    }
}

/// The form. Its length stays, and so does with whom it is.
#[component]
pub fn NewTime(props: &NewTimeProps) -> Html {
    let NewTimeProps { entry, organization_id, on_proposed, opened } = props;
    let appointment = &entry.appointment;
    let (client, act) = (use_api_client(), use_act());
    let typed = use_state_eq(|| Typed {
        date: entry.date().to_string(),
        time: time_value(minute_of(appointment.start, entry.zone)),
    });
    // Few appointments are proposed anew: the fields are made once somebody wants them.
    let (wanted, sent) = (use_state_eq(|| *opened), use_state_eq(|| false));
    let ontoggle = {
        let wanted = wanted.setter();
        move |_: Event| wanted.set(true)
    };
    let (date, minute) = typed.read();
    let onsubmit = {
        let (act, sent, on_proposed) = (act.clone(), sent.setter(), on_proposed.clone());
        let (organization_id, zone) = (*organization_id, entry.zone);
        let (id, version) = (appointment.appointment_id, appointment.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            sent.set(true);
            let Some((date, minute)) = date.zip(minute) else { return };
            let wanted = ProposeTime { version, start: instant_at(date, minute, zone) };
            let (client, on_proposed) = (client.clone(), on_proposed.clone());
            let send = move || {
                let client = client.clone();
                async move { calendar::propose_time(&client, organization_id, id, wanted).await }
            };
            act.run(send, move |proposal: Proposal| on_proposed.emit(Some(proposal.into())));
        }
    };
    let lacks = |lacks: bool, words: &'static str| (lacks && *sent).then_some(AttrValue::Static(words));
    let date_error = lacks(date.is_none(), "Choose a day");
    let time_error = lacks(minute.is_none(), "Choose a time").or_else(|| act.error("/start"));
    let on_date = {
        let typed = typed.clone();
        move |date: String| typed.set(Typed { date, ..(*typed).clone() })
    };
    let on_time = {
        let typed = typed.clone();
        move |time: String| typed.set(Typed { time, ..(*typed).clone() })
    };
    html! {
        <details class="move" open={*opened} {ontoggle}>
            <summary>{ "Propose another time" }</summary>
            if *wanted {
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <p class="small muted">
                        { "The appointment stays until the patient agrees, and the new time is kept meanwhile. They have " }
                        { format!("{ANSWER_HOURS} hours, and until {ANSWER_BEFORE_START_HOURS} hours before either time at the latest.") }
                    </p>
                    if appointment.proposed.is_some() {
                        <p class="small">{ "It takes the place of the time that is proposed now." }</p>
                    }
                    <div class="field-group">
                        <Field id="propose-date" label="Day" kind="date" width="input--m"
                            value={typed.date.clone()} error={date_error} oninput={on_date} />
                        <Field id="propose-time" label="Start" kind="time" width="input--m"
                            value={typed.time.clone()} error={time_error} oninput={on_time} />
                    </div>
                    <div class="button-row">
                        <button type="submit" class="button" aria-busy={act.busy.to_string()}>{ "Propose it" }</button>
                    </div>
                </form>
                <Refused act={act.clone()} beside={BESIDE} />
            }
        </details>
    }
}

/// What the form says beside its own fields.
const BESIDE: &[&str] = &["/start"];
