//! Asks a patient to agree to a higher price.

use shared_types::{
    AudCents, OrganizationId, PaymentId,
    payments::practice::{AskForCharge, REASON_LENGTH},
};
use yew::prelude::*;

use crate::{
    api::{practice_money, use_api_client},
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
        text_area::TextArea,
    },
    forms::hours::read_dollars,
    hooks::use_keyed,
    pages::account::Refused,
};

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/total_cents", "/reason"];

#[derive(Clone, PartialEq, Properties)]
pub struct AskFormProps {
    pub organization_id: OrganizationId,
    pub payment_id: PaymentId,
    /// What was paid.
    pub paid: AudCents,
}

/// The whole new price, and why. The patient decides.
#[component]
pub fn AskForm(props: &AskFormProps) -> Html {
    let AskFormProps { organization_id, payment_id, paid } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let (total, reason) = (use_state_eq(String::new), use_state_eq(String::new));
    let done = use_state_eq(|| None::<AudCents>);
    let onsubmit = {
        let (keyed, total, reason, done) = (keyed.clone(), total.clone(), reason.clone(), done.setter());
        let (organization_id, payment_id) = (*organization_id, *payment_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            // What is no amount is sent as nothing, and the service says what is wrong with it.
            let total_cents = read_dollars(&total).unwrap_or(AudCents::ZERO);
            let client = client.clone();
            let send = move |asked: AskForCharge, key: String| {
                let client = client.clone();
                async move {
                    practice_money::ask_for_charge(&client, organization_id, payment_id, &asked, key).await
                }
            };
            let done = done.clone();
            let asked = AskForCharge { total_cents, reason: (*reason).clone().into() };
            keyed.run(asked, send, move |()| done.set(Some(total_cents)));
        }
    };
    let (set_total, set_reason) = (total.setter(), reason.setter());
    let busy = keyed.act.busy;
    html! {
        <div class="stack">
            <p>{ "The patient gets a letter and decides. Nothing more is charged unless they agree." }</p>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id={format!("total-{payment_id}")} label="The whole new price, in dollars" inputmode="decimal"
                    width="input--s" hint={format!("With the {paid} of this payment in it.")} value={(*total).clone()}
                    error={keyed.act.error("/total_cents")} oninput={move |text| set_total.set(text)} />
                <TextArea id={format!("why-{payment_id}")} label="Why"
                    hint="The patient reads it beside the new price; the letter leaves it out. Write nothing clinical."
                    value={(*reason).clone()} max={*REASON_LENGTH.end()} error={keyed.act.error("/reason")}
                    oninput={move |text| set_reason.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={busy.to_string()}>
                        { if busy { "Asking…" } else { "Ask the patient" } }
                    </button>
                </div>
            </form>
            <div class="optional">
                if let Some(cents) = *done {
                    <Notice kind={NoticeKind::Success} title={format!("The patient is asked for {cents}")}>
                        <p>{ "What they answer stands beside this payment, and what is charged is among your transactions." }</p>
                    </Notice>
                }
            </div>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </div>
    }
}
