//! The fields for an address and a password, with what is wrong beside them.

use yew::prelude::*;

use crate::{
    components::{field::Field, party_form::ErrorSummary},
    forms::credentials::{Credentials, CredentialsAction},
};

use super::refusal;

/// Which fields a form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The address alone.
    Email,
    /// Both, of an account there is.
    SignIn,
    /// Both, of an account to be.
    SignUp,
    /// A new password alone.
    NewPassword,
}

#[derive(Clone, PartialEq, Properties)]
pub struct CredentialsFormProps {
    pub asked: Asked,
    pub form: Credentials,
    pub on_action: Callback<CredentialsAction>,
    pub on_submit: Callback<()>,
    /// What the button says.
    pub button: AttrValue,
    /// What it says while an answer is out.
    pub busy: AttrValue,
    /// Between the fields and the button.
    #[prop_or_default]
    pub children: Html,
}

/// The form.
#[component]
pub fn CredentialsForm(props: &CredentialsFormProps) -> Html {
    let CredentialsFormProps { asked, form, on_action, .. } = props;
    let onsubmit = props.on_submit.reform(|event: SubmitEvent| event.prevent_default());
    let email = matches!(asked, Asked::Email | Asked::SignIn | Asked::SignUp);
    let password = match asked {
        Asked::Email => None,
        Asked::SignIn => Some(("Password", None, "current-password")),
        Asked::SignUp => Some(("Password", Some(NEW_PASSWORD), "new-password")),
        Asked::NewPassword => Some(("New password", Some(NEW_PASSWORD), "new-password")),
    };
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <ErrorSummary judged={form.judged} errors={form.errors.clone()} />
            <div class="optional">{ refusal(form.problem.as_ref()) }</div>
            if email {
                <Field id="email" label="E-mail" kind="email" autocomplete="username" maxlength="254"
                    value={form.email.clone()} error={form.error("/email").map(AttrValue::from)}
                    oninput={on_action.reform(CredentialsAction::Email)} />
            }
            if let Some((label, hint, autocomplete)) = password {
                <Field id="password" {label} kind="password" {autocomplete} maxlength="1000"
                    hint={hint.map(AttrValue::Static)} value={form.password.clone()}
                    error={form.error("/password").map(AttrValue::from)}
                    oninput={on_action.reform(CredentialsAction::Password)} />
            }
            { props.children.clone() }
            <div class="button-row booking__next">
                <button class="button" type="submit" aria-busy={form.busy.to_string()}>
                    { if form.busy { &props.busy } else { &props.button } }
                </button>
            </div>
        </form>
    }
}

const NEW_PASSWORD: &str =
    "At least 15 letters. A few words that only you would put together are easy to remember.";
