//! `/admin/reconciliations/{reconciliation_id}`: one comparison with the card processor: each difference, what was done about it, and
//! the way to close one that waits for somebody.

use std::rc::Rc;

use shared_types::{
    DifferenceId, ReconciliationId,
    payments::platform::{
        CloseDifference, Difference, DifferenceAction, DifferenceClosed, ReconciliationReport,
    },
    personal::Personal,
};
use yew::prelude::*;

use super::{
    payment::payment_path,
    reconciliations::{PATH as LIST, counted, status_words},
    words::{action_words, kind_advice, kind_words, side_words},
};
use crate::{
    api::{platform_money, use_api_client},
    browser,
    components::{failed::Failed, moment::Moment, text_area::TextArea},
    hooks::{use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        support::ForSupport,
    },
};

const TITLE: &str = "One comparison with the card processor";
/// The field that says itself what is wrong.
const BESIDE: &[&str] = &["/note"];
/// The most characters of a note.
const NOTE: usize = 1_000;

/// Where a comparison is.
pub(super) fn reconciliation_path(reconciliation_id: ReconciliationId) -> String {
    format!("{LIST}/{reconciliation_id}")
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ReconciliationPageProps {
    pub reconciliation_id: ReconciliationId,
}

/// The page.
#[component]
pub fn ReconciliationPage(props: &ReconciliationPageProps) -> Html {
    use_head(private_head(TITLE));
    let reconciliation_id = props.reconciliation_id;
    html! {
        <ForSupport title={TITLE} here={reconciliation_path(reconciliation_id)}>
            <Report {reconciliation_id} />
            <p><a class="back-link" href={LIST}>{ "All comparisons" }</a></p>
        </ForSupport>
    }
}

#[component]
fn Report(props: &ReconciliationPageProps) -> Html {
    let reconciliation_id = props.reconciliation_id;
    let (version, on_again) = use_version();
    let report = match use_private_api::<ReconciliationReport>(
        platform_money::find_reconciliation(reconciliation_id),
        version,
    ) {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={reconciliation_path(reconciliation_id)} {on_again} /> };
        }
        Some(Ok(report)) => report,
    };
    let on_closed = Callback::from(move |()| {
        on_again.emit(());
        // The form has gone with what it did.
        browser::focus("main");
    });
    html! { <ReportView {report} {on_closed} /> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ReportViewProps {
    pub report: Rc<ReconciliationReport>,
    pub on_closed: Callback<()>,
}

/// The comparison, and its differences: those that wait for somebody first.
#[component]
pub fn ReportView(props: &ReportViewProps) -> Html {
    let ReportViewProps { report, on_closed } = props;
    let one = &report.reconciliation;
    let (waiting, done): (Vec<_>, Vec<_>) =
        report.differences.iter().partition(|difference| difference.action == DifferenceAction::Flagged);
    let row = |difference: &&Difference| {
        html! {
            <DifferenceRow key={difference.difference_id.to_string()} reconciliation_id={one.reconciliation_id}
                difference={Rc::new((*difference).clone())} on_closed={on_closed.clone()} />
        }
    };
    html! {
        <div class="stack">
            <p>
                <strong>{ status_words(one.status) }</strong>{ ", begun " }<Moment at={one.started_at} />
                if let Some(at) = one.ended_at {
                    { ", ended " }<Moment {at} />
                }
                { "." }
            </p>
            <p>{ "It covers what was made from " }<Moment at={one.from} />{ " until " }<Moment at={one.until} />{ "." }</p>
            <p>{ counted(one) }</p>
            <section class="stack" aria-labelledby="waiting-title">
                <h2 id="waiting-title">{ "Waiting for somebody" }</h2>
                if waiting.is_empty() {
                    <p>{ "Nothing of it waits." }</p>
                }
                <ul class="stack" role="list">{ for waiting.iter().map(row) }</ul>
            </section>
            <section class="stack" aria-labelledby="done-title">
                <h2 id="done-title">{ "Seen to" }</h2>
                if done.is_empty() {
                    <p>{ "Nothing." }</p>
                }
                <ul class="stack" role="list">{ for done.iter().map(row) }</ul>
            </section>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct DifferenceRowProps {
    pub reconciliation_id: ReconciliationId,
    pub difference: Rc<Difference>,
    pub on_closed: Callback<()>,
}

/// One difference: what it is, both sides of it, what was done.
#[component]
pub fn DifferenceRow(props: &DifferenceRowProps) -> Html {
    let DifferenceRowProps { reconciliation_id, difference, on_closed } = props;
    let waits = difference.action == DifferenceAction::Flagged;
    let advice = kind_advice(difference.kind).filter(|_| waits);
    html! {
        <li class="card stack">
            <p><strong>{ kind_words(difference.kind) }</strong></p>
            <p>{ format!("Ours: {}.", side_words(&difference.ours)) }</p>
            <p>{ format!("The card processor’s: {}.", side_words(&difference.theirs)) }</p>
            if let Some(advice) = advice {
                <p>{ advice }</p>
            }
            <p>{ action_words(difference.action) }{ ". Found " }<Moment at={difference.found_at} />{ "." }</p>
            if let Some(object) = &difference.processor_object {
                <p class="small muted">{ "The card processor’s name for it: " }<code>{ object }</code></p>
            }
            if let Some(payment_id) = difference.payment_id {
                <p><a href={payment_path(payment_id)}>{ "The payment" }</a></p>
            }
            <div class="optional">
                if let Some(closed) = &difference.closed {
                    { closed_words(closed) }
                } else if waits {
                    <Close reconciliation_id={*reconciliation_id} difference_id={difference.difference_id}
                        on_closed={on_closed.clone()} />
                }
            </div>
        </li>
    }
}

fn closed_words(closed: &DifferenceClosed) -> Html {
    html! {
        <>
            <p>{ "Closed " }<Moment at={closed.at} />{ format!(": {}", closed.note.expose()) }</p>
            <p class="small muted">{ format!("By account {}", closed.by) }</p>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CloseProps {
    reconciliation_id: ReconciliationId,
    difference_id: DifferenceId,
    on_closed: Callback<()>,
}

/// What was done by hand.
#[component]
fn Close(props: &CloseProps) -> Html {
    let CloseProps { reconciliation_id, difference_id, on_closed } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let act = &keyed.act;
    let note = use_state_eq(String::new);
    let onsubmit = {
        let (keyed, note, on_closed) = (keyed.clone(), note.clone(), on_closed.clone());
        let which = (*reconciliation_id, *difference_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, on_closed) = (client.clone(), on_closed.clone());
            let wanted = CloseDifference { note: Personal::new((*note).clone()) };
            let send = move |wanted: CloseDifference, key: String| {
                let client = client.clone();
                async move { platform_money::close_difference(&client, which, &wanted, key).await }
            };
            keyed.run(wanted, send, move |_: Difference| on_closed.emit(()));
        }
    };
    let set_note = note.setter();
    html! {
        <>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <TextArea id={format!("note-{difference_id}")} label="What you did about it"
                    hint="It is kept with the difference, with your account. Name no patient." value={(*note).clone()}
                    max={NOTE} error={act.error("/note")} oninput={move |text| set_note.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>{ "Close it" }</button>
                </div>
            </form>
            <Refused act={act.clone()} beside={BESIDE} />
        </>
    }
}
