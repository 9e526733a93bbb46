//! The little JavaScript that neither `leaflet` nor `js-sys` spells out.

use js_sys::{Array, Function, Promise, Reflect, futures::JsFuture};
use wasm_bindgen::{JsCast, JsValue};

pub(super) use crate::js::{read as get, set};

/// Calls a method that the `leaflet` crate does not name; an absent one does nothing.
pub(super) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method =
        Reflect::get(object, &method.into()).ok().and_then(|method| method.dyn_into::<Function>().ok());
    let arguments: Array = arguments.iter().collect();
    method.and_then(|method| method.apply(object, &arguments).ok()).unwrap_or_default()
}

/// Calls one of Leaflet's factories, such as `L.divIcon`.
pub(super) fn leaflet(factory: &str, arguments: &[JsValue]) -> JsValue {
    call(&Reflect::get(&js_sys::global(), &"L".into()).unwrap_or_default(), factory, arguments)
}

/// What a promise comes to; `None` when it is refused, or none at all.
pub(super) async fn promised(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// A new object of a class that a script put into the global object: `construct("pmtiles", "PMTiles", …)`.
pub(super) fn construct(script: &str, class: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let class = get(&get(&js_sys::global(), script), class).dyn_into::<Function>().ok()?;
    Reflect::construct(&class, &arguments.iter().collect()).ok()
}

/// Fetches a script of ours and runs it, unless the global object it makes is there already. `None` when that fails.
/// `sealed` is the script's address and its hash, as the server's `document` module writes them.
pub(super) async fn script(sealed: &str, global: &str) -> Option<()> {
    if get(&js_sys::global(), global).is_object() {
        return Some(());
    }
    let document = web_sys::window()?.document()?;
    let element = document.create_element("script").ok()?;
    let (address, hash) = sealed.split_once(' ')?;
    element.set_attribute("integrity", hash).ok()?;
    element.set_attribute("src", address).ok()?;
    let loaded = Promise::new(&mut |resolve, reject| {
        set(&element, "onload", &resolve);
        set(&element, "onerror", &reject);
    });
    document.query_selector("head").ok()??.append_child(&element).ok()?;
    promised(loaded.into()).await?;
    get(&js_sys::global(), global).is_object().then_some(())
}
