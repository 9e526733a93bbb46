//! Asks once more for what no card was charged for.

use shared_types::{
    AudCents, OrganizationId, PaymentId,
    payments::unpaid::{AskedAgain, AskedBy},
};
use yew::prelude::*;

use crate::{
    api::{practice_money, use_api_client},
    browser,
    components::{
        moment::Moment,
        notice::{Notice, NoticeKind},
    },
    hooks::use_keyed,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct AskAgainProps {
    pub organization_id: OrganizationId,
    pub payment_id: PaymentId,
    /// What is owed.
    pub owed_cents: AudCents,
    /// Looks at the list again.
    pub on_changed: Callback<()>,
}

/// What happens, the button that has it happen, and then what has.
#[component]
pub fn AskAgain(props: &AskAgainProps) -> Html {
    let AskAgainProps { organization_id, payment_id, owed_cents, on_changed } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let (asked, notice) = (use_state_eq(|| None::<AskedAgain>), use_node_ref());
    {
        let notice = notice.clone();
        // The button that had the focus is gone.
        use_effect_with(asked.is_some(), move |is_asked| {
            if *is_asked {
                browser::focus_node(&notice);
            }
        });
    }
    let onsubmit = {
        let (keyed, asked) = (keyed.clone(), asked.setter());
        let (organization_id, payment_id) = (*organization_id, *payment_id);
        move |event: SubmitEvent| {
            event.prevent_default();
            let client = client.clone();
            let send = move |(), key: String| {
                let client = client.clone();
                async move {
                    practice_money::ask_again_for_payment(&client, organization_id, payment_id, key).await
                }
            };
            let asked = asked.clone();
            keyed.run((), send, move |reply: AskedAgain| asked.set(Some(reply)));
        }
    };
    if let Some(reply) = *asked {
        return html! {
            <AskedNotice {reply} owed_cents={*owed_cents} on_look={on_changed.clone()} node_ref={notice} />
        };
    }
    let busy = keyed.act.busy;
    html! {
        <div class="stack">
            <p class="small muted">
                { "Ask again, once a day at most: a card that is kept is charged the same amount, never more than the patient " }
                { "agreed to. Where none may be charged, the patient gets a letter and has a day to give another card." }
            </p>
            <form novalidate=true method="post" {onsubmit}>
                <div class="button-row">
                    <button type="submit" class="button button--plain" aria-busy={busy.to_string()}>
                        { if busy { "Asking…".to_owned() } else { format!("Ask again for {owed_cents}") } }
                    </button>
                </div>
            </form>
            <Refused act={keyed.act.clone()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AskedNoticeProps {
    pub reply: AskedAgain,
    /// What is owed.
    pub owed_cents: AudCents,
    /// Looks at the list again.
    pub on_look: Callback<()>,
    #[prop_or_default]
    pub node_ref: NodeRef,
}

/// What comes of it, and what comes next.
#[component]
pub fn AskedNotice(props: &AskedNoticeProps) -> Html {
    let AskedNoticeProps { reply, owed_cents, on_look, node_ref } = props;
    let title = match reply.by {
        AskedBy::Card => format!("The kept card is being charged {owed_cents}"),
        AskedBy::Letter => format!("The patient is asked to pay {owed_cents}"),
    };
    let onclick = on_look.reform(|_: MouseEvent| ());
    html! {
        <Notice kind={NoticeKind::Success} {title} node_ref={node_ref.clone()}>
            <p>{ comes_next(*reply) }</p>
            <button type="button" class="button button--quiet" {onclick}>{ "Look again" }</button>
        </Notice>
    }
}

fn comes_next(reply: AskedAgain) -> Html {
    match (reply.by, reply.repair_until) {
        (AskedBy::Card, _) => html! {
            <>
                { "What it pays is then among your transactions. If it says no, the patient gets a letter and has a day to " }
                { "give another card." }
            </>
        },
        (AskedBy::Letter, Some(until)) => html! {
            <>
                { "They get a letter and can give another card until " }<Moment at={until} />
                { ". It is then charged by itself. After that you can ask again." }
            </>
        },
        (AskedBy::Letter, None) => html! { <>{ "They get a letter that says how to give another card." }</> },
    }
}
