//! `/support`: helping a person by a stated reason. The server renders the frame for everybody alike; whose data it is and
//! what of it is reached is fetched by the browser afterwards, and each fetch stands in the person's own record.

mod grants;
pub mod person;
pub mod reasons;
mod state_form;

use shared_types::PatientId;
use yew::prelude::*;

use super::account::loading;
use crate::{
    api::segment,
    components::failed::Failed,
    forms::support::{Admission, admit},
    hooks::use_standing::{Standing, use_standing},
};

const PATH: &str = "/support";

/// Where a person's data is.
fn person_path(patient_id: PatientId) -> String {
    format!("{PATH}/{patient_id}")
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ForSupportProps {
    pub title: AttrValue,
    /// Where to come back to.
    pub here: AttrValue,
    /// What is shown to who may see it.
    pub children: Html,
}

/// A page for support and administrators; others are told why it is not for them.
#[component]
pub(super) fn ForSupport(props: &ForSupportProps) -> Html {
    let ForSupportProps { title, here, children } = props;
    let standing = use_standing();
    let sign_in = format!("/account/sign-in?to={}", segment(here));
    let content = match standing.standing {
        Standing::Unknown => loading(),
        Standing::Failed(problem) => {
            html! { <Failed {problem} here={here.clone()} on_again={standing.ask} /> }
        }
        Standing::SignedOut => html! {
            <div class="stack">
                <p>{ "Sign in to see this page." }</p>
                <div class="button-row"><a class="button" href={sign_in}>{ "Sign in" }</a></div>
            </div>
        },
        Standing::SignedIn(me) => match admit(&me) {
            Admission::In => children.clone(),
            Admission::Stranger => html! {
                <div class="state">
                    <h2>{ "This page is for our support" }</h2>
                    <p>{ "Who may look at your own record, and who did, is in your account." }</p>
                    <div class="button-row">
                        <a class="button button--quiet" href="/account/record">{ "Who looked at my record" }</a>
                    </div>
                </div>
            },
            Admission::TooWeak => html! {
                <div class="state">
                    <h2>{ "This needs a passkey" }</h2>
                    <p>{ "Sign in with your passkey: a password, even with a code, does not open other people’s data." }</p>
                    <div class="button-row">
                        <a class="button" href={sign_in}>{ "Sign in again" }</a>
                        <a class="button button--quiet" href="/account/security">{ "Set up a passkey" }</a>
                    </div>
                </div>
            },
        },
    };
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow done account">
            <h1>{ title }</h1>
            <p class="no-js-only">{ "This page needs JavaScript: what it shows is fetched in your browser." }</p>
            { content }
        </div></main>
    }
}
