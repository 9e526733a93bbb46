//! A text somebody agrees to, with its box, which is never ticked beforehand.

use std::rc::Rc;

use shared_types::{time, users::ConsentText};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::FieldError;

#[derive(Clone, PartialEq, Properties)]
pub struct ConsentBoxProps {
    pub text: Rc<ConsentText>,
    pub agreed: bool,
    pub on_agree: Callback<bool>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// The box's id: there may be two on one page.
    #[prop_or(AttrValue::Static("consent"))]
    pub id: AttrValue,
}

/// The words, the box, the version.
#[component]
pub fn ConsentBox(props: &ConsentBoxProps) -> Html {
    let ConsentBoxProps { text, agreed, on_agree, error, id } = props;
    let tick = on_agree.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    let (title_id, error_id) = (format!("{id}-title"), format!("{id}-error"));
    html! {
        <section class="stack" aria-labelledby={title_id.clone()}>
            <h2 id={title_id}>{ &text.title }</h2>
            { for text.paragraphs.iter().enumerate().map(|(place, words)| html! { <p key={place}>{ words }</p> }) }
            <FieldError id={error_id.clone()} error={error.clone()} />
            <label class="check">
                <input type="checkbox" id={id.clone()} name={id.clone()} required=true checked={*agreed}
                    onchange={tick} aria-describedby={error_id}
                    aria-invalid={error.as_ref().map(|_| "true")} />
                <span>{ &text.statement }</span>
            </label>
            <p class="small muted">
                { format!("Version {}, from {}", text.version, time::long_date(text.effective_on)) }
            </p>
        </section>
    }
}
