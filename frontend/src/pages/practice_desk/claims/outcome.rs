//! What came of a claim of which no report comes, as Services Australia told staff: the form that records it.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    payments::claim::{Claim, ClaimCase, ClaimService, RUN_NUMBER_LENGTH, RecordOutcome, Told},
    problem::FieldError,
};
use yew::prelude::*;

use super::put_right::errors;
use crate::{
    api::{claims, use_api_client},
    components::{failed::Failed, field::Field, select_field::SelectField},
    forms::told::ToldForm,
    hooks::{use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::desk_path,
    },
};

/// Fields that say themselves what is wrong with them; a claim has fourteen services at most.
const BESIDE: &[&str] = &[
    "/payment/run_number",
    "/payment/run_date",
    "/payment/deposit_cents",
    "/payment/benefits/0",
    "/payment/benefits/1",
    "/payment/benefits/2",
    "/payment/benefits/3",
    "/payment/benefits/4",
    "/payment/benefits/5",
    "/payment/benefits/6",
    "/payment/benefits/7",
    "/payment/benefits/8",
    "/payment/benefits/9",
    "/payment/benefits/10",
    "/payment/benefits/11",
    "/payment/benefits/12",
    "/payment/benefits/13",
];
/// In the order in which they are offered.
const OFFERED: [Told; 3] = [Told::Paid, Told::NothingPaid, Told::NeverReceived];

#[derive(Clone, PartialEq, Properties)]
pub struct OutcomeProps {
    pub claim: Claim,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// The button, and the form once somebody wants it.
#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let name = props.claim.patient_name.as_ref().map_or("somebody", |name| name.expose().as_str());
    html! {
        <div class="stack">
            <div class="button-row">
                <button class="button button--plain" type="button" {onclick} aria-expanded={open.to_string()}>
                    { "Record what Services Australia said" }
                    <span class="visually-hidden">{ format!(": {name}") }</span>
                </button>
            </div>
            if *open {
                <WholeClaim ..props.clone() />
            }
        </div>
    }
}

/// Fetches the claim whole, for its services, then shows the form.
#[component]
fn WholeClaim(props: &OutcomeProps) -> Html {
    let (version, on_again) = use_version();
    let path = claims::find_claim(props.organization_id, props.claim.claim_id);
    match use_private_api::<ClaimCase>(path, version) {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(props.organization_id, "/claims");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(case)) => html! {
            <OutcomeForm {case} organization_id={props.organization_id} on_changed={props.on_changed.clone()} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct OutcomeFormProps {
    pub case: Rc<ClaimCase>,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// What was said, and where a run paid it, which one and how much.
#[component]
pub fn OutcomeForm(props: &OutcomeFormProps) -> Html {
    let OutcomeFormProps { case, organization_id, on_changed } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let form = {
        let case = Rc::clone(case);
        use_state_eq(move || ToldForm::of(&case))
    };
    let unread = use_state_eq(Vec::<FieldError>::new);
    let onsubmit = {
        let (keyed, form, unread, changed) =
            (keyed.clone(), form.clone(), unread.clone(), on_changed.clone());
        let (organization_id, claim_id, version) =
            (*organization_id, case.claim.claim_id, case.claim.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            let outcome = match form.read(version) {
                Ok(outcome) => outcome,
                Err(errors) => return unread.set(errors),
            };
            unread.set(Vec::new());
            let (client, changed) = (client.clone(), changed.clone());
            let send = move |outcome: RecordOutcome, key: String| {
                let client = client.clone();
                async move { claims::record_outcome(&client, organization_id, claim_id, &outcome, key).await }
            };
            keyed.run(outcome, send, move |_: Claim| changed.emit(()));
        }
    };
    let act = keyed.act.clone();
    let errors = errors(&unread, act.problem.as_ref());
    let told = form.told();
    let options = OFFERED.map(|told| (AttrValue::from(told.code()), AttrValue::from(told_words(told))));
    let id = case.claim.claim_id;
    html! {
        <div class="stack">
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <SelectField id={format!("told-{id}")} label="What Services Australia said" options={options.to_vec()}
                    value={told.code()} onchange={with(&form, |form, told| ToldForm { told, ..form })} />
                <div class="stack">
                    if told == Told::Paid {
                        { payment(&form, case, &errors) }
                    }
                </div>
                <p>{ follows(told) }</p>
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Recording…" } else { "Record it" } }
                    </button>
                </div>
            </form>
            <Refused {act} beside={BESIDE} />
        </div>
    }
}

/// Which run, and what of it is for each service.
fn payment(form: &UseStateHandle<ToldForm>, case: &ClaimCase, errors: &[FieldError]) -> Html {
    let error = |pointer: &str| {
        let found = errors.iter().find(|error| error.pointer == pointer);
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let id = case.claim.claim_id;
    let benefit = |(place, (service, value)): (usize, (&ClaimService, &String))| {
        let oninput = {
            let form = form.clone();
            Callback::from(move |text: String| {
                let mut changed = (*form).clone();
                if let Some(benefit) = changed.benefits.get_mut(place) {
                    *benefit = text;
                }
                form.set(changed);
            })
        };
        let hint = AttrValue::from(format!("Claimed: {}.", service.charge_cents));
        html! {
            <Field key={service.claim_service_id.to_string()} id={format!("benefit-{}", service.claim_service_id)}
                label={format!("Paid for item {}, in dollars", service.item_number)} {hint} inputmode="decimal"
                width="input--s" value={value.clone()} error={error(&format!("/payment/benefits/{place}"))} {oninput} />
        }
    };
    html! {
        <>
            <Field id={format!("run-{id}")} label="Number of the payment run" width="input--m"
                maxlength={AttrValue::from(RUN_NUMBER_LENGTH.to_string())} value={form.run_number.clone()}
                error={error("/payment/run_number")}
                oninput={with(form, |form, run_number| ToldForm { run_number, ..form })} />
            <Field id={format!("run-day-{id}")} label="Day of the run" kind="date" width="input--m"
                value={form.run_date.clone()} error={error("/payment/run_date")}
                oninput={with(form, |form, run_date| ToldForm { run_date, ..form })} />
            <Field id={format!("deposit-{id}")} label="The whole run, in dollars"
                hint="What it brought to the bank, for all claims in it." inputmode="decimal" width="input--s"
                value={form.deposit.clone()} error={error("/payment/deposit_cents")}
                oninput={with(form, |form, deposit| ToldForm { deposit, ..form })} />
            { for case.services.iter().zip(&form.benefits).enumerate().map(benefit) }
        </>
    }
}

fn with(form: &UseStateHandle<ToldForm>, change: fn(ToldForm, String) -> ToldForm) -> Callback<String> {
    let form = form.clone();
    Callback::from(move |text: String| form.set(change((*form).clone(), text)))
}

fn told_words(told: Told) -> &'static str {
    match told {
        Told::Paid => "Medicare paid it",
        Told::NothingPaid => "Medicare had it and pays nothing",
        Told::NeverReceived => "Medicare never had it",
    }
}

/// What comes of it.
fn follows(told: Told) -> &'static str {
    match told {
        Told::Paid => "It goes into the books and into the payment run. It cannot be undone.",
        Told::NothingPaid => {
            "Nothing is owed for it any more, and its services can be claimed again. It cannot be undone."
        }
        Told::NeverReceived => {
            "The claim is taken back, and the visit can be claimed anew. It cannot be undone."
        }
    }
}
