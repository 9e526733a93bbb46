//! The button that signs in with a passkey: the browser offers those it has, so nobody types an address.

use shared_types::{users::SignedInReply, vault::Door};
use yew::prelude::*;

use super::refusal;
use crate::{account::passkeys, api::use_api_client, hooks::use_act};

#[derive(Clone, PartialEq, Properties)]
pub struct PasskeyButtonProps {
    /// What comes next, and the door to the keys that the passkey's secret opens.
    pub on_next: Callback<(SignedInReply, Option<Door>)>,
}

/// The button, and why it did not work.
#[component]
pub fn PasskeyButton(props: &PasskeyButtonProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let onclick = {
        let (act, on_next) = (act.clone(), props.on_next.clone());
        move |_: MouseEvent| {
            let (client, on_next) = (client.clone(), on_next.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { passkeys::sign_in(&client).await }
                },
                move |next| on_next.emit(next),
            );
        }
    };
    html! {
        <div class="stack">
            <div class="optional">{ refusal(act.problem.as_ref()) }</div>
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { if act.busy { "Waiting for your device…" } else { "Use a passkey" } }
                </button>
            </div>
        </div>
    }
}
