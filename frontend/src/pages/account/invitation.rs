//! Accepting what a letter asks: to join a practice, to care for somebody or to be cared for. Its secret stands behind
//! `#`, so it stays in this tab: signing in happens in another.

use std::rc::Rc;

use shared_types::{
    Problem,
    users::{AcceptInvitation, InvitationAccepted, Me},
};
use yew::{platform::spawn_local, prelude::*};

use super::{Frame, refusal};
use crate::{
    api::{ApiClient, use_api_client, users},
    browser,
    components::{
        notice::{Notice, NoticeKind},
        problem_view::ProblemView,
        skeleton::Skeleton,
    },
    hooks::{
        use_head,
        use_standing::{Standing, use_standing},
    },
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn InvitationPage() -> Html {
    use_head(private_head("Your invitation"));
    let content = match use_standing().standing {
        Standing::Unknown => {
            html! { <div aria-busy="true"><Skeleton kind="title" /><Skeleton kind="line" /></div> }
        }
        Standing::Failed(problem) => html! { <ProblemView {problem} /> },
        Standing::SignedOut => html! { <SignInFirst /> },
        Standing::SignedIn(me) => html! { <Accept {me} /> },
    };
    html! { <Frame title="Your invitation">{ content }</Frame> }
}

#[component]
fn SignInFirst() -> Html {
    let ask = use_standing().ask;
    html! {
        <div class="stack">
            <p>{ "An invitation is accepted with an account. Keep this page open and sign in in another tab." }</p>
            <div class="button-row">
                <a class="button" href="/account/sign-in" target="_blank">
                    { "Sign in" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                </a>
                <a class="button button--quiet" href="/account/sign-up" target="_blank">
                    { "Open an account" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                </a>
                <button class="button button--plain" type="button" onclick={ask.reform(|_: MouseEvent| ())}>
                    { "I have signed in" }
                </button>
            </div>
        </div>
    }
}

#[derive(Clone, Properties)]
struct AcceptProps {
    me: Rc<Me>,
}

impl PartialEq for AcceptProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.me, &other.me)
    }
}

#[component]
fn Accept(props: &AcceptProps) -> Html {
    let client = use_api_client();
    let busy = use_state(|| false);
    let answer = use_state(|| None::<Result<InvitationAccepted, Problem>>);
    let onclick = {
        let (busy, answer) = (busy.clone(), answer.setter());
        Callback::from(move |_: MouseEvent| {
            if *busy {
                return;
            }
            busy.set(true);
            let (client, busy, answer) = (client.clone(), busy.setter(), answer.clone());
            let invitation = AcceptInvitation { token: browser::fragment().unwrap_or_default().into() };
            spawn_local(async move {
                answer.set(Some(accept(&client, &invitation).await));
                busy.set(false);
            });
        })
    };
    if let Some(Ok(_)) = &*answer {
        return html! {
            <div class="stack">
                <Notice kind={NoticeKind::Success} title="You have accepted"><p>{ "It holds from now on." }</p></Notice>
                <div class="button-row"><a class="button" href="/account" target="_self">{ "Your account" }</a></div>
            </div>
        };
    }
    html! {
        <div class="stack">
            <div class="optional">{ refusal(answer.as_ref().and_then(|answer| answer.as_ref().err())) }</div>
            <p>{ format!("You are signed in as {}. The letter says what you are asked.", props.me.email.expose()) }</p>
            <div class="button-row">
                <button class="button" type="button" {onclick} aria-busy={busy.to_string()}>{ "Accept" }</button>
                <a class="button button--quiet" href="/account">{ "Not now" }</a>
            </div>
        </div>
    }
}

/// What one may do has changed, so the token made before is dead: the refresh gives one that knows.
async fn accept(client: &ApiClient, invitation: &AcceptInvitation) -> Result<InvitationAccepted, Problem> {
    let accepted = users::accept_invitation(client, invitation).await?;
    users::refresh(client).await?;
    Ok(accepted)
}
