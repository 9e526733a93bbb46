//! What one agreed to and when, in every service that keeps receipts, and how to take it back.

use std::{cmp::Reverse, rc::Rc};

use shared_types::{
    Problem,
    page::Page,
    payments::coverage::COVERAGE_TEXT,
    users::{ConsentHeld, Me},
};
use yew::{platform::spawn_local, prelude::*};

use super::{OnlySignedIn, Refused, back_to_account, fetched};
use crate::{
    api::{ApiClient, own_record, use_api_client, users},
    components::{
        moment::Moment,
        notice::{Notice, NoticeKind},
    },
    hooks::{use_act, use_head, use_version},
    pages::hold::private_head,
    record::words::service_name,
};

const PATH: &str = "/account/consents";

/// The page.
#[component]
pub fn ConsentsPage() -> Html {
    use_head(private_head("What you agreed to"));
    let render = Callback::from(|_: Rc<Me>| html! { <Consents /> });
    html! { <OnlySignedIn title="What you agreed to" path={PATH} {render} /> }
}

#[component]
fn Consents() -> Html {
    let (version, again) = use_version();
    let held = use_held_consents(version);
    html! {
        <>
            <p>{ "Each is a text as you read it. Some can be taken back by themselves." }</p>
            { fetched(held, PATH, &again, |held| shown(&held, &again)) }
            { back_to_account() }
        </>
    }
}

/// Receipts, and the services that did not give theirs.
#[derive(Default)]
struct Held {
    consents: Vec<ConsentHeld>,
    failed: Vec<(&'static str, Problem)>,
}

fn shown(held: &Held, again: &Callback<()>) -> Html {
    html! {
        <>
            { for held.failed.iter().map(|(service, problem)| html! {
                <Notice key={*service} kind={NoticeKind::Soon}
                    title={format!("{}: this could not be fetched", service_name(service))}>
                    <p>{ problem.detail.clone().unwrap_or_default() }</p>
                </Notice>
            }) }
            <ul class="stack" role="list">
                { for held.consents.iter().map(|one| html! {
                    <ConsentItem key={format!("{} {}", one.text, one.agreed_at)} consent={one.clone()}
                        on_change={again.clone()} />
                }) }
            </ul>
        </>
    }
}

/// The receipts of every service that lists them, the newest first.
#[hook]
fn use_held_consents(version: u32) -> Option<Result<Rc<Held>, Problem>> {
    let client = use_api_client();
    let held = use_state(|| None);
    let set = held.setter();
    use_effect_with(version, move |_| {
        spawn_local(async move { set.set(Some(gather(&client).await.map(Rc::new))) });
    });
    (*held).clone()
}

/// What can be had. When nothing can, the reason of the first.
async fn gather(client: &ApiClient) -> Result<Held, Problem> {
    let mut held = Held::default();
    for service in own_record::WITH_CONSENTS {
        match client.get(&own_record::list_consents(service)).await.read::<Page<ConsentHeld>>() {
            Ok(page) => held.consents.extend(page.items),
            Err(problem) => held.failed.push((service, problem)),
        }
    }
    if held.failed.len() == own_record::WITH_CONSENTS.len() {
        return Err(held.failed.swap_remove(0).1);
    }
    held.consents.sort_by_key(|one| Reverse(one.agreed_at));
    Ok(held)
}

#[derive(Clone, PartialEq, Properties)]
struct ConsentItemProps {
    consent: ConsentHeld,
    on_change: Callback<()>,
}

#[component]
fn ConsentItem(props: &ConsentItemProps) -> Html {
    let ConsentHeld { text, version, title, agreed_at, withdrawable, withdrawn_at } = &props.consent;
    html! {
        <li class="card stack">
            <h2>{ title }</h2>
            <p class="small muted">{ format!("Version {version}, agreed to on ") }<Moment at={*agreed_at} /></p>
            if let Some(at) = withdrawn_at {
                <p>{ "You took this back on " }<Moment at={*at} />{ "." }</p>
            } else if *withdrawable {
                <Withdraw text={text.clone()} on_change={props.on_change.clone()} />
            } else {
                { ends_with(text) }
            }
        </li>
    }
}

/// What a consent ends with that cannot be taken back by itself.
fn ends_with(text: &str) -> Html {
    match text {
        "booking-collection" => html! {
            <p>{ "It ends with the booking: " }<a href="/account/appointments">{ "your appointments" }</a>{ "." }</p>
        },
        "parent-statement" => html! {
            <p>
                { "It ends when you stop looking after the child: " }<a href="/account/family">{ "your family" }</a>{ "." }
            </p>
        },
        _ => html! {
            <p>
                { "Your account rests on it. It ends when you " }
                <a href="/account/erasure">{ "close the account" }</a>{ "." }
            </p>
        },
    }
}

/// What becomes of things when a consent is taken back.
fn consequence(text: &str) -> &'static str {
    match text {
        COVERAGE_TEXT => {
            "Your card numbers are deleted at once, and practices ask for the card at the desk. Claims that were made \
             stay."
        }
        _ => "What rested on it is deleted at once.",
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WithdrawProps {
    text: AttrValue,
    on_change: Callback<()>,
}

/// The consequences, then the button.
#[component]
fn Withdraw(props: &WithdrawProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let (sure, done) = (use_state_eq(|| false), use_state_eq(|| false));
    let ask = {
        let sure = sure.setter();
        move |_: MouseEvent| sure.set(true)
    };
    let withdraw = {
        let (act, text, done, on_change) =
            (act.clone(), props.text.clone(), done.setter(), props.on_change.clone());
        move |_: MouseEvent| {
            let (client, text) = (client.clone(), text.clone());
            let (done, on_change) = (done.clone(), on_change.clone());
            act.run(
                move || {
                    let (client, text) = (client.clone(), text.clone());
                    async move { users::withdraw_consent(&client, &text).await }
                },
                move |()| {
                    done.set(true);
                    on_change.emit(());
                },
            );
        }
    };
    if *done {
        return html! { <p role="status">{ "You took this back just now. It takes effect within a minute." }</p> };
    }
    html! {
        <div class="stack">
            <p role="status">{ if *sure { consequence(&props.text) } else { "" } }</p>
            <Refused act={act.clone()} />
            <div class="button-row">
                if *sure {
                    <button class="button button--danger" type="button" onclick={withdraw}
                        aria-busy={act.busy.to_string()}>{ "Take it back" }</button>
                } else {
                    <button class="button button--quiet" type="button" onclick={ask}>{ "Take it back…" }</button>
                }
            </div>
        </div>
    }
}
