//! A part of a day taken off out of the calendar, and ten seconds to take it back. It is saved with the rest of the hours, as the
//! hours page saves them.

use jiff::civil::Date;
use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    bookings::{
        Closure,
        schedule::{PutSchedule, RoleSchedule, SchedulePut},
    },
};
use yew::prelude::*;

use super::toast::{ToastFrame, focus_if_lost};
use crate::{
    api::{ApiClient, calendar as calendar_api, use_api_client},
    calendar::{
        away::{closure_words, lying_in, time_off},
        view::CalendarView,
    },
    forms::when::WhenForm,
    hooks::use_act,
    pages::{account::Refused, practice_desk::calendar_path},
};

/// A part of a day that was taken off, or was to be.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeOff {
    /// Who.
    pub role_id: PractitionerRoleId,
    /// Their name.
    pub name: AttrValue,
    /// When.
    pub off: Closure,
    /// What became of it.
    pub became: Became,
}

/// What became of a time off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It is one now.
    Taken {
        /// How many appointments lie in it. Nothing moves them but somebody.
        lying_in: usize,
    },
    /// It was one already, which somebody else may have meant: nothing of it is there to be taken back.
    WasTaken,
    /// It is none any more.
    TakenBack,
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
    // A day that is over cannot be taken off any more.
    let Some(when) = props.when.read().ok().filter(|when| when.date >= props.today) else {
        return Html::default();
    };
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
            let on_taken = props.on_taken.clone();
            act.run(send, move |put: Option<SchedulePut>| {
                let became = put.map_or(Became::WasTaken, |put| Became::Taken {
                    lying_in: lying_in(off, put.schedule.time_zone, &put.outside),
                });
                on_taken.emit(TimeOff { role_id, name: name.clone(), off, became });
            });
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
    let TimeOff { role_id, name, off, became } = props.taken.clone();
    use_effect_with(became, |became| {
        if *became == Became::TakenBack {
            focus_if_lost(&["main"]);
        }
    });
    let when = closure_words(off, props.today);
    let words = match became {
        Became::TakenBack => format!("{name} is available again on {when}."),
        Became::WasTaken => format!("{name} was not available on {when} already. Nothing was changed."),
        Became::Taken { .. } if act.problem.is_some() => format!(
            "That {name} is not available on {when} could not be taken back. It can be removed under “Hours”."
        ),
        Became::Taken { .. } => format!("{name} is not available on {when}."),
    };
    let stays = match became {
        Became::Taken { lying_in: 0 } | Became::WasTaken | Became::TakenBack => None,
        Became::Taken { lying_in: 1 } => Some("1 appointment lies in it; it stays.".to_owned()),
        Became::Taken { lying_in } => Some(format!("{lying_in} appointments lie in it; they stay.")),
    };
    let hours = format!("/hours{}", CalendarView::default().of(vec![role_id]).query());
    let undo = {
        let (act, props, busy) = (act.clone(), props.clone(), act.busy);
        let onclick = move |_: MouseEvent| {
            let (client, whose) = (client.clone(), (props.organization_id, role_id));
            let send = move || {
                let client = client.clone();
                async move { change(&client, whose, |schedule| give_back(schedule, off)).await }
            };
            let (on_back, taken) =
                (props.on_back.clone(), TimeOff { became: Became::TakenBack, ..props.taken.clone() });
            act.run(send, move |_: Option<SchedulePut>| on_back.emit(taken.clone()));
        };
        html! {
            <button type="button" class="button button--plain" aria-busy={busy.to_string()} {onclick}>{ "Undo" }</button>
        }
    };
    html! {
        <ToastFrame busy={act.busy} on_gone={props.on_gone.clone()}>
            <p>
                { words }
                if let Some(stays) = stays {
                    { " " }{ stays }{ " " }
                    <a href={calendar_path(props.organization_id, &hours)}>{ "See under “Hours”" }</a>
                }
            </p>
            if matches!(became, Became::Taken { .. }) {
                { undo }
            }
        </ToastFrame>
    }
}

/// Changes somebody's hours as they are at this moment, and says what they are now; nothing where there was nothing to change.
async fn change(
    client: &ApiClient,
    (organization_id, role_id): (OrganizationId, PractitionerRoleId),
    change: impl FnOnce(&mut PutSchedule),
) -> Result<Option<SchedulePut>, Problem> {
    let path = calendar_api::find_schedule(organization_id, role_id);
    let before = client.get(&path).await.read::<RoleSchedule>()?.schedule;
    let mut wanted = before.clone();
    change(&mut wanted);
    if wanted == before {
        return Ok(None);
    }
    calendar_api::put_schedule(client, organization_id, role_id, &wanted).await.map(Some)
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
