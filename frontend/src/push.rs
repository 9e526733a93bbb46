//! Notices on this device: the browser's Push API (W3C, read 2026-11-26). The page itself speaks to no push service; the browser
//! does, once somebody has pressed the button here and has allowed it.
//!
//! Messages wake a worker of our own, `push-worker.js`. It is registered for `/assets/`, where no page lies.

use serde::Deserialize;
use shared_types::{Problem, notifications::push::PutPushSubscription};

use crate::js::UNSUPPORTED;

/// What this browser can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It knows no messages from pages, or takes none from this one.
    Unable,
    /// Somebody has forbidden them in the browser's settings.
    Forbidden,
    /// It is not told anything.
    Off,
    /// It takes messages, at this address.
    On(String),
}

/// A subscription as browsers write it.
#[cfg_attr(
    not(all(feature = "hydration", not(feature = "ssr"))),
    allow(dead_code, reason = "only browsers have any")
)]
#[derive(Deserialize)]
struct Written {
    endpoint: String,
    keys: Keys,
}

#[cfg_attr(
    not(all(feature = "hydration", not(feature = "ssr"))),
    allow(dead_code, reason = "only browsers have any")
)]
#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// What this browser can do, and whether it does. Asks nobody anything.
pub async fn standing() -> Standing {
    glue::standing().await.unwrap_or(Standing::Unable)
}

/// Asks whether messages may be shown, and has the browser take some from whoever has that key. Only after a press on a button.
///
/// # Errors
/// When it was not allowed, or the browser or its maker's push service would not.
pub async fn switch_on(server_key: &str) -> Result<PutPushSubscription, Problem> {
    let json = glue::switch_on(server_key).await.map_err(|why| refused(&why))?;
    read(&json).ok_or_else(|| refused(""))
}

/// Has the browser take no messages any more.
///
/// # Errors
/// When it would not; then the server has to be asked to send none.
pub async fn switch_off() -> Result<(), Problem> {
    glue::switch_off().await.map_err(|why| refused(&why))
}

fn read(json: &str) -> Option<PutPushSubscription> {
    let Written { endpoint, keys: Keys { p256dh, auth } } = serde_json::from_str(json).ok()?;
    Some(PutPushSubscription { endpoint, p256dh, auth })
}

/// The browser's refusals, by the names of its exceptions, in words.
fn refused(why: &str) -> Problem {
    let (title, detail) = match why {
        UNSUPPORTED => (
            "This browser shows no messages from here",
            "Nothing was changed. E-mails and text messages come all the same.",
        ),
        "NotAllowedError" => (
            "Your browser was not allowed to show messages",
            "Nothing was changed. If you want them after all, allow them in the browser’s settings for this page.",
        ),
        _ => (
            "Your browser could not be reached by its maker",
            "Nothing was changed. Messages come through the browser’s maker, who did not answer. Try again later.",
        ),
    };
    Problem::new("push", 0, title).detail(detail)
}

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod glue {
    use data_encoding::BASE64URL_NOPAD;
    use gloo_timers::future::TimeoutFuture;
    use js_sys::{Object, Uint8Array};
    use wasm_bindgen::JsValue;

    use super::{Standing, UNSUPPORTED};
    use crate::js::{Refusal, json, read, run, set};

    const WORKER: &str = "/assets/push-worker.js";
    const SCOPE: &str = "/assets/";
    /// How long a worker may take to start: so many times so many milliseconds.
    const STARTS: (u32, u32) = (200, 50);

    pub async fn standing() -> Result<Standing, Refusal> {
        let workers = workers()?;
        if permission() == "denied" {
            return Ok(Standing::Forbidden);
        }
        let registration = run(&workers, "getRegistration", &[SCOPE.into()]).await?;
        if !registration.is_object() {
            return Ok(Standing::Off);
        }
        let subscription = run(&read(&registration, "pushManager"), "getSubscription", &[]).await?;
        let endpoint = read(&subscription, "endpoint").as_string();
        Ok(match endpoint.filter(|_| permission() == "granted") {
            Some(endpoint) => Standing::On(endpoint),
            None => Standing::Off,
        })
    }

    pub async fn switch_on(server_key: &str) -> Result<String, Refusal> {
        let workers = workers()?;
        // First, while the press on the button still counts.
        let allowed = run(&read(&js_sys::global(), "Notification"), "requestPermission", &[]).await?;
        if allowed.as_string().as_deref() != Some("granted") {
            return Err("NotAllowedError".to_owned());
        }
        let options = JsValue::from(Object::new());
        set(&options, "scope", &SCOPE.into());
        let registration = run(&workers, "register", &[WORKER.into(), options]).await?;
        wait_for(&registration).await;
        let manager = read(&registration, "pushManager");
        let key = BASE64URL_NOPAD.decode(server_key.as_bytes()).unwrap_or_default();
        let former = run(&manager, "getSubscription", &[]).await?;
        if former.is_object() {
            if key_of(&former) == key {
                return json(&former);
            }
            // Of a former key of ours: nobody can send to it any more.
            run(&former, "unsubscribe", &[]).await?;
        }
        let options = JsValue::from(Object::new());
        set(&options, "userVisibleOnly", &JsValue::TRUE);
        set(&options, "applicationServerKey", &Uint8Array::from(key.as_slice()).into());
        json(&run(&manager, "subscribe", &[options]).await?)
    }

    pub async fn switch_off() -> Result<(), Refusal> {
        let registration = run(&workers()?, "getRegistration", &[SCOPE.into()]).await?;
        if registration.is_object() {
            let subscription = run(&read(&registration, "pushManager"), "getSubscription", &[]).await?;
            if subscription.is_object() {
                run(&subscription, "unsubscribe", &[]).await?;
            }
            run(&registration, "unregister", &[]).await?;
        }
        Ok(())
    }

    /// The key of a server that a subscription takes messages from.
    fn key_of(subscription: &JsValue) -> Vec<u8> {
        let key = read(&read(subscription, "options"), "applicationServerKey");
        if key.is_object() { Uint8Array::new(&key).to_vec() } else { Vec::new() }
    }

    /// What keeps workers, where the browser has all that is needed.
    fn workers() -> Result<JsValue, Refusal> {
        let global = js_sys::global();
        let workers = read(&read(&global, "navigator"), "serviceWorker");
        let knows = |name: &str| read(&global, name).is_function();
        if workers.is_object() && knows("PushManager") && knows("Notification") {
            Ok(workers)
        } else {
            Err(UNSUPPORTED.to_owned())
        }
    }

    fn permission() -> String {
        read(&read(&js_sys::global(), "Notification"), "permission").as_string().unwrap_or_default()
    }

    /// Waits until the worker runs: before, a browser subscribes to nothing. What takes too long is refused by the browser.
    async fn wait_for(registration: &JsValue) {
        let (times, milliseconds) = STARTS;
        for _ in 0..times {
            if read(registration, "active").is_object() {
                return;
            }
            TimeoutFuture::new(milliseconds).await;
        }
    }
}

#[cfg(not(all(feature = "hydration", not(feature = "ssr"))))]
mod glue {
    use super::{Standing, UNSUPPORTED};

    pub async fn standing() -> Result<Standing, String> {
        Err(UNSUPPORTED.to_owned())
    }

    pub async fn switch_on(_: &str) -> Result<String, String> {
        Err(UNSUPPORTED.to_owned())
    }

    pub async fn switch_off() -> Result<(), String> {
        Err(UNSUPPORTED.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{read, refused};

    #[test]
    fn a_subscription_is_read_as_browsers_write_it() {
        let json =
            r#"{"endpoint":"https://push.example/1","expirationTime":null,"keys":{"p256dh":"B","auth":"A"}}"#;
        let read_as = read(json).unwrap();
        assert_eq!((read_as.endpoint.as_str(), read_as.p256dh.as_str()), ("https://push.example/1", "B"));
        assert_eq!(read_as.auth, "A");
        assert!(read("{}").is_none());
    }

    #[test]
    fn who_does_not_allow_it_is_told_where_to_do_so() {
        assert!(refused("NotAllowedError").detail.unwrap().contains("settings"));
        assert!(refused("AbortError").title.contains("maker"));
    }
}
