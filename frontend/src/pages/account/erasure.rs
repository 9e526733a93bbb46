//! Closing the account, with everything erased that no law keeps. There is no way back, so it is said first what goes and
//! what stays; and afterwards, how it went: there is no session any more, so a receipt shows that.

mod progress;

use std::rc::Rc;

use shared_types::{
    problem::FieldError,
    time,
    users::{AskErasure, ErasureAsked, ErasurePlan, Kept, LeftDependant, LeftPractice, Me},
};
use yew::prelude::*;

use self::progress::{FromReceipt, Progress};
use super::{Frame, OnlySignedIn, Own, Refused, back_to_account, fetched};
use crate::{
    account,
    api::{use_api_client, users},
    browser,
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
    },
    forms::attempt::Attempt,
    hooks::{
        use_act, use_head, use_private_api,
        use_standing::{Standing, use_standing},
        use_version,
    },
    pages::hold::private_head,
    vault,
};

const PATH: &str = "/account/erasure";
const TITLE: &str = "Close your account";

/// The page. What was asked outlives the session that asked it.
#[component]
pub fn ErasurePage() -> Html {
    use_head(private_head(TITLE));
    let asked = use_state(|| None::<Rc<ErasureAsked>>);
    let signed_out = match use_standing().standing {
        Standing::SignedOut => true,
        Standing::Unknown | Standing::SignedIn(_) | Standing::Failed(_) => false,
    };
    if let Some(asked) = &*asked {
        return html! { <Frame title={TITLE}><Progress asked={Rc::clone(asked)} /></Frame> };
    }
    if signed_out {
        return html! { <Frame title={TITLE}><WithoutSession /></Frame> };
    }
    let on_asked = {
        let asked = asked.setter();
        Callback::from(move |new| asked.set(Some(Rc::new(new))))
    };
    let render = Callback::from(move |me: Rc<Me>| {
        html! { <Ask me={Own(me)} on_asked={on_asked.clone()} /> }
    });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

/// For somebody who wants to close an account, and for somebody who has.
#[component]
fn WithoutSession() -> Html {
    html! {
        <div class="stack">
            <p>{ "To close an account, sign in to it first." }</p>
            <div class="button-row">
                <a class="button" href="/account/sign-in?to=/account/erasure">{ "Sign in" }</a>
            </div>
            <FromReceipt />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AskProps {
    me: Own,
    on_asked: Callback<ErasureAsked>,
}

#[component]
fn Ask(props: &AskProps) -> Html {
    let (version, again) = use_version();
    let plan = use_private_api::<ErasurePlan>(users::get_erasure_plan(), version);
    html! {
        <>
            <p>
                { "You can close your account at any time. It takes effect at once and cannot be undone. You may " }
                { "want to " }<a href="/account/export">{ "save everything we hold" }</a>{ " before." }
            </p>
            { fetched(plan, PATH, &again, |plan| html! {
                <>
                    <Plan plan={(*plan).clone()} />
                    if plan.owned_alone.is_empty() && plan.mailboxes.is_empty() {
                        <Confirm me={props.me.clone()} on_asked={props.on_asked.clone()} />
                    }
                </>
            }) }
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PlanProps {
    plan: ErasurePlan,
}

/// What stands in the way, what goes, and what stays until when.
#[component]
fn Plan(props: &PlanProps) -> Html {
    let ErasurePlan { owned_alone, mailboxes, dependants, kept } = &props.plan;
    html! {
        <>
            <div class="optional">
                if !owned_alone.is_empty() {
                    <Notice kind={NoticeKind::Soon} title="First, name another owner">
                        <p>{ "Nobody else owns these practices. While that is so, the account cannot be closed." }</p>
                        <ul>{ for owned_alone.iter().map(practice) }</ul>
                    </Notice>
                }
            </div>
            <div class="optional">
                if !mailboxes.is_empty() {
                    <Notice kind={NoticeKind::Soon} title="Have somebody else who owns the practice let you go">
                        <p>
                            { "You can open what patients seal to these practices. On the practice’s page “Keys”, its other " }
                            { "owner makes new keys for those who stay, and you leave in the same step. While you are there, " }
                            { "the account cannot be closed." }
                        </p>
                        <ul>{ for mailboxes.iter().map(practice) }</ul>
                    </Notice>
                }
            </div>
            <section class="stack account__part" aria-labelledby="goes-title">
                <h2 id="goes-title">{ "What is erased" }</h2>
                <ul class="prose">
                    <li>{ "Your account: how you sign in, where you are signed in, your keys." }</li>
                    <li>{ "Your details, card numbers, and who may act for you." }</li>
                    <li>{ "Your name and contacts in what we keep, wherever no law asks for them." }</li>
                    { for dependants.iter().map(dependant) }
                </ul>
            </section>
            <section class="stack account__part" aria-labelledby="stays-title">
                <h2 id="stays-title">{ "What is kept, and why" }</h2>
                { kept_list(kept) }
            </section>
        </>
    }
}

fn practice(left: &LeftPractice) -> Html {
    let name = left.name.clone().unwrap_or_else(|| "A practice without a name here".to_owned());
    html! { <li key={left.organization_id.to_string()}>{ name }</li> }
}

fn dependant(left: &LeftDependant) -> Html {
    let name = left.name.expose();
    let words = if left.erased_too {
        format!("The record of {name}: nobody else could reach it.")
    } else {
        format!("Your leave to act for {name}. Their record stays.")
    };
    html! { <li key={left.patient_id.to_string()}>{ words }</li> }
}

/// What stays, with the reason and the last day.
fn kept_list(kept: &[Kept]) -> Html {
    if kept.is_empty() {
        return html! { <p>{ "Nothing." }</p> };
    }
    html! {
        <ul class="prose">
            { for kept.iter().map(|one| html! {
                <li key={one.what.clone()}>{ kept_words(one) }</li>
            }) }
        </ul>
    }
}

fn kept_words(kept: &Kept) -> String {
    let until = kept.until.map(|day| format!(" Until {}.", time::long_date(day))).unwrap_or_default();
    format!("{}: {}.{until}", kept.what, kept.why.trim_end_matches('.'))
}

/// The address typed once more, then the button.
#[component]
fn Confirm(props: &AskProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let typed = use_state(String::new);
    let wrong = use_state(|| None::<FieldError>);
    let attempt = use_mut_ref(Attempt::default);
    let ask = use_standing().ask;
    let onsubmit = {
        let (act, typed, wrong) = (act.clone(), typed.clone(), wrong.setter());
        let (account_id, email) = (props.me.account_id, props.me.email.expose().clone());
        let on_asked = props.on_asked.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let error = check(&typed, &email);
            wrong.set(error.clone());
            if error.is_some() {
                return browser::focus("erase_email");
            }
            let body = AskErasure { email: typed.trim().to_owned().into() };
            let key = attempt.borrow_mut().key_for(&typed, browser::random_uuid);
            let (client, attempt) = (client.clone(), attempt.clone());
            let (on_asked, ask) = (on_asked.clone(), ask.clone());
            act.run(
                move || {
                    let (client, body, key, attempt) =
                        (client.clone(), body.clone(), key.clone(), attempt.clone());
                    async move {
                        let asked = users::ask_erasure(&client, &body, key).await;
                        attempt.borrow_mut().settle(asked.as_ref().err());
                        asked
                    }
                },
                move |asked| {
                    on_asked.emit(asked);
                    account::forget_hint();
                    vault::forget_book(account_id);
                    ask.emit(());
                },
            );
        }
    };
    let error =
        wrong.as_ref().map(|error| AttrValue::from(error.detail.clone())).or_else(|| act.error("/email"));
    let set = typed.setter();
    html! {
        <section class="card stack" aria-labelledby="erase-title">
            <h2 id="erase-title">{ "Close it for good" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="erase_email" label="Type your e-mail address" kind="email" autocomplete="off" maxlength="254"
                    hint="So that nobody closes it by a slip. Your appointments are not cancelled by this."
                    value={(*typed).clone()} {error} oninput={move |text| set.set(text)} />
                <div class="button-row">
                    <button class="button button--danger" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Closing…" } else { "Erase and close my account" } }
                    </button>
                    <a class="button button--quiet" href="/account">{ "Keep it" }</a>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/email"][..]} />
        </section>
    }
}

/// Whether it is the account's own address; letters may be large or small.
fn check(typed: &str, email: &str) -> Option<FieldError> {
    let same = typed.trim().to_lowercase() == email.to_lowercase();
    (!same).then(|| FieldError::new("/email", "Type the address that you sign in with here"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::users::Kept;

    use super::{check, kept_words};

    #[test]
    fn only_the_accounts_own_address_closes_it() {
        assert!(check(" Ada@Example.org ", "ada@example.org").is_none());
        assert!(check("", "ada@example.org").is_some());
        assert!(check("erase", "ada@example.org").is_some());
    }

    #[test]
    fn what_stays_says_why_and_until_when() {
        let kept =
            Kept::new("The record of 3 appointments", "The practice must keep it", Some(date(2033, 11, 26)));
        assert_eq!(
            kept_words(&kept),
            "The record of 3 appointments: The practice must keep it. Until Saturday 26 November 2033."
        );
        let open = Kept::new("The log", "Nobody can change it.", None);
        assert_eq!(kept_words(&open), "The log: Nobody can change it.");
    }
}
