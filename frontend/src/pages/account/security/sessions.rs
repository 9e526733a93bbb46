//! Where one is signed in, and ending it.

use shared_types::users::{SessionView, Strength};
use yew::prelude::*;

use super::PATH;
use crate::{
    account,
    api::{use_api_client, users},
    browser,
    components::moment::Moment,
    hooks::{Act, use_act, use_private_api, use_standing::use_standing, use_version},
    pages::account::{Refused, fetched},
};

/// The section.
#[component]
pub fn Sessions() -> Html {
    let client = use_api_client();
    let (version, again) = use_version();
    let sessions = use_private_api::<Vec<SessionView>>(users::list_sessions(), version);
    let (ending, leaving) = (use_act(), use_act());
    let on_end = use_on_end(ending.clone(), again.clone());
    let ask = use_standing().ask;
    let everywhere = {
        let act = leaving.clone();
        move |_: MouseEvent| {
            let (client, ask) = (client.clone(), ask.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::sign_out_everywhere(&client).await }
                },
                move |()| {
                    account::forget_hint();
                    ask.emit(());
                    browser::navigate("/account/sign-in");
                },
            );
        }
    };
    html! {
        <section class="stack account__part" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{ "Where you are signed in" }</h2>
            <Refused act={ending} />
            { fetched(sessions, PATH, &again, |sessions| html! {
                <ul class="stack" role="list">{ for sessions.iter().map(|session| item(session, &on_end)) }</ul>
            }) }
            <Refused act={leaving.clone()} />
            <div class="button-row">
                <button class="button button--danger" type="button" onclick={everywhere}
                    aria-busy={leaving.busy.to_string()}>{ "Sign out everywhere" }</button>
            </div>
        </section>
    }
}

#[hook]
fn use_on_end(act: Act, again: Callback<()>) -> Callback<SessionView> {
    let client = use_api_client();
    Callback::from(move |session: SessionView| {
        let (client, again) = (client.clone(), again.clone());
        act.run(
            move || {
                let (client, session) = (client.clone(), session.clone());
                async move { users::revoke_session(&client, &session).await }
            },
            move |()| again.emit(()),
        );
    })
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
        <li key={session.session_id.to_string()} class="card stack">
            <h3>{ &session.device }</h3>
            <p class="small muted">
                { format!("Network {}, by {proved}. Last seen ", session.network.expose()) }
                <Moment at={session.last_seen_at} />
            </p>
            if session.current {
                <p>{ "This browser" }</p>
            } else {
                <div class="button-row">
                    <button class="button button--quiet" type="button" {onclick}>
                        { "End this session" }
                        <span class="visually-hidden">{ format!(" on {}", session.device) }</span>
                    </button>
                </div>
            }
        </li>
    }
}
