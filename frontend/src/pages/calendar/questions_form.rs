//! What patients are asked before an appointment: added, changed, put in order and looked at as they will see it, all by
//! buttons.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::question::{CHOICE_MAX, HELP_MAX, MOST_CHOICES, QUESTION_MAX},
    problem::FieldError as Wrong,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    browser,
    components::{
        field::{Field, FieldError},
        question_field::QuestionField,
        select_field::SelectField,
        text_area::TextArea,
    },
    forms::{
        answers::Answering,
        questions::{QuestionRow, QuestionsForm, Way},
    },
    pages::practice_desk::desk_path,
};

#[derive(Clone, PartialEq, Properties)]
pub struct QuestionsEditorProps {
    /// What the ids of its fields begin with.
    pub id: AttrValue,
    pub organization_id: OrganizationId,
    pub form: QuestionsForm,
    /// What is wrong with it, below `/questions`.
    pub errors: Vec<Wrong>,
    pub on_form: Callback<QuestionsForm>,
}

/// What is done with one question.
#[derive(Clone)]
enum Act {
    Put(QuestionRow),
    Shift(u16, bool),
    Remove(u16),
}

/// The questions, in the order in which they are asked.
#[component]
pub fn QuestionsEditor(props: &QuestionsEditorProps) -> Html {
    let QuestionsEditorProps { id, organization_id, form, on_form, .. } = props;
    let said = use_state_eq(String::new);
    let next = use_mut_ref(|| None::<String>);
    use_effect_with(form.clone(), {
        // A question that moved takes its buttons along, and one that is new is to be written: only now are they there.
        let next = Rc::clone(&next);
        move |_| {
            if let Some(id) = next.borrow_mut().take() {
                browser::focus(&id);
            }
        }
    });
    let on_act = {
        let (id, form, on_form) = (id.clone(), form.clone(), on_form.clone());
        let (said, next) = (said.setter(), Rc::clone(&next));
        Callback::from(move |act: Act| {
            let mut form = form.clone();
            match act {
                Act::Put(row) => form.put(row),
                Act::Shift(row, earlier) => {
                    let Some(place) = form.shift(row, earlier) else { return };
                    said.set(format!("It is now question {place} of {}.", form.rows.len()));
                    *next.borrow_mut() = Some(shift_id(&id, row, earlier));
                }
                Act::Remove(row) => {
                    form.remove(row);
                    said.set("The question is taken away.".to_owned());
                    *next.borrow_mut() = Some(format!("{id}-add"));
                }
            }
            on_form.emit(form);
        })
    };
    let add = {
        let (id, form, on_form) = (id.clone(), form.clone(), on_form.clone());
        let next = Rc::clone(&next);
        move |_: MouseEvent| {
            let mut form = form.clone();
            let row = form.add();
            *next.borrow_mut() = Some(field_id(&id, row, "words"));
            on_form.emit(form);
        }
    };
    html! {
        <fieldset class="fieldset" aria-describedby={format!("{id}-hint {id}-error")}>
            <legend>{ "Questions before the visit" }</legend>
            <p class="field__hint" id={format!("{id}-hint")}>
                { "Answers are sealed: only your practice and the patient can read them. Nothing is asked before the " }
                { "practice has " }
                <a href={desk_path(*organization_id, "/keys")} target="_blank">
                    { "its keys" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                </a>{ "." }
            </p>
            <FieldError id={format!("{id}-error")} error={error(props, "/questions")} />
            <ol class="hours__rows" role="list">
                { for form.rows.iter().enumerate().map(|(nth, row)| question(props, nth, row, &on_act)) }
            </ol>
            <p class="visually-hidden" role="status">{ (*said).clone() }</p>
            <div class="optional">
                if !form.is_full() {
                    <div class="button-row">
                        <button type="button" class="button button--quiet" id={format!("{id}-add")} onclick={add}>
                            { "Add a question" }
                        </button>
                    </div>
                }
            </div>
            <div class="optional">{ preview(id, form) }</div>
        </fieldset>
    }
}

fn field_id(id: &str, row: u16, field: &str) -> String {
    format!("{id}-{row}-{field}")
}

fn shift_id(id: &str, row: u16, earlier: bool) -> String {
    field_id(id, row, if earlier { "earlier" } else { "later" })
}

fn error(props: &QuestionsEditorProps, pointer: &str) -> Option<AttrValue> {
    let found = props.errors.iter().find(|error| error.pointer == pointer);
    found.map(|error| AttrValue::from(error.detail.clone()))
}

fn question(props: &QuestionsEditorProps, nth: usize, row: &QuestionRow, on_act: &Callback<Act>) -> Html {
    let id = |field: &str| field_id(&props.id, row.id, field);
    let wrong = |field: &str| error(props, &format!("/questions/{nth}/{field}"));
    let text = |change: fn(QuestionRow, String) -> QuestionRow| {
        let row = row.clone();
        on_act.reform(move |text: String| Act::Put(change(row.clone(), text)))
    };
    let on_required = {
        let row = row.clone();
        on_act.reform(move |event: Event| {
            let required = event.target_unchecked_into::<HtmlInputElement>().checked();
            Act::Put(QuestionRow { required, ..row.clone() })
        })
    };
    let ways = Way::ALL.map(|way| (AttrValue::from(way.code()), AttrValue::from(way.words())));
    html! {
        <li key={row.id} class="hours__row">
            <fieldset class="fieldset">
                <legend>{ format!("Question {}", nth + 1) }</legend>
                <Field id={id("words")} label="Question" autocomplete="off" value={row.words.clone()}
                    maxlength={AttrValue::from(QUESTION_MAX.to_string())} error={wrong("words")}
                    oninput={text(|row, words| QuestionRow { words, ..row })} />
                <Field id={id("help")} label="Help" optional=true autocomplete="off" value={row.help.clone()}
                    maxlength={AttrValue::from(HELP_MAX.to_string())} error={wrong("help")}
                    oninput={text(|row, help| QuestionRow { help, ..row })} />
                <SelectField id={id("way")} label="Answered with" options={ways.to_vec()} value={row.way.code()}
                    onchange={text(|row, code| QuestionRow { way: Way::from_code(&code).unwrap_or_default(), ..row })} />
                <div class="optional">
                    if row.way.has_choices() {
                        <TextArea id={id("choices")} label="Choices" hint="Each on a line of its own, 2 to 12."
                            max={MOST_CHOICES * (CHOICE_MAX + 1)} value={row.choices.clone()} error={wrong("choices")}
                            oninput={text(|row, choices| QuestionRow { choices, ..row })} />
                    }
                </div>
                <label class="check">
                    <input type="checkbox" checked={row.required} onchange={on_required} />
                    <span>{ "We need the answer. A patient can still choose to tell you when they come." }</span>
                </label>
                <div class="button-row">
                    { shift(props, nth, row.id, true, on_act) }
                    { shift(props, nth, row.id, false, on_act) }
                    { remove(nth, row.id, on_act) }
                </div>
            </fieldset>
        </li>
    }
}

/// The button that asks a question one place earlier or later. It stays where there is no such place, as it may have the focus.
fn shift(props: &QuestionsEditorProps, nth: usize, row: u16, earlier: bool, on_act: &Callback<Act>) -> Html {
    let ends = if earlier { nth == 0 } else { nth + 1 == props.form.rows.len() };
    let onclick = on_act.reform(move |_: MouseEvent| Act::Shift(row, earlier));
    html! {
        <button type="button" class="button button--plain" id={shift_id(&props.id, row, earlier)}
            aria-disabled={ends.then_some("true")} {onclick}>
            { if earlier { "Earlier" } else { "Later" } }
            <span class="visually-hidden">{ format!(": question {}", nth + 1) }</span>
        </button>
    }
}

fn remove(nth: usize, row: u16, on_act: &Callback<Act>) -> Html {
    let onclick = on_act.reform(move |_: MouseEvent| Act::Remove(row));
    html! {
        <button type="button" class="button button--plain" {onclick}>
            { "Remove" }<span class="visually-hidden">{ format!(" question {}", nth + 1) }</span>
        </button>
    }
}

/// As patients will see them; nothing can be typed, so that nobody takes it for the form.
fn preview(id: &AttrValue, form: &QuestionsForm) -> Html {
    let worded = form.rows.iter().filter(|row| !row.words.trim().is_empty());
    let shown = worded.map(|row| {
        let answering = Answering::of(row.question());
        html! {
            <QuestionField key={row.id} id={field_id(id, row.id, "shown")} {answering} on_action={Callback::noop()} />
        }
    });
    let shown: Vec<Html> = shown.collect();
    if shown.is_empty() {
        return Html::default();
    }
    html! {
        <details>
            <summary>{ "As patients see them" }</summary>
            <fieldset class="fieldset stack" disabled=true>
                <legend class="visually-hidden">{ "Preview" }</legend>
                { for shown }
            </fieldset>
        </details>
    }
}
