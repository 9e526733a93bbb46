//! A day, a time and a length, in three fields beside each other.

use shared_types::problem::FieldError;
use yew::prelude::*;

use super::field::Field;
use crate::forms::when::WhenForm;

#[derive(Clone, PartialEq, Properties)]
pub struct WhenFieldsProps {
    /// What the ids of the fields begin with.
    pub id: AttrValue,
    pub form: WhenForm,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    pub on_form: Callback<WhenForm>,
}

/// The fields.
#[component]
pub fn WhenFields(props: &WhenFieldsProps) -> Html {
    let WhenFieldsProps { id, form, errors, on_form } = props;
    let error = |pointer: &str| {
        let found = errors.iter().find(|error| error.pointer == pointer);
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let with = |change: fn(WhenForm, String) -> WhenForm| {
        let form = form.clone();
        on_form.reform(move |text: String| change(form.clone(), text))
    };
    html! {
        <div class="field-group">
            <Field id={format!("{id}-date")} label="Day" kind="date" width="input--m" value={form.date.clone()}
                error={error("/date")} oninput={with(|form, date| WhenForm { date, ..form })} />
            <Field id={format!("{id}-time")} label="Start" kind="time" width="input--m" value={form.time.clone()}
                error={error("/time")} oninput={with(|form, time| WhenForm { time, ..form })} />
            <Field id={format!("{id}-minutes")} label="Minutes" width="input--s" inputmode="numeric" maxlength="3"
                value={form.minutes.clone()} error={error("/minutes")}
                oninput={with(|form, minutes| WhenForm { minutes, ..form })} />
        </div>
    }
}
