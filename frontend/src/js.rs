//! Functions of the browser that no crate spells out, by their names.

/// The refusal of a browser that lacks something; others are the names of its exceptions.
pub const UNSUPPORTED: &str = "unsupported";

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
pub use self::glue::{Refusal, call, json, name, read, run, set};

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod glue {
    use js_sys::{Array, Function, JSON, Promise, Reflect, futures::JsFuture};
    use wasm_bindgen::{JsCast as _, JsValue};

    use super::UNSUPPORTED;

    /// Why it did not work.
    pub type Refusal = String;

    /// A property; `undefined` where there is none.
    pub fn read(object: &JsValue, property: &str) -> JsValue {
        Reflect::get(object, &property.into()).unwrap_or_default()
    }

    /// Sets a property.
    pub fn set(object: &JsValue, property: &str, value: &JsValue) {
        // Only a frozen object refuses, and these are our own.
        let _ = Reflect::set(object, &property.into(), value);
    }

    /// Calls a method.
    pub fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, Refusal> {
        let method = read(object, method).dyn_into::<Function>().map_err(|_| UNSUPPORTED.to_owned())?;
        let arguments: Array = arguments.iter().collect();
        method.apply(object, &arguments).map_err(|error| name(&error))
    }

    /// Calls a method that answers later, and waits for it.
    pub async fn run(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, Refusal> {
        let promise = call(object, method, arguments)?;
        let promise = promise.dyn_into::<Promise>().map_err(|_| UNSUPPORTED.to_owned())?;
        JsFuture::from(promise).await.map_err(|error| name(&error))
    }

    /// What an object says of itself as JSON.
    pub fn json(object: &JsValue) -> Result<String, Refusal> {
        let json = JSON::stringify(&call(object, "toJSON", &[])?).map_err(|error| name(&error))?;
        Ok(json.into())
    }

    /// The name of an exception.
    pub fn name(error: &JsValue) -> Refusal {
        read(error, "name").as_string().unwrap_or_default()
    }
}
