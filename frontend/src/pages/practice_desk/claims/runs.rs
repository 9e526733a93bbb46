//! What Medicare paid to the practice's bank, run by run, and what of it is of no claim here.

use shared_types::{
    AudCents, OrganizationId, Zone, page::Page, payments::claim::MedicareRun, time::long_date,
};
use yew::prelude::*;

use super::{more, run_claims::RunClaims};
use crate::{
    api::claims,
    components::failed::Failed,
    hooks::{use_private_api, use_version},
    pages::{account::loading, practice_desk::desk_path},
};

#[derive(Clone, PartialEq, Properties)]
pub struct PaymentRunsProps {
    pub organization_id: OrganizationId,
    /// Goes up when a claim changes.
    pub version: u32,
}

/// The part of the page about them, a page at a time.
#[component]
pub fn PaymentRuns(props: &PaymentRunsProps) -> Html {
    let PaymentRunsProps { organization_id, version } = props;
    let (tries, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = claims::list_payment_runs(*organization_id, cursor.as_deref());
    let list = match use_private_api::<Page<MedicareRun>>(path, *version + tries) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(*organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <RunList items={page.items.clone()} organization_id={*organization_id} version={*version} />
                { more(page.next.clone(), &cursor) }
            </>
        },
    };
    html! {
        <section class="stack" aria-labelledby="payment-runs-title">
            <h2 id="payment-runs-title">{ "Payment runs" }</h2>
            <div class="optional">{ list }</div>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RunListProps {
    pub items: Vec<MedicareRun>,
    pub organization_id: OrganizationId,
    /// Goes up when a claim changes.
    #[prop_or_default]
    pub version: u32,
}

/// The runs, or that there are none.
#[component]
pub fn RunList(props: &RunListProps) -> Html {
    if props.items.is_empty() {
        return html! { <p>{ "Medicare’s reports name no payment yet." }</p> };
    }
    let open = props.items.iter().any(|run| run.unmatched_cents > AudCents::ZERO);
    let short = props.items.iter().any(|run| run.unmatched_cents < AudCents::ZERO);
    html! {
        <>
            if open {
                <p>
                    { "What is not matched may pay for claims whose reports are still to come, or that were lodged elsewhere. \
                       Compare it with the practice’s bank statement." }
                </p>
            }
            if short {
                <p>
                    { "A run can bring less than its claims: Medicare took back what it had paid before. Show the run’s claims \
                       to see what to do." }
                </p>
            }
            <table class="table table--stack">
                <caption>{ "What Medicare paid to the practice’s bank" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Paid on" }</th>
                        <th scope="col">{ "Run" }</th>
                        <th scope="col" class="money">{ "Amount" }</th>
                        <th scope="col" class="money">{ "Matched" }</th>
                        <th scope="col" class="money">{ "Not matched" }</th>
                        <th scope="col">{ "State" }</th>
                        <th scope="col">{ "Claims" }</th>
                    </tr>
                </thead>
                <tbody>
                    { for props.items.iter().map(|run| html! {
                        <Row key={run.medicare_payment_id.to_string()} run={run.clone()}
                            organization_id={props.organization_id} version={props.version} />
                    }) }
                </tbody>
            </table>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    run: MedicareRun,
    organization_id: OrganizationId,
    version: u32,
}

/// A run, and under it its claims once somebody wants to see them.
#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { run, organization_id, version } = props;
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let day = long_date(run.run_date);
    let account = run.masked_account.as_ref().map(|account| format!(" to {account}")).unwrap_or_default();
    let state = match run.reconciled_at {
        Some(at) => format!("All of it matched on {}", long_date(Zone::SYDNEY.date(at))),
        None => "To look into".to_owned(),
    };
    let which = format!(" of run {} of {day}", run.run_number);
    html! {
        <>
            <tr>
                <th scope="row">{ day }</th>
                <td data-label="Run">{ format!("{}{account}", run.run_number) }</td>
                <td class="money" data-label="Amount">{ run.deposit_cents.to_string() }</td>
                <td class="money" data-label="Matched">{ run.matched_cents.to_string() }</td>
                <td class="money" data-label="Not matched">{ run.unmatched_cents.to_string() }</td>
                <td data-label="State">{ state }</td>
                <td data-label="Claims">
                    <button class="button button--plain" type="button" {onclick} aria-expanded={open.to_string()}>
                        { if *open { "Hide claims" } else { "Show claims" } }
                        <span class="visually-hidden">{ which }</span>
                    </button>
                </td>
            </tr>
            if *open {
                <tr>
                    <td colspan="7">
                        <RunClaims run={run.clone()} organization_id={*organization_id} version={*version} />
                    </td>
                </tr>
            }
        </>
    }
}
