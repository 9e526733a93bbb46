//! Writing a message: sealed in the vault, then sent.

use yew::prelude::*;

use super::text_area::TextArea;
use crate::{
    browser,
    forms::message::{MESSAGE_MAX, check_message},
};

#[derive(Clone, PartialEq, Properties)]
pub struct ReplyBoxProps {
    pub label: AttrValue,
    /// Who can read it.
    pub hint: AttrValue,
    /// Whether one is on its way.
    pub busy: bool,
    /// How many were sent: each empties the box.
    pub sent: u32,
    pub on_send: Callback<String>,
}

/// The form. What is typed stays until it was sent.
#[component]
pub fn ReplyBox(props: &ReplyBoxProps) -> Html {
    let ReplyBoxProps { label, hint, busy, sent, on_send } = props;
    let text = use_state_eq(String::new);
    let error = use_state_eq(|| None::<String>);
    {
        let text = text.setter();
        use_effect_with(*sent, move |_| text.set(String::new()));
    }
    let onsubmit = {
        let (text, error, on_send) = (text.clone(), error.setter(), on_send.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let wrong = check_message(&text);
            if wrong.is_some() {
                browser::focus("message");
            } else {
                on_send.emit(text.trim().to_owned());
            }
            error.set(wrong);
        }
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |typed: String| text.set(typed))
    };
    let status = match (*busy, *sent) {
        (true, _) => "Sealing and sending…",
        (false, 0) => "",
        (false, _) => "Sent.",
    };
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <TextArea id="message" label={label.clone()} hint={hint.clone()} max={MESSAGE_MAX} value={(*text).clone()}
                error={(*error).clone().map(AttrValue::from)} {oninput} />
            <div class="button-row">
                <button class="button" type="submit" aria-busy={busy.to_string()}>
                    { if *busy { "Sending…" } else { "Send" } }
                </button>
                <p class="small muted" role="status" aria-live="polite">{ status }</p>
            </div>
        </form>
    }
}
