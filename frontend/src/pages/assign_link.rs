//! The letter's link to a bulk-bill agreement: first three points of identity, then the exact text, and yes or no. The secret stands behind
//! `#`, so no server's log has it; nothing of the agreement is rendered before the proof.

use std::rc::Rc;

use shared_types::payments::assignment::{Assignment, OpenAssignment};
use yew::prelude::*;

use super::{assign::AssignForm as Agreement, hold::private_head};
use crate::{
    api::{claims, use_api_client},
    browser,
    components::{
        birth_fields::BirthFields,
        field::Field,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
        problem_view::ProblemView,
    },
    forms::assign::{AssignAction, AssignForm},
    hooks::{Act, use_head, use_keyed},
};

/// The gate, and behind it the agreement.
#[component]
pub fn AssignLinkPage() -> Html {
    use_head(private_head("Your bulk-bill agreement"));
    let client = use_api_client();
    let form = use_reducer(AssignForm::default);
    let opened = use_state(|| None::<Rc<Assignment>>);
    let keyed = use_keyed();
    let onsubmit = {
        let (form, keyed, opened) = (form.clone(), keyed.clone(), opened.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let proof = match form.proof(browser::fragment().unwrap_or_default()) {
                Ok(proof) => proof,
                Err(errors) => return form.dispatch(AssignAction::Judge(errors)),
            };
            form.dispatch(AssignAction::Judge(Vec::new()));
            let (client, opened) = (client.clone(), opened.clone());
            let send = move |proof: OpenAssignment, key: String| {
                let client = client.clone();
                async move { claims::open_assignment(&client, &proof, key).await }
            };
            keyed.run(proof, send, move |assignment: Assignment| opened.set(Some(Rc::new(assignment))));
        })
    };
    let content = match &*opened {
        Some(assignment) => html! { <Agreement assignment={Rc::clone(assignment)} form={form.clone()} /> },
        None => gate(&form, &keyed.act, onsubmit),
    };
    html! { <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">{ content }</div></main> }
}

fn gate(form: &UseReducerHandle<AssignForm>, act: &Act, onsubmit: Callback<SubmitEvent>) -> Html {
    let to = Callback::from({
        let form = form.dispatcher();
        move |action: AssignAction| form.dispatch(action)
    });
    let error = |pointer: &str| {
        let error = form.errors.iter().find(|error| error.pointer == pointer);
        error.map(|error| AttrValue::from(error.detail.clone()))
    };
    html! {
        <>
            <div class="stack">
                <h1>{ "Your bulk-bill agreement" }</h1>
                <p>{ "To keep it private, first tell us three things that you gave when booking." }</p>
                <p class="no-js-only">{ "This page needs JavaScript. Turn it on, or agree at the practice." }</p>
                <div role="alert">{ refused(act) }</div>
                <ErrorSummary errors={form.errors.clone()} judged={form.judged} />
            </div>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <div class="optional">
                    <Field id="family_name" label="Family name of the patient" autocomplete="family-name" maxlength="80"
                        value={form.family.clone()} error={error("/family_name")}
                        oninput={to.reform(AssignAction::Family)} />
                    <BirthFields born={form.born.clone()} error={error("/dob-day")}
                        oninput={to.reform(|(part, text)| AssignAction::Born(part, text))} />
                    <Field id="mobile_ends_with" label="Mobile number: the last three digits" inputmode="numeric"
                        maxlength="3" width="input--xs" autocomplete="off" value={form.ends.clone()}
                        error={error("/mobile_ends_with")} oninput={to.reform(AssignAction::Ends)} />
                </div>
                <div class="button-row booking__next">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { "Show the agreement" }
                    </button>
                </div>
            </form>
        </>
    }
}

fn refused(act: &Act) -> Html {
    match &act.problem {
        None => Html::default(),
        Some(problem) if problem.status == 404 => html! {
            <Notice kind={NoticeKind::Danger} title="This link does not work any more">
                <p>{ "Nothing was changed. Use the newest letter about the visit, or agree at the practice." }</p>
            </Notice>
        },
        Some(problem) => {
            html! { <ProblemView problem={problem.clone()} /> }
        }
    }
}
