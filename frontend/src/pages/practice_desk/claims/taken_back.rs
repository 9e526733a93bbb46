//! What runs paid for a claim, and that Medicare took some of it back out of a later one, as staff say it: no report does.

use shared_types::{
    AudCents, MedicarePaymentId, OrganizationId,
    page::Page,
    payments::claim::{Claim, ClaimInRun, ClaimStatus, MedicareRun, RecordOffset, ReturnWay, RunPartKind},
    time::long_date,
};
use yew::prelude::*;

use super::more;
use crate::{
    api::{claims, use_api_client},
    components::{failed::Failed, field::Field, select_field::SelectField},
    forms::hours::{dollars, read_dollars},
    hooks::{use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::desk_path,
    },
};

/// Fields that say themselves what is wrong with them.
const BESIDE: &[&str] = &["/medicare_payment_id", "/amount_cents"];

/// In which runs the claim is.
pub fn in_runs(claim: &Claim) -> Html {
    if claim.runs.is_empty() {
        return Html::default();
    }
    let row = |run: &ClaimInRun| {
        let which = format!("run {} of {}", run.run_number, long_date(run.run_date));
        let words = match run.kind {
            RunPartKind::Paid => format!("{} paid in {which}", run.amount_cents),
            RunPartKind::Offset => format!("{} taken back out of {which}", AudCents(-run.amount_cents.0)),
        };
        html! { <li key={format!("{} {}", run.medicare_payment_id, run.kind.code())}>{ words }</li> }
    };
    html! { <ul>{ for claim.runs.iter().map(row) }</ul> }
}

/// How much Medicare can have taken back of a claim; nothing where it can have taken none.
pub fn can_be_taken_back(claim: &Claim) -> Option<AudCents> {
    match &claim.returned {
        // It is booked already: what is missing is the run, once.
        Some(returned) => {
            let offsets = || claim.runs.iter().filter(|run| run.kind == RunPartKind::Offset);
            let paid = claim.runs.iter().find(|run| run.kind == RunPartKind::Paid);
            let found = match paid {
                // An earlier offset may be of the same amount: all that was paid has to be found in runs.
                Some(paid) => offsets().map(|run| run.amount_cents.0).sum::<i64>() + paid.amount_cents.0 <= 0,
                None => offsets().any(|run| run.amount_cents.0 == -returned.amount_cents.0),
            };
            (returned.way == ReturnWay::TakenByMedicare && !found).then_some(returned.amount_cents)
        }
        None => {
            let is_paid = claim.status == ClaimStatus::Reconciled && claim.paid_cents > AudCents::ZERO;
            is_paid.then_some(claim.paid_cents)
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct TakenBackProps {
    pub claim: Claim,
    /// At most this much.
    pub most: AudCents,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// The button, and the form once somebody wants it.
#[component]
pub fn TakenBack(props: &TakenBackProps) -> Html {
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let name = props.claim.patient_name.as_ref().map_or("Somebody", |name| name.expose().as_str());
    html! {
        <div class="stack">
            <div class="button-row">
                <button class="button button--plain" type="button" {onclick} aria-expanded={open.to_string()}>
                    { "Medicare took it back" }<span class="visually-hidden">{ format!(": {name}") }</span>
                </button>
            </div>
            if *open {
                <LaterRuns ..props.clone() />
            }
        </div>
    }
}

/// Fetches runs, a page at a time, then shows the form for those that it can have been.
#[component]
fn LaterRuns(props: &TakenBackProps) -> Html {
    let (tries, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_payment_runs(props.organization_id, cursor.as_deref());
    match use_private_api::<Page<MedicareRun>>(path, tries) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(props.organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) => {
            let later = later_runs(&props.claim, &page.items);
            // Older ones are offered for as long as they can have been it.
            let next = page.next.clone().filter(|_| !later.is_empty());
            html! {
                <>
                    <OffsetForm claim={props.claim.clone()} most={props.most} {later}
                        organization_id={props.organization_id} on_changed={props.on_changed.clone()} />
                    <div class="optional">
                        if next.is_some() || cursor.is_some() { { more(next, &cursor) } }
                    </div>
                </>
            }
        }
    }
}

/// Those that came after the run that paid the claim, and out of which nothing of it was taken yet.
fn later_runs(claim: &Claim, runs: &[MedicareRun]) -> Vec<MedicareRun> {
    let is_later = |run: &&MedicareRun| {
        claim.runs.iter().all(|known| match known.kind {
            RunPartKind::Paid => known.run_date < run.run_date,
            RunPartKind::Offset => known.medicare_payment_id != run.medicare_payment_id,
        })
    };
    runs.iter().filter(is_later).cloned().collect()
}

#[derive(Clone, PartialEq, Properties)]
pub struct OffsetFormProps {
    pub claim: Claim,
    /// At most this much.
    pub most: AudCents,
    /// The runs out of which it can have been taken, the latest first.
    pub later: Vec<MedicareRun>,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// Out of which run, and how much.
#[component]
pub fn OffsetForm(props: &OffsetFormProps) -> Html {
    let OffsetFormProps { claim, most, later, organization_id, on_changed } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let amount = use_state_eq(|| dollars(*most));
    let chosen = use_state_eq(|| None::<MedicarePaymentId>);
    let Some(first) = later.first().map(|run| run.medicare_payment_id) else {
        return html! { <p>{ "There is no later payment run yet out of which it can have been taken." }</p> };
    };
    // What was chosen on another page of runs is not sent from this one.
    let run = chosen.filter(|id| later.iter().any(|run| run.medicare_payment_id == *id)).unwrap_or(first);
    let onsubmit = {
        let (keyed, amount, changed) = (keyed.clone(), amount.clone(), on_changed.clone());
        let (organization_id, claim_id, version) = (*organization_id, claim.claim_id, claim.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            // What is no amount is sent as nothing, and the service says what is wrong with it.
            let amount_cents = read_dollars(&amount).unwrap_or(AudCents::ZERO);
            let offset = RecordOffset { medicare_payment_id: run, amount_cents, version };
            let (client, changed) = (client.clone(), changed.clone());
            let send = move |offset: RecordOffset, key: String| {
                let client = client.clone();
                async move { claims::record_offset(&client, organization_id, claim_id, &offset, key).await }
            };
            keyed.run(offset, send, move |_: Claim| changed.emit(()));
        }
    };
    let (set_amount, set_chosen) = (amount.setter(), chosen.setter());
    let onchange = move |id: String| set_chosen.set(id.parse().ok());
    let options = later.iter().map(|run| {
        let words = format!("Run {} of {}, {}", run.run_number, long_date(run.run_date), run.deposit_cents);
        (AttrValue::from(run.medicare_payment_id.to_string()), AttrValue::from(words))
    });
    let options: Vec<_> = options.collect();
    let (id, act) = (claim.claim_id, keyed.act.clone());
    html! {
        <div class="stack">
            <p>
                { "Medicare’s reports do not say for which claim it took money back: record here what its own notice says. \
                   It goes into the books, and the run adds up again. It cannot be undone." }
            </p>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <SelectField id={format!("offset-run-{id}")} label="Out of which payment run" {options}
                    value={run.to_string()} error={act.error("/medicare_payment_id")} {onchange} />
                <Field id={format!("offset-{id}")} label="How much, in dollars" inputmode="decimal" width="input--s"
                    value={(*amount).clone()} error={act.error("/amount_cents")}
                    oninput={move |text| set_amount.set(text)} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Recording…" } else { "Record that it was taken back" } }
                    </button>
                </div>
            </form>
            <Refused {act} beside={BESIDE} />
        </div>
    }
}
