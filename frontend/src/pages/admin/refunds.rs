//! `/admin/refunds`: refunds that wait for a second administrator. One is asked for on the page of its payment.

use std::rc::Rc;

use shared_types::{
    page::Page,
    payments::{
        platform::{DecideRefund, PlatformRefund},
        rules::FOUR_EYES_ABOVE,
    },
};
use yew::prelude::*;

use super::{payment::payment_path, payments::PATH as SEARCH};
use crate::{
    api::{platform_money, use_api_client},
    components::{failed::Failed, moment::Moment, money_words::reason_words},
    hooks::{use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Refunds";
const PATH: &str = "/admin/refunds";

/// The page.
#[component]
pub fn RefundsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Refunds /></ForSupport> }
}

#[component]
fn Refunds() -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = platform_money::list_waiting_refunds(cursor.as_deref());
    let page = use_private_api::<Page<PlatformRefund>>(path, version);
    let waiting = match page {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} on_again={on_again.clone()} /> },
        Some(Ok(page)) => html! {
            <>
                if page.items.is_empty() {
                    <p>{ "Nothing waits for a second administrator." }</p>
                }
                <ul class="stack" role="list">
                    { for page.items.iter().map(|one| html! {
                        <Waiting key={one.refund_id.to_string()} refund={Rc::new(one.clone())} on_decided={on_again.clone()} />
                    }) }
                </ul>
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            <section class="stack" aria-labelledby="waiting-title">
                <h2 id="waiting-title">{ "Waiting" }</h2>
                { waiting }
            </section>
            <section class="stack" aria-labelledby="ask-title">
                <h2 id="ask-title">{ "Ask for a refund" }</h2>
                <p>
                    { format!("One is asked for on the page of its payment. Above {FOUR_EYES_ABOVE} it waits here.") }
                </p>
                <p><a href={SEARCH}>{ "Find a payment" }</a></p>
            </section>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct WaitingProps {
    pub refund: Rc<PlatformRefund>,
    pub on_decided: Callback<()>,
}

/// One that waits, and the two answers to it.
#[component]
pub fn Waiting(props: &WaitingProps) -> Html {
    let WaitingProps { refund, on_decided } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let decide = |approve: bool| {
        let (client, keyed, on_decided) = (client.clone(), keyed.clone(), on_decided.clone());
        let (refund_id, amount_cents) = (refund.refund_id, refund.amount_cents);
        Callback::from(move |_: MouseEvent| {
            let (client, on_decided) = (client.clone(), on_decided.clone());
            let send = move |decision: DecideRefund, key: String| {
                let client = client.clone();
                async move { platform_money::decide_refund(&client, refund_id, decision, key).await }
            };
            let decision = DecideRefund { approve, amount_cents };
            keyed.run(decision, send, move |_: PlatformRefund| on_decided.emit(()));
        })
    };
    let act = &keyed.act;
    html! {
        <li class="card stack">
            <p>
                <strong>{ refund.amount_cents.to_string() }</strong>
                { format!(": {}. Asked for ", reason_words(refund.reason)) }<Moment at={refund.created_at} />{ "." }
            </p>
            if let Some(note) = &refund.note {
                <p>{ note.expose() }</p>
            }
            <p><a href={payment_path(refund.payment_id)}>{ "The payment" }</a></p>
            <div class="button-row">
                <button type="button" class="button" onclick={decide(true)} aria-busy={act.busy.to_string()}>
                    { "Agree" }<span class="visually-hidden">{ format!(" to {}", refund.amount_cents) }</span>
                </button>
                <button type="button" class="button button--quiet" onclick={decide(false)} aria-busy={act.busy.to_string()}>
                    { "Refuse" }<span class="visually-hidden">{ format!(" {}", refund.amount_cents) }</span>
                </button>
            </div>
            <Refused act={act.clone()} />
        </li>
    }
}
