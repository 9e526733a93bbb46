//! How an erasure went: right after it was asked for, and later by its receipt.

use std::rc::Rc;

use gloo_timers::future::sleep;
use shared_types::{
    Problem,
    users::{Erasure, ErasureAnswer, ErasureAsked, ErasureReceipt},
};
use yew::{platform::spawn_local, prelude::*};

use super::kept_list;
use crate::{
    api::{ApiClient, use_api_client, users},
    components::{
        code_list::CodeList,
        field::Field,
        moment::Moment,
        notice::{Notice, NoticeKind},
    },
    hooks::use_act,
    pages::account::{loading, refusal},
    record::words::service_name,
};

/// How often it is looked after by itself; the services need seconds.
const LOOKS: u32 = 10;
/// How long between two looks, in milliseconds.
const PAUSE: u64 = 2_000;

#[derive(Clone, PartialEq, Properties)]
pub struct ProgressProps {
    pub asked: Rc<ErasureAsked>,
}

/// It is closed; what the services say so far, and the receipt to see the rest with.
#[component]
pub fn Progress(props: &ProgressProps) -> Html {
    let client = use_api_client();
    let found = use_state(|| None::<Result<Erasure, Problem>>);
    let kept = use_state_eq(|| false);
    let receipt = props.asked.receipt.expose().clone();
    {
        let (set, receipt) = (found.setter(), receipt.clone());
        use_effect_with((), move |()| spawn_local(follow(client, receipt, set)));
    }
    let on_done = {
        let kept = kept.setter();
        Callback::from(move |()| kept.set(true))
    };
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Success} title="Your account is closed" alert=true>
                <p>{ "You are signed out everywhere, and nobody can sign in to it any more." }</p>
            </Notice>
            if !*kept {
                <CodeList title="Your receipt" codes={vec![AttrValue::from(receipt)]} {on_done}>
                    <p>
                        { "With it you can see on this page how the erasure went, for ninety days. Without it nobody " }
                        { "can tell you: there is no account to ask with." }
                    </p>
                </CodeList>
            }
            { match &*found {
                None => loading(),
                Some(Err(problem)) => refusal(Some(problem)),
                Some(Ok(erasure)) => status(erasure),
            } }
        </div>
    }
}

/// Looks again until every service has answered, or often enough.
async fn follow(client: ApiClient, receipt: String, set: UseStateSetter<Option<Result<Erasure, Problem>>>) {
    for _ in 0..LOOKS {
        let found = find(&client, &receipt).await;
        let done = found.as_ref().is_ok_and(|erasure| erasure.waiting.is_empty());
        set.set(Some(found));
        if done {
            return;
        }
        sleep(std::time::Duration::from_millis(PAUSE)).await;
    }
}

async fn find(client: &ApiClient, receipt: &str) -> Result<Erasure, Problem> {
    users::find_erasure(client, &ErasureReceipt { receipt: receipt.to_owned().into() }).await
}

/// For somebody who comes back later, without an account.
#[component]
pub fn FromReceipt() -> Html {
    let client = use_api_client();
    let act = use_act();
    let receipt = use_state(String::new);
    let found = use_state(|| None::<Erasure>);
    let onsubmit = {
        let (act, receipt, found) = (act.clone(), receipt.clone(), found.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = receipt.trim().to_owned();
            let (client, found) = (client.clone(), found.clone());
            found.set(None);
            act.run(
                move || {
                    let (client, typed) = (client.clone(), typed.clone());
                    async move { find(&client, &typed).await }
                },
                move |erasure| found.set(Some(erasure)),
            );
        }
    };
    let set = receipt.setter();
    html! {
        <section class="stack account__part" aria-labelledby="receipt-title">
            <h2 id="receipt-title">{ "See how an erasure went" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="receipt" label="Receipt" hint="As it was shown when the account was closed" autocomplete="off"
                    maxlength="1000" value={(*receipt).clone()} oninput={move |text| set.set(text)} />
                <div class="button-row">
                    <button class="button button--quiet" type="submit" aria-busy={act.busy.to_string()}>
                        { "Show it" }
                    </button>
                </div>
            </form>
            <div class="optional">{ refusal(act.problem.as_ref()) }</div>
            <div class="optional">
                if let Some(erasure) = &*found {
                    { status(erasure) }
                }
            </div>
        </section>
    }
}

fn status(erasure: &Erasure) -> Html {
    let waiting: Vec<_> = erasure.waiting.iter().map(|service| service_name(service)).collect();
    html! {
        <section class="stack" aria-labelledby="status-title">
            <h2 id="status-title">{ "What was done" }</h2>
            <p class="small muted">{ "Asked for on " }<Moment at={erasure.asked_at} /></p>
            <p role="status">
                { if waiting.is_empty() {
                    "Every part of HelloMapper is done.".to_owned()
                } else {
                    format!("Still at it: {}.", waiting.join(", "))
                } }
            </p>
            { for erasure.answers.iter().map(answer) }
        </section>
    }
}

fn answer(answer: &ErasureAnswer) -> Html {
    let rows: u64 = answer.erased.iter().map(|erased| erased.rows).sum();
    html! {
        <div class="card stack" key={answer.service.clone()}>
            <h3>{ service_name(&answer.service) }</h3>
            <p>{ format!("{rows} entries erased.") }</p>
            if !answer.kept.is_empty() {
                <p>{ "Kept:" }</p>
                { kept_list(&answer.kept) }
            }
        </div>
    }
}
