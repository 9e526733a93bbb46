//! Which kind of visit: a select, or words where there is only one.

use std::rc::Rc;

use shared_types::AppointmentTypeId;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::Icon;
use crate::browser;

/// A type in the select.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeChoice {
    /// Which.
    pub type_id: AppointmentTypeId,
    /// `Initial consultation, 45 min, $85`.
    pub words: AttrValue,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TypeSelectProps {
    pub types: Rc<[TypeChoice]>,
    pub chosen: AppointmentTypeId,
    pub onchange: Callback<AppointmentTypeId>,
}

/// The select with its label.
#[component]
pub fn TypeSelect(props: &TypeSelectProps) -> Html {
    let TypeSelectProps { types, chosen, onchange } = props;
    let select = use_node_ref();
    // `selected` marks only the first state of a select: once somebody has chosen, the property decides.
    use_effect_with((*chosen, select.clone()), |(chosen, select)| {
        browser::select(select, &chosen.to_string())
    });
    if let [only] = &**types {
        return html! { <div class="field">{ &only.words }</div> };
    }
    let onchange = {
        let (types, onchange) = (Rc::clone(types), onchange.clone());
        move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(choice) = types.iter().find(|choice| choice.type_id.to_string() == value) {
                onchange.emit(choice.type_id);
            }
        }
    };
    let option = |choice: &TypeChoice| {
        let value = choice.type_id.to_string();
        html! {
            <option key={value.clone()} {value} selected={choice.type_id == *chosen}>{ &choice.words }</option>
        }
    };
    html! {
        <div class="field">
            <label class="field__label" for="appointment-type">{ "Appointment type" }</label>
            <div class="select-wrap">
                <select class="select" id="appointment-type" name="appointment_type" ref={select}
                    {onchange}>
                    { for types.iter().map(option) }
                </select>
                <Icon name="chevron-down" />
            </div>
        </div>
    }
}
