//! `/admin/disputes`: the disputes that an administrator decides, the earliest first. On the left those that wait, beside them the
//! chosen one with both sides' words, what happened when, and the decision.

use std::rc::Rc;

use shared_types::{
    bookings::dispute::{DecideDispute, DecisionReason, DisputeCase},
    page::Page,
    personal::Personal,
};
use yew::prelude::*;

use crate::{
    api::{disputes, use_api_client},
    components::{
        dispute_view::{DisputeView, Reader, decision_words, fee_words, noted_words},
        failed::Failed,
        select_field::SelectField,
        text_area::TextArea,
        times_rest::long_when,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        support::ForSupport,
    },
};

const TITLE: &str = "Disputes to decide";
const PATH: &str = "/admin/disputes";

/// The page.
#[component]
pub fn DisputesPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Queue /></ForSupport> }
}

#[component]
fn Queue() -> Html {
    let (version, on_again) = use_version();
    let chosen = use_state_eq(|| 0_usize);
    let page = use_private_api::<Page<DisputeCase>>(disputes::list_disputes(), version);
    let page = match page {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let Some(case) = page.items.get(*chosen).or(page.items.first()) else {
        return html! { <p>{ "Nothing waits for a decision." }</p> };
    };
    let last = page.items.len().saturating_sub(1);
    // `j` and `k` go down and up the list, where nothing is being written.
    let onkeydown = {
        let chosen = chosen.clone();
        move |event: KeyboardEvent| match event.key().as_str() {
            "j" => chosen.set(chosen.saturating_add(1).min(last)),
            "k" => chosen.set(chosen.saturating_sub(1)),
            _ => {}
        }
    };
    let on_decided = {
        let (chosen, again) = (chosen.setter(), on_again);
        Callback::from(move |()| {
            chosen.set(0);
            again.emit(());
        })
    };
    let row = |(nth, one): (usize, &DisputeCase)| {
        let set = chosen.setter();
        let current = one.dispute.dispute_id == case.dispute.dispute_id;
        html! {
            <li key={one.dispute.dispute_id.to_string()}>
                <button type="button" class="choice" aria-current={current.to_string()}
                    onclick={move |_: MouseEvent| set.set(nth)}>
                    <span>
                        <span class="choice__title">{ noted_words(one.noted) }</span>
                        <span class="choice__detail">{ detail(one) }</span>
                    </span>
                </button>
            </li>
        }
    };
    html! {
        <div class="stack">
            <p class="muted">{ "Keys in the list: j goes down, k goes up." }</p>
            <ul class="choice-list" role="list" {onkeydown}>{ for page.items.iter().enumerate().map(row) }</ul>
            <Case key={case.dispute.dispute_id.to_string()} case={Rc::new(case.clone())} {on_decided} />
        </div>
    }
}

fn detail(case: &DisputeCase) -> String {
    let ready = if case.may_decide { "can be decided" } else { "waits for an answer" };
    format!("{}, {}: {ready}", case.role.name, long_when(case.start, case.role.time_zone))
}

#[derive(Clone, PartialEq, Properties)]
struct CaseProps {
    case: Rc<DisputeCase>,
    on_decided: Callback<()>,
}

#[component]
fn Case(props: &CaseProps) -> Html {
    let CaseProps { case, on_decided } = props;
    let zone = case.role.time_zone;
    let practice = case.role.organization_name.clone().unwrap_or_else(|| case.role.address.clone());
    html! {
        <section class="card stack" aria-labelledby="case-title">
            <h2 id="case-title">{ noted_words(case.noted) }</h2>
            <p>{ format!("{}, {practice}, {}", case.role.name, long_when(case.start, zone)) }</p>
            if let Some(fee) = case.late_fee {
                <p>{ fee_words(fee) }</p>
            }
            <details>
                <summary>{ "What happened when" }</summary>
                <ol>
                    { for case.history.iter().map(|step| html! {
                        <li key={step.taken_at.to_string()}>
                            { format!("{}, by {}, {}", step.step.replace('_', " "), step.taken_by, long_when(step.taken_at, zone)) }
                        </li>
                    }) }
                </ol>
            </details>
            <DisputeView dispute={case.dispute.clone()} {zone} reader={Reader::Administrator} />
            if case.may_decide {
                <DecideForm case={Rc::clone(case)} on_decided={on_decided.clone()} />
            }
        </section>
    }
}

/// The reason, more about it, and the two buttons.
#[component]
fn DecideForm(props: &CaseProps) -> Html {
    let CaseProps { case, on_decided } = props;
    let (client, act) = (use_api_client(), use_act());
    let reason = use_state_eq(|| DecisionReason::TimesShowIt);
    let note = use_state_eq(String::new);
    let decide = |upheld: bool| {
        let (client, act, decided) = (client.clone(), act.clone(), on_decided.clone());
        let (id, version, reason, note) =
            (case.dispute.dispute_id, case.dispute.version, *reason, (*note).clone());
        Callback::from(move |_: MouseEvent| {
            let (client, decided) = (client.clone(), decided.clone());
            let decision = DecideDispute { version, upheld, reason, note: Personal::new(note.clone()) };
            act.run(
                move || {
                    let (client, decision) = (client.clone(), decision.clone());
                    async move { disputes::decide_dispute(&client, id, &decision).await }
                },
                move |_| decided.emit(()),
            );
        })
    };
    let onchange = {
        let set = reason.setter();
        Callback::from(move |code: String| {
            set.set(DecisionReason::from_code(&code).unwrap_or(DecisionReason::TimesShowIt));
        })
    };
    let oninput = {
        let set = note.setter();
        Callback::from(move |text| set.set(text))
    };
    let options = DecisionReason::ALL
        .map(|reason| (AttrValue::from(reason.code()), AttrValue::from(decision_words(reason))));
    html! {
        <div class="stack">
            <SelectField id="reason" label="Why" hint="Both sides read it." options={options.to_vec()} value={reason.code()}
                {onchange} />
            <TextArea id="note" label="More about it" value={(*note).clone()} max={1_000} optional=true {oninput}
                error={act.error("/note")} />
            <div class="button-row">
                <button type="button" class="button" onclick={decide(true)} aria-busy={act.busy.to_string()}>
                    { "Uphold: who disputes it is right" }
                </button>
                <button type="button" class="button button--quiet" onclick={decide(false)}
                    aria-busy={act.busy.to_string()}>
                    { "Reject: what was noted stands" }
                </button>
            </div>
            <Refused {act} beside={&["/note"][..]} />
        </div>
    }
}
