//! Another address to sign in with and to be written to.

use shared_types::users::EmailOnly;
use yew::prelude::*;

use crate::{
    api::{use_api_client, users},
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
    },
    hooks::use_act,
    pages::account::{OwnProps, Refused},
};

/// The section. It says the same whether or not somebody has an account with the new address.
#[component]
pub fn EmailSection(props: &OwnProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let email = use_state(String::new);
    let sent_to = use_state(|| None::<String>);
    let onsubmit = {
        let (act, email, sent_to) = (act.clone(), email.clone(), sent_to.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            sent_to.set(None);
            let typed = email.trim().to_owned();
            let (client, email, sent_to) = (client.clone(), email.setter(), sent_to.clone());
            let sent = typed.clone();
            act.run(
                move || {
                    let (client, body) = (client.clone(), EmailOnly { email: typed.clone().into() });
                    async move { users::change_email(&client, &body).await }
                },
                move |()| {
                    email.set(String::new());
                    sent_to.set(Some(sent.clone()));
                },
            );
        }
    };
    let set = email.setter();
    html! {
        <section class="stack account__part" aria-labelledby="email-title">
            <h2 id="email-title">{ "E-mail address" }</h2>
            <p>{ format!("You sign in with {}, and we write to you there.", props.me.email.expose()) }</p>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="new_email" label="New address" kind="email" autocomplete="email" maxlength="254"
                    value={(*email).clone()} error={act.error("/email")} oninput={move |text| set.set(text)} />
                <div class="button-row">
                    <button class="button button--quiet" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Sending…" } else { "Change the address" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/email"][..]} />
            <div role="status">
                if let Some(address) = &*sent_to {
                    <Notice kind={NoticeKind::Success} title="Look for our e-mail" announced=true>
                        <p>
                            { format!("We wrote to {address}. Follow the link in it within a day; until then ") }
                            { "everything stays as it is." }
                        </p>
                    </Notice>
                }
            </div>
        </section>
    }
}
