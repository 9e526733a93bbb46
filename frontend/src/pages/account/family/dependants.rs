//! Somebody one looks after: what one may do, their details, the invitation to their own record, and the end of it.

use jiff::civil::Date;
use shared_types::{
    Zone, time,
    users::{DelegationBasis, DelegationScope, Dependant, InviteOwner, PutPatient},
};
use yew::prelude::*;

use crate::{
    api::{use_api_client, users},
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
    },
    forms::{
        details::{DetailsAction, DetailsForm},
        leave::scope_words,
    },
    hooks::use_act,
    pages::account::{
        Refused,
        details_form::{DetailsFormView, is_listed},
        profile::{BESIDE, newer, today, use_judged},
    },
};

/// From this age somebody may have an account of their own.
const OWN_ACCOUNT: i16 = 15;

#[derive(Clone, PartialEq, Properties)]
pub struct DependantItemProps {
    pub dependant: Dependant,
    pub on_change: Callback<()>,
}

/// What is open below somebody's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Details,
    Invitation,
    End,
}

/// The card.
#[component]
pub fn DependantItem(props: &DependantItemProps) -> Html {
    let open = use_state_eq(|| None::<Open>);
    let now = use_state_eq(|| None::<Date>);
    {
        let now = now.setter();
        use_effect_with((), move |()| now.set(Some(today())));
    }
    let DependantItemProps { dependant, on_change } = props;
    let name = dependant.patient.details.name.expose();
    let button = |which: Open, words: &'static str| {
        let set = open.setter();
        html! {
            <button class="button button--quiet" type="button"
                onclick={move |_: MouseEvent| set.set(Some(which))}>
                { words }<span class="visually-hidden">{ format!(": {name}") }</span>
            </button>
        }
    };
    let on_close = {
        let open = open.setter();
        Callback::from(move |()| open.set(None))
    };
    let below = match *open {
        None => html! {
            <div class="button-row">
                if dependant.scopes.contains(&DelegationScope::Details) {
                    { button(Open::Details, "Change details") }
                }
                if now.is_some_and(|now| may_be_invited(dependant, now)) {
                    { button(Open::Invitation, "Invite to their own record") }
                }
                { button(Open::End, "Stop looking after them") }
            </div>
        },
        Some(Open::Details) => {
            html! { <ChangeDetails dependant={dependant.clone()} {on_close} on_change={on_change.clone()} /> }
        }
        Some(Open::Invitation) => html! { <InviteToOwn dependant={dependant.clone()} {on_close} /> },
        Some(Open::End) => {
            html! { <EndCare dependant={dependant.clone()} {on_close} on_change={on_change.clone()} /> }
        }
    };
    html! {
        <li class="card stack">
            <h3>{ name }</h3>
            <p class="small muted">{ standing_words(dependant) }</p>
            <p>{ "You may:" }</p>
            <ul class="prose">
                { for scope_words(&dependant.scopes).into_iter().map(|words| html! { <li key={words}>{ words }</li> }) }
            </ul>
            { below }
        </li>
    }
}

/// On what it rests, until when, and when they were born.
fn standing_words(dependant: &Dependant) -> String {
    let basis = match dependant.basis {
        DelegationBasis::Parent => "You are their parent or guardian",
        DelegationBasis::Consent => "They agreed",
    };
    let until = time::long_date(Zone::SYDNEY.date(dependant.expires_at));
    let born = time::long_date(*dependant.patient.details.date_of_birth.expose());
    format!("Born {born}. {basis}. Until {until}.")
}

/// Whether a parent may hand somebody their own record: from 15 on. The server decides; this decides what is offered.
fn may_be_invited(dependant: &Dependant, today: Date) -> bool {
    let by_parent = match dependant.basis {
        DelegationBasis::Parent => true,
        DelegationBasis::Consent => false,
    };
    let born = *dependant.patient.details.date_of_birth.expose();
    let old_enough = today >= birthday(born, OWN_ACCOUNT);
    by_parent && old_enough && !dependant.has_account && dependant.scopes.contains(&DelegationScope::Details)
}

/// The day somebody reaches an age; who is born on 29 February does so on 1 March of other years.
fn birthday(born: Date, years: i16) -> Date {
    let year = born.year().saturating_add(years);
    let same_day = Date::new(year, born.month(), born.day());
    same_day.or_else(|_| Date::new(year, 3, 1)).unwrap_or(Date::MAX)
}

#[derive(Clone, PartialEq, Properties)]
struct ChangeDetailsProps {
    dependant: Dependant,
    on_close: Callback<()>,
    on_change: Callback<()>,
}

#[component]
fn ChangeDetails(props: &ChangeDetailsProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let patient = &props.dependant.patient;
    let kept = patient.details.clone();
    let form = use_reducer(move || DetailsForm::of(&kept, is_listed));
    use_judged(form.dispatcher(), &act);
    let on_submit = {
        let (act, form, on_change) = (act.clone(), form.clone(), props.on_change.clone());
        let (patient_id, version) = (patient.patient_id, patient.version);
        Callback::from(move |()| {
            let details = match form.check(today(), false) {
                Ok(details) => details,
                Err(errors) => return form.dispatch(DetailsAction::Judge(errors)),
            };
            form.dispatch(DetailsAction::Judge(Vec::new()));
            let body = PutPatient { details, version, consent: None };
            let (client, on_change) = (client.clone(), on_change.clone());
            act.run(
                move || {
                    let (client, body) = (client.clone(), body.clone());
                    async move { users::put_dependant(&client, patient_id, &body).await }
                },
                // The list comes anew, and with another version of the patient this card begins afresh.
                move |_| on_change.emit(()),
            );
        })
    };
    html! {
        <div class="stack">
            <DetailsFormView form={(*form).clone()} on_action={form.dispatcher()} {on_submit} button="Save"
                busy={act.busy} />
            <Refused act={act.clone()} beside={BESIDE} />
            { newer(&act, &props.on_change) }
            { leave("Not now", &props.on_close) }
        </div>
    }
}

/// The way out of whatever is open below a name.
pub(super) fn leave(words: &'static str, on_close: &Callback<()>) -> Html {
    html! {
        <div class="button-row">
            <button class="button button--plain" type="button" onclick={on_close.reform(|_: MouseEvent| ())}>
                { words }
            </button>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct InviteToOwnProps {
    dependant: Dependant,
    on_close: Callback<()>,
}

#[component]
fn InviteToOwn(props: &InviteToOwnProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let email = use_state(String::new);
    let sent = use_state_eq(|| false);
    let onsubmit = {
        let (act, email, sent) = (act.clone(), email.clone(), sent.setter());
        let patient_id = props.dependant.patient.patient_id;
        move |event: SubmitEvent| {
            event.prevent_default();
            let owner = InviteOwner { email: email.trim().to_owned().into() };
            let (client, sent) = (client.clone(), sent.clone());
            act.run(
                move || {
                    let (client, owner) = (client.clone(), owner.clone());
                    async move { users::invite_to_own_record(&client, patient_id, &owner).await }
                },
                move |_| sent.set(true),
            );
        }
    };
    if *sent {
        return html! {
            <Notice kind={NoticeKind::Success} title="They were asked">
                <p>{ "The link in the letter works for a week. Until they accept, everything stays as it is." }</p>
            </Notice>
        };
    }
    let set = email.setter();
    html! {
        <div class="stack">
            <p>
                { "We write to them with a link. When they accept, this record is theirs: they decide whether you " }
                { "still see it." }
            </p>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <Field id="own_email" label="Their e-mail address" kind="email" maxlength="254"
                    value={(*email).clone()} error={act.error("/email")} oninput={move |text| set.set(text)} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { "Send the invitation" }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/email"][..]} />
            { leave("Not now", &props.on_close) }
        </div>
    }
}

#[component]
fn EndCare(props: &ChangeDetailsProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let alone = !props.dependant.has_account;
    let onclick = {
        let (act, on_change) = (act.clone(), props.on_change.clone());
        let patient_id = props.dependant.patient.patient_id;
        move |_: MouseEvent| {
            let (client, on_change) = (client.clone(), on_change.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { users::end_dependant(&client, patient_id).await }
                },
                move |()| on_change.emit(()),
            );
        }
    };
    html! {
        <div class="stack">
            <p>{ "You will no longer see their appointments or details, and can do nothing for them here." }</p>
            if alone {
                <p>{ "They have no account. If nobody else looks after them, nobody will reach this record." }</p>
            }
            <Refused act={act.clone()} />
            <div class="button-row">
                <button class="button button--danger" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "Stop looking after them" }
                </button>
            </div>
            { leave("Not now", &props.on_close) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{OWN_ACCOUNT, birthday};

    #[test]
    fn a_leap_day_child_is_fifteen_on_the_first_of_march() {
        assert_eq!(birthday(date(2012, 2, 29), OWN_ACCOUNT), date(2027, 3, 1));
        assert_eq!(birthday(date(2010, 3, 10), OWN_ACCOUNT), date(2025, 3, 10));
    }
}
