//! The form that puts a claim right, or claims again what was not paid.

use std::rc::Rc;

use shared_types::{
    ClaimId, OrganizationId, Problem,
    payments::claim::{ClaimCase, ReferralOverride, ServiceOutcome, ServiceType},
    problem::FieldError,
};
use yew::prelude::*;

use crate::{
    api::{claims, use_api_client},
    browser,
    components::{failed::Failed, field::Field, select_field::SelectField},
    forms::{attempt::Attempt, claim::ClaimForm},
    hooks::{use_act, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::desk_path,
    },
};

/// Fields that say themselves what is wrong with them.
pub(super) const BESIDE: &[&str] =
    &["/item_numbers", "/referral", "/referral/provider_number", "/referral/issued_on", "/referral/months"];

#[derive(Clone, PartialEq, Properties)]
pub struct PutRightProps {
    pub claim_id: ClaimId,
    pub organization_id: OrganizationId,
    /// As a new claim for what was not paid.
    pub again: bool,
    pub on_changed: Callback<()>,
}

/// Fetches the claim whole, then shows the form.
#[component]
pub fn PutRight(props: &PutRightProps) -> Html {
    let (version, on_again) = use_version();
    let path = claims::find_claim(props.organization_id, props.claim_id);
    match use_private_api::<ClaimCase>(path, version) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(props.organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(case)) => html! {
            <Form {case} organization_id={props.organization_id} again={props.again}
                on_changed={props.on_changed.clone()} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    case: Rc<ClaimCase>,
    organization_id: OrganizationId,
    again: bool,
    on_changed: Callback<()>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let FormProps { case, organization_id, again, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let attempt = use_mut_ref(Attempt::default);
    let form = {
        let (case, again) = (Rc::clone(case), *again);
        use_state_eq(move || ClaimForm::of(&if again { unpaid(&case) } else { (*case).clone() }))
    };
    let unread = use_state_eq(Vec::<FieldError>::new);
    let onsubmit = {
        let (act, form, unread, changed) = (act.clone(), form.clone(), unread.clone(), on_changed.clone());
        let (case, organization_id, again) = (Rc::clone(case), *organization_id, *again);
        move |event: SubmitEvent| {
            event.prevent_default();
            let put = match form.read(case.payee_provider_number.as_ref(), case.claim.version) {
                Ok(put) => put,
                Err(errors) => return unread.set(errors),
            };
            unread.set(Vec::new());
            let (client, attempt, changed) = (client.clone(), attempt.clone(), changed.clone());
            let claim_id = case.claim.claim_id;
            let send = move || {
                let (client, attempt, put) = (client.clone(), attempt.clone(), put.clone());
                async move {
                    if !again {
                        let put = claims::put_claim(&client, organization_id, claim_id, &put).await;
                        return put.map(|_| ());
                    }
                    let what = format!("{put:?}");
                    let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                    let answer = claims::relodge_claim(&client, organization_id, claim_id, &put, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer.map(|_| ())
                }
            };
            act.run(send, move |()| changed.emit(()));
        }
    };
    html! {
        <div class="stack">
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                { fields(&form, &case.claim.claim_id.to_string(), &errors(&unread, act.problem.as_ref())) }
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if *again { "Claim it again" } else { "Save" } }
                    </button>
                </div>
            </form>
            <Refused {act} beside={BESIDE} />
        </div>
    }
}

/// The claim with those services alone that were not paid.
fn unpaid(case: &ClaimCase) -> ClaimCase {
    let mut case = case.clone();
    case.services.retain(|service| service.outcome == ServiceOutcome::Rejected);
    case
}

/// What could not be read here, or else what the server found.
pub(super) fn errors(unread: &[FieldError], problem: Option<&Problem>) -> Vec<FieldError> {
    if unread.is_empty() {
        problem.map(|problem| problem.errors.clone()).unwrap_or_default()
    } else {
        unread.to_vec()
    }
}

/// What is typed of a claim; `id` is what its fields are named after.
pub(super) fn fields(form: &UseStateHandle<ClaimForm>, id: &str, errors: &[FieldError]) -> Html {
    let error = |pointer: &str| {
        let found = errors.iter().find(|error| error.pointer.starts_with(pointer));
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let exact = |pointer: &str| {
        let found = errors.iter().find(|error| error.pointer == pointer);
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let with = |change: fn(ClaimForm, String) -> ClaimForm| {
        let form = form.clone();
        Callback::from(move |text: String| form.set(change((*form).clone(), text)))
    };
    let sorts =
        ServiceType::ALL.map(|sort| (AttrValue::from(sort.code()), AttrValue::from(sort_words(sort))));
    let none = (AttrValue::from(""), AttrValue::from("There is a referral"));
    let reasons = ReferralOverride::ALL.map(|reason| (reason.code().into(), reason_words(reason).into()));
    let reasons: Vec<_> = [none].into_iter().chain(reasons).collect();
    html! {
        <>
            <SelectField id={format!("sort-{id}")} label="Sort of claim" options={sorts.to_vec()} value={form.sort.clone()}
                onchange={with(|form, sort| ClaimForm { sort, ..form })} />
            <Field id={format!("items-{id}")} label="Items" hint="Numbers with a space between them. Incentives are added."
                inputmode="numeric" value={form.items.clone()} error={error("/item_numbers")}
                oninput={with(|form, items| ClaimForm { items, ..form })} />
            if form.has_referral() {
                <SelectField id={format!("reason-{id}")} label="Referral" options={reasons} value={form.reason.clone()}
                    error={exact("/referral")} onchange={with(|form, reason| ClaimForm { reason, ..form })} />
                if form.reason.is_empty() {
                    <Field id={format!("referrer-{id}")} label="Referrer’s provider number" width="input--m"
                        value={form.referrer.clone()} error={error("/referral/provider_number")}
                        oninput={with(|form, referrer| ClaimForm { referrer, ..form })} />
                    <Field id={format!("issued-{id}")} label="Day of the referral" kind="date" width="input--m"
                        value={form.issued_on.clone()} error={error("/referral/issued_on")}
                        oninput={with(|form, issued_on| ClaimForm { issued_on, ..form })} />
                    <Field id={format!("months-{id}")} label="Months" hint="Leave it empty for the usual length."
                        optional=true inputmode="numeric" width="input--s" value={form.months.clone()}
                        error={error("/referral/months")} oninput={with(|form, months| ClaimForm { months, ..form })} />
                }
            }
        </>
    }
}

fn sort_words(sort: ServiceType) -> &'static str {
    match sort {
        ServiceType::General => "General",
        ServiceType::Specialist => "Specialist, allied health or imaging",
        ServiceType::Pathology => "Pathology",
    }
}

fn reason_words(reason: ReferralOverride) -> &'static str {
    match reason {
        ReferralOverride::Hospital => "None: the patient is in hospital",
        ReferralOverride::Lost => "None: it was lost",
        ReferralOverride::Emergency => "None: an emergency",
        ReferralOverride::NotRequired => "None is needed",
    }
}
