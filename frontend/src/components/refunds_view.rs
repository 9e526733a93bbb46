//! What of a booking's money went back, for its patient: how much, when it was decided, why, and where it is.

use shared_types::payments::{RefundReason, RefundStatus, pay::PatientRefund};
use yew::prelude::*;

use super::{
    moment::Moment,
    notice::{Notice, NoticeKind},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RefundsViewProps {
    /// The earliest first.
    pub refunds: Vec<PatientRefund>,
}

/// The list; a line where there are none.
#[component]
pub fn RefundsView(props: &RefundsViewProps) -> Html {
    if props.refunds.is_empty() {
        return html! { <p>{ "Nothing went back, and nothing is on its way." }</p> };
    }
    html! { <ul class="stack" role="list" aria-label="Refunds">{ for props.refunds.iter().map(refund) }</ul> }
}

fn refund(one: &PatientRefund) -> Html {
    let failed = one.status == RefundStatus::Failed;
    html! {
        <li key={one.refund_id.to_string()}>
            <p>
                <strong>{ one.amount_cents.to_string() }</strong>{ format!(": {}. ", status_words(one.status)) }
                <Moment at={one.created_at} />
            </p>
            <p class="small muted">{ format!("Why: {}.", reason_words(one.reason)) }</p>
            <div class="optional">
                if failed {
                    <Notice kind={NoticeKind::Soon} title={format!("{} did not reach you", one.amount_cents)}>
                        <p>{ "Your bank sent it back, often because the card’s account is closed. Unless it was sent once more since, ask the practice to pay it in another way." }</p>
                    </Notice>
                }
            </div>
        </li>
    }
}

/// Where a refund stands, for who gets it.
fn status_words(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::AwaitingApproval => "waits for a second person at HelloMapper to agree",
        RefundStatus::Refused => "was not agreed to, so it did not go back",
        RefundStatus::Due | RefundStatus::Sent => "on its way to your card; banks take up to ten days",
        RefundStatus::Succeeded => "sent to your card; banks take up to ten days to show it",
        RefundStatus::Failed => "not taken by your bank",
    }
}

/// Why money goes back, for who gets it.
fn reason_words(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::Cancelled => "the appointment was cancelled in time, or moved",
        RefundReason::NotGiven => "the appointment was not given",
        RefundReason::TooLate => "you paid when the time was no longer held for you",
        RefundReason::FeeWaived => "you do not owe the fee",
        RefundReason::BulkBilled => "the visit is bulk billed, so you pay nothing",
        RefundReason::Mistake => "you were charged too much, or twice",
        RefundReason::Goodwill => "as goodwill",
    }
}
