//! Whether a form came from the gateway for text messages: an HMAC (RFC 2104) with SHA-1 over the address and the form's fields
//! in the order of their names, as the providers do that take after Twilio
//! (https://www.twilio.com/docs/usage/security#validating-requests, read 2026-11-26). What weakens SHA-1 as a hash does not
//! weaken this.

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;

/// The header that carries it.
const HEADER: &str = "x-twilio-signature";

/// The fields of a form that the gateway signed.
pub struct SignedForm(Vec<(String, String)>);

impl SignedForm {
    /// Reads what was posted to that address; none of what was not signed.
    pub fn read(secret: &SecretString, url: &str, headers: &HeaderMap, form: &[u8]) -> Option<Self> {
        let form: Vec<_> = form_urlencoded::parse(form).into_owned().collect();
        let signature = headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        is_signed(secret, url, &form, signature).then_some(Self(form))
    }

    /// The first field of that name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// Compares in a time that says nothing of where they differ.
fn is_signed(secret: &SecretString, url: &str, form: &[(String, String)], signature: &str) -> bool {
    let Ok(given) = STANDARD.decode(signature) else { return false };
    let mut fields: Vec<_> = form.iter().collect();
    fields.sort();
    let mut mac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(url.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.verify_slice(&given).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_signed;

    /// The provider's own example.
    #[test]
    fn the_example_of_the_provider_is_believed_and_no_other() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let form: Vec<(String, String)> = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        let secret = "12345".to_owned().into();
        assert!(is_signed(&secret, url, &form, signature));
        let mut backwards = form.clone();
        backwards.reverse();
        assert!(is_signed(&secret, url, &backwards, signature));
        assert!(!is_signed(&"12346".to_owned().into(), url, &form, signature));
        assert!(!is_signed(&secret, "https://mycompany.com/myapp.php", &form, signature));
        assert!(!is_signed(&secret, url, &form[1..], signature));
        for signature in ["", "RSOYDt4T1cUTdK1PDd93/VVr8B4=", "not base64"] {
            assert!(!is_signed(&secret, url, &form, signature), "{signature}");
        }
    }
}
