//! `/admin/refunds`: refunds that wait for a second administrator, and the form by which one is asked for.

use std::rc::Rc;

use shared_types::{
    AudCents, PaymentId,
    page::Page,
    payments::{
        RefundReason, RefundStatus,
        platform::{DecideRefund, PlatformRefund, RequestRefund},
        rules::FOUR_EYES_ABOVE,
    },
    personal::Personal,
};
use yew::prelude::*;

use crate::{
    api::{money, use_api_client},
    components::{
        failed::Failed,
        field::Field,
        moment::Moment,
        money_words::{reason_words, refund_words},
        notice::{Notice, NoticeKind},
        select_field::SelectField,
        text_area::TextArea,
    },
    forms::hours::read_dollars,
    hooks::{use_act, use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Refunds";
const PATH: &str = "/admin/refunds";
/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/amount_cents", "/note"];

/// The page.
#[component]
pub fn RefundsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Refunds /></ForSupport> }
}

#[component]
fn Refunds() -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = money::list_waiting_refunds(cursor.as_deref());
    let page = use_private_api::<Page<PlatformRefund>>(path, version);
    let waiting = match page {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} on_again={on_again.clone()} /> },
        Some(Ok(page)) => html! {
            <>
                if page.items.is_empty() {
                    <p>{ "Nothing waits for a second administrator." }</p>
                }
                <ul class="stack" role="list">
                    { for page.items.iter().map(|one| html! {
                        <Waiting key={one.refund_id.to_string()} refund={Rc::new(one.clone())} on_decided={on_again.clone()} />
                    }) }
                </ul>
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            <section class="stack" aria-labelledby="waiting-title">
                <h2 id="waiting-title">{ "Waiting" }</h2>
                { waiting }
            </section>
            <Ask on_asked={on_again} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WaitingProps {
    refund: Rc<PlatformRefund>,
    on_decided: Callback<()>,
}

#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let WaitingProps { refund, on_decided } = props;
    let (client, act) = (use_api_client(), use_act());
    let decide = |approve: bool| {
        let (client, act, on_decided) = (client.clone(), act.clone(), on_decided.clone());
        let (refund_id, amount_cents) = (refund.refund_id, refund.amount_cents);
        Callback::from(move |_: MouseEvent| {
            let (client, on_decided) = (client.clone(), on_decided.clone());
            let send = move || {
                let client = client.clone();
                let decision = DecideRefund { approve, amount_cents };
                async move { money::decide_refund(&client, refund_id, decision).await }
            };
            act.run(send, move |_: PlatformRefund| on_decided.emit(()));
        })
    };
    html! {
        <li class="card stack">
            <p>
                <strong>{ refund.amount_cents.to_string() }</strong>
                { format!(": {}. Asked for ", reason_words(refund.reason)) }<Moment at={refund.created_at} />{ "." }
            </p>
            if let Some(note) = &refund.note {
                <p>{ note.expose() }</p>
            }
            <p class="small muted">{ format!("Payment {}", refund.payment_id) }</p>
            <div class="button-row">
                <button type="button" class="button" onclick={decide(true)} aria-busy={act.busy.to_string()}>
                    { "Agree" }<span class="visually-hidden">{ format!(" to {}", refund.amount_cents) }</span>
                </button>
                <button type="button" class="button button--quiet" onclick={decide(false)} aria-busy={act.busy.to_string()}>
                    { "Refuse" }<span class="visually-hidden">{ format!(" {}", refund.amount_cents) }</span>
                </button>
            </div>
            <Refused act={act.clone()} />
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AskProps {
    on_asked: Callback<()>,
}

/// Which payment, how much, why.
#[component]
fn Ask(props: &AskProps) -> Html {
    let (client, keyed) = (use_api_client(), use_keyed());
    let (payment, amount, note) =
        (use_state_eq(String::new), use_state_eq(String::new), use_state_eq(String::new));
    let reason = use_state_eq(|| RefundReason::Mistake);
    let (asked, unknown) = (use_state_eq(|| None::<(AudCents, RefundStatus)>), use_state_eq(|| false));
    let onsubmit = {
        let (keyed, payment, amount, note, reason) =
            (keyed.clone(), payment.clone(), amount.clone(), note.clone(), reason.clone());
        let (asked, unknown, on_asked) = (asked.setter(), unknown.setter(), props.on_asked.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let payment_id = payment.trim().parse::<PaymentId>();
            unknown.set(payment_id.is_err());
            let Ok(payment_id) = payment_id else { return };
            let wanted = RequestRefund {
                amount_cents: read_dollars(&amount).unwrap_or(AudCents::ZERO),
                reason: *reason,
                note: Personal::new((*note).clone()),
            };
            let client = client.clone();
            let send = move |wanted: RequestRefund, key: String| {
                let client = client.clone();
                async move { money::request_refund(&client, payment_id, &wanted, key).await }
            };
            let (asked, on_asked) = (asked.clone(), on_asked.clone());
            let (amount, note) = (amount.setter(), note.setter());
            keyed.run(wanted, send, move |refund: PlatformRefund| {
                asked.set(Some((refund.amount_cents, refund.status)));
                // The same button, pressed once more, would ask for the same once more.
                amount.set(String::new());
                note.set(String::new());
                on_asked.emit(());
            });
        }
    };
    let (set_payment, set_amount, set_note) = (payment.setter(), amount.setter(), note.setter());
    let set_reason = reason.setter();
    let onchange =
        move |code: String| set_reason.set(RefundReason::from_code(&code).unwrap_or(RefundReason::Mistake));
    let options = RefundReason::ALL
        .map(|reason| (AttrValue::from(reason.code()), AttrValue::from(reason_words(reason))));
    let no_payment = unknown.then_some("Give the payment’s number, as it stands on the practice’s list");
    let busy = keyed.act.busy;
    html! {
        <section class="card stack" aria-labelledby="ask-title">
            <h2 id="ask-title">{ "Ask for a refund" }</h2>
            <p>{ format!("Above {FOUR_EYES_ABOVE} it waits for a second administrator.") }</p>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="payment" label="Payment" autocomplete="off" value={(*payment).clone()}
                    error={no_payment.map(AttrValue::from)} oninput={move |text| set_payment.set(text)} />
                <Field id="amount" label="How much, in dollars" inputmode="decimal" width="input--s" value={(*amount).clone()}
                    error={keyed.act.error("/amount_cents")} oninput={move |text| set_amount.set(text)} />
                <SelectField id="reason" label="Why" options={options.to_vec()} value={reason.code()} {onchange} />
                <TextArea id="note" label="In words" hint="For the second pair of eyes." value={(*note).clone()} max={1_000}
                    error={keyed.act.error("/note")} oninput={move |text| set_note.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={busy.to_string()}>
                        { if busy { "Asking…" } else { "Ask" } }
                    </button>
                </div>
            </form>
            <div class="optional">
                if let Some((cents, status)) = *asked {
                    <Notice kind={NoticeKind::Success} title={format!("{cents}: {}", refund_words(status))} />
                }
            </div>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </section>
    }
}
