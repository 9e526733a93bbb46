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
}

/// The words, the box, the version.
#[component]
pub fn ConsentBox(props: &ConsentBoxProps) -> Html {
    let ConsentBoxProps { text, agreed, on_agree, error } = props;
    let tick = on_agree.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <section class="stack" aria-labelledby="consent-title">
            <h2 id="consent-title">{ &text.title }</h2>
            { for text.paragraphs.iter().enumerate().map(|(place, words)| html! { <p key={place}>{ words }</p> }) }
            <FieldError id="consent-error" error={error.clone()} />
            <label class="check">
                <input type="checkbox" id="consent" name="consent" required=true checked={*agreed}
                    onchange={tick} aria-describedby="consent-error"
                    aria-invalid={error.as_ref().map(|_| "true")} />
                <span>{ &text.statement }</span>
            </label>
            <p class="small muted">
                { format!("Version {}, from {}", text.version, time::long_date(text.effective_on)) }
            </p>
        </section>
    }
}
