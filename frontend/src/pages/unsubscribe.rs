//! The way out in a reminder: no more of them to that address, and back again for who pressed by mistake. Looking at the page
//! changes nothing, and says what holds to whoever comes back.

use shared_types::{Problem, notifications::MailReminders};
use yew::prelude::*;

use super::hold::private_head;
use crate::{
    api::{notifications, use_api_client},
    components::{
        notice::{Notice, NoticeKind},
        problem_view::ProblemView,
    },
    hooks::{Act, use_act, use_head, use_private_api},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct UnsubscribePageProps {
    pub token: String,
}

/// One button, by which what it did is taken back as well.
#[component]
pub fn UnsubscribePage(props: &UnsubscribePageProps) -> Html {
    use_head(private_head("Reminders"));
    let client = use_api_client();
    let act = use_act();
    let found = use_private_api::<Option<MailReminders>>(notifications::find_unsubscribe(&props.token), 0);
    // Where that is not known the button is there all the same: to press it twice is no mistake, and of a link that does not
    // work any more it says so.
    let found = found.and_then(Result::ok).and_then(|found| *found).map(|found| found.stopped);
    let pressed = use_state_eq(|| None::<bool>);
    let stops = pressed.or(found) != Some(true);
    let onclick = {
        let (act, pressed, client, token) =
            (act.clone(), pressed.setter(), client.clone(), props.token.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, token, pressed) = (client.clone(), token.clone(), pressed.clone());
            let send = move || {
                let (client, token) = (client.clone(), token.clone());
                async move {
                    if stops {
                        notifications::unsubscribe(&client, &token).await
                    } else {
                        notifications::subscribe_again(&client, &token).await
                    }
                }
            };
            act.run(send, move |()| pressed.set(Some(stops)));
        })
    };
    // One button with other words: it keeps the focus of whoever pressed it.
    let (class, words) = if stops {
        ("button", "Send no more reminders")
    } else {
        ("button button--quiet", "Send reminders again")
    };
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">
            <h1>{ "Reminders by e-mail" }</h1>
            <p>
                { "We can stop reminding you of appointments at the address that the reminder came to. We still tell you when " }
                { "an appointment is booked, moved or cancelled: those messages are part of it." }
            </p>
            <p class="no-js-only">
                { "This page needs JavaScript. The “Unsubscribe” button of your mail program works without it." }
            </p>
            <div role="status">{ told(*pressed, found) }</div>
            <div class="optional">{ refused(&act) }</div>
            <div class="button-row">
                <button {class} type="button" {onclick} aria-busy={act.busy.to_string()}>{ words }</button>
            </div>
        </div></main>
    }
}

/// What holds: by what was pressed here, or before one came.
fn told(pressed: Option<bool>, found: Option<bool>) -> Html {
    match (pressed, found) {
        (None, None) => Html::default(),
        (None, Some(false)) => html! { <p>{ "Reminders are sent to this address." }</p> },
        (Some(true), _) | (None, Some(true)) => html! {
            <Notice kind={NoticeKind::Success} title="You get no more reminders at this address" announced=true>
                <p>{ "This holds for every appointment." }</p>
            </Notice>
        },
        (Some(false), _) => html! {
            <Notice kind={NoticeKind::Success} title="You get reminders again at this address" announced=true />
        },
    }
}

fn refused(act: &Act) -> Html {
    match &act.problem {
        None => Html::default(),
        Some(problem) if problem.status == 404 => html! {
            <Notice kind={NoticeKind::Danger} title="This link does not work any more" alert=true>
                <p>{ "Nothing was changed. It works for sixty days: use the one in our newest reminder." }</p>
            </Notice>
        },
        Some(problem) => {
            let problem: Problem = problem.clone();
            html! { <ProblemView {problem} /> }
        }
    }
}
