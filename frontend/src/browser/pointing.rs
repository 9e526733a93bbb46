//! The pointer and the keyboard's focus in a grid of ours, and putting things where they are.

use wasm_bindgen::JsCast;
use yew::NodeRef;

use super::{document, element};

/// A box on the screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub left: f64,
    /// Its top edge.
    pub top: f64,
    /// Its right edge.
    pub right: f64,
    /// Its bottom edge.
    pub bottom: f64,
}

/// Where the element with this id is.
pub fn rect(id: &str) -> Option<Rect> {
    element(id).map(|element| rect_of_element(&element))
}

/// Where the element that a reference holds is.
pub fn rect_of(node: &NodeRef) -> Option<Rect> {
    node.cast::<web_sys::HtmlElement>().map(|element| rect_of_element(&element))
}

fn rect_of_element(element: &web_sys::Element) -> Rect {
    let rect = element.get_bounding_client_rect();
    Rect { left: rect.left(), top: rect.top(), right: rect.right(), bottom: rect.bottom() }
}

/// Sets properties of an element's style. The content policy refuses `style` attributes; the object model is ours.
pub fn place(node: &NodeRef, properties: &[(&str, String)]) {
    if let Some(element) = node.cast::<web_sys::HtmlElement>() {
        for (name, value) in properties {
            let _ = element.style().set_property(name, value);
        }
    }
}

/// Shows or hides an element.
pub fn show(node: &NodeRef, shown: bool) {
    if let Some(element) = node.cast::<web_sys::HtmlElement>() {
        element.set_hidden(!shown);
    }
}

/// Says something in an element that is read out when it changes.
pub fn say(node: &NodeRef, words: &str) {
    if let Some(element) = node.cast::<web_sys::HtmlElement>() {
        element.set_text_content(Some(words));
    }
}

/// Sends everything that the pointer does to one element until it is let go.
pub fn capture(node: &NodeRef, pointer_id: i32) {
    if let Some(element) = node.cast::<web_sys::HtmlElement>() {
        // It may have been let go meanwhile: then there is nothing to capture.
        let _ = element.set_pointer_capture(pointer_id);
    }
}

/// The value of an attribute of what an event happened to, or of the nearest around it that has one.
pub fn nearest(event: &web_sys::Event, attribute: &str) -> Option<String> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(&format!("[{attribute}]")).ok()??.get_attribute(attribute)
}

/// The value of an attribute of what has the focus, where that is inside an element and shows that it has it: somebody who
/// points is shown nothing.
pub fn shown_focus(inside: &NodeRef, attribute: &str) -> Option<String> {
    let inside = inside.cast::<web_sys::HtmlElement>()?;
    let active = document()?.active_element()?;
    let shown = inside.contains(Some(&active)) && active.matches(":focus-visible").unwrap_or(false);
    if shown { active.get_attribute(attribute) } else { None }
}

/// Whether the focus, where it goes away, goes to something else inside an element.
pub fn goes_on_inside(event: &web_sys::FocusEvent, inside: &NodeRef) -> bool {
    let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
    inside.cast::<web_sys::HtmlElement>().is_some_and(|inside| inside.contains(to.as_ref()))
}

/// What making an element a grid's way in does to the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Nothing.
    Leave,
    /// It goes there, and the page scrolls to it.
    Scroll,
    /// It goes there, and the page stays as it is scrolled.
    Stay,
}

/// Makes an element the one of a grid that Tab leads to, in place of the one that was. What is so already is left alone: an
/// attribute that is set again counts as a change.
pub fn rove(before: Option<&web_sys::HtmlElement>, next: &web_sys::HtmlElement) {
    if let Some(before) = before.filter(|before| *before != next) {
        let _ = before.set_attribute("tabindex", "-1");
    }
    if next.get_attribute("tabindex").as_deref() != Some("0") {
        let _ = next.set_attribute("tabindex", "0");
    }
}

/// Says of an element that it is the one that is open, in place of the one that was. Nothing is rendered for that.
pub fn make_current(before: Option<&web_sys::HtmlElement>, next: Option<&web_sys::HtmlElement>) {
    if before == next {
        return;
    }
    if let Some(before) = before {
        let _ = before.remove_attribute("aria-current");
    }
    if let Some(next) = next {
        let _ = next.set_attribute("aria-current", "true");
    }
}

/// Moves the focus to an element, where that is wanted.
pub fn hand_focus(element: &web_sys::HtmlElement, focus: Focus) {
    let scrolls = match focus {
        Focus::Leave => return,
        Focus::Scroll => true,
        Focus::Stay => false,
    };
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(!scrolls);
    let _ = element.focus_with_options(&options);
}

/// What has the focus, where that is something outside an element.
pub fn focus_outside(inside: &NodeRef) -> Option<web_sys::HtmlElement> {
    let active = document()?.active_element()?.dyn_into::<web_sys::HtmlElement>().ok()?;
    let within = inside.cast::<web_sys::HtmlElement>().is_some_and(|inside| inside.contains(Some(&active)));
    (!within && active.tag_name() != "BODY").then_some(active)
}

/// Whether nothing has the focus, as after the element that had it was taken out of the page.
pub fn is_nowhere() -> bool {
    document().and_then(|document| document.active_element()).is_none_or(|active| active.tag_name() == "BODY")
}
