//! The header's place for whoever is signed in. The server leaves it empty, in its final size; where no script will fill
//! it, it leads to where one does.

use yew::prelude::*;

use super::bell::Bell;
use crate::{
    browser,
    hooks::use_standing::{Standing, use_standing},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AccountSlotProps {
    /// The page runs no script where it is loaded.
    pub no_script: bool,
}

/// The slot.
#[component]
pub fn AccountSlot(props: &AccountSlotProps) -> Html {
    let link = match use_standing().standing {
        Standing::Unknown | Standing::Failed(_) if props.no_script => html! {
            <a class="button button--quiet" href="/account">{ "Account" }</a>
        },
        Standing::Unknown | Standing::Failed(_) => Html::default(),
        Standing::SignedOut => html! {
            <a class="button button--quiet" href="/account/sign-in">{ "Sign in" }</a>
        },
        Standing::SignedIn(_) => html! { <><Bell /><AccountMenu /></> },
    };
    html! { <div class="account-slot">{ link }</div> }
}

/// Where the menu leads.
const LINKS: [(&str, &str); 6] = [
    ("/account", "Your account"),
    ("/account/appointments", "Appointments"),
    ("/account/notifications", "Notifications"),
    ("/account/keys", "Sealed messages"),
    ("/account/record", "Who looked at my record"),
    ("/account/security", "Security"),
];

/// A button that shows a list of links, and hides it again: by itself, by Escape, and by a press anywhere else.
#[component]
fn AccountMenu() -> Html {
    let open = use_state_eq(|| false);
    let whole = use_node_ref();
    {
        let (set, whole) = (open.setter(), whole.clone());
        use_effect_with(*open, move |open| {
            let listeners = open.then(|| {
                browser::on_press_or_escape(move |pressed| {
                    let root = whole.cast::<web_sys::Node>();
                    let inside =
                        pressed.is_some() && root.is_some_and(|root| root.contains(pressed.as_ref()));
                    if !inside {
                        set.set(false);
                    }
                    if pressed.is_none() {
                        browser::focus("account-menu");
                    }
                })
            });
            move || drop(listeners)
        });
    }
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let followed = {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(false))
    };
    html! {
        <div class="menu" ref={whole}>
            <button class="button button--quiet" type="button" id="account-menu" onclick={toggle}
                aria-expanded={open.to_string()} aria-controls="account-links">{ "Account" }</button>
            <ul class="menu__list" id="account-links" hidden={!*open}>
                // On a narrow screen the header has no room for it.
                <li key="search" class="menu__narrow">
                    <a class="menu__link" href="/search" onclick={followed.clone()}>{ "Find care" }</a>
                </li>
                { for LINKS.iter().map(|(href, words)| html! {
                    <li key={*href}><a class="menu__link" href={*href} onclick={followed.clone()}>{ *words }</a></li>
                }) }
            </ul>
        </div>
    }
}
