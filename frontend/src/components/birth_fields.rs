//! Day, month, year: three boxes for one date.

use yew::prelude::*;

use super::field::{Field, FieldError};
use crate::forms::birth_date::{BirthDate, BirthPart};

#[derive(Clone, PartialEq, Properties)]
pub struct BirthFieldsProps {
    pub born: BirthDate,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub oninput: Callback<(BirthPart, String)>,
}

/// The fieldset.
#[component]
pub fn BirthFields(props: &BirthFieldsProps) -> Html {
    let BirthFieldsProps { born, error, oninput } = props;
    let part = |part: BirthPart| oninput.reform(move |text: String| (part, text));
    // The message stands above all three; each box is marked, and describes itself by it.
    let (marked, described_by) = (error.clone(), AttrValue::Static("dob-error"));
    html! {
        <fieldset class="fieldset" aria-describedby="dob-hint">
            <legend>{ "Date of birth" }</legend>
            <p class="field__hint" id="dob-hint">{ "For example 27 3 1985" }</p>
            <FieldError id="dob-error" error={error.clone()} />
            <div class="field-group">
                <Field id="dob-day" label="Day" width="input--xs" inputmode="numeric" autocomplete="bday-day"
                    maxlength="2"
                    value={born.day.clone()} error={marked.clone()} own_error=false
                    described_by={described_by.clone()} oninput={part(BirthPart::Day)} />
                <Field id="dob-month" label="Month" width="input--xs" inputmode="numeric"
                    autocomplete="bday-month"
                    maxlength="9" value={born.month.clone()} error={marked.clone()} own_error=false
                    described_by={described_by.clone()} oninput={part(BirthPart::Month)} />
                <Field id="dob-year" label="Year" width="input--s" inputmode="numeric"
                    autocomplete="bday-year"
                    maxlength="4" value={born.year.clone()} error={marked} own_error=false
                    {described_by} oninput={part(BirthPart::Year)} />
            </div>
        </fieldset>
    }
}
