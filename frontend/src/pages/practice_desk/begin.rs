//! Setting up a practice's mailbox: what it is, and one button. Its recovery sheets come next.

use yew::prelude::*;

use crate::hooks::{Act, use_mailbox::Begin};

#[derive(Clone, PartialEq, Properties)]
pub struct BeginMailboxProps {
    pub act: Act,
    pub on_begin: Callback<Begin>,
}

/// The words and the button.
#[component]
pub fn BeginMailbox(props: &BeginMailboxProps) -> Html {
    let onclick = props.on_begin.reform(|_: MouseEvent| Begin::First);
    html! {
        <section class="stack" aria-labelledby="begin-title">
            <h2 id="begin-title">{ "Let patients write to you, sealed" }</h2>
            <p>
                { "Patients can tell you why they are coming, send files and write messages. It is sealed in their " }
                { "browser to your practice’s key, and opened in yours. We cannot read it." }
            </p>
            <ul class="prose">
                <li>{ "Everybody who reads gets the key from an owner, once they have keys of their own." }</li>
                <li>{ "When somebody leaves, you begin a new key. They cannot read what comes after that." }</li>
                <li>
                    { "You get three recovery sheets. Any two of them open the mailbox when everybody has lost their " }
                    { "keys; one alone opens nothing. Have a printer or a pen ready." }
                </li>
                <li>
                    { "If all keys and two of the sheets are lost, nobody can read what was sealed to you: not you, " }
                    { "and not us. Patients still have their own copies." }
                </li>
            </ul>
            <div class="button-row">
                <button class="button" type="button" {onclick} aria-busy={props.act.busy.to_string()}>
                    { if props.act.busy { "Making the key…" } else { "Make the practice’s key" } }
                </button>
            </div>
        </section>
    }
}
