//! Where on a page the reader is: going to a part of it, arriving at another page, and coming back to where one was.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use yew::NodeRef;

use super::{element, focus, fragment, pointing, window};

/// Brings an element into view with as little movement as will do.
pub fn scroll_to(id: &str) {
    if let Some(element) = element(id) {
        show_all_of(&element);
    }
}

/// The same for an element of a component's own.
pub fn scroll_to_node(node: &NodeRef) {
    if let Some(element) = node.cast::<web_sys::Element>() {
        show_all_of(&element);
    }
}

fn show_all_of(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Brings the beginning of an element to the top of the view.
pub fn scroll_to_start(id: &str) {
    if let Some(element) = element(id) {
        element.scroll_into_view();
    }
}

/// To the top of the page.
pub fn scroll_to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

thread_local! {
    /// Set when another page is on its way, until it is there.
    static ARRIVING: Cell<bool> = const { Cell::new(false) };
}

/// Another page is on its way.
pub fn expect_arrival() {
    ARRIVING.set(true);
}

/// A page is there. If it came by a link, goes to its top or fragment and hands it the focus, as a loaded document
/// would.
pub fn arrive() {
    if ARRIVING.replace(false) {
        focus("main");
        match fragment() {
            Some(fragment) => scroll_to_start(&fragment),
            None => scroll_to_top(),
        }
        // A page that was waited for takes the place of its grey shapes only after this, and the focus goes with them.
        Timeout::new(0, || {
            let Some(main) = element("main").filter(|_| pointing::is_nowhere()) else { return };
            pointing::hand_focus(&main, pointing::Focus::Stay);
            if let Some(fragment) = fragment() {
                scroll_to_start(&fragment);
            }
        })
        .forget();
    }
}

thread_local! {
    /// How far down pages were scrolled when a link led away from them, by their entries of the history.
    static LEFT_AT: RefCell<HashMap<Entry, f64>> = RefCell::default();
    /// How far down the page was that is being gone back to, until it has what was there.
    static GOING_BACK_TO: Cell<Option<f64>> = const { Cell::new(None) };
}

/// An entry of the history: which of those that we made, and its address without the fragment. The same search may be looked at
/// twice, and has a place each time. One that came with its document has no number.
type Entry = (Option<u32>, String);

/// The entry that the page belongs to.
fn here() -> Option<Entry> {
    let window = window()?;
    let location = window.location();
    let address = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    Some((entry_number(&window), address))
}

/// The number that the router gives each entry it makes.
fn entry_number(window: &web_sys::Window) -> Option<u32> {
    let history = js_sys::Reflect::get(window, &"history".into()).ok()?;
    let state = js_sys::Reflect::get(&history, &"state".into()).ok()?;
    // Where there is no state, there is nothing to read a number of.
    let number = js_sys::Reflect::get(&state, &"id".into()).ok()?.as_f64()?;
    Some(number as u32)
}

/// Remembers how far down the page is that a link leads away from.
pub(super) fn note_place() {
    GOING_BACK_TO.set(None);
    let down = window().and_then(|window| window.scroll_y().ok());
    if let Some((here, down)) = here().zip(down) {
        LEFT_AT.with_borrow_mut(|left| left.insert(here, down));
    }
}

/// Listens for the browser's own ways back and forth; dropping the listener ends it.
pub fn on_way_back() -> Option<EventListener> {
    let window: web_sys::EventTarget = window()?.into();
    Some(EventListener::new(&window, "popstate", |_| {
        let place = here().and_then(|here| LEFT_AT.with_borrow(|left| left.get(&here).copied()));
        GOING_BACK_TO.set(place);
    }))
}

/// Goes to where the reader was, on a page that was gone back to; for when what was there is there again.
pub fn back_to_place() {
    if let Some((window, down)) = window().zip(GOING_BACK_TO.take()) {
        window.scroll_to_with_x_and_y(0.0, down);
    }
}
