//! The part of an appointment's page in which its patient says that they will come, that they are there, or that nobody was there for
//! them. The same behind its link and in an account. One person's, so it loads in the browser only.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    AppointmentId, Problem,
    bookings::{Appointment, practice::SeenVersion},
};
use yew::prelude::*;

use crate::{
    api::{ApiClient, bookings, own_booking::not_known, use_api_client},
    browser,
    components::visit_acts::{Saying, TITLE_ID, VisitActs, has_visit_acts},
    hooks::{use_act, use_calendar::use_now, use_card_money},
};

#[derive(Clone, PartialEq, Properties)]
pub struct OwnVisitProps {
    /// As last seen.
    pub appointment: Rc<Appointment>,
    /// It is this now.
    pub on_changed: Callback<Appointment>,
}

/// What can be said of the visit by now; nothing where there is nothing to say.
#[component]
pub fn OwnVisit(props: &OwnVisitProps) -> Html {
    let OwnVisitProps { appointment, on_changed } = props;
    let now = use_now(appointment.as_of).max(appointment.as_of);
    let says = has_visit_acts(appointment, now).then(|| {
        html! { <Says appointment={Rc::clone(appointment)} {now} on_changed={on_changed.clone()} /> }
    });
    html! { <div class="optional">{ says }</div> }
}

#[derive(Clone, PartialEq, Properties)]
struct SaysProps {
    appointment: Rc<Appointment>,
    now: Timestamp,
    on_changed: Callback<Appointment>,
}

#[component]
fn Says(props: &SaysProps) -> Html {
    let SaysProps { appointment, now, on_changed } = props;
    let (client, act, look) = (use_api_client(), use_act(), use_act());
    let money = use_card_money(appointment);
    let said = use_state_eq(|| None::<Saying>);
    let asked = use_state_eq(|| false);
    let (told_ref, question_ref) = (use_node_ref(), use_node_ref());
    {
        // The button has gone with what it did.
        let (told_ref, question_ref) = (told_ref.clone(), question_ref.clone());
        use_effect_with((*said, *asked), move |(said, asked)| {
            if *asked {
                browser::focus_node(&question_ref);
            } else if said.is_some() {
                browser::focus_node(&told_ref);
            }
        });
    }
    let (id, version) = (appointment.appointment_id, appointment.version);
    let on_say = {
        let (client, act, on_changed) = (client.clone(), act.clone(), on_changed.clone());
        let (said, asked) = (said.setter(), asked.setter());
        Callback::from(move |saying: Saying| {
            let client = client.clone();
            let send = move || {
                let client = client.clone();
                async move { say(&client, id, SeenVersion { version }, saying).await }
            };
            let (said, asked, on_changed) = (said.clone(), asked.clone(), on_changed.clone());
            act.run(send, move |now: Appointment| {
                on_changed.emit(now);
                asked.set(false);
                said.set(Some(saying));
            });
        })
    };
    let on_ask = {
        let (act, said, asked) = (act.clone(), said.setter(), asked.setter());
        Callback::from(move |open: bool| {
            act.forget();
            said.set(None);
            asked.set(open);
            if !open {
                browser::focus(TITLE_ID);
            }
        })
    };
    let on_look = {
        let (act, look, on_changed) = (act.clone(), look.clone(), on_changed.clone());
        let (said, asked) = (said.setter(), asked.setter());
        Callback::from(move |()| {
            let client = client.clone();
            let send = move || {
                let client = client.clone();
                async move { client.get(&bookings::get_appointment(id)).await.read::<Appointment>() }
            };
            let (act, said, asked, on_changed) =
                (act.clone(), said.clone(), asked.clone(), on_changed.clone());
            look.run(send, move |now: Appointment| {
                act.forget();
                said.set(None);
                asked.set(false);
                on_changed.emit(now);
                browser::focus("main");
            });
        })
    };
    let changed = act.problem.as_ref().is_some_and(has_changed);
    let problem = look.problem.clone().or_else(|| act.problem.clone());
    html! {
        <VisitActs appointment={(**appointment).clone()} now={*now} said={*said} asked={*asked}
            busy={act.busy || look.busy} {problem} {changed} {money} {on_say} {on_ask} {on_look} {told_ref}
            {question_ref} />
    }
}

/// Whether the appointment stands elsewhere by now.
fn has_changed(problem: &Problem) -> bool {
    problem.is("stale-version") || problem.is("wrong-state")
}

/// Says it, and reads the appointment again: that knows more than the reply does.
async fn say(
    client: &ApiClient,
    id: AppointmentId,
    seen: SeenVersion,
    saying: Saying,
) -> Result<Appointment, Problem> {
    let reply = match saying {
        Saying::WillCome => bookings::confirm_attendance(client, id, seen).await,
        Saying::Arrived => bookings::report_arrival(client, id, seen).await,
        Saying::NobodyCame => bookings::report_absence(client, id, seen).await,
    };
    let reply = reply.map_err(|problem| match problem.status {
        401 | 404 => not_known(),
        _ => problem,
    })?;
    let again = client.get(&bookings::get_appointment(id)).await;
    Ok(again.read().unwrap_or(reply))
}
