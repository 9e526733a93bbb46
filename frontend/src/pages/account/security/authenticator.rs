//! The authenticator app and the recovery codes that go with it.

use shared_types::users::{ConfirmTotp, RecoveryCodes, TotpStarted};
use yew::prelude::*;

use crate::{
    api::{use_api_client, users},
    browser,
    components::{
        code_list::CodeList,
        field::Field,
        notice::{Notice, NoticeKind},
        qr::Qr,
    },
    hooks::{use_act, use_standing::use_standing},
    pages::account::{OwnProps, Refused},
};

/// The heading's id: what takes the focus when something has been done.
const TITLE_ID: &str = "totp-title";

/// The section: off, being set up, or on; and codes that were just made.
#[component]
pub fn Authenticator(props: &OwnProps) -> Html {
    let started = use_state(|| None::<TotpStarted>);
    let codes = use_state(|| None::<RecoveryCodes>);
    let ask = use_standing().ask;
    let on_started = Callback::from({
        let started = started.setter();
        move |secret: TotpStarted| started.set(Some(secret))
    });
    let on_codes = Callback::from({
        let (codes, started, ask) = (codes.setter(), started.setter(), ask.clone());
        move |new: RecoveryCodes| {
            codes.set(Some(new));
            started.set(None);
            ask.emit(());
        }
    });
    let on_kept = {
        let codes = codes.setter();
        Callback::from(move |()| {
            codes.set(None);
            browser::focus(TITLE_ID);
        })
    };
    let content = match (&*codes, &*started, props.me.totp) {
        (Some(codes), ..) => html! { <Codes codes={codes.clone()} on_done={on_kept} /> },
        (None, Some(secret), _) => html! { <Confirm secret={secret.clone()} on_done={on_codes} /> },
        (None, None, true) => {
            html! { <On left={props.me.recovery_codes_left} {on_codes} on_removed={ask} /> }
        }
        (None, None, false) => html! { <Off {on_started} /> },
    };
    html! {
        <section class="stack account__part" aria-labelledby={TITLE_ID}>
            <h2 id={TITLE_ID} tabindex="-1">{ "Authenticator app" }</h2>
            { content }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OffProps {
    on_started: Callback<TotpStarted>,
}

#[component]
fn Off(props: &OffProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let onclick = {
        let (act, on_started) = (act.clone(), props.on_started.clone());
        move |_: MouseEvent| {
            let (client, on_started) = (client.clone(), on_started.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::start_totp(&client).await }
                },
                move |secret| on_started.emit(secret),
            );
        }
    };
    html! {
        <div class="stack">
            <p>{ "An app on your phone shows a new code every half minute. We ask for it after your password." }</p>
            <Refused act={act.clone()} />
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "Set up an authenticator app" }
                </button>
            </div>
        </div>
    }
}

#[derive(Clone, Properties)]
struct ConfirmProps {
    secret: TotpStarted,
    on_done: Callback<RecoveryCodes>,
}

impl PartialEq for ConfirmProps {
    fn eq(&self, other: &Self) -> bool {
        self.secret.secret == other.secret.secret && self.on_done == other.on_done
    }
}

/// The secret, and the first code as a proof that the app has it.
#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let code = use_state(String::new);
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_node(&heading));
    }
    let onsubmit = {
        let (act, code, on_done) = (act.clone(), code.clone(), props.on_done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
            let (client, on_done) = (client.clone(), on_done.clone());
            act.run(
                move || {
                    let (client, code) = (client.clone(), ConfirmTotp { code: typed.clone().into() });
                    async move { users::confirm_totp(&client, &code).await }
                },
                move |codes| on_done.emit(codes),
            );
        }
    };
    let set = code.setter();
    let (uri, secret) = (props.secret.uri.expose().clone(), props.secret.secret.expose());
    html! {
        <div class="stack card">
            <h3 tabindex="-1" ref={heading}>{ "1. Add HelloMapper to your app" }</h3>
            <p>{ "Scan this with the app:" }</p>
            <Qr text={uri.clone()} label="QR code with the secret for your authenticator app" />
            <p>{ "Or, on the same phone, " }<a href={uri} target="_self">{ "open the app" }</a>{ "." }</p>
            <p>{ "Or type this secret: " }<code class="secret">{ in_fours(secret) }</code></p>
            <h3>{ "2. Enter the code that the app shows" }</h3>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="totp_code" label="Code" hint="Six digits" width="input--m" maxlength="10"
                    inputmode="numeric" autocomplete="one-time-code" value={(*code).clone()}
                    oninput={move |text| set.set(text)} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>{ "Turn it on" }</button>
                </div>
            </form>
            <Refused act={act.clone()} />
        </div>
    }
}

/// Groups of four are typed with fewer slips.
fn in_fours(secret: &str) -> String {
    let letters: Vec<_> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[derive(Clone, PartialEq, Properties)]
struct OnProps {
    left: u32,
    on_codes: Callback<RecoveryCodes>,
    on_removed: Callback<()>,
}

/// It is on: new recovery codes, or off again.
#[component]
fn On(props: &OnProps) -> Html {
    let client = use_api_client();
    let (renewing, removing) = (use_act(), use_act());
    let renew = {
        let (act, client, on_codes) = (renewing.clone(), client.clone(), props.on_codes.clone());
        move |_: MouseEvent| {
            let (client, on_codes) = (client.clone(), on_codes.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::create_recovery_codes(&client).await }
                },
                move |codes| on_codes.emit(codes),
            );
        }
    };
    let remove = {
        let (act, on_removed) = (removing.clone(), props.on_removed.clone());
        move |_: MouseEvent| {
            let (client, on_removed) = (client.clone(), on_removed.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::delete_totp(&client).await }
                },
                move |()| on_removed.emit(()),
            );
        }
    };
    let few = props.left <= 2;
    html! {
        <div class="stack">
            <p>{ "It is on: after your password we ask for a code from the app." }</p>
            if few {
                <Notice kind={NoticeKind::Soon} title={left_words(props.left)}>
                    <p>{ "Make new ones, so that a lost phone does not lock you out." }</p>
                </Notice>
            } else {
                <p>{ left_words(props.left) }</p>
            }
            <Refused act={renewing.clone()} />
            <Refused act={removing.clone()} />
            <div class="button-row">
                <button class="button button--quiet" type="button" onclick={renew} aria-busy={renewing.busy.to_string()}>
                    { "Make new recovery codes" }
                </button>
                <button class="button button--plain" type="button" onclick={remove} aria-busy={removing.busy.to_string()}>
                    { "Remove the app" }
                </button>
            </div>
        </div>
    }
}

fn left_words(left: u32) -> String {
    match left {
        0 => "You have no recovery codes left.".to_owned(),
        1 => "You have 1 recovery code left.".to_owned(),
        left => format!("You have {left} recovery codes left."),
    }
}

#[derive(Clone, Properties)]
struct CodesProps {
    codes: RecoveryCodes,
    on_done: Callback<()>,
}

impl PartialEq for CodesProps {
    fn eq(&self, other: &Self) -> bool {
        self.codes.codes == other.codes.codes && self.on_done == other.on_done
    }
}

#[component]
fn Codes(props: &CodesProps) -> Html {
    let codes: Vec<_> = props.codes.codes.iter().map(|code| AttrValue::from(code.expose().clone())).collect();
    html! {
        <CodeList title="Your recovery codes for signing in" {codes} on_done={props.on_done.clone()}>
            <p>
                { "Each works once, in place of a code from the app. Keep them on paper, away from your phone. We " }
                { "show them now and never again; codes that you had before no longer work." }
            </p>
        </CodeList>
    }
}

#[cfg(test)]
mod tests {
    use super::{in_fours, left_words};

    #[test]
    fn a_secret_is_read_in_groups_of_four() {
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }

    #[test]
    fn how_many_codes_are_left_is_said_in_words() {
        assert_eq!(left_words(1), "You have 1 recovery code left.");
        assert_eq!(left_words(10), "You have 10 recovery codes left.");
    }
}
