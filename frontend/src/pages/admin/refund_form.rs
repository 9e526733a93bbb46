//! The form by which an administrator asks for a refund of one payment.

use shared_types::{
    AudCents, PaymentId,
    payments::{
        RefundReason, RefundStatus,
        platform::{PlatformRefund, RequestRefund},
        rules::FOUR_EYES_ABOVE,
    },
    personal::Personal,
};
use yew::prelude::*;

use crate::{
    api::{platform_money, use_api_client},
    components::{
        field::Field,
        money_words::{reason_words, refund_words},
        notice::{Notice, NoticeKind},
        select_field::SelectField,
        text_area::TextArea,
    },
    forms::hours::read_dollars,
    hooks::use_keyed,
    pages::account::Refused,
};

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/amount_cents", "/note"];

#[derive(Clone, PartialEq, Properties)]
pub struct RefundFormProps {
    pub payment_id: PaymentId,
    /// The most that can go back.
    pub left: AudCents,
    pub on_asked: Callback<()>,
}

/// How much, and why.
#[component]
pub fn RefundForm(props: &RefundFormProps) -> Html {
    let (payment_id, left) = (props.payment_id, props.left);
    let (client, keyed) = (use_api_client(), use_keyed());
    let (amount, note) = (use_state_eq(String::new), use_state_eq(String::new));
    let reason = use_state_eq(|| RefundReason::Mistake);
    let asked = use_state_eq(|| None::<(AudCents, RefundStatus)>);
    let onsubmit = {
        let (keyed, amount, note, reason) = (keyed.clone(), amount.clone(), note.clone(), reason.clone());
        let (asked, on_asked) = (asked.setter(), props.on_asked.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let wanted = RequestRefund {
                amount_cents: read_dollars(&amount).unwrap_or(AudCents::ZERO),
                reason: *reason,
                note: Personal::new((*note).clone()),
            };
            let client = client.clone();
            let send = move |wanted: RequestRefund, key: String| {
                let client = client.clone();
                async move { platform_money::request_refund(&client, payment_id, &wanted, key).await }
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
    let (set_amount, set_note, set_reason) = (amount.setter(), note.setter(), reason.setter());
    let onchange =
        move |code: String| set_reason.set(RefundReason::from_code(&code).unwrap_or(RefundReason::Mistake));
    let options = RefundReason::ALL
        .map(|reason| (AttrValue::from(reason.code()), AttrValue::from(reason_words(reason))));
    let busy = keyed.act.busy;
    html! {
        <section class="card stack" aria-labelledby="ask-title">
            <h2 id="ask-title">{ "Ask for a refund" }</h2>
            <div class="optional">
                if left > AudCents::ZERO {
                    <p>{ format!("{left} can go back. Above {FOUR_EYES_ABOVE} it waits for a second administrator.") }</p>
                    <form class="stack" novalidate=true method="post" {onsubmit}>
                        <Field id="amount" label="How much, in dollars" inputmode="decimal" width="input--s"
                            value={(*amount).clone()} error={keyed.act.error("/amount_cents")}
                            oninput={move |text| set_amount.set(text)} />
                        <SelectField id="reason" label="Why" options={options.to_vec()} value={reason.code()} {onchange} />
                        <TextArea id="note" label="In words" hint="For the second pair of eyes." value={(*note).clone()}
                            max={1_000} error={keyed.act.error("/note")} oninput={move |text| set_note.set(text)} />
                        <div class="button-row">
                            <button type="submit" class="button" aria-busy={busy.to_string()}>
                                { if busy { "Asking…" } else { "Ask" } }
                            </button>
                        </div>
                    </form>
                } else {
                    <p>{ "Nothing is left that could go back." }</p>
                }
            </div>
            <div class="optional">
                if let Some((cents, status)) = *asked {
                    <Notice kind={NoticeKind::Success} title={format!("{cents}: {}", refund_words(status))} />
                }
            </div>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </section>
    }
}
