//! Writes down an agreement that was signed on paper or said by word of mouth, with its limits: what was read out, why nothing was
//! signed, and until when that is enough.

use shared_types::{
    payments::assignment::{Assignment, AssignmentMethod, RecordAssignment, VerbalReason},
    problem::FieldError,
    users::ConsentText,
};
use yew::prelude::*;

use crate::{
    api::{claims, use_api_client},
    components::{party_form::ErrorSummary, select_field::SelectField},
    forms::assign::{AssignAction, AssignForm, VERBAL_REASONS},
    hooks::{use_keyed, use_private_api},
    pages::{
        account::Refused,
        assign::{Typist, card},
    },
};

/// The field that says itself what the service finds wrong.
const BESIDE: &[&str] = &["/verbal_reason"];

#[derive(Clone, PartialEq, Properties)]
pub struct RecordFormProps {
    pub assignment: Assignment,
    pub on_changed: Callback<()>,
}

/// The form.
#[component]
pub fn RecordForm(props: &RecordFormProps) -> Html {
    let RecordFormProps { assignment, on_changed } = props;
    let (client, keyed, form) = (use_api_client(), use_keyed(), use_reducer(AssignForm::default));
    let (method, reason) = (use_state_eq(|| AssignmentMethod::Paper), use_state_eq(|| None::<VerbalReason>));
    let onsubmit = {
        let (keyed, form, method, reason) = (keyed.clone(), form.clone(), *method, *reason);
        let (assignment, on_changed) = (assignment.clone(), on_changed.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let record = match form.record(&assignment.document_sha256, method, reason) {
                Ok(record) => record,
                Err(errors) => return form.dispatch(AssignAction::Judge(errors)),
            };
            form.dispatch(AssignAction::Judge(Vec::new()));
            let (organization_id, id) = (assignment.organization_id, assignment.assignment_id);
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move |record: RecordAssignment, key: String| {
                let client = client.clone();
                async move { claims::record_assignment(&client, organization_id, id, &record, key).await }
            };
            keyed.run(record, send, move |_: Assignment| on_changed.emit(()));
        }
    };
    let on_method = {
        let set = method.setter();
        move |code: String| set.set(AssignmentMethod::from_code(&code).unwrap_or(AssignmentMethod::Paper))
    };
    let on_reason = {
        let set = reason.setter();
        move |reason: Option<VerbalReason>| set.set(reason)
    };
    let methods = [(AssignmentMethod::Paper, "On paper"), (AssignmentMethod::Verbal, "By word of mouth")];
    let methods: Vec<(AttrValue, AttrValue)> =
        methods.map(|(method, words)| (method.code().into(), words.into())).to_vec();
    let wrong = wrong_with(&form.errors, "/verbal_reason").or_else(|| keyed.act.error("/verbal_reason"));
    html! {
        <>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <ErrorSummary errors={form.errors.clone()} judged={form.judged} />
                <SelectField id="method" label="How it was agreed to" options={methods} value={method.code()}
                    onchange={on_method} />
                <div class="optional">
                    if *method == AssignmentMethod::Verbal {
                        <Spoken reason={*reason} error={wrong} onchange={on_reason} />
                    } else {
                        <p>{ "Print the copy, have it signed, and keep it: it has the words that are agreed to." }</p>
                    }
                </div>
                { card(&form, Typist::Staff) }
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={keyed.act.busy.to_string()}>
                        { "Write it down" }
                    </button>
                </div>
            </form>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </>
    }
}

fn wrong_with(errors: &[FieldError], pointer: &str) -> Option<AttrValue> {
    let error = errors.iter().find(|error| error.pointer == pointer)?;
    Some(AttrValue::from(error.detail.clone()))
}

#[derive(Clone, PartialEq, Properties)]
struct SpokenProps {
    reason: Option<VerbalReason>,
    error: Option<AttrValue>,
    onchange: Callback<Option<VerbalReason>>,
}

/// What is read out, and why nothing was signed.
#[component]
fn Spoken(props: &SpokenProps) -> Html {
    let SpokenProps { reason, error, onchange } = props;
    let text = use_private_api::<ConsentText>(claims::get_verbal_text(), 0);
    let none = (AttrValue::from(""), AttrValue::from("Choose the reason"));
    let reasons = VERBAL_REASONS.map(|(reason, words)| (AttrValue::from(reason.code()), words.into()));
    let options: Vec<_> = [none].into_iter().chain(reasons).collect();
    let onchange = onchange.reform(|code: String| VerbalReason::from_code(&code));
    html! {
        <div class="stack">
            <div class="optional">{ for text.and_then(Result::ok).map(|text| read_out(&text)) }</div>
            <SelectField id="verbal_reason" label="Why nothing was signed" {options}
                hint="Word of mouth is enough until 30 June 2027, and only for a reason."
                value={reason.map_or("", VerbalReason::code)} error={error.clone()} {onchange} />
        </div>
    }
}

fn read_out(text: &ConsentText) -> Html {
    html! {
        <blockquote class="stack">
            { for text.paragraphs.iter().enumerate().map(|(place, words)| html! { <p key={place}>{ words }</p> }) }
            <p>{ &text.statement }</p>
        </blockquote>
    }
}
