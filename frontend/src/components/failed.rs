//! Something of a signed-in person could not be fetched: what to do, which depends on why. Nothing here loads a page
//! afresh, since that would close the keys that are open.

use shared_types::Problem;
use yew::prelude::*;

use crate::api::segment;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FailedProps {
    pub problem: Problem,
    /// Where to come back to after signing in.
    pub here: AttrValue,
    pub on_again: Callback<()>,
}

/// The box that stands where the content would have been.
#[component]
pub fn Failed(props: &FailedProps) -> Html {
    let FailedProps { problem, here, on_again } = props;
    let sign_in = format!("/account/sign-in?to={}", segment(here));
    let weak = problem.is("stronger-sign-in");
    let signs_in = weak || problem.status == 401 || problem.is("sign-in-again");
    let may_pass = problem.status == 0 || problem.status == 409 || problem.status >= 429;
    html! {
        <div class="state" role="alert">
            <h2>{ &problem.title }</h2>
            <p>{ problem.detail.clone().unwrap_or_else(|| "Nothing was changed.".to_owned()) }</p>
            if weak {
                <p>
                    { "Set up a passkey or an authenticator app first, if you have none. Then sign in with it." }
                </p>
            }
            <div class="button-row">
                if signs_in {
                    <a class="button" href={sign_in}>{ "Sign in" }</a>
                }
                if weak {
                    <a class="button button--quiet" href="/account/security">{ "Set up a second proof" }</a>
                }
                if may_pass {
                    <button class="button" type="button" onclick={on_again.reform(|_: MouseEvent| ())}>
                        { "Try again" }
                    </button>
                }
            </div>
            <p class="small muted">
                if let Some(instance) = &problem.instance {
                    { format!("Request {instance}") }
                }
            </p>
        </div>
    }
}
