//! Going to other addresses, and following links to them.

use std::cell::Cell;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew_router::{
    Routable as _,
    history::{BrowserHistory, History},
};

use super::{document, places::note_place, window};
use crate::routes::{Bundle, Route};

thread_local! {
    /// The bundle that runs here.
    static RUNNING: Cell<Bundle> = const { Cell::new(Bundle::Member) };
}

/// Notes which bundle runs here.
pub fn runs(bundle: Bundle) {
    RUNNING.set(bundle);
}

/// Whether the bundle that runs here shows the page at an address of ours.
fn shows(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    RUNNING.get().shows(Route::recognize(path).unwrap_or(Route::NotFound).bundle())
}

/// Goes to an address of ours: without loading a document, where the bundle that runs here shows it.
pub fn navigate(path: &str) {
    if shows(path) {
        note_place();
        BrowserHistory::new().push(path.to_owned());
    } else {
        load(path);
    }
}

/// The same, in place of the current entry of the history.
pub fn replace(path: &str) {
    if shows(path) {
        BrowserHistory::new().replace(path.to_owned());
    } else if let Some(window) = window() {
        let _ = window.location().replace(path);
    }
}

/// Loads the document at this address again.
pub fn load_again() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Loads an address as a document.
pub fn load(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(path);
    }
}

/// The fragment of the address, without `#`.
pub fn fragment() -> Option<String> {
    let hash = window()?.location().hash().ok()?;
    Some(hash.trim_start_matches('#').to_owned()).filter(|fragment| !fragment.is_empty())
}

/// Follows plain clicks on our own links without loading a document, so that pages write ordinary `<a href>`.
/// Dropping the listener ends it.
pub fn follow_links() -> Option<EventListener> {
    // Not passive: a followed link must not also load.
    let options = EventListenerOptions::enable_prevent_default();
    let document: web_sys::EventTarget = document()?.into();
    Some(EventListener::new_with_options(&document, "click", options, |event| {
        if let Some(path) = event.dyn_ref::<web_sys::MouseEvent>().and_then(own_link) {
            event.prevent_default();
            navigate(&path);
        }
    }))
}

/// The path that a click should go to, when it is ours to follow.
fn own_link(click: &web_sys::MouseEvent) -> Option<String> {
    let plain = click.button() == 0
        && !(click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key())
        && !click.default_prevented();
    let target = click.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let here = window()?.location();
    let same_origin = link.origin() == here.origin().ok()?;
    let leaves = link.has_attribute("download") || !link.target().is_empty();
    let (path, search, hash) = (link.pathname(), link.search(), link.hash());
    // What no script shows is loaded, as files are, and so is a page of another bundle.
    let file = ["/api/", "/assets/", "/developers", "/fhir/"].iter().any(|prefix| path.starts_with(prefix));
    // The same address again means "load it afresh", and a fragment of this page is the browser's own work.
    let same_page = path == here.pathname().ok()? && search == here.search().ok()?;
    let ours = same_origin && !file && shows(&path);
    (plain && ours && !leaves && !same_page).then(|| format!("{path}{search}{hash}"))
}
