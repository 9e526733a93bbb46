//! Which claims a payment run of Medicare's pays, what was taken back out of it for which, and whether they come to its deposit.

use shared_types::{
    AudCents, ClaimId, OrganizationId,
    page::Page,
    payments::claim::{MedicareRun, RunPart, RunPartKind},
    time::long_date,
};
use yew::prelude::*;

use super::more;
use crate::{
    api::claims,
    components::failed::Failed,
    hooks::{use_private_api, use_version},
    pages::{account::loading, practice_desk::desk_path},
};

/// The page about a single claim.
fn claim_path(organization_id: OrganizationId, claim_id: ClaimId) -> String {
    desk_path(organization_id, &format!("/claims?claim={claim_id}"))
}

#[derive(Clone, PartialEq, Properties)]
pub struct RunClaimsProps {
    pub run: MedicareRun,
    pub organization_id: OrganizationId,
    /// Goes up when a claim changes.
    pub version: u32,
}

/// Fetches them, a page at a time.
#[component]
pub fn RunClaims(props: &RunClaimsProps) -> Html {
    let RunClaimsProps { run, organization_id, version } = props;
    let (tries, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_run_claims(*organization_id, run.medicare_payment_id, cursor.as_deref());
    let list = match use_private_api::<Page<RunPart>>(path, *version + tries) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(*organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <RunParts run={run.clone()} items={page.items.clone()} organization_id={*organization_id} />
                { more(page.next.clone(), &cursor) }
            </>
        },
    };
    html! { <div class="stack">{ list }</div> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RunPartsProps {
    pub run: MedicareRun,
    pub items: Vec<RunPart>,
    pub organization_id: OrganizationId,
}

/// The claims, what they come to, and what differs from the deposit.
#[component]
pub fn RunParts(props: &RunPartsProps) -> Html {
    let RunPartsProps { run, items, organization_id } = props;
    html! {
        <>
            if !items.is_empty() {
                <ul class="stack" role="list">
                    { for items.iter().map(|part| row(part, *organization_id)) }
                </ul>
            } else if run.matched_cents == AudCents::ZERO {
                <p>{ "No claim that was lodged here is known of this run." }</p>
            } else {
                <p>{ "Its reports were read before we kept which claims a run pays." }</p>
            }
            <p>{ total(run) }</p>
            <p>{ difference(run) }</p>
        </>
    }
}

fn row(part: &RunPart, organization_id: OrganizationId) -> Html {
    let name = part.patient_name.as_ref().map_or("Somebody", |name| name.expose().as_str());
    let number = part.medicare_claim_id.as_ref().map(|id| format!("Claim {id}. ")).unwrap_or_default();
    html! {
        <li key={format!("{} {}", part.claim_id, part.kind.code())}>
            <a href={claim_path(organization_id, part.claim_id)}>
                { format!("{name}, {}", long_date(part.service_date)) }
            </a>
            <p>{ format!("{number}{}", part_words(part)) }</p>
        </li>
    }
}

/// What a run did for a claim.
fn part_words(part: &RunPart) -> String {
    let RunPart { claimed_cents: claimed, amount_cents: amount, .. } = part;
    let differ = AudCents((claimed.0 - amount.0).abs());
    match part.kind {
        RunPartKind::Offset => {
            format!("Medicare took back {} that an earlier run had paid.", AudCents(-amount.0))
        }
        RunPartKind::Paid if amount == claimed => format!("Paid {amount}, as claimed."),
        RunPartKind::Paid if amount < claimed => {
            format!("Paid {amount} of {claimed} claimed: {differ} less than claimed.")
        }
        RunPartKind::Paid => format!("Paid {amount} for {claimed} claimed: {differ} more than claimed."),
    }
}

/// What its claims come to, beside what it brings.
fn total(run: &MedicareRun) -> String {
    let (matched, deposit) = (run.matched_cents, run.deposit_cents);
    if run.offset_cents == AudCents::ZERO {
        return format!("All of this run’s claims come to {matched}. The deposit is {deposit}.");
    }
    let paid = AudCents(matched.0 + run.offset_cents.0);
    format!(
        "All of this run’s claims come to {paid}, less {} taken back: {matched}. The deposit is {deposit}.",
        run.offset_cents
    )
}

/// What differs, in plain words.
fn difference(run: &MedicareRun) -> String {
    let open = run.unmatched_cents;
    if open == AudCents::ZERO {
        "The two agree to the cent.".to_owned()
    } else if open > AudCents::ZERO {
        format!(
            "{open} of the deposit is of no claim here: it may pay for claims whose reports are still to come, or that were \
             lodged elsewhere."
        )
    } else {
        format!(
            "The deposit is {} lower than its claims: Medicare took that back out of this run, and its report does not say \
             for which claim. Find the claim in Medicare’s notice, open it among the paid claims, and record it there under \
             “Medicare took it back”.",
            AudCents(-open.0)
        )
    }
}
