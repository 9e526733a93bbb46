//! A labelled text field with its hint and its error, which is always there and hidden while empty.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::Icon;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FieldProps {
    /// Also the input's name.
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub autocomplete: Option<AttrValue>,
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    #[prop_or_default]
    pub maxlength: Option<AttrValue>,
    /// `input--xs`, `input--s`, `input--m`.
    #[prop_or_default]
    pub width: Option<AttrValue>,
    /// Required ones say nothing, optional ones do.
    #[prop_or_default]
    pub optional: bool,
    /// Ids of further texts that describe the field, such as a fieldset's.
    #[prop_or_default]
    pub described_by: Option<AttrValue>,
    /// Where the error stands when a group shows it instead of this field.
    #[prop_or(true)]
    pub own_error: bool,
}

/// Label, hint, input, error.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let id = &props.id;
    let described_by = [
        props.described_by.as_ref().map(ToString::to_string),
        props.hint.as_ref().map(|_| format!("{id}-hint")),
        props.own_error.then(|| format!("{id}-error")),
    ];
    let described_by = described_by.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let oninput =
        props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <div class="field" id={format!("field-{id}")}>
            <label class="field__label" for={id.clone()}>
                { &props.label }
                if props.optional {
                    <span class="field__optional">{ " (optional)" }</span>
                }
            </label>
            if let Some(hint) = &props.hint {
                <p class="field__hint" id={format!("{id}-hint")}>{ hint }</p>
            }
            <input class={classes!("input", props.width.as_ref().map(ToString::to_string))}
                id={id.clone()} name={id.clone()} type={props.kind.clone()} value={props.value.clone()} {oninput}
                autocomplete={props.autocomplete.clone()} inputmode={props.inputmode.clone()}
                maxlength={props.maxlength.clone()} required={!props.optional}
                aria-invalid={props.error.as_ref().map(|_| "true")} aria-describedby={described_by} />
            if props.own_error {
                <FieldError id={format!("{id}-error")} error={props.error.clone()} />
            }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FieldErrorProps {
    pub id: AttrValue,
    #[prop_or_default]
    pub error: Option<AttrValue>,
}

/// What is wrong with a field; there and empty while nothing is.
#[component]
pub fn FieldError(props: &FieldErrorProps) -> Html {
    html! {
        <p class="field__error" id={props.id.clone()}>
            if let Some(error) = &props.error {
                <Icon name="warning" /><span>{ error }</span>
            }
        </p>
    }
}
