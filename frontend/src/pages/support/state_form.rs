//! Stating a reason to look at somebody's data.

use shared_types::users::{AccessGrant, GrantCategory};
use yew::prelude::*;

use super::person_path;
use crate::{
    api::{support, use_api_client},
    browser,
    components::{field::Field, party_form::ErrorSummary, select_field::SelectField, text_area::TextArea},
    forms::support::{CATEGORIES, GrantAction, GrantForm, LENGTHS, REASON},
    hooks::use_act,
    pages::account::Refused,
};

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/patient_id", "/reason", "/minutes"];

/// The form. Once it is stated, the person's data is shown.
#[component]
pub fn StateForm() -> Html {
    let client = use_api_client();
    let act = use_act();
    let form = use_reducer(GrantForm::default);
    let onsubmit = {
        let (act, form) = (act.clone(), form.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let grant = match form.check() {
                Ok(grant) => grant,
                Err(errors) => return form.dispatch(GrantAction::Judge(errors)),
            };
            form.dispatch(GrantAction::Judge(Vec::new()));
            let client = client.clone();
            let send = move || {
                let (client, grant) = (client.clone(), grant.clone());
                async move { support::grant_access(&client, &grant).await }
            };
            act.run(send, |stated: AccessGrant| browser::navigate(&person_path(stated.patient_id)));
        }
    };
    let tell = form.dispatcher();
    let on_patient = {
        let tell = tell.clone();
        move |text| tell.dispatch(GrantAction::Patient(text))
    };
    let on_category = {
        let tell = tell.clone();
        move |code: String| {
            if let Some(category) = GrantCategory::from_code(&code) {
                tell.dispatch(GrantAction::Category(category));
            }
        }
    };
    let on_reason = {
        let tell = tell.clone();
        move |text| tell.dispatch(GrantAction::Reason(text))
    };
    let on_minutes = move |chosen: String| {
        if let Ok(minutes) = chosen.parse() {
            tell.dispatch(GrantAction::Minutes(minutes));
        }
    };
    let error = |pointer: &str| form.error(pointer).map(AttrValue::from).or_else(|| act.error(pointer));
    html! {
        <section class="stack" aria-labelledby="state-title">
            <h2 id="state-title">{ "State a reason" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <ErrorSummary judged={form.judged} errors={form.errors.clone()} />
                <Field id="patient_id" label="The person’s number" maxlength="60" autocomplete="off"
                    hint="They find it on their page “Who looked at my record”, and read it to you."
                    value={form.patient.clone()} error={error("/patient_id")} oninput={on_patient} />
                <SelectField id="category" label="Why" options={categories()}
                    value={form.category.code()} onchange={on_category} />
                <TextArea id="reason" label="In words" max={*REASON.end()} value={form.reason.clone()}
                    hint="The person reads this word for word. Leave out what concerns their health."
                    error={error("/reason")} oninput={on_reason} />
                <SelectField id="minutes" label="For how long" options={lengths()} value={form.minutes.to_string()}
                    error={error("/minutes")} onchange={on_minutes} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Stating it…" } else { "State it and see their data" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={BESIDE} />
        </section>
    }
}

fn categories() -> Vec<(AttrValue, AttrValue)> {
    CATEGORIES.iter().map(|(category, words)| (category.code().into(), (*words).into())).collect()
}

fn lengths() -> Vec<(AttrValue, AttrValue)> {
    LENGTHS.iter().map(|(minutes, words)| (minutes.to_string().into(), (*words).into())).collect()
}
