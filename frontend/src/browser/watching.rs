//! Server-sent events, while somebody looks.

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;

/// A stream that is listened to; dropping it ends it.
pub struct Watching {
    source: web_sys::EventSource,
    _listener: EventListener,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Listens to events of one name. When the connection breaks the browser comes back by itself; when it is refused, it does not.
pub fn watch(path: &str, event: &'static str, heard: impl Fn(String) + 'static) -> Option<Watching> {
    let source = web_sys::EventSource::new(path).ok()?;
    let listener = EventListener::new(&source, event, move |event| {
        let message = event.dyn_ref::<web_sys::MessageEvent>();
        if let Some(data) = message.and_then(|message| message.data().as_string()) {
            heard(data);
        }
    });
    Some(Watching { source, _listener: listener })
}

/// Whether the page is before somebody's eyes, as far as a browser can tell.
pub fn is_seen() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
}

/// Calls back when that changes; dropping the listener ends it.
pub fn on_seen(changed: impl Fn(bool) + 'static) -> Option<EventListener> {
    let document: web_sys::EventTarget = web_sys::window()?.document()?.into();
    Some(EventListener::new(&document, "visibilitychange", move |_| changed(is_seen())))
}

/// Calls back whenever somebody points, presses or types anywhere on the page; dropping the listeners ends it.
pub fn on_activity(acted: impl Fn() + Clone + 'static) -> Option<[EventListener; 3]> {
    let document: web_sys::EventTarget = web_sys::window()?.document()?.into();
    let kinds = ["pointermove", "pointerdown", "keydown"];
    Some(kinds.map(|kind| {
        let acted = acted.clone();
        EventListener::new(&document, kind, move |_| acted())
    }))
}
