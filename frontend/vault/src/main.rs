//! The worker: hands each message of the page to the vault and posts the answer.
//!
//! A message is `{"id": …, "request": …}` as JSON text, its answer `{"id": …, "reply": …}`. When it can hear, the
//! worker says `"ready"`.

#[cfg(target_arch = "wasm32")]
mod worker {
    use std::cell::RefCell;

    use jiff::Timestamp;
    use serde_json::{Value, json};
    use shared_types::vault::{VaultRefusal, VaultReply};
    use vault::Vault;
    use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    pub fn start() {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let vault = RefCell::new(Vault::default());
        let page = scope.clone();
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(answer) = event.data().as_string().and_then(|text| answer(&vault, &text)) {
                post(&page, &answer);
            }
        });
        scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        // The worker hears as long as it lives.
        hear.forget();
        post(&scope, "\"ready\"");
    }

    /// `None` for what is no message of ours: nobody waits for an answer to that.
    fn answer(vault: &RefCell<Vault>, text: &str) -> Option<String> {
        let mut message: Value = serde_json::from_str(text).ok()?;
        let id = message.get("id")?.as_u64()?;
        let reply = match serde_json::from_value(message["request"].take()) {
            Ok(request) => vault.borrow_mut().answer(request, now()),
            Err(_) => VaultReply::Refused { why: VaultRefusal::Damaged },
        };
        serde_json::to_string(&json!({ "id": id, "reply": reply })).ok()
    }

    /// The browser's time, to the millisecond. One that no calendar knows counts as none.
    fn now() -> Timestamp {
        Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn post(page: &DedicatedWorkerGlobalScope, text: &str) {
        // Text can always be cloned into the page.
        let _ = page.post_message(&JsValue::from_str(text));
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    worker::start();
}

/// There is nothing to run outside a browser.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
