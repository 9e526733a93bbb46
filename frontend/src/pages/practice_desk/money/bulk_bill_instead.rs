//! Bulk bills a visit that is charged for, beside its payment or its appointment: what that means, how far it is, and what stands in
//! the way.

use std::rc::Rc;

use shared_types::{
    AudCents, OrganizationId, PaymentId,
    payments::practice::{BulkBillStatus, ToBulkBilling},
};
use yew::prelude::*;

use crate::{
    api::{practice_money, use_api_client},
    browser,
    components::notice::{Notice, NoticeKind},
    hooks::use_keyed,
    pages::{account::Refused, practice_desk::desk_path},
};

#[derive(Clone, PartialEq, Properties)]
pub struct BulkBillInsteadProps {
    pub organization_id: OrganizationId,
    pub payment_id: PaymentId,
    pub standing: ToBulkBilling,
    /// Looks at how far it is.
    pub on_changed: Callback<()>,
}

/// How far it is, and the way to begin.
#[component]
pub fn BulkBillInstead(props: &BulkBillInsteadProps) -> Html {
    let BulkBillInsteadProps { organization_id, payment_id, standing, on_changed } = props;
    let (shows, begun) = (use_state_eq(|| false), use_state_eq(|| false));
    let (notice, outcome, looked) = (use_node_ref(), use_node_ref(), use_mut_ref(|| false));
    {
        let notice = notice.clone();
        // The button that had the focus is gone.
        use_effect_with(*begun, move |begun| {
            if *begun {
                browser::focus_node(&notice);
            }
        });
    }
    {
        let begun = begun.setter();
        // What was read since says more than that it was begun.
        use_effect_with(*standing, move |_| begun.set(false));
    }
    {
        let (outcome, looked) = (outcome.clone(), Rc::clone(&looked));
        // So is the one that looked again, once there is an outcome.
        use_effect_with((standing.status, *begun), move |(status, begun)| {
            if *status != BulkBillStatus::UnderWay && !begun && looked.take() {
                browser::focus_node(&outcome);
            }
        });
    }
    let onclick = {
        let shows = shows.clone();
        move |_: MouseEvent| shows.set(!*shows)
    };
    let on_begun = {
        let (shows, begun, on_changed) = (shows.setter(), begun.setter(), on_changed.clone());
        move |()| {
            shows.set(false);
            begun.set(true);
            on_changed.emit(());
        }
    };
    let offer = |failed: bool| {
        html! {
            <div class="stack">
                if failed {
                    <Notice kind={NoticeKind::Soon} title="The visit could not be bulk billed" node_ref={outcome.clone()}>
                        <p>{ "The money could not be given back, so the visit is charged for as before. You can try again." }</p>
                    </Notice>
                }
                <div class="button-row">
                    <button type="button" class="button button--plain" {onclick} aria-expanded={shows.to_string()}>
                        { "Bulk bill this visit instead" }
                    </button>
                </div>
                <div class="optional">
                    if *shows {
                        <BulkBillForm organization_id={*organization_id} payment_id={*payment_id}
                            gives_back_cents={standing.gives_back_cents} {on_begun} />
                    }
                </div>
            </div>
        }
    };
    match (standing.status, *begun) {
        (BulkBillStatus::Possible, false) => offer(false),
        (BulkBillStatus::NotRefunded, false) => offer(true),
        (BulkBillStatus::UnderWay, _) | (BulkBillStatus::Possible | BulkBillStatus::NotRefunded, true) => {
            let onclick = on_changed.reform(move |_: MouseEvent| {
                looked.replace(true);
            });
            html! {
                <Notice title="This visit is being bulk billed" node_ref={notice}>
                    <p>
                        { "What was paid goes back first, and what is held or planned is let go. After that nothing is charged " }
                        { "for the visit any more." }
                    </p>
                    <button type="button" class="button button--quiet" {onclick}>{ "Look again" }</button>
                </Notice>
            }
        }
        (BulkBillStatus::Done, _) => html! {
            <p tabindex="-1" ref={outcome}>
                { "This visit is bulk billed: what was paid is back, and nothing is charged for it any more. " }
                <a href={desk_path(*organization_id, "/claims")}>{ "See your claims" }</a>
            </p>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct BulkBillFormProps {
    pub organization_id: OrganizationId,
    pub payment_id: PaymentId,
    /// What goes back.
    pub gives_back_cents: AudCents,
    pub on_begun: Callback<()>,
}

/// What happens, before the button that has it happen.
#[component]
pub fn BulkBillForm(props: &BulkBillFormProps) -> Html {
    let BulkBillFormProps { organization_id, payment_id, gives_back_cents, on_begun } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let gives_back = (*gives_back_cents > AudCents::ZERO).then_some(*gives_back_cents);
    let onsubmit = {
        let (keyed, on_begun) = (keyed.clone(), on_begun.clone());
        let (organization_id, payment_id) = (*organization_id, *payment_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            let client = client.clone();
            let send = move |(), key: String| {
                let client = client.clone();
                async move {
                    practice_money::move_to_bulk_billing(&client, organization_id, payment_id, key).await
                }
            };
            let on_begun = on_begun.clone();
            keyed.run((), send, move |()| on_begun.emit(()));
        }
    };
    let busy = keyed.act.busy;
    let words = match gives_back {
        Some(cents) => format!("Give {cents} back and bulk bill"),
        None => "Bulk bill this visit".to_owned(),
    };
    html! {
        <div class="stack">
            <ul>
                if let Some(cents) = gives_back {
                    <li>{ format!("{cents} goes back to the patient first, and the platform’s fee in proportion. A letter says so.") }</li>
                } else {
                    <li>{ "No card is charged: what is held or planned is let go, and a page to pay on is closed." }</li>
                }
                <li>{ "Then the visit is bulk billed. The patient owes nothing for it, nor for cancelling late or not coming." }</li>
                <li>{ "A patient whose visit is still to come is asked for the Medicare benefit; after it, you ask." }</li>
                <li>{ "If the money cannot be given back, the visit stays as it is. Once bulk billed, it stays bulk billed." }</li>
            </ul>
            <form novalidate=true method="post" {onsubmit}>
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={busy.to_string()}>
                        { if busy { "Sending…".to_owned() } else { words } }
                    </button>
                </div>
            </form>
            <Refused act={keyed.act.clone()} />
        </div>
    }
}
