//! The second proof: a code from an authenticator app, or one of the recovery codes.

use shared_types::{Problem, users::CodeGiven};
use yew::{platform::spawn_local, prelude::*};

use super::refusal;
use crate::{
    api::{use_api_client, users},
    browser,
    components::field::Field,
};

#[derive(Clone, PartialEq, Properties)]
pub struct CodeFormProps {
    pub on_done: Callback<()>,
    /// Back to the password: the half of a sign-in that is open ends after a few minutes.
    pub on_back: Callback<()>,
}

/// The form.
#[component]
pub fn CodeForm(props: &CodeFormProps) -> Html {
    let client = use_api_client();
    let code = use_state(String::new);
    let recovery = use_state(|| false);
    let busy = use_state(|| false);
    let problem = use_state(|| None::<Problem>);
    use_effect_with(*recovery, |_| browser::focus("code"));
    let onsubmit = {
        let (code, busy, problem, recovery) = (code.clone(), busy.clone(), problem.setter(), *recovery);
        let on_done = props.on_done.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy || code.trim().is_empty() {
                return;
            }
            let given = code.trim().to_owned().into();
            let given = if recovery { CodeGiven::RecoveryCode(given) } else { CodeGiven::Code(given) };
            busy.set(true);
            let (client, busy, problem, on_done) =
                (client.clone(), busy.setter(), problem.clone(), on_done.clone());
            spawn_local(async move {
                let answer = users::give_code(&client, &given).await;
                busy.set(false);
                match answer {
                    Ok(_) => on_done.emit(()),
                    Err(refused) => problem.set(Some(refused)),
                }
            });
        })
    };
    let swap = {
        let (recovery, code) = (recovery.clone(), code.setter());
        Callback::from(move |_: MouseEvent| {
            code.set(String::new());
            recovery.set(!*recovery);
        })
    };
    let (label, hint, other) = if *recovery {
        ("Recovery code", "One of the ten you wrote down. Each works once.", "Use my authenticator app")
    } else {
        ("Code", "Six digits from your authenticator app.", "Use a recovery code")
    };
    let set = code.setter();
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <div class="optional">{ refusal(problem.as_ref()) }</div>
            <Field id="code" {label} {hint} autocomplete="one-time-code" width="input--m" maxlength="40"
                inputmode={(!*recovery).then_some(AttrValue::Static("numeric"))} value={(*code).clone()}
                oninput={move |text| set.set(text)} />
            <div class="button-row booking__next">
                <button class="button" type="submit" aria-busy={busy.to_string()}>{ "Sign in" }</button>
                <button class="button button--plain" type="button" onclick={swap}>{ other }</button>
                <button class="button button--plain" type="button"
                    onclick={props.on_back.reform(|_: MouseEvent| ())}>{ "Start again" }</button>
            </div>
        </form>
    }
}
