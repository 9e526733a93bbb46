//! The little JavaScript that neither `leaflet` nor `js-sys` spells out.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Sets a property of a JavaScript object.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Only a frozen object refuses, and these are our own.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Calls a method that the `leaflet` crate does not name; an absent one does nothing.
pub(super) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method = Reflect::get(object, &method.into())
        .ok()
        .and_then(|method| method.dyn_into::<js_sys::Function>().ok());
    let arguments: Array = arguments.iter().collect();
    method.and_then(|method| method.apply(object, &arguments).ok()).unwrap_or_default()
}

/// Calls one of Leaflet's factories, such as `L.divIcon`.
pub(super) fn leaflet(factory: &str, arguments: &[JsValue]) -> JsValue {
    call(&Reflect::get(&js_sys::global(), &"L".into()).unwrap_or_default(), factory, arguments)
}
