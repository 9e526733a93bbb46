//! Whether who comes agrees to text messages: asked once there is a number for them.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct TextsTickProps {
    /// What the mobile's field says.
    pub mobile: AttrValue,
    /// Whether they agree, as was ticked.
    pub agreed: bool,
    pub on_agreed: Callback<bool>,
}

/// The tick; nothing while there is no mobile.
#[component]
pub fn TextsTick(props: &TextsTickProps) -> Html {
    let onchange =
        props.on_agreed.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <div class="optional">
            if !props.mobile.trim().is_empty() {
                <label class="check">
                    <input type="checkbox" id="text_me" name="text_me" checked={props.agreed} {onchange}
                        aria-describedby="text_me-hint" />
                    <span>{ "They agree to be sent text messages" }</span>
                </label>
                <p class="field__hint" id="text_me-hint">
                    { "Only about this booking. Without an e-mail address the confirmation, reminders and changes go by text; with \
                       one, only what does not arrive there." }
                </p>
            }
        </div>
    }
}
