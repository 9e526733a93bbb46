//! Opening an account: an address, a password, and what one agrees to.

use std::rc::Rc;

use shared_types::{bookings::ConsentGiven, problem::FieldError, users::ConsentText};
use yew::{platform::spawn_local, prelude::*};

use super::{
    Frame,
    credentials_form::{Asked, CredentialsForm},
};
use crate::{
    account,
    api::{use_api_client, users},
    browser,
    components::{consent_box::ConsentBox, problem_view::ProblemView, skeleton::Skeleton},
    forms::{
        credentials::{Credentials, CredentialsAction},
        party::CONSENT,
    },
    hooks::{use_head, use_private_api},
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn SignUpPage() -> Html {
    use_head(private_head("Open an account"));
    let notice = use_private_api::<ConsentText>(users::get_account_consent(), 0);
    let sent_to = use_state(|| None::<String>);
    let content = match (&*sent_to, notice) {
        (Some(email), _) => html! { <LookForMail email={email.clone()} /> },
        (None, None) => {
            html! { <div aria-busy="true"><Skeleton kind="title" /><Skeleton kind="line" /></div> }
        }
        (None, Some(Err(problem))) => html! { <ProblemView {problem} retry="/account/sign-up" /> },
        (None, Some(Ok(text))) => {
            let setter = sent_to.setter();
            html! { <SignUpForm {text} on_sent={move |email| setter.set(Some(email))} /> }
        }
    };
    html! { <Frame title="Open an account">{ content }</Frame> }
}

#[derive(Clone, PartialEq, Properties)]
struct SignUpFormProps {
    text: Rc<ConsentText>,
    on_sent: Callback<String>,
}

#[component]
fn SignUpForm(props: &SignUpFormProps) -> Html {
    let client = use_api_client();
    let form = use_reducer(Credentials::default);
    let on_submit = {
        let (form, text, on_sent) = (form.clone(), Rc::clone(&props.text), props.on_sent.clone());
        Callback::from(move |()| {
            let mut errors = form.check_sign_up();
            if !form.agreed {
                errors.push(FieldError::new(CONSENT, "Tick the box if you agree"));
            }
            if form.busy || !errors.is_empty() {
                return form.dispatch(CredentialsAction::Judge(errors));
            }
            form.dispatch(CredentialsAction::Sent);
            let consent = ConsentGiven { text: text.text.clone(), version: text.version };
            let (client, form, on_sent) = (client.clone(), form.clone(), on_sent.clone());
            spawn_local(async move {
                let (email, password) = (form.email.trim().to_owned(), form.password.clone());
                match account::sign_up(&client, email.clone(), password, consent).await {
                    Ok(()) => {
                        form.dispatch(CredentialsAction::Done);
                        on_sent.emit(email);
                    }
                    Err(problem) => form.dispatch(CredentialsAction::Refused(problem)),
                }
            });
        })
    };
    let on_agree = {
        let form = form.dispatcher();
        Callback::from(move |ticked| form.dispatch(CredentialsAction::Agreed(ticked)))
    };
    let error = form.error(CONSENT).map(AttrValue::from);
    html! {
        <>
            <p>{ "With an account you see your appointments in one place. You can book without one, too." }</p>
            <CredentialsForm asked={Asked::SignUp} form={(*form).clone()} on_action={form.dispatcher()} {on_submit}
                button="Open the account" busy="Opening…">
                <ConsentBox text={Rc::clone(&props.text)} agreed={form.agreed} {on_agree} {error} />
            </CredentialsForm>
            <p>{ "You have an account? " }<a href="/account/sign-in">{ "Sign in" }</a></p>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LookForMailProps {
    email: String,
}

/// The same words whether the address had an account before.
#[component]
fn LookForMail(props: &LookForMailProps) -> Html {
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_node(&heading));
    }
    html! {
        <div class="stack" role="status">
            <h2 tabindex="-1" ref={heading}>{ "Look for our e-mail" }</h2>
            <p>{ format!("We wrote to {}. Follow the link in it within a day, then sign in.", props.email) }</p>
            <p class="muted">
                { "Nothing there? Look into the junk folder, or check the address and try again." }
            </p>
            <div class="button-row"><a class="button" href="/account/sign-in">{ "Sign in" }</a></div>
        </div>
    }
}
