//! A select that looks like a chip: its label, its choices, marked when it is not at its default.

use yew::prelude::*;

use super::icon::Icon;
use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SelectChipProps {
    /// The parameter's name.
    pub name: AttrValue,
    pub label: AttrValue,
    /// Value and words; the first is the default.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub value: AttrValue,
    /// The form it belongs to, when it stands outside.
    #[prop_or_default]
    pub form: Option<AttrValue>,
    /// Told after a change; inside a form the form hears of it by itself.
    #[prop_or_default]
    pub onchange: Callback<()>,
}

/// Label and select.
#[component]
pub fn SelectChip(props: &SelectChipProps) -> Html {
    let select = use_node_ref();
    // `selected` marks only the first state of a select: once a reader has chosen, the property decides.
    use_effect_with((props.value.clone(), select.clone()), |(value, select)| browser::select(select, value));
    let set = props.options.first().is_some_and(|(default, _)| *default != props.value);
    let onchange = props.onchange.reform(|_: Event| ());
    let options = props.options.iter().map(|(value, words)| {
        html! { <option key={value.to_string()} value={value.clone()} selected={*value == props.value}>{ words }</option> }
    });
    html! {
        <label class={classes!("chip", set.then_some("chip--set"))}>
            <span class="chip__label">{ &props.label }</span>
            <select ref={select} name={props.name.clone()} form={props.form.clone()} {onchange}>{ for options }</select>
            <Icon name="chevron-down" />
        </label>
    }
}
