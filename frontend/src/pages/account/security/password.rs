//! Another password.

use shared_types::problem::FieldError;
use yew::prelude::*;

use crate::{
    account::new_password::{Passwords, change_password},
    api::use_api_client,
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
    },
    forms::credentials::PASSWORD_MIN,
    hooks::{use_act, use_standing::use_standing},
    pages::account::{OwnProps, Refused},
};

/// The section. A refusal keeps what was typed, and the old password.
#[component]
pub fn PasswordSection(props: &OwnProps) -> Html {
    let client = use_api_client();
    let ask = use_standing().ask;
    let act = use_act();
    let (current, new) = (use_state(String::new), use_state(String::new));
    let judged = use_state(|| (0_u32, Vec::<FieldError>::new()));
    let changed = use_state_eq(|| false);
    let onsubmit = {
        let (act, current, new, judged, changed) =
            (act.clone(), current.clone(), new.clone(), judged.clone(), changed.setter());
        let me = props.me.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            changed.set(false);
            let errors = check(&current, &new);
            judged.set((judged.0 + 1, errors.clone()));
            if !errors.is_empty() {
                return;
            }
            let (client, me, typed) = (client.clone(), me.clone(), ((*current).clone(), (*new).clone()));
            let (current, new, changed, ask) = (current.setter(), new.setter(), changed.clone(), ask.clone());
            act.run(
                move || {
                    let (client, me, (current, new)) = (client.clone(), me.clone(), typed.clone());
                    async move { change_password(&client, &me, Passwords { current, new }).await }
                },
                move |()| {
                    current.set(String::new());
                    new.set(String::new());
                    changed.set(true);
                    ask.emit(());
                },
            );
        }
    };
    let error = |pointer: &str| {
        judged
            .1
            .iter()
            .find(|error| error.pointer == pointer)
            .map(|error| AttrValue::from(error.detail.clone()))
    };
    // What only the list of stolen passwords knows is said at the same field.
    let new_error = error("/new_password").or_else(|| act.error("/password"));
    let (set_current, set_new) = (current.setter(), new.setter());
    html! {
        <section class="stack account__part" aria-labelledby="password-title">
            <h2 id="password-title">{ "Password" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <ErrorSummary judged={judged.0} errors={judged.1.clone()} />
                <input class="visually-hidden" type="email" name="email" autocomplete="username"
                    value={props.me.email.expose().clone()} readonly=true tabindex="-1" aria-hidden="true" />
                <Field id="current_password" label="Present password" kind="password" autocomplete="current-password"
                    maxlength="1000" value={(*current).clone()} error={error("/current_password")}
                    oninput={move |text| set_current.set(text)} />
                <Field id="new_password" label="New password" kind="password" autocomplete="new-password"
                    maxlength="1000" hint={format!("At least {PASSWORD_MIN} letters. A few words are easy to remember.")}
                    value={(*new).clone()} error={new_error} oninput={move |text| set_new.set(text)} />
                <div class="button-row">
                    <button class="button button--quiet" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Changing…" } else { "Change the password" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/password"][..]} />
            <div role="status">
                if *changed {
                    <Notice kind={NoticeKind::Success} title="Your password is changed" announced=true>
                        <p>{ "Everywhere else you were signed out." }</p>
                    </Notice>
                }
            </div>
        </section>
    }
}

/// What is wrong before anything is worked on.
fn check(current: &str, new: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if current.is_empty() {
        errors.push(FieldError::new("/current_password", "Enter the password that you sign in with now"));
    }
    if new.chars().count() < PASSWORD_MIN {
        let detail = format!("Use at least {PASSWORD_MIN} letters; a few words are easy to remember");
        errors.push(FieldError::new("/new_password", detail));
    } else if new == current {
        errors.push(FieldError::new("/new_password", "Choose another one than the present"));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_new_password_is_long_enough_and_not_the_old_one() {
        let pointers =
            |current, new| check(current, new).into_iter().map(|error| error.pointer).collect::<Vec<_>>();
        assert!(pointers("short", "four words and more").is_empty());
        assert_eq!(pointers("", "short"), ["/current_password", "/new_password"]);
        assert_eq!(pointers("four words and more", "four words and more"), ["/new_password"]);
    }
}
