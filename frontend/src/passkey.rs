//! Passkeys: the browser's WebAuthn functions, which take and give JSON (Web Authentication level 3, sections 5.1.8 to
//! 5.1.10, read 2026-11-26). A passkey's own secret (the `prf` extension, 10.1.4) opens the account's keys; it comes out
//! here for the vault, and is taken out of everything that goes to the server.

use serde_json::Value;
use shared_types::Problem;

use crate::js::UNSUPPORTED;

/// What every secret is made of: the SHA-256 of `hellomapper/v1/passkey/prf`, so that nobody else's page is given ours.
#[cfg_attr(
    not(all(feature = "hydration", not(feature = "ssr"))),
    allow(dead_code, reason = "only browsers ask")
)]
const PRF_INPUT: [u8; 32] = [
    193, 27, 184, 8, 50, 130, 253, 48, 159, 202, 66, 40, 84, 101, 148, 182, 220, 244, 184, 239, 81, 164, 84,
    128, 127, 153, 108, 157, 200, 66, 194, 155,
];

/// A passkey that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Created {
    /// For the server.
    pub credential: Value,
    /// The credential's id, base64url without padding.
    pub credential_id: String,
    /// Whether it has a secret that can open keys.
    pub prf_enabled: bool,
}

/// A passkey that was used. No `Debug`: the secret is in it.
#[derive(Clone, PartialEq)]
pub struct Got {
    /// For the server.
    pub credential: Value,
    /// The credential's id, base64url without padding.
    pub credential_id: String,
    /// Its secret, 32 bytes in base64url without padding; for the vault alone.
    pub prf: Option<String>,
}

/// Makes a passkey, as the server's `options` say.
///
/// # Errors
/// When the browser has no passkeys, the person did not want one, or the device has one already.
pub async fn create(options: &Value) -> Result<Created, Problem> {
    let made = glue::create(&public_key(options).to_string()).await.map_err(|why| refused(&why))?;
    let credential = sendable(&made.credential)?;
    let credential_id = id_of(&credential);
    Ok(Created { credential, credential_id, prf_enabled: made.prf_enabled })
}

/// Uses a passkey, as `options` say; with `want_prf`, its secret comes along if it has one.
///
/// # Errors
/// When the browser has no passkeys, there is none for us, or the person did not want to use one.
pub async fn get(options: &Value, want_prf: bool) -> Result<Got, Problem> {
    let used = glue::get(&public_key(options).to_string(), want_prf).await.map_err(|why| refused(&why))?;
    let credential = sendable(&used.credential)?;
    let credential_id = id_of(&credential);
    Ok(Got { credential, credential_id, prf: used.prf })
}

/// Options for using a passkey where no server asks: only its secret is wanted. One of these passkeys; any of ours when
/// there are none.
pub fn local_options(credential_ids: &[&str]) -> Value {
    let allowed: Vec<_> =
        credential_ids.iter().map(|id| serde_json::json!({ "type": "public-key", "id": id })).collect();
    serde_json::json!({
        "challenge": glue::challenge(),
        "allowCredentials": allowed,
        "userVerification": "required",
        "timeout": 300_000,
    })
}

/// The options themselves: the server wraps them for the function that takes them.
fn public_key(options: &Value) -> &Value {
    options.get("publicKey").unwrap_or(options)
}

/// The credential as the server may see it: without the secret, which browsers put beside the answer.
fn sendable(credential: &str) -> Result<Value, Problem> {
    let mut credential: Value = serde_json::from_str(credential).map_err(|_| refused(""))?;
    if let Some(results) = credential.get_mut("clientExtensionResults").and_then(Value::as_object_mut) {
        results.remove("prf");
    }
    Ok(credential)
}

fn id_of(credential: &Value) -> String {
    credential["id"].as_str().unwrap_or_default().to_owned()
}

/// The browser's refusals, by the names of its exceptions, in words.
fn refused(why: &str) -> Problem {
    let (title, detail) = match why {
        UNSUPPORTED => (
            "This browser cannot use passkeys here",
            "Nothing was changed. Use your password, or a newer browser.",
        ),
        "NotAllowedError" | "AbortError" => (
            "No passkey was used",
            "The window was closed, it took too long, or this device has no passkey for us. Nothing was changed. Try \
             again, or use your password.",
        ),
        "InvalidStateError" => (
            "This device has a passkey of yours already",
            "Nothing was changed. You can sign in with the one it has.",
        ),
        _ => (
            "Your browser did not accept this passkey",
            "Nothing was changed. Try again, with another device if it keeps happening.",
        ),
    };
    Problem::new("passkey", 0, title).detail(detail)
}

/// What the browser gave, before anything was taken out of it.
#[cfg_attr(
    not(all(feature = "hydration", not(feature = "ssr"))),
    allow(dead_code, reason = "only browsers have any")
)]
struct Raw {
    credential: String,
    prf_enabled: bool,
    prf: Option<String>,
}

#[cfg(all(feature = "hydration", not(feature = "ssr")))]
mod glue {
    use data_encoding::BASE64URL_NOPAD;
    use js_sys::{JSON, Object, Uint8Array};
    use wasm_bindgen::JsValue;

    use super::{PRF_INPUT, Raw, UNSUPPORTED};
    use crate::js::{self, Refusal, call, name, read, set};

    pub async fn create(options: &str) -> Result<Raw, Refusal> {
        let options = parsed("parseCreationOptionsFromJSON", options)?;
        extend(&options, &Object::new().into());
        ask("create", &options).await
    }

    pub async fn get(options: &str, want_prf: bool) -> Result<Raw, Refusal> {
        let options = parsed("parseRequestOptionsFromJSON", options)?;
        if want_prf {
            let (prf, eval) = (JsValue::from(Object::new()), JsValue::from(Object::new()));
            set(&eval, "first", &Uint8Array::from(&PRF_INPUT[..]).into());
            set(&prf, "eval", &eval);
            extend(&options, &prf);
        }
        ask("get", &options).await
    }

    /// 32 random bytes, base64url. Nobody checks an answer to them; the browser insists on a question.
    pub fn challenge() -> String {
        let mut bytes = [0; 32];
        if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
            let _ = crypto.get_random_values_with_u8_array(&mut bytes);
        }
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Options as the browser's own reader makes them of JSON.
    fn parsed(reader: &str, options: &str) -> Result<JsValue, Refusal> {
        let class = read(&js_sys::global(), "PublicKeyCredential");
        if !read(&class, reader).is_function() {
            return Err(UNSUPPORTED.to_owned());
        }
        call(&class, reader, &[JSON::parse(options).map_err(|error| name(&error))?])
    }

    /// Asks for the extension `prf` beside whatever is asked for already.
    fn extend(options: &JsValue, prf: &JsValue) {
        let mut extensions = read(options, "extensions");
        if !extensions.is_object() {
            extensions = Object::new().into();
            set(options, "extensions", &extensions);
        }
        set(&extensions, "prf", prf);
    }

    async fn ask(act: &str, public_key: &JsValue) -> Result<Raw, Refusal> {
        let options = JsValue::from(Object::new());
        set(&options, "publicKey", public_key);
        let credentials = read(&read(&js_sys::global(), "navigator"), "credentials");
        let credential = js::run(&credentials, act, &[options]).await?;
        let results = read(&call(&credential, "getClientExtensionResults", &[])?, "prf");
        let secret = read(&read(&results, "results"), "first");
        Ok(Raw {
            credential: js::json(&credential)?,
            prf_enabled: read(&results, "enabled").is_truthy(),
            prf: secret.is_object().then(|| BASE64URL_NOPAD.encode(&Uint8Array::new(&secret).to_vec())),
        })
    }
}

#[cfg(not(all(feature = "hydration", not(feature = "ssr"))))]
mod glue {
    use super::{Raw, UNSUPPORTED};

    pub async fn create(_: &str) -> Result<Raw, String> {
        Err(UNSUPPORTED.to_owned())
    }

    pub async fn get(_: &str, _: bool) -> Result<Raw, String> {
        Err(UNSUPPORTED.to_owned())
    }

    pub fn challenge() -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{public_key, refused, sendable};

    #[test]
    fn the_secret_of_a_passkey_is_not_sent() {
        let credential = json!({
            "id": "abc",
            "clientExtensionResults": { "credProps": { "rk": true }, "prf": { "results": { "first": "secret" } } },
        });
        let sent = sendable(&credential.to_string()).unwrap();
        assert_eq!(sent, json!({ "id": "abc", "clientExtensionResults": { "credProps": { "rk": true } } }));
        assert!(sendable("no JSON").is_err());
    }

    #[test]
    fn options_are_taken_out_of_what_the_server_wraps_them_in() {
        let options = json!({ "challenge": "x" });
        assert_eq!(public_key(&json!({ "publicKey": options })), &options);
        assert_eq!(public_key(&options), &options);
    }

    #[test]
    fn every_refusal_says_what_to_do_instead() {
        for why in ["unsupported", "NotAllowedError", "InvalidStateError", "SecurityError", ""] {
            assert!(refused(why).detail.unwrap().contains("Nothing was changed"), "{why}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_input_of_every_secret_is_the_hash_of_its_name() {
        use sha2::{Digest as _, Sha256};

        assert_eq!(super::PRF_INPUT[..], Sha256::digest(b"hellomapper/v1/passkey/prf")[..]);
    }
}
