//! What can only be shown with open keys: until they are, the ways to open or to make them stand in its place.

use std::rc::Rc;

use yew::prelude::*;

use super::{Own, key_setup::KeySetup, loading};
use crate::{
    components::{failed::Failed, unlock::Unlock},
    hooks::use_vault::{Keys, use_vault},
};

#[derive(Clone, PartialEq, Properties)]
pub struct WithKeysProps {
    pub me: Own,
    /// Where to come back to after signing in.
    pub here: AttrValue,
    /// What open keys are good for here.
    pub why: AttrValue,
    /// Shown, and begun, only with open keys.
    pub children: Html,
}

/// The gate.
#[component]
pub fn WithKeys(props: &WithKeysProps) -> Html {
    let door = use_vault(Some(Rc::clone(&props.me.0)));
    match &door.keys {
        Keys::Unknown => loading(),
        Keys::Open(_) => props.children.clone(),
        Keys::Absent => html! { <KeySetup me={props.me.clone()} /> },
        Keys::Failed(problem) => html! {
            <Failed problem={problem.clone()} here={props.here.clone()} on_again={door.on_look.clone()} />
        },
        Keys::Locked(ways) => html! {
            <div class="stack">
                <Unlock ways={*ways} busy={door.busy} problem={door.problem.clone()} on_open={door.on_open.clone()}>
                    <p>{ &props.why }</p>
                </Unlock>
                <p><a href="/account/keys">{ "I have lost my password and my code" }</a></p>
            </div>
        },
    }
}
