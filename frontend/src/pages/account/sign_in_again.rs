//! A fresh sign-in in the middle of something: what was typed stays on the page, and the act goes on afterwards.

use std::rc::Rc;

use shared_types::{
    AccountId, Problem,
    users::{Me, SignedInReply},
    vault::Door,
};
use yew::{platform::spawn_local, prelude::*};

use super::{Own, refusal, sign_in_code::CodeForm, sign_in_passkey::PasskeyButton};
use crate::{
    account,
    api::{ApiClient, use_api_client, users},
    browser,
    components::field::Field,
    hooks::{
        Act, use_act,
        use_standing::{Standing, use_standing},
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct SignInAgainProps {
    /// The same person has signed in anew.
    pub on_done: Callback<()>,
    /// They would rather leave it.
    pub on_cancel: Callback<()>,
}

/// The panel. Nothing where nobody was signed in.
#[component]
pub fn SignInAgain(props: &SignInAgainProps) -> Html {
    match use_standing().standing {
        Standing::SignedIn(me) => {
            let (on_done, on_cancel) = (props.on_done.clone(), props.on_cancel.clone());
            html! { <Panel me={Own(me)} {on_done} {on_cancel} /> }
        }
        Standing::Unknown | Standing::SignedOut | Standing::Failed(_) => Html::default(),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PanelProps {
    me: Own,
    on_done: Callback<()>,
    on_cancel: Callback<()>,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let (heading, code_asked) = (use_node_ref(), use_state_eq(|| false));
    let act = use_act();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_node(&heading));
    }
    let on_signed_in = use_on_signed_in(Rc::clone(&props.me.0), props.on_done.clone(), act.clone());
    let on_next = {
        let (code_asked, on_signed_in) = (code_asked.setter(), on_signed_in.clone());
        Callback::from(move |(reply, door): (SignedInReply, Option<Door>)| match reply {
            SignedInReply::Code => code_asked.set(true),
            SignedInReply::Done { .. } => on_signed_in.emit(door),
        })
    };
    let content = if *code_asked {
        let back = code_asked.setter();
        html! {
            <CodeForm on_done={on_signed_in.reform(|()| Some(Door::Password))} on_back={move |()| back.set(false)} />
        }
    } else {
        html! {
            <>
                <PasswordAgain me={props.me.clone()} on_next={on_next.clone()} />
                <PasskeyButton {on_next} />
            </>
        }
    };
    html! {
        <section class="card stack" aria-labelledby="again-title">
            <h3 id="again-title" tabindex="-1" ref={heading}>{ "Sign in again to go on" }</h3>
            <p>
                { "This changes how your account is kept safe, so we ask once more whether it is you. What you " }
                { "typed stays." }
            </p>
            <div class="optional">{ refusal(act.problem.as_ref()) }</div>
            { content }
            <div class="button-row">
                <button class="button button--plain" type="button"
                    onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ "Not now" }</button>
            </div>
        </section>
    }
}

/// Goes on when it was the same person; somebody else's passkey must not act on the pages of the first.
#[hook]
fn use_on_signed_in(me: Rc<Me>, on_done: Callback<()>, act: Act) -> Callback<Option<Door>> {
    let (client, ask) = (use_api_client(), use_standing().ask);
    Callback::from(move |door: Option<Door>| {
        account::leave_hint();
        let (client, account_id) = (client.clone(), me.account_id);
        if let Some(door) = door {
            let client = client.clone();
            spawn_local(async move { account::open_keys(&client, door).await });
        }
        let (ask, on_done) = (ask.clone(), on_done.clone());
        act.run(
            move || {
                let client = client.clone();
                async move { is_still(&client, account_id).await }
            },
            move |()| {
                ask.emit(());
                on_done.emit(());
            },
        );
    })
}

async fn is_still(client: &ApiClient, account_id: AccountId) -> Result<(), Problem> {
    if users::find_me(client).await?.account_id == account_id {
        return Ok(());
    }
    Err(Problem::new("other-account", 403, "You are now signed in with another account")
        .detail("Nothing else was changed. Reload the page to go on with that account."))
}

#[derive(Clone, PartialEq, Properties)]
struct PasswordAgainProps {
    me: Own,
    on_next: Callback<(SignedInReply, Option<Door>)>,
}

#[component]
fn PasswordAgain(props: &PasswordAgainProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let password = use_state(String::new);
    let email = props.me.email.expose().clone();
    let onsubmit = {
        let (act, password, email, on_next) =
            (act.clone(), password.clone(), email.clone(), props.on_next.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if password.is_empty() {
                return browser::focus("again-password");
            }
            let (client, email, password) = (client.clone(), email.clone(), (*password).clone());
            let on_next = on_next.clone();
            act.run(
                move || {
                    let (client, email, password) = (client.clone(), email.clone(), password.clone());
                    async move { account::sign_in(&client, email, password).await }
                },
                move |reply| on_next.emit((reply, Some(Door::Password))),
            );
        }
    };
    let set = password.setter();
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <div class="optional">{ refusal(act.problem.as_ref()) }</div>
            <input class="visually-hidden" type="email" name="email" autocomplete="username" value={email.clone()}
                readonly=true tabindex="-1" aria-hidden="true" />
            <Field id="again-password" label={format!("Password of {email}")} kind="password"
                autocomplete="current-password" maxlength="1000" value={(*password).clone()}
                oninput={move |text| set.set(text)} />
            <div class="button-row">
                <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                    { if act.busy { "Signing in…" } else { "Sign in" } }
                </button>
            </div>
        </form>
    }
}
