//! `/admin/chargebacks`: cardholders' disputes, those to answer first, and what is sent to the bank. Nothing clinical goes there.

use std::rc::Rc;

use shared_types::{
    ChargebackId,
    page::Page,
    payments::{
        ChargebackStatus,
        platform::{Chargeback, ChargebackCase, Evidence, PutEvidence},
    },
    personal::Personal,
};
use yew::prelude::*;

use super::payment::payment_path;
use crate::{
    api::{platform_money, use_api_client},
    browser,
    components::{
        failed::Failed,
        field::Field,
        moment::Moment,
        money_words::chargeback_words,
        notice::{Notice, NoticeKind},
        text_area::TextArea,
    },
    hooks::{use_act, use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Chargebacks";
const PATH: &str = "/admin/chargebacks";
/// The most characters of a text that is sent.
const TEXT: usize = 20_000;
/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/evidence/policy", "/evidence/history", "/evidence/note"];

/// The page.
#[component]
pub fn ChargebacksPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Chargebacks /></ForSupport> }
}

#[component]
fn Chargebacks() -> Html {
    let (version, on_again) = use_version();
    let chosen = use_state_eq(|| None::<ChargebackId>);
    let cursor = use_state_eq(|| None::<String>);
    let path = platform_money::list_chargebacks(cursor.as_deref());
    let page = match use_private_api::<Page<Chargeback>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let row = |one: &Chargeback| {
        let (set, id) = (chosen.setter(), one.chargeback_id);
        let detail = format!("{}: {}", one.reason, chargeback_words(one.status));
        html! {
            <li key={id.to_string()}>
                <button type="button" class="choice" aria-current={(*chosen == Some(id)).to_string()}
                    onclick={move |_: MouseEvent| set.set(Some(id))}>
                    <span>
                        <span class="choice__title">{ one.amount_cents.to_string() }</span>
                        <span class="choice__detail">{ detail }</span>
                    </span>
                </button>
            </li>
        }
    };
    html! {
        <div class="stack">
            if page.items.is_empty() {
                <p>{ "There are none." }</p>
            }
            <ul class="choice-list" role="list">{ for page.items.iter().map(row) }</ul>
            { turning(&cursor, page.next.as_ref()) }
            <div class="optional">
                if let Some(id) = *chosen {
                    <Case key={id.to_string()} {id} on_changed={on_again.clone()} />
                }
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CaseProps {
    id: ChargebackId,
    on_changed: Callback<()>,
}

#[component]
fn Case(props: &CaseProps) -> Html {
    let (version, on_again) = use_version();
    let case = match use_private_api::<ChargebackCase>(platform_money::find_chargeback(props.id), version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(case)) => case,
    };
    let on_changed = {
        let outer = props.on_changed.clone();
        Callback::from(move |()| {
            on_again.emit(());
            outer.emit(());
        })
    };
    let waits = case.chargeback.status == ChargebackStatus::NeedsResponse && case.submitted_at.is_none();
    html! {
        <section class="card stack" aria-labelledby="case-title">
            <h2 id="case-title">{ format!("{}: {}", case.chargeback.amount_cents, case.chargeback.reason) }</h2>
            <p>{ chargeback_words(case.chargeback.status) }{ ". Opened " }<Moment at={case.chargeback.opened_at} />{ "." }</p>
            if let Some(at) = case.chargeback.evidence_due_at {
                <p>{ "The bank takes evidence until " }<Moment {at} />{ ". Send it a day before." }</p>
            }
            <p><a href={payment_path(case.chargeback.payment_id)}>{ "The payment" }</a></p>
            if let Some(at) = case.submitted_at {
                <p>{ "Sent " }<Moment {at} />{ "." }</p>
            }
            if waits {
                <EvidenceForm key={case.version.to_string()} case={Rc::clone(&case)} {on_changed} />
            }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct EvidenceFormProps {
    pub case: Rc<ChargebackCase>,
    pub on_changed: Callback<()>,
}

/// What is sent. It is kept first, and sent once.
#[component]
pub fn EvidenceForm(props: &EvidenceFormProps) -> Html {
    let EvidenceFormProps { case, on_changed } = props;
    let (client, keep, submit) = (use_api_client(), use_act(), use_keyed());
    let [had_day, had_policy, had_history, had_note] = texts(&case.evidence);
    // Until somebody has kept anything, the fields begin with what we know ourselves.
    let is_untouched = case.evidence == Evidence::default();
    let is_proposed = is_untouched && case.known != Evidence::default();
    let begins = if is_untouched { texts(&case.known) } else { texts(&case.evidence) };
    let [its_day, its_policy, its_history, its_note] = begins;
    let (day, policy) = (use_state_eq(|| its_day), use_state_eq(|| its_policy));
    let (history, note) = (use_state_eq(|| its_history), use_state_eq(|| its_note));
    // Without a policy there is nothing that was agreed to.
    let agreed_at = case.evidence.agreed_at.or(case.known.agreed_at).filter(|_| given(&policy).is_some());
    let is_kept = *day == had_day
        && *policy == had_policy
        && *history == had_history
        && *note == had_note
        && agreed_at == case.evidence.agreed_at;
    let (id, version) = (case.chargeback.chargeback_id, case.version);
    let asks = use_state_eq(|| false);
    let written = Evidence {
        service_date: day.trim().parse().ok(),
        agreed_at,
        policy: given(&policy),
        history: given(&history),
        note: given(&note).map(Personal::new),
    };
    let onsubmit = {
        let (keep, client, on_changed) = (keep.clone(), client.clone(), on_changed.clone());
        let wanted = PutEvidence { evidence: written, version };
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, on_changed, wanted) = (client.clone(), on_changed.clone(), wanted.clone());
            let send = move || {
                let (client, wanted) = (client.clone(), wanted.clone());
                async move { platform_money::put_evidence(&client, id, &wanted).await }
            };
            keep.run(send, move |_: ChargebackCase| on_changed.emit(()));
        }
    };
    let on_send = {
        let (submit, on_changed) = (submit.clone(), on_changed.clone());
        Callback::from(move |()| {
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move |(), key: String| {
                let client = client.clone();
                async move { platform_money::submit_evidence(&client, id, key).await }
            };
            submit.run((), send, move |_: ChargebackCase| on_changed.emit(()));
        })
    };
    let on_ask = {
        let asks = asks.setter();
        move |_: MouseEvent| asks.set(true)
    };
    let on_back = {
        let asks = asks.setter();
        Callback::from(move |()| asks.set(false))
    };
    let (set_day, set_policy, set_history, set_note) =
        (day.setter(), policy.setter(), history.setter(), note.setter());
    html! {
        <>
            <div class="optional">
                if is_proposed {
                    <p>{ "What we know is filled in. Look at it, change what is wrong, and keep it: nothing else is sent." }</p>
                }
            </div>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="service-date" label="Day of the visit" kind="date" width="input--m" optional=true
                    value={(*day).clone()} oninput={move |text| set_day.set(text)} />
                <TextArea id="policy" label="Cancellation policy that was shown" value={(*policy).clone()} max={TEXT}
                    optional=true error={keep.error("/evidence/policy")} oninput={move |text| set_policy.set(text)} />
                <div class="optional">
                    if let Some(at) = agreed_at {
                        <p class="small muted">{ "The bank is told that it was shown and agreed to on " }<Moment {at} />{ "." }</p>
                    }
                </div>
                <TextArea id="history" label="What was noted of the appointment"
                    hint="When it was confirmed, changed, attended. Not why somebody came." value={(*history).clone()}
                    max={TEXT} optional=true error={keep.error("/evidence/history")}
                    oninput={move |text| set_history.set(text)} />
                <TextArea id="evidence-note" label="In words" value={(*note).clone()} max={TEXT} optional=true
                    error={keep.error("/evidence/note")} oninput={move |text| set_note.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button button--quiet" aria-busy={keep.busy.to_string()}>{ "Keep" }</button>
                    <button type="button" class="button" onclick={on_ask} aria-expanded={asks.to_string()}>
                        { "Send what is kept to the bank" }
                    </button>
                </div>
            </form>
            <p class="small muted">{ "It can be sent once." }</p>
            <div class="optional">
                if *asks {
                    <SendStep {is_kept} busy={submit.act.busy} {on_send} {on_back} />
                }
            </div>
            <Refused act={keep.clone()} beside={BESIDE} />
            <Refused act={submit.act.clone()} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct SendStepProps {
    /// Whether everything that was written is kept.
    pub is_kept: bool,
    pub busy: bool,
    pub on_send: Callback<()>,
    pub on_back: Callback<()>,
}

/// Asks once more before what cannot be taken back.
#[component]
pub fn SendStep(props: &SendStepProps) -> Html {
    let SendStepProps { is_kept, busy, on_send, on_back } = props;
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        use_effect_with((), move |()| browser::focus_node(&notice));
    }
    let send = on_send.reform(|_: MouseEvent| ());
    let back = on_back.reform(|_: MouseEvent| ());
    html! {
        <Notice kind={NoticeKind::Danger} title="This cannot be taken back" node_ref={notice}>
            <p>{ "The bank takes evidence once. Nothing can be changed or added afterwards." }</p>
            if !*is_kept {
                <p><strong>{ "What you changed is not kept, and would not be sent. Keep it first." }</strong></p>
            }
            <div class="button-row">
                <button type="button" class="button" disabled={!*is_kept} onclick={send} aria-busy={busy.to_string()}>
                    { "Send it now" }
                </button>
                <button type="button" class="button button--quiet" onclick={back}>{ "Do not send it" }</button>
            </div>
        </Notice>
    }
}

/// What the fields have before anything is written: the day, the policy, the history, the words.
fn texts(evidence: &Evidence) -> [String; 4] {
    [
        evidence.service_date.map(|day| day.to_string()).unwrap_or_default(),
        evidence.policy.clone().unwrap_or_default(),
        evidence.history.clone().unwrap_or_default(),
        evidence.note.as_ref().map(|note| note.expose().clone()).unwrap_or_default(),
    ]
}

/// What was written; nothing for nothing.
fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
