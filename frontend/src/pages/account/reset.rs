//! Choosing a new password by the link from a mail. The secret stands behind `#`, so no server and no log sees it.

use yew::{platform::spawn_local, prelude::*};

use super::{
    Frame,
    credentials_form::{Asked, CredentialsForm},
};
use crate::{
    account,
    api::use_api_client,
    browser,
    components::notice::{Notice, NoticeKind},
    forms::credentials::{Credentials, CredentialsAction},
    hooks::use_head,
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn ResetPage() -> Html {
    use_head(private_head("Choose a new password"));
    let client = use_api_client();
    let form = use_reducer(Credentials::default);
    let done = use_state(|| None::<bool>);
    let on_submit = {
        let (form, done) = (form.clone(), done.setter());
        Callback::from(move |()| {
            let errors = form.check_new_password();
            if form.busy || !errors.is_empty() {
                return form.dispatch(CredentialsAction::Judge(errors));
            }
            form.dispatch(CredentialsAction::Sent);
            let (client, form, done) = (client.clone(), form.clone(), done.clone());
            let token = browser::fragment().unwrap_or_default();
            spawn_local(async move {
                match account::reset_password(&client, token, form.password.clone()).await {
                    Ok(reset) => {
                        form.dispatch(CredentialsAction::Done);
                        done.set(Some(reset.sealed_needs_recovery));
                    }
                    Err(problem) => form.dispatch(CredentialsAction::Refused(problem)),
                }
            });
        })
    };
    let content = match *done {
        Some(sealed) => html! { <Changed {sealed} /> },
        None => html! {
            <CredentialsForm asked={Asked::NewPassword} form={(*form).clone()} on_action={form.dispatcher()}
                {on_submit} button="Change the password" busy="Changing…" />
        },
    };
    html! { <Frame title="Choose a new password">{ content }</Frame> }
}

#[derive(Clone, PartialEq, Properties)]
struct ChangedProps {
    /// Whether something sealed waits for the printed code.
    sealed: bool,
}

#[component]
fn Changed(props: &ChangedProps) -> Html {
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Success} title="Your password is changed">
                <p>{ "You were signed out everywhere. Sign in with the new password." }</p>
            </Notice>
            if props.sealed {
                <Notice kind={NoticeKind::Soon} title="Your sealed notes are still locked">
                    <p>{ "We cannot open them. Have your printed code or a passkey ready after signing in." }</p>
                </Notice>
            }
            <div class="button-row"><a class="button" href="/account/sign-in">{ "Sign in" }</a></div>
        </div>
    }
}
