//! A group of boxes to tick, with one legend and one error.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::FieldError;

/// One box.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its name in what is sent.
    pub code: &'static str,
    /// What stands beside it.
    pub words: &'static str,
    /// Whether it is ticked.
    pub ticked: bool,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ChecksProps {
    /// Of the group; the first box has it, so that an error's link leads there.
    pub id: AttrValue,
    pub legend: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    pub checks: Vec<Check>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Which box, and whether it is ticked now.
    pub on_tick: Callback<(&'static str, bool)>,
}

/// The fieldset.
#[component]
pub fn Checks(props: &ChecksProps) -> Html {
    let ChecksProps { id, legend, hint, checks, error, on_tick } = props;
    let described_by = format!("{id}-hint {id}-error");
    let check = |(place, check): (usize, &Check)| {
        let code = check.code;
        let tick = on_tick
            .reform(move |event: Event| (code, event.target_unchecked_into::<HtmlInputElement>().checked()));
        let own = if place == 0 { id.to_string() } else { format!("{id}-{code}") };
        html! {
            <label class="check" key={code}>
                <input type="checkbox" id={own} name={id.clone()} value={code} checked={check.ticked}
                    onchange={tick} aria-invalid={error.as_ref().map(|_| "true")} />
                <span>{ check.words }</span>
            </label>
        }
    };
    html! {
        <fieldset class="fieldset" aria-describedby={described_by}>
            <legend>{ legend }</legend>
            <p class="field__hint" id={format!("{id}-hint")}>{ hint.clone().unwrap_or_default() }</p>
            <FieldError id={format!("{id}-error")} error={error.clone()} />
            <div>{ for checks.iter().enumerate().map(check) }</div>
        </fieldset>
    }
}
