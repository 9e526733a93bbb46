//! What exists only in a browser. Called from effects and callbacks, never while rendering: all of it compiles
//! on the server and none of it runs there.

pub mod frames;
pub mod pointing;
pub mod watching;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use yew::prelude::*;
use yew_router::{
    Routable as _,
    history::{BrowserHistory, History},
};

use crate::routes::{Bundle, Route};

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

/// Brings an element into view with as little movement as will do.
pub fn scroll_to(id: &str) {
    if let Some(element) = element(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
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
    /// How far down pages were scrolled when a link led away from them, by their addresses.
    static LEFT_AT: RefCell<HashMap<String, f64>> = RefCell::default();
    /// How far down the page was that is being gone back to, until it has what was there.
    static GOING_BACK_TO: Cell<Option<f64>> = const { Cell::new(None) };
}

/// The address of the page without its fragment.
fn here() -> Option<String> {
    let location = window()?.location();
    Some(format!("{}{}", location.pathname().ok()?, location.search().ok()?))
}

/// Remembers how far down the page is that a link leads away from.
fn note_place() {
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

/// How far the reader's clock is ahead of UTC at an instant, in minutes.
pub fn reader_offset_minutes(at: jiff::Timestamp) -> Option<i32> {
    // JavaScript counts the other way round: minutes from local time to UTC.
    let behind = js_sys::Date::new(&JsValue::from_f64(at.as_millisecond() as f64)).get_timezone_offset();
    behind.is_finite().then(|| -(behind.round() as i32))
}

/// Moves the focus to the first element that a selector finds.
pub fn focus_first(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
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

/// Hands a text to the browser's downloads as a file. It is made here; no server sees it.
pub fn save_file(name: &str, media_type: &str, text: &str) -> Option<()> {
    let parts: js_sys::Array = [JsValue::from_str(text)].iter().collect();
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    save_blob(name, &web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?)
}

/// The same for bytes, in base64url. Whatever the sender took them for, they are saved and never shown here.
pub fn save_bytes(name: &str, bytes: &str) -> Option<()> {
    let binary = window()?.atob(&bytes.replace('-', "+").replace('_', "/")).ok()?;
    // Each letter of what comes out stands for one byte.
    let bytes: Vec<u8> = binary.chars().map(|byte| byte as u8).collect();
    let parts: js_sys::Array = [JsValue::from(js_sys::Uint8Array::from(&bytes[..]))].iter().collect();
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    save_blob(name, &web_sys::Blob::new_with_buffer_source_sequence_and_options(&parts, &options).ok()?)
}

fn save_blob(name: &str, blob: &web_sys::Blob) -> Option<()> {
    let address = web_sys::Url::create_object_url_with_blob(blob).ok()?;
    let link = document()?.create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // By then the file is on the disk, however large it is.
    Timeout::new(60_000, move || {
        let _ = web_sys::Url::revoke_object_url(&address);
    })
    .forget();
    Some(())
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

/// A file that somebody chose, before it is read.
pub struct ChosenFile(web_sys::File);

impl ChosenFile {
    /// Its name, without folders.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// What the browser takes it for; may be empty.
    pub fn media_type(&self) -> String {
        self.0.type_()
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// Reads it; `None` when that fails, as when the file was removed meanwhile. The bytes come in base64url without
    /// padding.
    pub fn read(&self, done: impl FnOnce(Option<String>) + 'static) {
        let Ok(reader) = web_sys::FileReader::new() else { return done(None) };
        let read = reader.clone();
        let ended = EventListener::once(&reader, "loadend", move |_| done(bytes_of(&read)));
        if reader.read_as_data_url(&self.0).is_ok() {
            // It ends by itself, once.
            ended.forget();
        }
    }
}

/// What stands behind the comma of the `data:` address that a reader makes.
fn bytes_of(reader: &web_sys::FileReader) -> Option<String> {
    let address = reader.result().ok()?.as_string()?;
    let (_, bytes) = address.split_once(',')?;
    Some(bytes.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// The files that somebody has just chosen in an input, which is emptied, so that the same file may be chosen again.
pub fn take_files(input: &web_sys::HtmlInputElement) -> Vec<ChosenFile> {
    let Some(list) = input.files() else { return Vec::new() };
    let files = (0..list.length()).filter_map(|at| list.item(at)).map(ChosenFile).collect();
    input.set_value("");
    files
}
