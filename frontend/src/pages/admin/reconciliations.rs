//! `/admin/reconciliations`: comparisons of our records with the card processor's.

use shared_types::{
    page::Page,
    payments::platform::{Reconciliation, ReconciliationStatus, StartReconciliation},
};
use yew::prelude::*;

use super::reconciliation::reconciliation_path;
use crate::{
    api::{platform_money, use_api_client},
    components::{failed::Failed, moment::Moment},
    hooks::{use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Comparing with the card processor";
/// Where they are.
pub(super) const PATH: &str = "/admin/reconciliations";

/// The page.
#[component]
pub fn ReconciliationsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Reconciliations /></ForSupport> }
}

#[component]
fn Reconciliations() -> Html {
    let (version, on_again) = use_version();
    let (client, keyed) = (use_api_client(), use_keyed());
    let cursor = use_state_eq(|| None::<String>);
    let path = platform_money::list_reconciliations(cursor.as_deref());
    let page = match use_private_api::<Page<Reconciliation>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let onclick = {
        let (keyed, on_again) = (keyed.clone(), on_again.clone());
        move |_: MouseEvent| {
            let (client, on_again) = (client.clone(), on_again.clone());
            let send = move |wanted: StartReconciliation, key: String| {
                let client = client.clone();
                async move { platform_money::start_reconciliation(&client, wanted, key).await }
            };
            let wanted = StartReconciliation { from: None, until: None };
            keyed.run(wanted, send, move |_: Reconciliation| on_again.emit(()));
        }
    };
    let look_again = on_again.reform(|_: MouseEvent| ());
    html! {
        <div class="stack">
            <p>{ "One runs each night. What is different is put right where that is safe, and the rest waits for somebody." }</p>
            <div class="button-row">
                <button type="button" class="button" {onclick} aria-busy={keyed.act.busy.to_string()}>
                    { "Compare the last two days now" }
                </button>
                <button type="button" class="button button--quiet" onclick={look_again}>{ "Look again" }</button>
            </div>
            <Refused act={keyed.act.clone()} />
            if page.items.is_empty() {
                <p>{ "None has run yet." }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            { turning(&cursor, page.next.as_ref()) }
        </div>
    }
}

fn row(one: &Reconciliation) -> Html {
    html! {
        <li key={one.reconciliation_id.to_string()} class="card stack">
            <p><strong>{ status_words(one.status) }</strong>{ ", begun " }<Moment at={one.started_at} /></p>
            <p>{ counted(one) }</p>
            if one.differences > 0 {
                <p>
                    <a href={reconciliation_path(one.reconciliation_id)}>
                        { "What was different" }
                        <span class="visually-hidden">{ " in the one begun " }<Moment at={one.started_at} /></span>
                    </a>
                </p>
            }
        </li>
    }
}

/// Where a comparison stands.
pub(super) fn status_words(status: ReconciliationStatus) -> &'static str {
    match status {
        ReconciliationStatus::Running => "Running",
        ReconciliationStatus::Finished => "Finished",
        ReconciliationStatus::Failed => "The processor did not answer",
    }
}

/// How much was looked at, and what came of it.
pub(super) fn counted(one: &Reconciliation) -> String {
    format!("{} records looked at, {} different, {} still open.", one.objects, one.differences, one.open)
}
