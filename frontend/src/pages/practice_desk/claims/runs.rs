//! What Medicare paid to the practice's bank, run by run, and what of it is of no claim here.

use shared_types::{
    AudCents, OrganizationId, Zone, page::Page, payments::claim::MedicareRun, time::long_date,
};
use yew::prelude::*;

use super::more;
use crate::{
    api::payments,
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
    let path = payments::list_payment_runs(*organization_id, cursor.as_deref());
    let list = match use_private_api::<Page<MedicareRun>>(path, *version + tries) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(*organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <RunList items={page.items.clone()} />
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
}

/// The runs, or that there are none.
#[component]
pub fn RunList(props: &RunListProps) -> Html {
    if props.items.is_empty() {
        return html! { <p>{ "Medicare’s reports name no payment yet." }</p> };
    }
    let open = props.items.iter().any(|run| run.unmatched_cents > AudCents::ZERO);
    html! {
        <>
            if open {
                <p>
                    { "What is not matched may pay for claims whose reports are still to come, or that were lodged elsewhere. \
                       Compare it with the practice’s bank statement." }
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
                    </tr>
                </thead>
                <tbody>{ for props.items.iter().map(row) }</tbody>
            </table>
        </>
    }
}

fn row(run: &MedicareRun) -> Html {
    let day = long_date(run.run_date);
    let account = run.masked_account.as_ref().map(|account| format!(" to {account}")).unwrap_or_default();
    let state = match run.reconciled_at {
        Some(at) => format!("All of it matched on {}", long_date(Zone::SYDNEY.date(at))),
        None => "To look into".to_owned(),
    };
    html! {
        <tr key={format!("{} {}", run.run_date, run.run_number)}>
            <th scope="row">{ day }</th>
            <td data-label="Run">{ format!("{}{account}", run.run_number) }</td>
            <td class="money" data-label="Amount">{ run.deposit_cents.to_string() }</td>
            <td class="money" data-label="Matched">{ run.matched_cents.to_string() }</td>
            <td class="money" data-label="Not matched">{ run.unmatched_cents.to_string() }</td>
            <td data-label="State">{ state }</td>
        </tr>
    }
}
