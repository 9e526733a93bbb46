//! `/admin/payout-holds`: practices that are not paid out for a time, and practices that owe.

use std::rc::Rc;

use shared_types::{
    page::Page,
    payments::platform::{HoldPayouts, NegativeBalance, PayoutHold, ReleasePayouts},
};
use yew::prelude::*;

use super::{
    practice_choice::{Chosen, PracticeChoice},
    refused_shares::RefusedShares,
};
use crate::{
    api::{platform_money, use_api_client},
    browser,
    components::{failed::Failed, field::Field, moment::Moment, text_area::TextArea},
    hooks::{use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Payouts that are held";
const PATH: &str = "/admin/payout-holds";
/// The field that says itself what is wrong.
const BESIDE: &[&str] = &["/reason"];
const PRACTICE_ID: &str = "practice";

/// The page.
#[component]
pub fn PayoutHoldsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Holds /></ForSupport> }
}

#[component]
fn Holds() -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = platform_money::list_payout_holds(cursor.as_deref());
    let holds = use_private_api::<Page<PayoutHold>>(path, version);
    let owing = use_private_api::<Page<NegativeBalance>>(platform_money::list_negative_balances(), version);
    let holds = match holds {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let owing = match owing {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} on_again={on_again.clone()} /> },
        Some(Ok(owing)) => owing_words(&owing.items),
    };
    let row = |hold: &PayoutHold| {
        html! {
            <Held key={hold.payout_hold_id.to_string()} hold={Rc::new(hold.clone())} on_released={on_again.clone()} />
        }
    };
    html! {
        <div class="stack">
            <section class="stack" aria-labelledby="held-title">
                <h2 id="held-title" tabindex="-1">{ "Held" }</h2>
                if holds.items.is_empty() {
                    <p>{ "Every practice is paid out." }</p>
                }
                <ul class="stack" role="list">{ for holds.items.iter().map(row) }</ul>
                { turning(&cursor, holds.next.as_ref()) }
            </section>
            <Hold on_held={on_again.clone()} />
            <div class="optional">{ owing }</div>
        </div>
    }
}

fn owing_words(practices: &[NegativeBalance]) -> Html {
    let row = |one: &NegativeBalance| {
        let name = one.legal_name.clone().unwrap_or_else(|| one.organization_id.to_string());
        html! {
            <li key={one.organization_id.to_string()}>
                { format!("{name}: {}, last lower on ", one.balance_cents) }<Moment at={one.since} />
            </li>
        }
    };
    html! {
        <section class="stack" aria-labelledby="owing-title">
            <h2 id="owing-title">{ "Practices that owe" }</h2>
            if practices.is_empty() {
                <p>{ "None does." }</p>
            }
            <ul role="list">{ for practices.iter().map(row) }</ul>
            <RefusedShares here={PATH} />
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HeldProps {
    hold: Rc<PayoutHold>,
    on_released: Callback<()>,
}

#[component]
fn Held(props: &HeldProps) -> Html {
    let HeldProps { hold, on_released } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let act = &keyed.act;
    let reason = use_state_eq(String::new);
    let onsubmit = {
        let (keyed, reason, on_released, id) =
            (keyed.clone(), reason.clone(), on_released.clone(), hold.payout_hold_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, on_released) = (client.clone(), on_released.clone());
            let release = ReleasePayouts { reason: (*reason).clone() };
            let send = move |release: ReleasePayouts, key: String| {
                let client = client.clone();
                async move { platform_money::release_payouts(&client, id, &release, key).await }
            };
            keyed.run(release, send, move |_: PayoutHold| on_released.emit(()));
        }
    };
    let set_reason = reason.setter();
    html! {
        <li class="card stack">
            <p><strong>{ &hold.reason }</strong></p>
            <p class="small muted">{ format!("{}, since ", practice_words(hold)) }<Moment at={hold.held_at} /></p>
            if let Some((at, why)) = &hold.released {
                <p>{ "Let go " }<Moment at={*at} />{ format!(": {why}") }</p>
            } else {
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <Field id={format!("release-{}", hold.payout_hold_id)} label="Why it ends" maxlength="500"
                        value={(*reason).clone()} error={act.error("/reason")} oninput={move |text| set_reason.set(text)} />
                    <div class="button-row">
                        <button type="submit" class="button button--quiet" aria-busy={act.busy.to_string()}>
                            { "Pay out again" }
                        </button>
                    </div>
                </form>
            }
            <Refused act={act.clone()} beside={BESIDE} />
        </li>
    }
}

/// Whose payouts they are.
fn practice_words(hold: &PayoutHold) -> String {
    hold.legal_name.clone().unwrap_or_else(|| format!("Practice {}", hold.organization_id))
}

#[derive(Clone, PartialEq, Properties)]
struct HoldProps {
    on_held: Callback<()>,
}

/// Which practice, and why: the practice reads it.
#[component]
fn Hold(props: &HoldProps) -> Html {
    let (client, keyed) = (use_api_client(), use_keyed());
    let (practice, reason) = (use_state_eq(|| None::<Chosen>), use_state_eq(String::new));
    let unknown = use_state_eq(|| false);
    let onsubmit = {
        let (keyed, practice, reason) = (keyed.clone(), practice.clone(), reason.clone());
        let (unknown, on_held) = (unknown.setter(), props.on_held.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let organization_id = practice.as_ref().map(|chosen| chosen.organization_id);
            unknown.set(organization_id.is_none());
            let Some(organization_id) = organization_id else {
                browser::focus(PRACTICE_ID);
                return;
            };
            let (client, on_held) = (client.clone(), on_held.clone());
            let send = move |hold: HoldPayouts, key: String| {
                let client = client.clone();
                async move { platform_money::hold_payouts(&client, &hold, key).await }
            };
            let wanted = HoldPayouts { organization_id, reason: (*reason).clone() };
            let (practice, reason) = (practice.setter(), reason.setter());
            keyed.run(wanted, send, move |_: PayoutHold| {
                practice.set(None);
                reason.set(String::new());
                on_held.emit(());
                browser::focus("held-title");
            });
        }
    };
    let set_reason = reason.setter();
    let on_choose = {
        let (practice, unknown) = (practice.setter(), unknown.setter());
        Callback::from(move |chosen: Option<Chosen>| {
            unknown.set(false);
            practice.set(chosen);
        })
    };
    let no_practice = unknown.then_some(AttrValue::Static("Choose the practice first"));
    html! {
        <section class="card stack" aria-labelledby="hold-title">
            <h2 id="hold-title">{ "Hold payouts" }</h2>
            <PracticeChoice id={PRACTICE_ID} chosen={(*practice).clone()} error={no_practice} {on_choose} here={PATH} />
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <TextArea id="hold-reason" label="Why" hint="The practice reads it." value={(*reason).clone()} max={500}
                    error={keyed.act.error("/reason")} oninput={move |text| set_reason.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={keyed.act.busy.to_string()}>{ "Hold" }</button>
                </div>
            </form>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </section>
    }
}
