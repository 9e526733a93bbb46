//! `/admin/payments/{payment_id}`: all that became of one payment, and the form by which money of it goes back.

use std::rc::Rc;

use shared_types::{
    AudCents, PaymentId,
    payments::{
        RefundStatus,
        platform::{Chargeback, PlatformIntent, PlatformPayment, PlatformRefund},
    },
};
use yew::prelude::*;

use super::{
    payments::PATH as SEARCH,
    refund_form::RefundForm,
    words::{intent_words, standing_words, try_words},
};
use crate::{
    api::platform_money,
    components::{
        failed::Failed,
        moment::Moment,
        money_words::{chargeback_words, reason_words, refund_words},
    },
    hooks::{use_head, use_private_api, use_version},
    pages::{account::loading, hold::private_head, support::ForSupport},
};

const TITLE: &str = "A payment";

/// Where a payment is.
pub(super) fn payment_path(payment_id: PaymentId) -> String {
    format!("{SEARCH}/{payment_id}")
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PaymentPageProps {
    pub payment_id: PaymentId,
}

/// The page.
#[component]
pub fn PaymentPage(props: &PaymentPageProps) -> Html {
    use_head(private_head(TITLE));
    let payment_id = props.payment_id;
    html! {
        <ForSupport title={TITLE} here={payment_path(payment_id)}>
            <ThePayment {payment_id} />
            <p><a class="back-link" href={SEARCH}>{ "Find another payment" }</a></p>
        </ForSupport>
    }
}

#[component]
fn ThePayment(props: &PaymentPageProps) -> Html {
    let payment_id = props.payment_id;
    let (version, on_again) = use_version();
    let path = platform_money::find_platform_payment(payment_id);
    let payment = match use_private_api::<PlatformPayment>(path, version) {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={payment_path(payment_id)} {on_again} /> };
        }
        Some(Ok(payment)) => payment,
    };
    html! { <PaymentView {payment} on_changed={on_again} /> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct PaymentViewProps {
    pub payment: Rc<PlatformPayment>,
    pub on_changed: Callback<()>,
}

/// The payment with its tries, refunds and disputes.
#[component]
pub fn PaymentView(props: &PaymentViewProps) -> Html {
    let PaymentViewProps { payment, on_changed } = props;
    html! {
        <div class="stack">
            <section class="card stack" aria-labelledby="payment-title">
                <h2 id="payment-title">{ format!("{}: {}", payment.total_cents, standing_words(payment.status)) }</h2>
                if let Some(name) = &payment.legal_name {
                    <p>{ name }</p>
                }
                if let Some(at) = payment.starts_at {
                    <p>{ "Visit on " }<Moment {at} /></p>
                }
                <p>{ sums(payment) }</p>
                <p class="small muted">{ format!("Booking {}", payment.booking_id) }</p>
            </section>
            { part("Tries at the card processor", "tries", payment.intents.iter().map(intent_row).collect()) }
            { part("Refunds", "refunds", payment.refunds.iter().map(refund_row).collect()) }
            { part("Disputes", "disputes", payment.chargebacks.iter().map(chargeback_row).collect()) }
            <RefundForm payment_id={payment.payment_id} left={left(payment)} on_asked={on_changed.clone()} />
        </div>
    }
}

/// What could still go back.
fn left(payment: &PlatformPayment) -> AudCents {
    AudCents(payment.captured_cents.0 - payment.refunded_cents.0 - payment.refunding_cents.0)
}

fn sums(payment: &PlatformPayment) -> String {
    let coming = payment.refunding_cents;
    let coming = if coming > AudCents::ZERO { format!(", {coming} on its way back") } else { String::new() };
    format!("{} taken, {} gone back{coming}.", payment.captured_cents, payment.refunded_cents)
}

fn part(title: &'static str, id: &'static str, rows: Vec<Html>) -> Html {
    let title_id = format!("{id}-title");
    html! {
        <section class="stack" aria-labelledby={title_id.clone()}>
            <h2 id={title_id}>{ title }</h2>
            if rows.is_empty() {
                <p>{ "None." }</p>
            }
            <ul class="stack" role="list">{ for rows }</ul>
        </section>
    }
}

fn intent_row(one: &PlatformIntent) -> Html {
    html! {
        <li key={one.intent_id.to_string()} class="card stack">
            <p>
                { format!("{}: {}, {}", try_words(one.purpose, one.kind), one.amount_cents, intent_words(one.status)) }
            </p>
            <p class="small muted">
                { "Begun " }<Moment at={one.created_at} />
                if let Some(object) = &one.processor_object {
                    { ", " }<code>{ object }</code>
                }
            </p>
        </li>
    }
}

fn refund_row(one: &PlatformRefund) -> Html {
    html! {
        <li key={one.refund_id.to_string()} class="card stack">
            <p>{ format!("{}: {}. {}", one.amount_cents, refund_words(one.status), reason_words(one.reason)) }</p>
            if let Some(note) = &one.note {
                <p>{ note.expose() }</p>
            }
            if one.status == RefundStatus::AwaitingApproval {
                <p><a href="/admin/refunds">{ "Decide on it" }</a></p>
            }
            <p class="small muted">{ "Asked for " }<Moment at={one.created_at} /></p>
        </li>
    }
}

fn chargeback_row(one: &Chargeback) -> Html {
    html! {
        <li key={one.chargeback_id.to_string()} class="card stack">
            <p>{ format!("{}: {}", one.amount_cents, chargeback_words(one.status)) }</p>
            <p class="small muted">{ "Opened " }<Moment at={one.opened_at} />{ format!(", {}", one.reason) }</p>
            <p><a href="/admin/chargebacks">{ "All chargebacks" }</a></p>
        </li>
    }
}
