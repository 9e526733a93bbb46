//! `/practice/{organization_id}/money/account`: what stands on the practice's invoices, its account with the card processor, and what
//! the platform takes.

use std::rc::Rc;

use shared_types::{
    AudCents, OrganizationId,
    payments::practice::{
        Fees, MONEY_STAFF, Onboarding, OnboardingStatus, PracticeAccount, PutPracticeAccount,
    },
    time,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{MoneyPageProps, money_pages};
use crate::{
    api::{practice_money, use_api_client},
    browser,
    components::{
        failed::Failed,
        field::Field,
        money_words::{asked_words, onboarding_words},
        notice::{Notice, NoticeKind},
    },
    hooks::{use_act, use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Account and fees";
const REST: &str = "/money/account";
/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/legal_name", "/abn"];

/// The page.
#[component]
pub fn AccountPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Account {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Account(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let organization_id = desk.organization_id;
    let (version, on_again) = use_version();
    let account =
        use_private_api::<PracticeAccount>(practice_money::find_practice_account(organization_id), version);
    let fees = use_private_api::<Fees>(practice_money::find_fees(organization_id), version);
    let account = match account {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> };
        }
        Some(Ok(account)) => account,
    };
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            if let Some(reason) = &account.payout_hold {
                <Notice kind={NoticeKind::Soon} title="Nothing is paid out for now"><p>{ reason }</p></Notice>
            }
            <p>{ balance_words(account.balance_cents) }</p>
            <Standing {organization_id} account={Rc::clone(&account)} is_owner={desk.is_owner()} />
            if desk.is_owner() {
                <OnInvoices key={account.version.to_string()} {organization_id} account={Rc::clone(&account)}
                    on_kept={on_again.clone()} />
            } else {
                <p class="small muted">{ "An owner can change what stands on invoices." }</p>
            }
            if let Some(Ok(fees)) = fees {
                { fee_words(&fees) }
            }
        </div>
    }
}

fn balance_words(cents: AudCents) -> String {
    if cents < AudCents::ZERO {
        format!(
            "You owe {}: more went back to patients than came in. It is taken off what comes next.",
            AudCents(-cents.0)
        )
    } else {
        format!("You are owed {cents}.")
    }
}

fn fee_words(fees: &Fees) -> Html {
    let next = fees.next.map(|(cents, day)| format!(" From {} it is {cents}.", time::long_date(day)));
    html! {
        <section class="card stack" aria-labelledby="fees-title">
            <h2 id="fees-title">{ "What HelloMapper takes" }</h2>
            <p>
                { format!("{} for each payment, GST of {} included, since {}.", fees.fee_cents, fees.gst_cents,
                    time::long_date(fees.effective_from)) }
                { next.unwrap_or_default() }
                { " Nothing for what is bulk billed. It goes back with a refund, in proportion." }
            </p>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StandingProps {
    organization_id: OrganizationId,
    account: Rc<PracticeAccount>,
    is_owner: bool,
}

/// How far the practice is with the card processor, and the way to its page.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let StandingProps { organization_id, account, is_owner } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let onclick = {
        let (keyed, organization_id) = (keyed.clone(), *organization_id);
        move |_: MouseEvent| {
            let client = client.clone();
            let send = move |(), key: String| {
                let client = client.clone();
                async move { practice_money::start_onboarding(&client, organization_id, key).await }
            };
            keyed.run((), send, |opened: Onboarding| browser::load(&opened.address));
        }
    };
    let words = match account.status {
        OnboardingStatus::None => Some("Set up payments"),
        OnboardingStatus::Started | OnboardingStatus::ChargesOnly => Some("Go on setting up"),
        OnboardingStatus::Ready => Some("Change what the card processor knows"),
        OnboardingStatus::Closed => None,
    };
    html! {
        <section class="card stack" aria-labelledby="standing-title">
            <h2 id="standing-title">{ "Card payments" }</h2>
            <p>{ onboarding_words(account.status) }{ "." }</p>
            if !account.asked.is_empty() {
                <p>{ asked_until(account) }</p>
                <ul>{ for asked_words(&account.asked).into_iter().map(|thing| html! { <li key={thing}>{ thing }</li> }) }</ul>
            }
            if account.waiting_payments > 0 {
                <Notice kind={NoticeKind::Soon} title={waiting_title(account.waiting_payments)}>
                    <p>{ "No card is charged until patients can pay again. Then it goes on by itself. Refunds still go." }</p>
                </Notice>
            }
            if let Some(words) = words.filter(|_| *is_owner) {
                <div class="button-row">
                    <button type="button" class="button" {onclick} aria-busy={keyed.act.busy.to_string()}>{ words }</button>
                </div>
                <p class="small muted">{ "It opens on the card processor’s own page, and you come back here." }</p>
            }
            <Refused act={keyed.act.clone()} />
        </section>
    }
}

fn asked_until(account: &PracticeAccount) -> String {
    match account.asked_until {
        Some(until) => format!(
            "The card processor asks for this, until {}:",
            time::long_date(shared_types::Zone::SYDNEY.date(until))
        ),
        None => "The card processor asks for this:".to_owned(),
    }
}

fn waiting_title(payments: i64) -> String {
    if payments == 1 { "One payment waits".to_owned() } else { format!("{payments} payments wait") }
}

#[derive(Clone, PartialEq, Properties)]
struct OnInvoicesProps {
    organization_id: OrganizationId,
    account: Rc<PracticeAccount>,
    on_kept: Callback<()>,
}

/// The name, the ABN, and whether GST is charged.
#[component]
fn OnInvoices(props: &OnInvoicesProps) -> Html {
    let OnInvoicesProps { organization_id, account, on_kept } = props;
    let (client, act) = (use_api_client(), use_act());
    let name = use_state_eq(|| account.legal_name.clone().unwrap_or_default());
    let abn = use_state_eq(|| account.abn.clone().unwrap_or_default());
    let gst = use_state_eq(|| account.gst_registered);
    let onsubmit = {
        let (act, name, abn, gst, on_kept) =
            (act.clone(), name.clone(), abn.clone(), gst.clone(), on_kept.clone());
        let (organization_id, version) = (*organization_id, account.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, on_kept) = (client.clone(), on_kept.clone());
            let wanted = PutPracticeAccount {
                legal_name: (*name).clone(),
                abn: (*abn).clone(),
                gst_registered: *gst,
                version,
            };
            let send = move || {
                let (client, wanted) = (client.clone(), wanted.clone());
                async move { practice_money::put_practice_account(&client, organization_id, &wanted).await }
            };
            act.run(send, move |_: PracticeAccount| on_kept.emit(()));
        }
    };
    let (set_name, set_abn, set_gst) = (name.setter(), abn.setter(), gst.setter());
    let tick = move |event: Event| set_gst.set(event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <section class="card stack" aria-labelledby="invoices-title">
            <h2 id="invoices-title">{ "On your invoices" }</h2>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="legal-name" label="Name of the business" maxlength="200" autocomplete="organization"
                    value={(*name).clone()} error={act.error("/legal_name")} oninput={move |text| set_name.set(text)} />
                <Field id="abn" label="ABN" hint="Eleven digits." inputmode="numeric" width="input--m"
                    value={(*abn).clone()} error={act.error("/abn")} oninput={move |text| set_abn.set(text)} />
                <label class="check">
                    <input type="checkbox" id="gst" name="gst" checked={*gst} onchange={tick} />
                    <span>{ "The business is registered for GST" }</span>
                </label>
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Keeping…" } else { "Keep" } }
                    </button>
                </div>
            </form>
            <p class="small muted">{ "What was issued already stays as it is." }</p>
            <Refused act={act.clone()} beside={BESIDE} />
        </section>
    }
}
