//! The account: privacy first.

use std::rc::Rc;

use shared_types::users::Me;
use yew::{platform::spawn_local, prelude::*};

use super::OnlySignedIn;
use crate::{
    account,
    api::{use_api_client, users},
    browser,
    hooks::{use_head, use_standing::use_standing},
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn AccountPage() -> Html {
    use_head(private_head("Your account"));
    let render = Callback::from(|me: Rc<Me>| html! { <Overview {me} /> });
    html! { <OnlySignedIn title="Your account" path="/account" {render} /> }
}

#[derive(Clone, Properties)]
struct OverviewProps {
    me: Rc<Me>,
}

impl PartialEq for OverviewProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.me, &other.me)
    }
}

#[component]
fn Overview(props: &OverviewProps) -> Html {
    let me = &props.me;
    let (client, ask) = (use_api_client(), use_standing().ask);
    let sign_out = Callback::from(move |_: MouseEvent| {
        let (client, ask) = (client.clone(), ask.clone());
        spawn_local(async move {
            // Signed out here whatever the answer: the cookie may have been the reason that there is none.
            let _ = users::sign_out(&client).await;
            account::forget_hint();
            ask.emit(());
            browser::navigate("/");
        });
    });
    let second = match (me.totp, me.passkeys) {
        (false, 0) => "A password alone. A passkey or an authenticator app makes it safer.",
        _ => "A password and a second proof.",
    };
    html! {
        <div class="stack">
            <p>{ format!("You are signed in as {}.", me.email.expose()) }</p>
            <dl class="pairs">
                <dt>{ "How you sign in" }</dt><dd>{ second }</dd>
            </dl>
            <ul class="prose">
                <li><a href="/account/appointments">{ "Your appointments" }</a></li>
                <li><a href="/account/security">{ "Where you are signed in" }</a></li>
                <li><a href="/what-we-see">{ "What our server can see" }</a></li>
                <li><a href="/privacy">{ "Privacy" }</a></li>
            </ul>
            <div class="button-row">
                <a class="button" href="/search">{ "Find care" }</a>
                <button class="button button--quiet" type="button" onclick={sign_out}>{ "Sign out" }</button>
            </div>
        </div>
    }
}
