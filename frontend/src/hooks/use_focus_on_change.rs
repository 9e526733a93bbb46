//! Hands the focus on when a step inside one page changes, as a page of its own would.

use yew::prelude::*;

use crate::browser;

/// Focuses the element with this id each time `step` changes, and not at first: a loaded page has the
/// browser's own beginning. `hold` leaves the focus where it is, for when something better takes it.
#[hook]
pub fn use_focus_on_change<T: PartialEq + 'static>(step: T, id: &'static str, hold: bool) {
    let first = use_mut_ref(|| true);
    use_effect_with(step, move |_| {
        if !std::mem::take(&mut *first.borrow_mut()) && !hold {
            browser::scroll_to_top();
            browser::focus(id);
        }
    });
}
