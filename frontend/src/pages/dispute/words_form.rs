//! One side's words in a dispute, while they are written.

use shared_types::{bookings::STATEMENT_LENGTH, personal::Personal};
use yew::prelude::*;

use crate::{components::text_area::TextArea, hooks::Act, pages::account::Refused};

#[derive(Clone, PartialEq, Properties)]
pub struct WordsFormProps {
    /// Of the text.
    pub id: AttrValue,
    pub label: AttrValue,
    /// On the button.
    pub button: AttrValue,
    pub act: Act,
    /// The words, when they are to be sent.
    pub on_words: Callback<Personal<String>>,
}

/// The text and the button that sends it.
#[component]
pub fn WordsForm(props: &WordsFormProps) -> Html {
    let WordsFormProps { id, label, button, act, on_words } = props;
    let text = use_state_eq(String::new);
    let onsubmit = {
        let (text, on_words) = (text.clone(), on_words.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            on_words.emit((*text).clone().into());
        }
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |words| text.set(words))
    };
    html! {
        <div class="stack">
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <TextArea id={id.clone()} label={label.clone()} value={(*text).clone()} max={STATEMENT_LENGTH} {oninput}
                    hint="The other side and our administrators read it. Write nothing about health."
                    error={act.error("/text")} />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>{ button }</button>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/text"][..]} />
        </div>
    }
}
