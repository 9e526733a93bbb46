//! Gives a patient money back.

use shared_types::{
    AudCents, OrganizationId, PaymentId,
    payments::{
        RefundReason,
        practice::{PracticeRefund, RefundPayment},
    },
};
use yew::prelude::*;

use crate::{
    api::{practice_money, use_api_client},
    browser,
    components::{
        field::Field,
        money_words::reason_words,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    forms::hours::{dollars, read_dollars},
    hooks::use_keyed,
    pages::account::Refused,
};

/// Why a practice gives back; the others are for the rules of cancelling.
const REASONS: [RefundReason; 4] =
    [RefundReason::NotGiven, RefundReason::FeeWaived, RefundReason::Mistake, RefundReason::Goodwill];
/// The field that says itself what is wrong.
const BESIDE: &[&str] = &["/amount_cents"];

#[derive(Clone, PartialEq, Properties)]
pub struct RefundFormProps {
    pub organization_id: OrganizationId,
    pub payment_id: PaymentId,
    /// What was paid.
    pub most: AudCents,
    pub on_refunded: Callback<()>,
}

/// How much, and why.
#[component]
pub fn RefundForm(props: &RefundFormProps) -> Html {
    let RefundFormProps { organization_id, payment_id, most, on_refunded } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let (amount, reason) = (use_state_eq(|| dollars(*most)), use_state_eq(|| RefundReason::Goodwill));
    let (done, notice) = (use_state_eq(|| None::<AudCents>), use_node_ref());
    {
        let notice = notice.clone();
        // The button that had the focus is gone.
        use_effect_with(*done, move |done| {
            if done.is_some() {
                browser::focus_node(&notice);
            }
        });
    }
    let onsubmit = {
        let (keyed, amount, reason, on_refunded, done) =
            (keyed.clone(), amount.clone(), reason.clone(), on_refunded.clone(), done.setter());
        let (organization_id, payment_id) = (*organization_id, *payment_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            // What is no amount is sent as nothing, and the service says what is wrong with it.
            let amount_cents = read_dollars(&amount).unwrap_or(AudCents::ZERO);
            let client = client.clone();
            let send = move |refund: RefundPayment, key: String| {
                let client = client.clone();
                async move {
                    practice_money::refund_payment(&client, organization_id, payment_id, &refund, key).await
                }
            };
            let (on_refunded, done) = (on_refunded.clone(), done.clone());
            keyed.run(
                RefundPayment { amount_cents, reason: *reason },
                send,
                move |refund: PracticeRefund| {
                    done.set(Some(refund.amount_cents));
                    on_refunded.emit(());
                },
            );
        }
    };
    let set_amount = amount.setter();
    let set_reason = reason.setter();
    let onchange =
        move |code: String| set_reason.set(RefundReason::from_code(&code).unwrap_or(RefundReason::Goodwill));
    let options =
        REASONS.map(|reason| (AttrValue::from(reason.code()), AttrValue::from(reason_words(reason))));
    let busy = keyed.act.busy;
    if let Some(cents) = *done {
        // The same button, pressed once more, would give the same once more.
        return html! {
            <Notice kind={NoticeKind::Success} title={format!("{cents} is on its way back")} node_ref={notice}>
                <p>{ "It is on the card within ten days. The platform’s fee goes back in proportion." }</p>
            </Notice>
        };
    }
    html! {
        <div class="stack">
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id={format!("amount-{payment_id}")} label="How much, in dollars" inputmode="decimal" width="input--s"
                    value={(*amount).clone()} error={keyed.act.error("/amount_cents")}
                    oninput={move |text| set_amount.set(text)} />
                <SelectField id={format!("reason-{payment_id}")} label="Why" options={options.to_vec()}
                    value={reason.code()} {onchange} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={busy.to_string()}>
                        { if busy { "Sending…" } else { "Give it back" } }
                    </button>
                </div>
            </form>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </div>
    }
}
