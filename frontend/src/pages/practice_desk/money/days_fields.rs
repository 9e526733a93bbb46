//! Which days a list of money is about.

use jiff::civil::Date;
use yew::prelude::*;

use crate::{
    browser,
    components::field::Field,
    forms::money_days::{DaysErrors, DaysForm},
};

const FIRST_ID: &str = "first-day";
const LAST_ID: &str = "last-day";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DaysFieldsProps {
    /// What stands in them at first.
    pub opened: DaysForm,
    /// Is told the first day and the one after the last.
    pub on_days: Callback<(Date, Date)>,
}

/// Two days and a button. What is wrong stands beside its field, which takes the focus.
#[component]
pub fn DaysFields(props: &DaysFieldsProps) -> Html {
    let form = use_state_eq(|| props.opened.clone());
    let errors = use_state_eq(DaysErrors::default);
    let onsubmit = {
        let (form, errors, on_days) = (form.clone(), errors.setter(), props.on_days.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            match form.check() {
                Ok(days) => {
                    errors.set(DaysErrors::default());
                    on_days.emit(days);
                }
                Err(wrong) => {
                    browser::focus(if wrong.first.is_some() { FIRST_ID } else { LAST_ID });
                    errors.set(wrong);
                }
            }
        }
    };
    let with = |change: fn(DaysForm, String) -> DaysForm| {
        let form = form.clone();
        Callback::from(move |text: String| form.set(change((*form).clone(), text)))
    };
    html! {
        <form class="stack no-print" novalidate=true method="post" {onsubmit} aria-label="Days">
            <div class="field-group">
                <Field id={FIRST_ID} label="First day" kind="date" width="input--m" value={form.first.clone()}
                    error={errors.first.map(AttrValue::from)}
                    oninput={with(|form, first| DaysForm { first, ..form })} />
                <Field id={LAST_ID} label="Last day" kind="date" width="input--m" value={form.last.clone()}
                    error={errors.last.map(AttrValue::from)}
                    oninput={with(|form, last| DaysForm { last, ..form })} />
            </div>
            <div class="button-row">
                <button type="submit" class="button button--quiet">{ "Show these days" }</button>
            </div>
        </form>
    }
}
