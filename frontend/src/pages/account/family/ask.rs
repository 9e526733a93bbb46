//! Asking somebody by a letter: for leave to act for them, or to act for oneself. What is said afterwards does not depend
//! on whether the address has an account.

use shared_types::{
    Problem,
    users::{AddDependant, AskAdult, DelegationScope, InviteCarer},
};
use yew::prelude::*;

use super::dependants::leave;
use crate::{
    api::{ApiClient, use_api_client, users},
    browser,
    components::{
        checks::{Check, Checks},
        field::Field,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
        select_field::SelectField,
    },
    forms::{
        attempt::Attempt,
        leave::{LENGTHS, LeaveAction, LeaveForm, SCOPES},
    },
    hooks::{Act, use_act},
    pages::account::Refused,
};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// To look after them.
    ToLookAfter,
    /// To be looked after by them.
    ToBeHelped,
}

#[derive(Clone, PartialEq, Properties)]
pub struct AskFormProps {
    pub asking: Asking,
    pub on_close: Callback<()>,
}

/// The form.
#[component]
pub fn AskForm(props: &AskFormProps) -> Html {
    let act = use_act();
    let form = use_reducer(LeaveForm::default);
    let sent_to = use_state(|| None::<String>);
    let on_submit = use_on_submit(props.asking, form.clone(), act.clone(), sent_to.setter());
    let onsubmit = on_submit.reform(|event: SubmitEvent| event.prevent_default());
    if let Some(address) = &*sent_to {
        return html! {
            <div class="stack">
                <Notice kind={NoticeKind::Success} title="They were asked">
                    <p>
                        { format!("We wrote to {address}. The link works for a week. Nothing changes before they accept.") }
                    </p>
                </Notice>
                { leave("Close", &props.on_close) }
            </div>
        };
    }
    let (intro, legend) = match props.asking {
        Asking::ToLookAfter => {
            ("We ask them by e-mail. They see what you want to do, and decide.", "What you would do for them")
        }
        Asking::ToBeHelped => {
            ("We ask them by e-mail. You can end it at any time.", "What they may do for you")
        }
    };
    let error = |pointer: &str| form.error(pointer).map(AttrValue::from);
    let on_action = form.dispatcher();
    let days = on_action.clone();
    let onchange = Callback::from(move |chosen: String| {
        if let Ok(chosen) = chosen.parse() {
            days.dispatch(LeaveAction::Days(chosen));
        }
    });
    let typed = on_action.clone();
    html! {
        <div class="card stack">
            <p>{ intro }</p>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <ErrorSummary judged={form.judged} errors={form.errors.clone()} />
                <Field id="email" label="Their e-mail address" kind="email" maxlength="254"
                    value={form.email.clone()} error={error("/email").or_else(|| act.error("/email"))}
                    oninput={move |text| typed.dispatch(LeaveAction::Email(text))} />
                <Checks id="scopes" {legend} checks={scopes(&form)} error={error("/scopes")}
                    on_tick={on_scope(on_action)} />
                <SelectField id="expires_at" label="For how long" options={lengths()} value={form.days.to_string()}
                    error={act.error("/expires_at")} {onchange} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Sending…" } else { "Ask them" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/email", "/expires_at"][..]} />
            { leave("Not now", &props.on_close) }
        </div>
    }
}

fn scopes(form: &LeaveForm) -> Vec<Check> {
    let check = |(scope, words): &(DelegationScope, &'static str)| Check {
        code: scope.code(),
        words,
        ticked: form.scopes.contains(scope),
    };
    SCOPES.iter().map(check).collect()
}

fn on_scope(on_action: UseReducerDispatcher<LeaveForm>) -> Callback<(&'static str, bool)> {
    Callback::from(move |(code, ticked): (&'static str, bool)| {
        if let Some((scope, _)) = SCOPES.iter().find(|(scope, _)| scope.code() == code) {
            on_action.dispatch(LeaveAction::Scope(*scope, ticked));
        }
    })
}

fn lengths() -> Vec<(AttrValue, AttrValue)> {
    let option =
        |(days, words): &(u16, &'static str)| (AttrValue::from(days.to_string()), AttrValue::from(*words));
    LENGTHS.iter().map(option).collect()
}

#[hook]
fn use_on_submit(
    asking: Asking,
    form: UseReducerHandle<LeaveForm>,
    act: Act,
    sent_to: UseStateSetter<Option<String>>,
) -> Callback<()> {
    let client = use_api_client();
    let attempt = use_mut_ref(Attempt::default);
    Callback::from(move |()| {
        let errors = form.check();
        let fine = errors.is_empty();
        form.dispatch(LeaveAction::Judge(errors));
        if !fine {
            return;
        }
        let invitation = InviteCarer {
            email: form.email.trim().to_owned().into(),
            scopes: form.scopes.clone(),
            expires_at: form.expires_at(browser::now()),
        };
        // The end moves on with the clock; the wish is the same as long as what was chosen is.
        let what = format!("{} {:?} {}", form.email, form.scopes, form.days);
        let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
        let (client, attempt, sent_to, email) =
            (client.clone(), attempt.clone(), sent_to.clone(), form.email.trim().to_owned());
        act.run(
            move || {
                let (client, invitation, key) = (client.clone(), invitation.clone(), key.clone());
                let attempt = attempt.clone();
                async move {
                    let sent = send(&client, asking, invitation, key).await;
                    attempt.borrow_mut().settle(sent.as_ref().err());
                    sent
                }
            },
            move |()| sent_to.set(Some(email.clone())),
        );
    })
}

async fn send(
    client: &ApiClient,
    asking: Asking,
    invitation: InviteCarer,
    key: String,
) -> Result<(), Problem> {
    match asking {
        Asking::ToBeHelped => users::invite_carer(client, &invitation, key).await.map(drop),
        Asking::ToLookAfter => {
            let InviteCarer { email, scopes, expires_at } = invitation;
            let adult = AddDependant::Adult(AskAdult { email, scopes, expires_at });
            users::add_dependant(client, &adult, key).await.map(drop)
        }
    }
}
