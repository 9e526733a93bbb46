//! What exists only in a browser. Called from effects and callbacks, never while rendering: all of it compiles
//! on the server and none of it runs there.

mod files;
mod focus;
pub mod frames;
pub mod kept_focus;
mod links;
mod places;
pub mod pointing;
pub mod typing;
pub mod watching;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use yew::prelude::*;

pub use self::{
    files::{ChosenFile, save_bytes, save_file, take_files},
    focus::{focus, focus_first, focus_first_within, focus_link_in, focus_node, keep_focus_within},
    links::{follow_links, fragment, load, load_again, navigate, replace, runs},
    places::{
        arrive, back_to_place, expect_arrival, on_way_back, scroll_to, scroll_to_node, scroll_to_start,
        scroll_to_top,
    },
};

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// The element with this id.
pub fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Sets the document's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// The content of `<meta name="…">`.
pub fn meta(name: &str) -> Option<String> {
    let found = document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??;
    found.get_attribute("content")
}

/// The value of a CSS custom property at the root, such as `--map-land`.
pub fn css_value(property: &str) -> Option<String> {
    let root = document()?.document_element()?;
    let value = window()?.get_computed_style(&root).ok()??.get_property_value(property).ok()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Whether a media query holds.
pub fn matches_media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// Calls back when the system changes between light and dark; dropping the listener ends it.
pub fn on_scheme_change(changed: impl Fn() + 'static) -> Option<EventListener> {
    let list: web_sys::EventTarget = window()?.match_media("(prefers-color-scheme: dark)").ok()??.into();
    Some(EventListener::new(&list, "change", move |_| changed()))
}

/// Chooses an option of a select.
pub fn select(node: &NodeRef, value: &str) {
    if let Some(select) = node.cast::<web_sys::HtmlSelectElement>()
        && select.value() != value
    {
        select.set_value(value);
    }
}

/// The form with this id.
pub fn form(id: &str) -> Option<web_sys::HtmlFormElement> {
    element(id)?.dyn_into().ok()
}

/// The text in Unicode's form NFC, so that every keyboard gives the same bytes for the same letters.
pub fn composed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

/// A random UUID, for idempotency keys.
pub fn random_uuid() -> String {
    window().and_then(|window| window.crypto().ok()).map(|crypto| crypto.random_uuid()).unwrap_or_default()
}

/// Milliseconds since some fixed moment: for measuring how long ago something was, never for what time it is.
pub fn millis() -> f64 {
    js_sys::Date::now()
}

/// The IANA name of the reader's own time zone.
pub fn reader_zone() -> Option<String> {
    let options =
        js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}

/// Asks where the reader is. Answers degrees rounded to 0.01 (about a kilometre), so that no finer place ever
/// leaves the browser; `None` when it is refused or unknown.
pub fn locate(answer: Callback<Option<(f64, f64)>>) {
    let Some(geolocation) = window().and_then(|window| window.navigator().geolocation().ok()) else {
        return answer.emit(None);
    };
    let refused = answer.clone();
    let found = Closure::once_into_js(move |position: JsValue| answer.emit(rounded_position(&position)));
    let failed = Closure::once_into_js(move |_: JsValue| refused.emit(None));
    let asked = geolocation
        .get_current_position_with_error_callback(found.unchecked_ref(), Some(failed.unchecked_ref()));
    debug_assert!(asked.is_ok(), "asking for a position does not throw");
}

fn rounded_position(position: &JsValue) -> Option<(f64, f64)> {
    let coords = js_sys::Reflect::get(position, &JsValue::from_str("coords")).ok()?;
    let degrees = |name: &str| js_sys::Reflect::get(&coords, &JsValue::from_str(name)).ok()?.as_f64();
    Some((coarse(degrees("latitude")?), coarse(degrees("longitude")?)))
}

/// Rounds to 0.01 degree.
pub fn coarse(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

/// How far the reader's clock is ahead of UTC at an instant, in minutes.
pub fn reader_offset_minutes(at: jiff::Timestamp) -> Option<i32> {
    // JavaScript counts the other way round: minutes from local time to UTC.
    let behind = js_sys::Date::new(&JsValue::from_f64(at.as_millisecond() as f64)).get_timezone_offset();
    behind.is_finite().then(|| -(behind.round() as i32))
}

/// Opens the browser's print dialog.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// What the device takes for the time: for what somebody chooses relative to today. What is so, the server says.
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(millis() as i64).unwrap_or_default()
}

/// Our own address: `https://hellomapper.example`.
pub fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Puts a text on the clipboard. Says whether the browser has one.
pub fn copy(text: &str) -> bool {
    let Some(navigator) = window().map(|window| window.navigator()) else { return false };
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).unwrap_or_default();
    let write = js_sys::Reflect::get(&clipboard, &"writeText".into()).unwrap_or_default();
    let arguments: js_sys::Array = [JsValue::from_str(text)].iter().collect();
    write.dyn_into::<js_sys::Function>().is_ok_and(|write| write.apply(&clipboard, &arguments).is_ok())
}

/// Calls back at a press of the pointer anywhere, and at Escape; dropping the listeners ends it.
pub fn on_press_or_escape(called: impl Fn(Option<web_sys::Node>) + 'static) -> Option<[EventListener; 2]> {
    let document: web_sys::EventTarget = document()?.into();
    let called = std::rc::Rc::new(called);
    let pressed = std::rc::Rc::clone(&called);
    Some([
        EventListener::new(&document, "pointerdown", move |event| {
            pressed(event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok()));
        }),
        EventListener::new(&document, "keydown", move |event| {
            if event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|key| key.key() == "Escape") {
                called(None);
            }
        }),
    ])
}
