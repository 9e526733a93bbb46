//! One claim: what it is, what Medicare said, and what can be done with it.

use shared_types::{
    AudCents, OrganizationId,
    payments::claim::{Claim, ClaimReason, ClaimStatus, Verification, VerificationKind, VerifyClaimant},
    time::long_date,
};
use yew::prelude::*;

use super::{
    put_right::PutRight,
    stopped::Stopped,
    taken_back::{TakenBack, can_be_taken_back, in_runs},
    went_back::{WentBack, no_visit},
    words::{can_be_changed, can_be_claimed_again, result_words, status_words},
};
use crate::{
    api::{claims, use_api_client},
    browser,
    components::notice::{Notice, NoticeKind},
    forms::attempt::Attempt,
    hooks::{use_act, use_keyed},
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ClaimListProps {
    pub items: Vec<Claim>,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// The queue.
#[component]
pub fn ClaimList(props: &ClaimListProps) -> Html {
    let ClaimListProps { items, organization_id, on_changed } = props;
    if items.is_empty() {
        return html! { <p>{ "There are no claims here. One is drafted when a bulk-billed visit is completed." }</p> };
    }
    html! {
        <ol class="stack" role="list">
            { for items.iter().map(|claim| html! {
                <Card key={format!("{} {}", claim.claim_id, claim.version)} claim={claim.clone()}
                    newer={newer(claim, items)} organization_id={*organization_id} on_changed={on_changed.clone()} />
            }) }
        </ol>
    }
}

/// Where the claim is that took the place of one: on this page, or among all of them. Claims of one visit stand together there.
fn newer(claim: &Claim, items: &[Claim]) -> Html {
    let Some(newer) = claim.relodged_as else { return Html::default() };
    if items.iter().any(|listed| listed.claim_id == newer) {
        html! { <p>{ "It was claimed again: " }<a href={format!("#claim-{newer}")}>{ "the newer claim" }</a></p> }
    } else {
        html! { <p>{ "It was claimed again: the newer claim stands behind it among all of them." }</p> }
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CardProps {
    claim: Claim,
    /// The way to the claim that took its place, if one did.
    #[prop_or_default]
    newer: Html,
    organization_id: OrganizationId,
    on_changed: Callback<()>,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let CardProps { claim, newer, organization_id, on_changed } = props;
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let name = claim.patient_name.as_ref().map_or("Somebody", |name| name.expose().as_str());
    let again = can_be_claimed_again(claim);
    let words = if again { "Claim again" } else { "Put right" };
    html! {
        <li class="card stack" id={format!("claim-{}", claim.claim_id)}>
            <h2>{ format!("{name}, {}", long_date(claim.service_date)) }</h2>
            <p><strong>{ status_words(claim.status) }</strong></p>
            if claim.lapsed {
                <Notice kind={NoticeKind::Soon} title="Lapsed">
                    <p>{ format!("It could be lodged until {}. Medicare takes it no more.", long_date(claim.lodge_until)) }</p>
                </Notice>
            }
            if let Some(why) = claim.stopped {
                <Stopped claim={claim.clone()} {why} organization_id={*organization_id}
                    on_changed={on_changed.clone()} />
            }
            { newer.clone() }
            { no_visit(claim) }
            <p>{ amounts(claim) }</p>
            { in_runs(claim) }
            <p class="small muted">{ facts(claim) }</p>
            if !claim.reasons.is_empty() {
                <ul>{ for claim.reasons.iter().map(reason) }</ul>
            }
            if claim.status == ClaimStatus::Ready && !claim.lapsed {
                <Lodge claim={claim.clone()} organization_id={*organization_id} on_changed={on_changed.clone()} />
            }
            if again || (can_be_changed(claim.status) && !claim.lapsed) {
                <div class="button-row">
                    <button class="button button--plain" type="button" {onclick} aria-expanded={open.to_string()}>
                        { words }<span class="visually-hidden">{ format!(": {name}") }</span>
                    </button>
                </div>
            }
            if *open {
                <PutRight claim_id={claim.claim_id} organization_id={*organization_id} {again}
                    on_changed={on_changed.clone()} />
            }
            if claim.owed_back && claim.paid_cents > AudCents::ZERO {
                <WentBack claim={claim.clone()} organization_id={*organization_id} on_changed={on_changed.clone()} />
            }
            if let Some(most) = can_be_taken_back(claim) {
                <TakenBack claim={claim.clone()} {most} organization_id={*organization_id}
                    on_changed={on_changed.clone()} />
            }
            if can_be_changed(claim.status) {
                if !claim.lapsed {
                    <Verify claim={claim.clone()} organization_id={*organization_id} />
                }
                <TakeBack claim={claim.clone()} organization_id={*organization_id} on_changed={on_changed.clone()} />
            }
        </li>
    }
}

fn amounts(claim: &Claim) -> String {
    match claim.status {
        ClaimStatus::Reconciled => format!("Claimed {}, paid {}", claim.claimed_cents, claim.paid_cents),
        ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedPart
        | ClaimStatus::PaymentReported
        | ClaimStatus::Adjusted => {
            format!("Claimed {}, Medicare pays {}", claim.claimed_cents, claim.benefit_cents)
        }
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedRejected
        | ClaimStatus::AssessedManual
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn => format!("Claimed {}", claim.claimed_cents),
    }
}

fn facts(claim: &Claim) -> String {
    let name =
        claim.medicare_claim_id.as_ref().map(|id| format!("Medicare calls it {id}. ")).unwrap_or_default();
    let given = format!("{name}Given by {}.", claim.professional_name);
    // The notice says until when it was.
    if claim.lapsed { given } else { format!("{given} To be lodged until {}.", long_date(claim.lodge_until)) }
}

fn reason(reason: &ClaimReason) -> Html {
    html! {
        <li key={reason.code.clone()}>
            { format!("{} ", reason.words) }
            { reason.remedy.clone().unwrap_or_default() }
            <span class="small muted">{ format!(" (code {})", reason.code) }</span>
        </li>
    }
}

#[component]
fn Lodge(props: &CardProps) -> Html {
    let (client, act) = (use_api_client(), use_act());
    let attempt = use_mut_ref(Attempt::default);
    let onclick = {
        let (act, attempt, changed) = (act.clone(), attempt, props.on_changed.clone());
        let (organization_id, claim_id) = (props.organization_id, props.claim.claim_id);
        move |_: MouseEvent| {
            let (client, attempt, changed) = (client.clone(), attempt.clone(), changed.clone());
            let send = move || {
                let (client, attempt) = (client.clone(), attempt.clone());
                async move {
                    let key = attempt.borrow_mut().key_for("lodge", browser::random_uuid);
                    let answer = claims::submit_claim(&client, organization_id, claim_id, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            act.run(send, move |_| changed.emit(()));
        }
    };
    html! {
        <div class="stack">
            <div class="button-row">
                <button class="button" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { if act.busy { "Lodging…" } else { "Lodge with Medicare" } }
                </button>
            </div>
            <Refused {act} />
        </div>
    }
}

#[component]
fn TakeBack(props: &CardProps) -> Html {
    let (client, keyed) = (use_api_client(), use_keyed());
    let act = keyed.act.clone();
    let onclick = {
        let changed = props.on_changed.clone();
        let (organization_id, claim_id) = (props.organization_id, props.claim.claim_id);
        move |_: MouseEvent| {
            let (client, changed) = (client.clone(), changed.clone());
            let send = move |(), key: String| {
                let client = client.clone();
                async move { claims::withdraw_claim(&client, organization_id, claim_id, key).await }
            };
            keyed.run((), send, move |_: Claim| changed.emit(()));
        }
    };
    html! {
        <details>
            <summary>{ "Take this claim back" }</summary>
            <div class="stack">
                <p>{ "Nothing is claimed for the visit then, until somebody claims it anew." }</p>
                <div class="button-row">
                    <button class="button button--danger" type="button" {onclick} aria-busy={act.busy.to_string()}>
                        { "Take it back" }
                    </button>
                </div>
                <Refused {act} />
            </div>
        </details>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct VerifyProps {
    claim: Claim,
    organization_id: OrganizationId,
}

/// Asks Medicare about the patient, and shows the answer.
#[component]
fn Verify(props: &VerifyProps) -> Html {
    let (client, keyed) = (use_api_client(), use_keyed());
    let act = keyed.act.clone();
    let answer = use_state_eq(|| None::<Verification>);
    let ask = |kind: VerificationKind| {
        let (keyed, client, answer) = (keyed.clone(), client.clone(), answer.setter());
        let (organization_id, booking_id) = (props.organization_id, props.claim.booking_id);
        Callback::from(move |_: MouseEvent| {
            let (client, answer) = (client.clone(), answer.clone());
            let send = move |asked: VerifyClaimant, key: String| {
                let client = client.clone();
                async move { claims::verify_claimant(&client, organization_id, booking_id, asked, key).await }
            };
            keyed.run(VerifyClaimant { kind }, send, move |verified| answer.set(Some(verified)));
        })
    };
    html! {
        <details>
            <summary>{ "Ask Medicare about the patient" }</summary>
            <div class="stack">
                <div class="button-row">
                    <button class="button button--plain" type="button" onclick={ask(VerificationKind::Medicare)}>
                        { "Medicare card" }
                    </button>
                    <button class="button button--plain" type="button" onclick={ask(VerificationKind::Concession)}>
                        { "Concession" }
                    </button>
                    <button class="button button--plain" type="button" onclick={ask(VerificationKind::Veteran)}>
                        { "Veteran’s card" }
                    </button>
                </div>
                <div class="optional" aria-live="polite">
                    if let Some(answer) = &*answer {
                        <p><strong>{ result_words(answer.result) }</strong></p>
                        <ul>{ reason(&answer.reason) }</ul>
                    }
                </div>
                <Refused {act} />
            </div>
        </details>
    }
}
