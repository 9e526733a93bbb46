//! Asking for a link to choose a new password.

use shared_types::users::EmailOnly;
use yew::{platform::spawn_local, prelude::*};

use super::{
    Frame,
    credentials_form::{Asked, CredentialsForm},
};
use crate::{
    api::{use_api_client, users},
    forms::credentials::{Credentials, CredentialsAction},
    hooks::use_head,
    pages::hold::private_head,
};

/// The page. It says the same whether the address has an account.
#[component]
pub fn ForgottenPage() -> Html {
    use_head(private_head("Forgotten password"));
    let client = use_api_client();
    let form = use_reducer(Credentials::default);
    let sent = use_state(|| false);
    let on_submit = {
        let (form, sent) = (form.clone(), sent.setter());
        Callback::from(move |()| {
            let errors = form.check_email();
            if form.busy || !errors.is_empty() {
                return form.dispatch(CredentialsAction::Judge(errors));
            }
            form.dispatch(CredentialsAction::Sent);
            let (client, form, sent) = (client.clone(), form.clone(), sent.clone());
            spawn_local(async move {
                let email = EmailOnly { email: form.email.trim().to_owned().into() };
                match users::start_password_reset(&client, &email).await {
                    Ok(()) => sent.set(true),
                    Err(problem) => form.dispatch(CredentialsAction::Refused(problem)),
                }
            });
        })
    };
    let content = if *sent {
        html! {
            <div class="stack" role="status">
                <p>{ "If that address has an account, we wrote to it. The link works for an hour." }</p>
                <div class="button-row"><a class="button" href="/account/sign-in">{ "Sign in" }</a></div>
            </div>
        }
    } else {
        html! {
            <>
                <p>{ "We send a link to choose a new password." }</p>
                <CredentialsForm asked={Asked::Email} form={(*form).clone()} on_action={form.dispatcher()}
                    {on_submit} button="Send the link" busy="Sending…" />
            </>
        }
    };
    html! { <Frame title="Forgotten password">{ content }</Frame> }
}
