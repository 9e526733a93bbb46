//! The other visits of a series among one's own appointments, and cancelling some of them or all.

use std::rc::Rc;

use shared_types::{
    SeriesId,
    bookings::{
        Appointment, Cancelling,
        series::{CancelMySeries, SeenVisit},
    },
    page::Page,
};
use yew::prelude::*;

use super::Refused;
use crate::{
    api::{bookings, use_api_client},
    components::{
        booking_words::cancelling_words,
        failed::Failed,
        series_visits::{Scope, SeriesVisits, VisitLine, cancel_words},
        times_rest::long_when,
    },
    hooks::{use_act, use_private_api_if, use_version},
};

#[derive(Clone, PartialEq, Properties)]
pub struct SeriesOfProps {
    pub series_id: SeriesId,
    /// The one beside which it stands.
    pub appointment: Appointment,
    /// Some were cancelled.
    pub on_changed: Callback<()>,
}

/// The button; the series is read once somebody presses it.
#[component]
pub fn SeriesOf(props: &SeriesOfProps) -> Html {
    let open = use_state_eq(|| false);
    let (version, again) = use_version();
    let path = (*open).then(|| bookings::find_my_series(props.series_id));
    let series = use_private_api_if::<Page<Appointment>>(path, version);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let content = match series {
        _ if !*open => Html::default(),
        None => html! { <p aria-busy="true">{ "Reading the series…" }</p> },
        Some(Err(problem)) => html! { <Failed {problem} here="/account/appointments" on_again={again} /> },
        Some(Ok(series)) => html! { <CancelForm of={props.clone()} {series} {again} /> },
    };
    html! {
        <div class="stack">
            <button type="button" class="button button--plain" onclick={toggle} aria-expanded={(*open).to_string()}>
                { "Cancel more of this series" }
            </button>
            { content }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CancelFormProps {
    of: SeriesOfProps,
    series: Rc<Page<Appointment>>,
    again: Callback<()>,
}

#[component]
fn CancelForm(props: &CancelFormProps) -> Html {
    let CancelFormProps { of, series, again } = props;
    let client = use_api_client();
    let act = use_act();
    let scope = use_state_eq(|| Scope::Following);
    let wanted = |visit: &&Appointment| {
        visit.cancelling_now != Cancelling::NotPossible && scope.has(visit.start, of.appointment.start)
    };
    let visits: Vec<&Appointment> = series.items.iter().filter(wanted).collect();
    let count = visits.len();
    let onsubmit = {
        let seen =
            |visit: &&Appointment| SeenVisit { appointment_id: visit.appointment_id, version: visit.version };
        let change = CancelMySeries { visits: visits.iter().map(seen).collect() };
        let (act, series_id) = (act.clone(), of.series_id);
        let (again, on_changed) = (again.clone(), of.on_changed.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if change.visits.is_empty() {
                return;
            }
            let (client, change) = (client.clone(), change.clone());
            let send = move || {
                let (client, change) = (client.clone(), change.clone());
                async move { bookings::cancel_my_series(&client, series_id, &change).await }
            };
            let (again, on_changed) = (again.clone(), on_changed.clone());
            act.run(send, move |_: Page<Appointment>| {
                again.emit(());
                on_changed.emit(());
            });
        }
    };
    let line = |visit: &&Appointment| VisitLine {
        id: visit.appointment_id.to_string().into(),
        when: long_when(visit.start, visit.role.time_zone).into(),
        cost: cancelling_words(visit.cancelling_now).into(),
    };
    let lines: Vec<_> = visits.iter().map(line).collect();
    let on_scope = {
        let scope = scope.clone();
        move |wanted| scope.set(wanted)
    };
    // One page has several series, and each field its own id.
    let id = format!("series-scope-{}", of.appointment.appointment_id);
    html! {
        <>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <SeriesVisits {id} scope={*scope} {on_scope} visits={lines} />
                <p>{ "The times go to others straight away, and this cannot be undone." }</p>
                <button type="submit" class="button button--danger" aria-disabled={(count == 0).to_string()}
                    aria-busy={act.busy.to_string()}>{ cancel_words(count) }</button>
            </form>
            <Refused act={act.clone()} />
        </>
    }
}
