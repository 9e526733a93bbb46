//! Who comes, and where a home visit goes: the fields.

use std::collections::BTreeMap;

use shared_types::providers::Place;
use yew::prelude::*;

use super::texts_tick::TextsTick;
use crate::{
    components::{birth_fields::BirthFields, field::Field, visit_fields::VisitFields},
    forms::{
        party::{PartyAction, PartyForm},
        visit::LOCALITY,
    },
};

/// Who comes.
pub(super) fn patient_fields(
    party: &UseReducerHandle<PartyForm>,
    errors: &BTreeMap<String, AttrValue>,
) -> Html {
    let error = |pointer: &str| errors.get(pointer).cloned();
    let dispatcher = party.dispatcher();
    let on = Callback::from(move |action: PartyAction| dispatcher.dispatch(action));
    html! {
        <fieldset class="fieldset">
            <legend>{ "Who comes" }</legend>
            <Field id="name" label="Full name" hint="As on the Medicare card, if there is one." autocomplete="off"
                maxlength="120" value={party.name.clone()} error={error("/name")} oninput={on.reform(PartyAction::Name)} />
            <Field id="preferred_name" label="Called" optional=true autocomplete="off" maxlength="60"
                value={party.preferred_name.clone()} error={error("/preferred_name")}
                oninput={on.reform(PartyAction::PreferredName)} />
            <BirthFields born={party.born.clone()} error={error("/date_of_birth")}
                oninput={on.reform(|(part, text)| PartyAction::Born(part, text))} />
            <Field id="mobile" label="Mobile" optional=true kind="tel" autocomplete="off" maxlength="30" width="input--m"
                value={party.mobile.clone()} error={error("/mobile")} oninput={on.reform(PartyAction::Mobile)} />
            <TextsTick mobile={party.mobile.clone()} agreed={party.text_me} on_agreed={on.reform(PartyAction::TextMe)} />
            <Field id="email" label="E-mail" optional=true kind="email" autocomplete="off" maxlength="254"
                hint="With an address they get the same letters as anybody who books." value={party.email.clone()}
                error={error("/email")} oninput={on.reform(PartyAction::Email)} />
        </fieldset>
    }
}

/// Where a home visit goes.
pub(super) fn visit_fields(
    party: &UseReducerHandle<PartyForm>,
    places: Vec<Place>,
    errors: &BTreeMap<String, AttrValue>,
) -> Html {
    let dispatcher = party.dispatcher();
    let on_form = Callback::from(move |visit| dispatcher.dispatch(PartyAction::Visit(visit)));
    html! {
        <VisitFields form={party.visit.clone()} {places} {on_form}
            street_error={errors.get("/visit/street").cloned()} place_error={errors.get(LOCALITY).cloned()} />
    }
}
