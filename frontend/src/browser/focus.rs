//! Moving the keyboard's focus.

use wasm_bindgen::JsCast;
use yew::NodeRef;

use super::{document, element};

/// Moves the focus to an element by its id.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.focus();
    }
}

/// Moves the focus to the first link in an element.
pub fn focus_link_in(id: &str) {
    let link = element(id).and_then(|element| element.query_selector("a[href]").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

/// Moves the focus to the element that a reference holds.
pub fn focus_node(node: &NodeRef) {
    if let Some(element) = node.cast::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus to the first element that a selector finds.
pub fn focus_first(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// What takes the focus by Tab inside an element, in order; hidden ones left out.
fn focusable_within(node: &NodeRef) -> Vec<web_sys::HtmlElement> {
    const FOCUSABLE: &str = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea";
    let found =
        node.cast::<web_sys::Element>().and_then(|element| element.query_selector_all(FOCUSABLE).ok());
    let Some(found) = found else { return Vec::new() };
    let elements =
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<web_sys::HtmlElement>().ok());
    elements.filter(|element| element.offset_parent().is_some()).collect()
}

/// Moves the focus to the first thing in an element that takes it.
pub fn focus_first_within(node: &NodeRef) {
    if let Some(first) = focusable_within(node).first() {
        let _ = first.focus();
    }
}

/// Lets Tab go round inside an element, as in a dialog.
pub fn keep_focus_within(node: &NodeRef, tab: &web_sys::KeyboardEvent) {
    let inside = focusable_within(node);
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else { return };
    let active = document().and_then(|document| document.active_element());
    let is_active = |element: &web_sys::HtmlElement| active.as_ref() == Some(element.as_ref());
    let wrapped =
        if tab.shift_key() { is_active(first).then_some(last) } else { is_active(last).then_some(first) };
    if let Some(next) = wrapped {
        tab.prevent_default();
        let _ = next.focus();
    }
}
