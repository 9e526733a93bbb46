//! What a practice has out with Medicare, and what it has to watch.

use std::rc::Rc;

use shared_types::payments::claim::ClaimTotals;
use yew::prelude::*;

use super::words::status_words;

#[derive(Clone, PartialEq, Properties)]
pub struct ClaimSumsProps {
    pub totals: Rc<ClaimTotals>,
}

/// What is out, and what somebody has to see to.
#[component]
pub fn ClaimSums(props: &ClaimSumsProps) -> Html {
    let totals = &props.totals;
    let warnings = [
        said(totals.ending_soon, "claim has", "claims have", "to be lodged within thirty days."),
        said(
            totals.visits_ending_soon,
            "visit on no claim has",
            "visits on no claim have",
            "to be claimed within thirty days.",
        ),
        said(
            totals.lapsed,
            "claim has",
            "claims have",
            "lapsed: the time to lodge is over, and Medicare takes no such claim any more.",
        ),
        said(
            totals.visits_lapsed,
            "visit on no claim has",
            "visits on no claim have",
            "lapsed: nothing can be claimed any more.",
        ),
        said(
            totals.stopped,
            "claim has",
            "claims have",
            "no report any more: check with Medicare what came of it.",
        ),
    ];
    html! {
        <div class="card stack">
            <p><strong>{ format!("Medicare owes {} by its own reports.", totals.due_cents) }</strong></p>
            { for warnings.into_iter().flatten().map(|words| html! { <p>{ words }</p> }) }
            if totals.by_status.is_empty() {
                <p>{ "Nothing was claimed yet." }</p>
            } else {
                <table class="table table--stack">
                    <caption>{ "Claims by where they stand" }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ "Where" }</th>
                            <th scope="col">{ "Claims" }</th>
                            <th scope="col" class="money">{ "Claimed" }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for totals.by_status.iter().map(|(status, count, cents)| html! {
                            <tr key={status.code()}>
                                <th scope="row">{ status_words(*status) }</th>
                                <td data-label="Claims">{ count.to_string() }</td>
                                <td class="money" data-label="Claimed">{ cents.to_string() }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            }
        </div>
    }
}

/// `One claim has …`; nothing where there is none.
fn said(count: i64, one: &str, many: &str, rest: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("One {one} {rest}")),
        count => Some(format!("{count} {many} {rest}")),
    }
}
