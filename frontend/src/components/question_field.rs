//! One of a practice's questions, as a patient sees it.

use shared_types::bookings::QuestionKind;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    field::{Field, FieldError},
    text_area::TextArea,
};
use crate::forms::{
    answers::{Answering, LONG_MAX, SHORT_MAX},
    intake::IntakeAction,
};

#[derive(Clone, PartialEq, Properties)]
pub struct QuestionFieldProps {
    /// Of the field, or of the first choice, so that an error's link leads there.
    pub id: AttrValue,
    pub answering: Answering,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub on_action: Callback<IntakeAction>,
}

/// The question with what it is answered with.
#[component]
pub fn QuestionField(props: &QuestionFieldProps) -> Html {
    let QuestionFieldProps { id, answering, error, on_action } = props;
    let question = &answering.question;
    let (number, optional) = (question.id, !question.required);
    let label = match question.required {
        true => format!("{} (required)", question.words),
        false => question.words.clone(),
    };
    let hint = question.help.clone().map(AttrValue::from);
    let value = answering.text().to_owned();
    let oninput = on_action.reform(move |text: String| IntakeAction::Answer(number, text));
    // What is about somebody's health does not belong among what the browser suggests next time.
    match &question.kind {
        QuestionKind::ShortText => html! {
            <Field id={id.clone()} {label} {hint} {optional} {value} error={error.clone()} {oninput} autocomplete="off"
                maxlength={AttrValue::from(SHORT_MAX.to_string())} />
        },
        QuestionKind::LongText => html! {
            <TextArea id={id.clone()} {label} {hint} {optional} {value} error={error.clone()} {oninput} max={LONG_MAX} />
        },
        QuestionKind::Date => html! {
            <Field id={id.clone()} {label} {hint} {optional} {value} error={error.clone()} {oninput} autocomplete="off"
                kind="date" width="input--m" />
        },
        QuestionKind::YesNo | QuestionKind::OneOf { .. } => choices(props, false),
        QuestionKind::SeveralOf { .. } => choices(props, true),
    }
}

/// A fieldset of choices: of several as boxes, otherwise of one. What need not be answered can be left open again.
fn choices(props: &QuestionFieldProps, several: bool) -> Html {
    let QuestionFieldProps { id, answering, error, on_action } = props;
    let question = &answering.question;
    let number = question.id;
    // A single radio button is neither right nor wrong, its group is (WAI-ARIA 1.2, aria-invalid; read 2026-11-26).
    let invalid = error.as_ref().map(|_| "true");
    let choice = |(place, words): (usize, String)| {
        let own = if place == 0 { id.to_string() } else { format!("{id}-{place}") };
        let ticked = answering.is_ticked(&words);
        let onchange = {
            let words = words.clone();
            on_action.reform(move |event: Event| {
                if several {
                    let ticked = event.target_unchecked_into::<HtmlInputElement>().checked();
                    IntakeAction::Tick(number, words.clone(), ticked)
                } else {
                    IntakeAction::Answer(number, words.clone())
                }
            })
        };
        html! {
            <label key={place} class="check">
                <input type={if several { "checkbox" } else { "radio" }} id={own} name={id.clone()} checked={ticked}
                    {onchange} aria-invalid={invalid.filter(|_| several)} />
                <span>{ words }</span>
            </label>
        }
    };
    let open = on_action.reform(move |_: Event| IntakeAction::Answer(number, String::new()));
    html! {
        <fieldset class="fieldset" role={(!several).then_some("radiogroup")}
            aria-required={(!several && question.required).then_some("true")} aria-invalid={invalid.filter(|_| !several)}
            aria-describedby={format!("{id}-hint {id}-error")}>
            <legend>
                { &question.words }
                <span class="field__optional">{ if question.required { " (required)" } else { " (optional)" } }</span>
            </legend>
            <p class="field__hint" id={format!("{id}-hint")}>{ question.help.clone().unwrap_or_default() }</p>
            <FieldError id={format!("{id}-error")} error={error.clone()} />
            <div>
                { for answering.choices().into_iter().enumerate().map(choice) }
                if !several && !question.required {
                    <label key="open" class="check">
                        <input type="radio" id={format!("{id}-open")} name={id.clone()} checked={!answering.is_answered()}
                            onchange={open} />
                        <span>{ "No answer" }</span>
                    </label>
                }
            </div>
        </fieldset>
    }
}
