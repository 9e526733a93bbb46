//! Where a practice says that no Medicare item applies to an appointment type.

use shared_types::{AccountId, Zone, payments::eligibility::NoItemSaid, time};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::field::FieldError;

#[derive(Clone, PartialEq, Properties)]
pub struct NoItemBoxProps {
    pub id: AttrValue,
    /// Whether it is ticked now.
    pub ticked: bool,
    /// What was said last.
    pub said: Option<NoItemSaid>,
    /// Who is looking.
    pub me: Option<AccountId>,
    pub error: Option<AttrValue>,
    pub on_tick: Callback<bool>,
}

/// The box, with what it means and who said it last.
#[component]
pub fn NoItemBox(props: &NoItemBoxProps) -> Html {
    let NoItemBoxProps { id, ticked, said, me, error, on_tick } = props;
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let tick = on_tick.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <div>
            <FieldError id={error_id.clone()} error={error.clone()} />
            <label class="check">
                <input type="checkbox" id={id.clone()} name={id.clone()} checked={*ticked} onchange={tick}
                    aria-describedby={format!("{hint_id} {error_id}")}
                    aria-invalid={error.as_ref().map(|_| "true")} />
                <span>{ "No Medicare item applies to these appointments" }</span>
            </label>
            <p class="field__hint" id={hint_id}>
                { "Where your practice bulk bills every eligible service, what names no item can be charged for only once somebody has \
                   said this. It is kept with who said it and when." }
            </p>
            if let Some(said) = said {
                <p class="small muted">{ said_words(said, *me) }</p>
            }
        </div>
    }
}

fn said_words(said: &NoItemSaid, me: Option<AccountId>) -> String {
    let by = if me == Some(said.by) { "you" } else { "somebody else of your practice" };
    format!("Last said on {} by {by}.", time::long_date(Zone::SYDNEY.date(said.at)))
}
