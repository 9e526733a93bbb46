//! Something large that is drawn from the top on, a part in each frame.

use yew::prelude::*;

use crate::browser::frames::AfterFrame;

/// How many of `all` parts are to be drawn: none at first, then one more after each frame. A frame that had to draw all of them
/// would come late.
#[hook]
pub fn use_parts(all: usize) -> usize {
    let parts = use_state_eq(|| 0_usize);
    let set = parts.setter();
    use_effect_with(*parts, move |parts| {
        let next = parts + 1;
        let waiting = if next <= all { AfterFrame::call(move || set.set(next)) } else { None };
        move || drop(waiting)
    });
    *parts
}
