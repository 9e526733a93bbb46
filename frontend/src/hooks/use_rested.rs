//! What is typed, once the keys rest: for looking something up without asking after every letter.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long the keys must rest, in milliseconds.
const REST_MS: u32 = 300;

/// The text as it was when the keys last rested.
#[hook]
pub fn use_rested(text: AttrValue) -> AttrValue {
    let rested = use_state_eq(|| text.clone());
    let set = rested.setter();
    use_effect_with(text, move |text| {
        let text = text.clone();
        let timeout = Timeout::new(REST_MS, move || set.set(text));
        move || drop(timeout)
    });
    (*rested).clone()
}
