//! Somebody who may act for oneself, and the end of it.

use shared_types::{
    Zone, time,
    users::{Delegation, DelegationBasis},
};
use yew::prelude::*;

use crate::{
    api::{use_api_client, users},
    forms::leave::scope_words,
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct HelperItemProps {
    pub helper: Delegation,
    pub on_change: Callback<()>,
}

/// The card.
#[component]
pub fn HelperItem(props: &HelperItemProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let helper = &props.helper;
    let name =
        helper.carer_name.as_ref().map_or("Somebody who gave no name yet", |name| name.expose().as_str());
    let basis = match helper.basis {
        DelegationBasis::Parent => "As your parent or guardian.",
        DelegationBasis::Consent => "You agreed.",
    };
    let until = time::long_date(Zone::SYDNEY.date(helper.expires_at));
    let onclick = {
        let (act, delegation_id, on_change) = (act.clone(), helper.delegation_id, props.on_change.clone());
        move |_: MouseEvent| {
            let (client, on_change) = (client.clone(), on_change.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::end_delegation(&client, delegation_id).await }
                },
                move |()| on_change.emit(()),
            );
        }
    };
    html! {
        <li class="card stack">
            <h3>{ name }</h3>
            <p class="small muted">{ format!("{basis} Until {until}.") }</p>
            <p>{ "They may:" }</p>
            <ul class="prose">
                { for scope_words(&helper.scopes).into_iter().map(|words| html! { <li key={words}>{ words }</li> }) }
            </ul>
            <Refused act={act.clone()} />
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "End this now" }<span class="visually-hidden">{ format!(": {name}") }</span>
                </button>
            </div>
        </li>
    }
}
