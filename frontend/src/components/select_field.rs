//! A labelled select.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{field::FieldError, icon::Icon};
use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SelectFieldProps {
    /// Also the select's name.
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is sent, and what is read.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub value: AttrValue,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub onchange: Callback<String>,
}

/// Label, hint, select, error.
#[component]
pub fn SelectField(props: &SelectFieldProps) -> Html {
    let SelectFieldProps { id, label, hint, options, value, error, onchange } = props;
    let select = use_node_ref();
    // `selected` marks only the first state of a select: once somebody has chosen, the property decides.
    let chosen = options.iter().any(|(code, _)| code == value).then(|| value.clone());
    use_effect_with((chosen, select.clone()), |(chosen, select)| {
        if let Some(chosen) = chosen {
            browser::select(select, chosen);
        }
    });
    let onchange = onchange.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let option = |(code, words): &(AttrValue, AttrValue)| {
        html! { <option key={code.to_string()} value={code.clone()} selected={code == value}>{ words }</option> }
    };
    html! {
        <div class="field">
            <label class="field__label" for={id.clone()}>{ label }</label>
            <p class="field__hint" id={format!("{id}-hint")}>{ hint.clone().unwrap_or_default() }</p>
            <div class="select-wrap">
                <select class="select" id={id.clone()} name={id.clone()} ref={select} {onchange}
                    aria-invalid={error.as_ref().map(|_| "true")}
                    aria-describedby={format!("{id}-hint {id}-error")}>
                    { for options.iter().map(option) }
                </select>
                <Icon name="chevron-down" />
            </div>
            <FieldError id={format!("{id}-error")} error={error.clone()} />
        </div>
    }
}
