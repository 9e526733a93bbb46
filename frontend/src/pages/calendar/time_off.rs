//! A part of a day taken off out of the calendar, and ten seconds to take it back. It is saved with the rest of the hours, as the
//! hours page saves them.

use gloo_timers::callback::Timeout;
use jiff::civil::Date;
use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    bookings::{
        Closure,
        schedule::{PutSchedule, RoleSchedule, SchedulePut},
    },
};
use yew::prelude::*;

use super::toast::UNDO_FOR;
use crate::{
    api::{ApiClient, calendar as calendar_api, use_api_client},
    browser::{
        self,
        pointing::{self, Focus},
    },
    calendar::away::{closure_words, time_off},
    forms::when::WhenForm,
    hooks::use_act,
    pages::account::Refused,
};

/// A part of a day that somebody was given off, or was given off and is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeOff {
    /// Who.
    pub role_id: PractitionerRoleId,
    /// Their name.
    pub name: AttrValue,
    /// When.
    pub off: Closure,
    /// Whether it was taken back.
    pub taken_back: bool,
}

#[derive(Clone, PartialEq, Properties)]
pub struct NotAvailableProps {
    pub organization_id: OrganizationId,
    pub role_id: PractitionerRoleId,
    /// The practitioner's name.
    pub name: AttrValue,
    /// As far as it is typed: until it can be read there is nothing to take off.
    pub when: WhenForm,
    pub today: Date,
    pub on_taken: Callback<TimeOff>,
}

/// The button that keeps a time free instead of booking it, and which time that is.
#[component]
pub fn NotAvailable(props: &NotAvailableProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let Ok(when) = props.when.read() else { return Html::default() };
    let off = match time_off(when) {
        Ok(off) => off,
        Err(wrong) => return html! { <p class="small muted">{ wrong.detail }</p> },
    };
    let onclick = {
        let (act, props) = (act.clone(), props.clone());
        move |_: MouseEvent| {
            let (client, whose) = (client.clone(), (props.organization_id, props.role_id));
            let send = move || {
                let client = client.clone();
                async move { change(&client, whose, |schedule| take(schedule, off)).await }
            };
            let (role_id, name) = (props.role_id, props.name.clone());
            let taken = TimeOff { role_id, name, off, taken_back: false };
            let on_taken = props.on_taken.clone();
            act.run(send, move |_: SchedulePut| on_taken.emit(taken.clone()));
        }
    };
    html! {
        <div class="stack">
            <p class="small muted">
                { format!("{}. Book somebody below, or take it off: what is booked then stays.",
                    closure_words(off, props.today)) }
            </p>
            <div class="button-row">
                <button type="button" class="button button--quiet" aria-busy={act.busy.to_string()} {onclick}>
                    { if act.busy { "Saving…" } else { "Not available then" } }
                </button>
            </div>
            <Refused {act} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct TimeOffToastProps {
    pub organization_id: OrganizationId,
    pub taken: TimeOff,
    pub today: Date,
    /// It was taken back.
    pub on_back: Callback<TimeOff>,
    pub on_gone: Callback<()>,
}

/// It is saved, and can be taken back for ten seconds; for ten more where that did not work.
#[component]
pub fn TimeOffToast(props: &TimeOffToastProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    {
        let on_gone = props.on_gone.clone();
        use_effect_with(act.busy, move |busy| {
            let timeout = (!*busy).then(|| Timeout::new(UNDO_FOR, move || on_gone.emit(())));
            move || drop(timeout)
        });
    }
    let TimeOff { role_id, name, off, taken_back } = props.taken.clone();
    use_effect_with(taken_back, |taken_back| {
        // The button that took it back has gone with what it did.
        if let Some(main) = browser::element("main").filter(|_| *taken_back && pointing::is_nowhere()) {
            pointing::hand_focus(&main, Focus::Stay);
        }
    });
    let when = closure_words(off, props.today);
    let words = if taken_back {
        format!("{name} is available again on {when}.")
    } else if act.problem.is_some() {
        format!(
            "That {name} is not available on {when} could not be taken back. It can be removed under “Hours”."
        )
    } else {
        format!("{name} is not available on {when}. What is booked then stays.")
    };
    let undo = {
        let (act, props, busy) = (act.clone(), props.clone(), act.busy);
        let onclick = move |_: MouseEvent| {
            let (client, whose) = (client.clone(), (props.organization_id, role_id));
            let send = move || {
                let client = client.clone();
                async move { change(&client, whose, |schedule| give_back(schedule, off)).await }
            };
            let (on_back, taken) =
                (props.on_back.clone(), TimeOff { taken_back: true, ..props.taken.clone() });
            act.run(send, move |_: SchedulePut| on_back.emit(taken.clone()));
        };
        html! {
            <button type="button" class="button button--plain" aria-busy={busy.to_string()} {onclick}>{ "Undo" }</button>
        }
    };
    html! {
        <div class="toast">
            <p>{ words }</p>
            if !taken_back {
                { undo }
            }
        </div>
    }
}

/// Changes somebody's hours as they are at this moment.
async fn change(
    client: &ApiClient,
    (organization_id, role_id): (OrganizationId, PractitionerRoleId),
    change: impl FnOnce(&mut PutSchedule),
) -> Result<SchedulePut, Problem> {
    let path = calendar_api::find_schedule(organization_id, role_id);
    let mut wanted = client.get(&path).await.read::<RoleSchedule>()?.schedule;
    change(&mut wanted);
    calendar_api::put_schedule(client, organization_id, role_id, &wanted).await
}

/// Once, however often it is asked for.
fn take(schedule: &mut PutSchedule, off: Closure) {
    if !schedule.leave.contains(&off) {
        schedule.leave.push(off);
    }
}

fn give_back(schedule: &mut PutSchedule, off: Closure) {
    schedule.leave.retain(|leave| *leave != off);
}
