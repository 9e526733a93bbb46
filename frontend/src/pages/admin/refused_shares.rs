//! Practices' shares that the card processor has not moved. It is asked again by itself for what it refused, and only by an administrator for
//! what it gave no answer about; for either at once.

use std::rc::Rc;

use shared_types::{
    ProcessorCallId,
    page::Page,
    payments::platform::{RefusedShare, ShareMove},
};
use yew::prelude::*;

use crate::{
    api::{platform_money, use_api_client},
    components::{failed::Failed, moment::Moment},
    hooks::{use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::money::turning_in,
    },
};

/// Of what nobody answered for so long that the same request might be another one by now.
const GIVEN_UP: &str = "The card processor gave no answer for most of a day, so it is not asked any more. It may have moved the share \
                        all the same: look there before you ask for it again.";

#[derive(Clone, PartialEq, Properties)]
pub struct RefusedSharesProps {
    /// The page that they are on.
    pub here: &'static str,
}

/// All of them.
#[component]
pub fn RefusedShares(props: &RefusedSharesProps) -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = platform_money::list_refused_shares(cursor.as_deref());
    let shares = use_private_api::<Page<RefusedShare>>(path, version);
    let shares = match shares {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={props.here} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let row = |share: &RefusedShare| {
        html! {
            <ShareRow key={share.processor_call_id.to_string()} share={Rc::new(share.clone())}
                on_asked={on_again.clone()} />
        }
    };
    html! {
        <section class="stack" aria-labelledby="shares-title">
            <h3 id="shares-title">{ "Shares that the card processor has not moved" }</h3>
            if shares.items.is_empty() {
                <p>{ "There are none." }</p>
            }
            <ul class="stack" role="list">{ for shares.items.iter().map(row) }</ul>
            { turning_in(&cursor, shares.next.as_ref(), ["Later ones", "The earliest"]) }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ShareRowProps {
    pub share: Rc<RefusedShare>,
    pub on_asked: Callback<()>,
}

/// One of them.
#[component]
pub fn ShareRow(props: &ShareRowProps) -> Html {
    let ShareRowProps { share, on_asked } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let onclick = {
        let (keyed, on_asked, id) = (keyed.clone(), on_asked.clone(), share.processor_call_id);
        move |_: MouseEvent| {
            let (client, on_asked) = (client.clone(), on_asked.clone());
            let send = move |id: ProcessorCallId, key: String| {
                let client = client.clone();
                async move { platform_money::ask_again_for_share(&client, id, key).await }
            };
            keyed.run(id, send, move |_: RefusedShare| on_asked.emit(()));
        }
    };
    let name = share.legal_name.clone().or_else(|| share.organization_id.map(|id| format!("Practice {id}")));
    let name = name.unwrap_or_else(|| "A practice".to_owned());
    let times = if share.times == 1 { "once".to_owned() } else { format!("{} times", share.times) };
    html! {
        <li class="card stack">
            <p>
                <strong>{ format!("{name}: {}", share.amount_cents) }</strong>
                { format!(", {}", move_words(share.to)) }
            </p>
            <p class="small muted">
                if let Some(asked_at) = share.asked_at {
                    { format!("Refused {times}") }
                    if let Some(why) = &share.why {
                        { ": " }<code>{ why }</code>
                    }
                    { ". It is asked for again on " }<Moment at={asked_at} />
                } else {
                    { GIVEN_UP }
                }
            </p>
            <Refused act={keyed.act.clone()} />
            <div class="button-row">
                <button type="button" class="button button--quiet" {onclick} aria-busy={keyed.act.busy.to_string()}>
                    { "Ask for it again" }
                    <span class="visually-hidden">{ format!(": {name}, {}", share.amount_cents) }</span>
                </button>
            </div>
        </li>
    }
}

/// Where it is to go, and why.
fn move_words(to: ShareMove) -> &'static str {
    match to {
        ShareMove::TakeBack => "to be taken back for what a bank took, or for a refund at the card processor",
        ShareMove::Send => "to be sent to them, since a refund did not come",
        ShareMove::TakeSent => {
            "to be taken back after a refund that did not come: another was made, or a bank took the money"
        }
    }
}
