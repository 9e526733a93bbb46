//! Signing in: address and password, then a code where one is asked for; or a passkey alone.

use shared_types::{users::SignedInReply, vault::Door};
use yew::{platform::spawn_local, prelude::*};
use yew_router::prelude::*;

use super::{
    Frame,
    credentials_form::{Asked, CredentialsForm},
    sign_in_code::CodeForm,
    sign_in_passkey::PasskeyButton,
};
use crate::{
    account,
    api::use_api_client,
    browser,
    forms::credentials::{Credentials, CredentialsAction},
    hooks::{use_head, use_standing::use_standing},
    pages::hold::private_head,
};

/// The page. `to` in the query is where it leads on to: a path of ours, never another site.
#[component]
pub fn SignInPage() -> Html {
    use_head(private_head("Sign in"));
    let code_asked = use_state(|| false);
    let to = use_return_path();
    let (client, ask) = (use_api_client(), use_standing().ask);
    // Whatever one signed in with opens the keys as well, if it can.
    let on_done = Callback::from(move |door: Option<Door>| {
        account::leave_hint();
        let (client, ask, to) = (client.clone(), ask.clone(), to.clone());
        spawn_local(async move {
            if let Some(door) = door {
                account::open_keys(&client, door).await;
            }
            ask.emit(());
            browser::navigate(&to);
        });
    });
    let content = if *code_asked {
        let back = code_asked.setter();
        html! {
            <CodeForm on_done={on_done.reform(|()| Some(Door::Password))} on_back={move |()| back.set(false)} />
        }
    } else {
        let setter = code_asked.setter();
        let on_next = Callback::from(move |(reply, door): (SignedInReply, Option<Door>)| match reply {
            SignedInReply::Code => setter.set(true),
            SignedInReply::Done { .. } => on_done.emit(door),
        });
        let by_password = on_next.reform(|reply| (reply, Some(Door::Password)));
        html! { <><PasswordForm on_next={by_password} /><PasskeyButton {on_next} /></> }
    };
    html! { <Frame title="Sign in">{ content }</Frame> }
}

#[derive(Clone, PartialEq, Properties)]
struct PasswordFormProps {
    on_next: Callback<SignedInReply>,
}

#[component]
fn PasswordForm(props: &PasswordFormProps) -> Html {
    let client = use_api_client();
    let form = use_reducer(Credentials::default);
    let on_submit = {
        let (form, on_next) = (form.clone(), props.on_next.clone());
        Callback::from(move |()| {
            let errors = form.check_sign_in();
            if form.busy || !errors.is_empty() {
                return form.dispatch(CredentialsAction::Judge(errors));
            }
            form.dispatch(CredentialsAction::Sent);
            let (client, form, on_next) = (client.clone(), form.clone(), on_next.clone());
            spawn_local(async move {
                let (email, password) = (form.email.trim().to_owned(), form.password.clone());
                match account::sign_in(&client, email, password).await {
                    Ok(reply) => {
                        form.dispatch(CredentialsAction::Done);
                        on_next.emit(reply);
                    }
                    Err(problem) => form.dispatch(CredentialsAction::Refused(problem)),
                }
            });
        })
    };
    html! {
        <>
            <CredentialsForm asked={Asked::SignIn} form={(*form).clone()} on_action={form.dispatcher()} {on_submit}
                button="Sign in" busy="Signing in…" />
            <ul class="prose">
                <li><a href="/account/forgotten">{ "I forgot my password" }</a></li>
                <li><a href="/account/sign-up">{ "Open an account" }</a></li>
            </ul>
        </>
    }
}

/// Where to go on to: the path that `to` names if it is one of ours, else the account.
#[hook]
fn use_return_path() -> String {
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    return_path(&query)
}

fn return_path(query: &str) -> String {
    let query = query.trim_start_matches('?');
    let to = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "to")
        .map(|(_, to)| to.into_owned());
    // Two slashes, or a backslash, would begin another site's address.
    let ours = |to: &String| to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    to.filter(ours).unwrap_or_else(|| "/account".to_owned())
}

#[cfg(test)]
mod tests {
    use super::return_path;

    #[test]
    fn only_our_own_paths_are_returned_to() {
        assert_eq!(return_path("?to=/account/security"), "/account/security");
        for elsewhere in
            ["", "?to=", "?to=//evil.example", "?to=https://evil.example", "?to=/%5Cevil.example"]
        {
            assert_eq!(return_path(elsewhere), "/account", "{elsewhere}");
        }
    }
}
