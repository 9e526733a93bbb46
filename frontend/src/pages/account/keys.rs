//! One's own keys: making them, a new recovery code, and starting afresh when everything is lost.

use std::rc::Rc;

use shared_types::users::Me;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    OnlySignedIn, Own, OwnProps, Refused, back_to_account,
    key_setup::{KeyMaker, KeySetup, what_is_lost},
    loading,
};
use crate::{
    api::use_api_client,
    components::{
        failed::Failed,
        fingerprint::Fingerprint,
        notice::{Notice, NoticeKind},
        recovery_code::RecoveryCode,
        unlock::Unlock,
    },
    hooks::{
        VaultDoor, use_act, use_head,
        use_key_making::{KeyMaking, Make, use_key_making},
        use_own_fingerprint::use_own_fingerprint,
        use_standing::use_standing,
        use_vault::{Keys, Ways, use_vault, wrap_by_password},
    },
    pages::hold::private_head,
};

const TITLE: &str = "Your keys";
const PATH: &str = "/account/keys";

/// The page.
#[component]
pub fn KeysPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|me: Rc<Me>| html! { <><OwnKeys me={Own(me)} />{ back_to_account() }</> });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

#[component]
fn OwnKeys(props: &OwnProps) -> Html {
    let me = &props.me;
    let door = use_vault(Some(Rc::clone(&me.0)));
    let ask = use_standing().ask;
    let on_done = {
        let on_look = door.on_look.clone();
        Callback::from(move |()| {
            ask.emit(());
            on_look.emit(());
        })
    };
    let making = use_key_making(Rc::clone(&me.0), on_done);
    if let Some(code) = &making.code {
        let email = me.email.expose().clone();
        return html! { <RecoveryCode code={code.clone()} {email} on_done={making.on_kept.clone()} /> };
    }
    match &door.keys {
        Keys::Unknown => loading(),
        Keys::Absent => html! { <KeySetup me={me.clone()} /> },
        Keys::Failed(problem) => html! {
            <Failed problem={problem.clone()} here={PATH} on_again={door.on_look.clone()} />
        },
        Keys::Locked(ways) => html! {
            <div class="stack">
                <Unlock ways={*ways} busy={door.busy} problem={door.problem.clone()} on_open={door.on_open.clone()}>
                    <p>{ "Your keys are closed in this tab. Open them to see them or to change what opens them." }</p>
                </Unlock>
                <Lost {making} />
            </div>
        },
        Keys::Open(ways) => {
            html! { <OpenKeys me={me.clone()} ways={*ways} {making} door={door.clone()} /> }
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OpenKeysProps {
    me: Own,
    ways: Ways,
    making: KeyMaking,
    door: VaultDoor,
}

#[component]
fn OpenKeys(props: &OpenKeysProps) -> Html {
    let OpenKeysProps { me, ways, making, door } = props;
    let fingerprint = use_own_fingerprint(me.account_id);
    let shown = match &fingerprint {
        None => loading(),
        Some(Ok(keys)) => {
            html! { <Fingerprint label="The fingerprint of your keys" digits={keys.fingerprint.clone()} /> }
        }
        Some(Err(problem)) => html! { <p class="muted">{ problem.detail.clone().unwrap_or_default() }</p> },
    };
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Success} title="Your keys are open in this tab">
                <p>{ "They close when you close it or sign out." }</p>
                <div class="button-row">
                    <button class="button button--quiet" type="button"
                        onclick={door.on_lock.reform(|_: MouseEvent| ())}>{ "Close them now" }</button>
                </div>
            </Notice>
            if !ways.password {
                <PasswordOpens />
            }
            <section class="stack" aria-labelledby="fingerprint-title">
                <h2 id="fingerprint-title">{ "Your fingerprint" }</h2>
                <p>
                    { "If a practice asks whether your keys are really yours, read it these numbers, on the telephone or " }
                    { "at the desk." }
                </p>
                { shown }
            </section>
            <section class="stack" aria-labelledby="code-again-title">
                <h2 id="code-again-title">{ "Recovery code" }</h2>
                <p>{ "Lost the sheet, or has somebody seen it? Make a new one. The old code then opens nothing." }</p>
                <Refused act={making.act.clone()} />
                <div class="button-row">
                    <button class="button button--quiet" type="button" aria-busy={making.act.busy.to_string()}
                        onclick={making.on_new_code.reform(|_: MouseEvent| ())}>{ "Make a new code" }</button>
                </div>
            </section>
        </div>
    }
}

/// After a reset the new password opens nothing until the keys are wrapped by it.
#[component]
fn PasswordOpens() -> Html {
    let (client, ask) = (use_api_client(), use_standing().ask);
    let act = use_act();
    let onclick = {
        let act = act.clone();
        move |_: MouseEvent| {
            let (client, ask) = (client.clone(), ask.clone());
            let wrap = move || {
                let client = client.clone();
                async move { wrap_by_password(&client).await }
            };
            act.run(wrap, move |()| ask.emit(()));
        }
    };
    html! {
        <section class="stack" aria-labelledby="password-opens-title">
            <h2 id="password-opens-title">{ "Your password does not open them yet" }</h2>
            <p>{ "You chose a new one since your keys were made. Let it open them, so that you need no code next time." }</p>
            <Refused act={act.clone()} />
            <div class="button-row">
                <button class="button" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "Let my password open my keys" }
                </button>
            </div>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LostProps {
    making: KeyMaking,
}

/// Starting afresh: plainly warned of, and agreed to, first.
#[component]
fn Lost(props: &LostProps) -> Html {
    let agreed = use_state_eq(|| false);
    let onchange = {
        let agreed = agreed.setter();
        move |event: Event| agreed.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    html! {
        <details class="stack">
            <summary>{ "I have lost everything that opens my keys" }</summary>
            <div class="stack">
                { what_is_lost() }
                <Notice kind={NoticeKind::Danger} title="New keys do not open old messages">
                    <p>
                        { "Everything that was sealed to your present keys stays closed for you, for ever. If there is a " }
                        { "chance that you find the code or a passkey, look for it first." }
                    </p>
                </Notice>
                <label class="check">
                    <input type="checkbox" id="lost-agreed" checked={*agreed} {onchange} />
                    <span>{ "I understand that I will not be able to read what was sealed to me so far." }</span>
                </label>
                <KeyMaker making={props.making.clone()} make={Make::Instead} words="Make new keys"
                    held_back={!*agreed} />
            </div>
        </details>
    }
}
