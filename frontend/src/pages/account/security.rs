//! Where one is signed in, and ending it.

use std::rc::Rc;

use shared_types::{
    Problem,
    users::{Me, SessionView, Strength},
};
use yew::{platform::spawn_local, prelude::*};

use super::{OnlySignedIn, refusal};
use crate::{
    account,
    api::{use_api_client, users},
    browser,
    components::{problem_view::ProblemView, skeleton::Skeleton},
    hooks::{use_head, use_private_api, use_standing::use_standing},
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn SecurityPage() -> Html {
    use_head(private_head("Where you are signed in"));
    let render = Callback::from(|_: Rc<Me>| html! { <Sessions /> });
    html! { <OnlySignedIn title="Where you are signed in" path="/account/security" {render} /> }
}

#[component]
fn Sessions() -> Html {
    let client = use_api_client();
    let version = use_state(|| 0_u32);
    let problem = use_state(|| None::<Problem>);
    let sessions = use_private_api::<Vec<SessionView>>(users::list_sessions(), *version);
    let ask = use_standing().ask;
    let on_end = {
        let (client, version, problem) = (client.clone(), version.clone(), problem.setter());
        Callback::from(move |session: SessionView| {
            let (client, version, problem) = (client.clone(), version.clone(), problem.clone());
            spawn_local(async move {
                problem.set(users::revoke_session(&client, &session).await.err());
                version.set(*version + 1);
            });
        })
    };
    let everywhere = {
        let problem = problem.setter();
        Callback::from(move |_: MouseEvent| {
            let (client, ask, problem) = (client.clone(), ask.clone(), problem.clone());
            spawn_local(async move {
                match users::sign_out_everywhere(&client).await {
                    Ok(()) => {
                        account::forget_hint();
                        ask.emit(());
                        browser::navigate("/account/sign-in");
                    }
                    Err(refused) => problem.set(Some(refused)),
                }
            });
        })
    };
    let list = match sessions {
        None => html! { <div aria-busy="true"><Skeleton kind="title" /><Skeleton kind="line" /></div> },
        Some(Err(problem)) => html! { <ProblemView {problem} /> },
        Some(Ok(sessions)) => html! {
            <ul class="stack" role="list">{ for sessions.iter().map(|session| item(session, &on_end)) }</ul>
        },
    };
    html! {
        <div class="stack">
            <div role="status">{ refusal(problem.as_ref()) }</div>
            { list }
            <div class="button-row">
                <button class="button button--danger" type="button" onclick={everywhere}>
                    { "Sign out everywhere" }
                </button>
                <a class="button button--quiet" href="/account">{ "Your account" }</a>
            </div>
        </div>
    }
}

fn item(session: &SessionView, on_end: &Callback<SessionView>) -> Html {
    let proved = match session.strength {
        Strength::Password => "password",
        Strength::PasswordAndCode => "password and code",
        Strength::Passkey => "passkey",
    };
    let ended = session.clone();
    let onclick = on_end.reform(move |_: MouseEvent| ended.clone());
    html! {
        <li key={session.session_id.to_string()} class="card">
            <h2>{ &session.device }</h2>
            <p class="small muted">
                { format!("Network {}, by {proved}. Last seen ", session.network.expose()) }
                <time datetime={session.last_seen_at.to_string()}>
                    { session.last_seen_at.strftime("%-d %B %Y, %H:%M UTC").to_string() }
                </time>
            </p>
            if session.current {
                <p>{ "This browser" }</p>
            } else {
                <button class="button button--quiet" type="button" {onclick}>{ "End this session" }</button>
            }
        </li>
    }
}
