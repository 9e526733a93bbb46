//! The account's passkeys: which there are, another one, and one fewer.

use std::rc::Rc;

use shared_types::{PasskeyId, users::PasskeyView};
use yew::prelude::*;

use super::{Own, PATH};
use crate::{
    account::passkeys::{self, Added},
    api::{use_api_client, users},
    components::{
        checks::{Check, Checks},
        field::Field,
        moment::Moment,
        notice::{Notice, NoticeKind},
    },
    hooks::{use_act, use_private_api, use_standing::use_standing, use_vault, use_version},
    pages::account::{OwnProps, Refused, fetched},
};

/// The section.
#[component]
pub fn Passkeys(props: &OwnProps) -> Html {
    let (version, again) = use_version();
    let list = use_private_api::<Vec<PasskeyView>>(users::list_passkeys(), version);
    let ask = use_standing().ask;
    // The list and what the account says of itself change together.
    let on_change = {
        let again = again.clone();
        Callback::from(move |()| {
            again.emit(());
            ask.emit(());
        })
    };
    html! {
        <section class="stack account__part" aria-labelledby="passkeys-title">
            <h2 id="passkeys-title">{ "Passkeys" }</h2>
            <p>
                { "A passkey lives on your device and opens with your finger, your face or its PIN. Nobody can guess " }
                { "it or trick you out of it." }
            </p>
            { fetched(list, PATH, &again, |list| shown(&list, &on_change)) }
            <AddPasskey me={props.me.clone()} on_added={on_change.clone()} />
        </section>
    }
}

fn shown(list: &[PasskeyView], on_change: &Callback<()>) -> Html {
    if list.is_empty() {
        return html! { <p>{ "You have none yet." }</p> };
    }
    html! {
        <ul class="stack" role="list">
            { for list.iter().map(|passkey| html! {
                <Item key={passkey.passkey_id.to_string()} passkey={passkey.clone()} on_removed={on_change.clone()} />
            }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ItemProps {
    passkey: PasskeyView,
    on_removed: Callback<()>,
}

#[component]
fn Item(props: &ItemProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let PasskeyView { passkey_id, name, created_at, last_used_at } = &props.passkey;
    let onclick = {
        let (act, passkey_id, on_removed) = (act.clone(), *passkey_id, props.on_removed.clone());
        move |_: MouseEvent| {
            let (client, on_removed) = (client.clone(), on_removed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::delete_passkey(&client, passkey_id).await }
                },
                move |()| on_removed.emit(()),
            );
        }
    };
    html! {
        <li class="card stack">
            <h3>{ name }</h3>
            <p class="small muted">
                { "Since " }<Moment at={*created_at} />
                { ". " }
                if let Some(at) = last_used_at {
                    { "Last used " }<Moment at={*at} />{ "." }
                } else {
                    { "Not used yet." }
                }
            </p>
            <Refused act={act.clone()} />
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "Remove" }<span class="visually-hidden">{ format!(" the passkey {name}") }</span>
                </button>
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AddPasskeyProps {
    me: Own,
    on_added: Callback<()>,
}

#[component]
fn AddPasskey(props: &AddPasskeyProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let name = use_state(String::new);
    let opens = use_state_eq(|| false);
    let added = use_state(|| None::<Added>);
    let door = use_vault(Some(Rc::clone(&props.me.0)));
    let open = *opens && door.is_open();
    let onsubmit = {
        let (act, name, added, on_added) =
            (act.clone(), name.clone(), added.setter(), props.on_added.clone());
        let account_id = props.me.account_id;
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = name.trim();
            let typed = if typed.is_empty() { "My device".to_owned() } else { typed.to_owned() };
            let (client, name, added, on_added) =
                (client.clone(), name.setter(), added.clone(), on_added.clone());
            act.run(
                move || {
                    let (client, typed) = (client.clone(), typed.clone());
                    async move { passkeys::add(&client, account_id, typed, open).await }
                },
                move |new| {
                    name.set(String::new());
                    added.set(Some(new));
                    on_added.emit(());
                },
            );
        }
    };
    let set = name.setter();
    let on_tick = {
        let opens = opens.setter();
        Callback::from(move |(_, ticked): (&'static str, bool)| opens.set(ticked))
    };
    let checks = vec![Check { code: "opens", words: "It may open my sealed messages too", ticked: *opens }];
    html! {
        <div class="stack">
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="passkey_name" label="Name of the new passkey" hint="So that you know it again: My phone"
                    maxlength="60" optional=true value={(*name).clone()} error={act.error("/name")}
                    oninput={move |text| set.set(text)} />
                <div class="optional">
                    if door.is_open() {
                        <Checks id="passkey_opens" legend="Sealed messages" {checks} {on_tick}
                            hint="Then you need neither your password nor your printed code for them. Your device asks twice." />
                    }
                </div>
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Waiting for your device…" } else { "Add a passkey" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/name"][..]} />
            <div class="optional">
                if let Some(added) = &*added {
                    <AfterAdding key={added.view.passkey_id.to_string()} me={props.me.clone()} added={added.clone()} />
                }
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AfterAddingProps {
    me: Own,
    added: Added,
}

/// A passkey that has a secret can open sealed messages too, if somebody with open keys says so.
#[component]
fn AfterAdding(props: &AfterAddingProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let door = use_vault(Some(Rc::clone(&props.me.0)));
    let Added { view, credential_id, can_open, opens: at_once } = &props.added;
    let opens = use_state_eq(|| *at_once);
    let onclick = {
        let (act, opens, account_id) = (act.clone(), opens.setter(), props.me.account_id);
        let (passkey_id, credential_id): (PasskeyId, String) = (view.passkey_id, credential_id.clone());
        move |_: MouseEvent| {
            let (client, opens, credential_id) = (client.clone(), opens.clone(), credential_id.clone());
            act.run(
                move || {
                    let (client, credential_id) = (client.clone(), credential_id.clone());
                    async move { passkeys::let_open(&client, account_id, passkey_id, &credential_id).await }
                },
                move |()| opens.set(true),
            );
        }
    };
    let offered = *can_open && door.is_open() && !*opens;
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Success} title={format!("{} is added", view.name)}>
                <p>
                    { if *opens {
                        "It signs you in and opens your sealed messages."
                    } else {
                        "It signs you in from now on."
                    } }
                </p>
            </Notice>
            <div class="optional">
                if offered {
                    <p>
                        { "Let it open your sealed messages as well? Then you need neither your password nor your " }
                        { "printed code for them. Your device asks once more." }
                    </p>
                    <Refused act={act.clone()} />
                    <div class="button-row">
                        <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                            { "Let it open sealed messages" }
                        </button>
                    </div>
                }
            </div>
        </div>
    }
}
