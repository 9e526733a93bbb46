//! Where a patient is visited at home: the street, and the suburb or town from a list.

use shared_types::providers::Place;
use yew::prelude::*;

use super::{
    field::{Field, FieldError},
    place_box::PlaceBox,
};
use crate::forms::visit::VisitForm;

#[derive(Clone, PartialEq, Properties)]
pub struct VisitFieldsProps {
    pub form: VisitForm,
    /// What is offered for the present words.
    pub places: Vec<Place>,
    /// What is wrong with the street.
    #[prop_or_default]
    pub street_error: Option<AttrValue>,
    /// What is wrong with the suburb or town.
    #[prop_or_default]
    pub place_error: Option<AttrValue>,
    pub on_form: Callback<VisitForm>,
}

/// The two fields.
#[component]
pub fn VisitFields(props: &VisitFieldsProps) -> Html {
    let VisitFieldsProps { form, places, on_form, .. } = props;
    let (of_street, of_words, of_place) = (form.clone(), form.clone(), form.clone());
    html! {
        <fieldset class="fieldset">
            <legend>{ "Where the visit is" }</legend>
            <Field id="street" label="Street and number" autocomplete="off" maxlength="120"
                hint="With the unit, and what helps to find it." value={form.street.clone()}
                error={props.street_error.clone()}
                oninput={on_form.reform(move |street| of_street.with_street(street))} />
            <div class="field">
                <label class="field__label" for="near">{ "Suburb or town" }</label>
                <PlaceBox value={form.place.clone()} placeholder="Type it and choose from the list"
                    suggestions={places.clone()} wrong={props.place_error.is_some()}
                    oninput={on_form.reform(move |words| of_words.with_words(words))}
                    onpick={on_form.reform(move |place: Place| of_place.with_place(&place))} />
                <FieldError id="near-error" error={props.place_error.clone()} />
            </div>
        </fieldset>
    }
}
