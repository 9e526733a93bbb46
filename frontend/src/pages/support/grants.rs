//! Reasons that stand, each with how long, where it leads and a button that ends it.

use shared_types::users::AccessGrant;
use yew::prelude::*;

use super::person_path;
use crate::{
    api::{support, use_api_client},
    components::time_left::TimeLeft,
    forms::support::category_words,
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct GrantsProps {
    pub grants: Vec<AccessGrant>,
    /// One has ended.
    pub on_changed: Callback<()>,
}

/// The list.
#[component]
pub fn Grants(props: &GrantsProps) -> Html {
    html! {
        <ul class="stack" role="list">
            { for props.grants.iter().map(|grant| html! {
                <li key={grant.access_grant_id.to_string()}>
                    <Standing grant={grant.clone()} on_changed={props.on_changed.clone()} />
                </li>
            }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StandingProps {
    grant: AccessGrant,
    on_changed: Callback<()>,
}

#[component]
fn Standing(props: &StandingProps) -> Html {
    let StandingProps { grant, on_changed } = props;
    let client = use_api_client();
    let act = use_act();
    let id = grant.access_grant_id;
    let onclick = {
        let (act, on_changed) = (act.clone(), on_changed.clone());
        move |_: MouseEvent| {
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move || {
                let client = client.clone();
                async move { support::end_grant(&client, id).await }
            };
            act.run(send, move |()| on_changed.emit(()));
        }
    };
    html! {
        <div class="card stack">
            <p><strong>{ category_words(grant.category) }</strong>{ ": " }{ &grant.reason }</p>
            <p><TimeLeft until={grant.expires_at} on_over={on_changed.clone()} /></p>
            <p class="small muted">{ format!("Person {}", grant.patient_id) }</p>
            <div class="button-row">
                <a class="button button--quiet" href={person_path(grant.patient_id)}>{ "See their data" }</a>
                <button class="button button--plain" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { if act.busy { "Ending…" } else { "End it now" } }
                </button>
            </div>
            <Refused act={act.clone()} />
        </div>
    }
}
