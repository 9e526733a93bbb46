//! The header's place for whoever is signed in. The server leaves it empty, in its final size.

use yew::prelude::*;

use crate::hooks::use_standing::{Standing, use_standing};

/// The slot.
#[component]
pub fn AccountSlot() -> Html {
    let link = match use_standing().standing {
        Standing::Unknown | Standing::Failed(_) => Html::default(),
        Standing::SignedOut => html! {
            <a class="button button--quiet" href="/account/sign-in">{ "Sign in" }</a>
        },
        Standing::SignedIn(_) => html! {
            <a class="button button--quiet" href="/account">{ "Account" }</a>
        },
    };
    html! { <div class="account-slot">{ link }</div> }
}
