//! Messages to browsers through their makers' push services (RFC 8030; encrypted by RFC 8291, so that those can read nothing of
//! them; read 2026-11-26). Which service it is, the browser says; it is an address that somebody else chose, and called as such.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kernel::outbound::{Outbound, OutboundError, Outgoing};
use reqwest::Url;
use web_push_native::{Auth, p256::PublicKey};

use super::push_key::PushKey;
use crate::domain::pushing::Urgency;

/// As long as every message is before it is encrypted, in bytes, so that its length tells nothing: what is shorter ends in
/// spaces, which JSON does not mind.
const LENGTH: usize = 512;

/// The keys of a browser.
#[derive(Clone)]
pub struct BrowserKeys {
    public: PublicKey,
    auth: [u8; 16],
}

impl fmt::Debug for BrowserKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[keys of a browser]")
    }
}

impl BrowserKeys {
    /// Reads a point of the curve P-256, uncompressed, and what the browser and we alone know. None where that is not what the
    /// bytes are.
    pub fn new(p256dh: &[u8], auth: &[u8]) -> Option<Self> {
        // Browsers give the long form, and a service may not know the short one.
        let public = Some(p256dh).filter(|bytes| bytes.len() == 65)?;
        Some(Self { public: PublicKey::from_sec1_bytes(public).ok()?, auth: auth.try_into().ok()? })
    }
}

/// A message to one browser.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    /// The browser's address.
    pub endpoint: &'a str,
    /// Its keys.
    pub keys: &'a BrowserKeys,
    /// What its worker reads, as JSON of at most 512 bytes.
    pub text: &'a str,
    /// How soon.
    pub urgency: Urgency,
    /// Of messages with the same topic that a device has not been given yet, it is given the last: at most 32 letters of base64url.
    pub topic: &'a str,
    /// For how many seconds the service keeps it for a device that is off.
    pub ttl_seconds: i64,
}

/// Why a message was not taken. Says nothing personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// Nobody wants messages there any more.
    #[error("the browser takes no messages any more")]
    Gone,
    /// The service took it not, with this status.
    #[error("the push service answered {0}")]
    Refused(u16),
    /// The service was not reached.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// It could not be made into a message.
    #[error("the message cannot be encrypted or addressed")]
    Unwritable,
}

impl PushError {
    /// Whether another try would end the same.
    pub fn is_final(self) -> bool {
        match self {
            Self::Gone | Self::Unwritable => true,
            // Too slow, and too many at once; the rest of them speak of the message.
            Self::Refused(status) => (400..500).contains(&status) && status != 408 && status != 429,
            Self::Outbound(OutboundError::NotAllowed(_) | OutboundError::NotPublic) => true,
            Self::Outbound(
                OutboundError::Unreachable | OutboundError::TimedOut | OutboundError::TooLarge,
            ) => false,
        }
    }
}

/// Sends messages to browsers.
#[derive(Clone, Debug)]
pub struct WebPush {
    outbound: Outbound,
    key: PushKey,
    contact: String,
}

impl WebPush {
    /// With the key by which we are known, a client for others' addresses, and where a push service's keepers find us: our origin.
    pub fn new(key: PushKey, outbound: Outbound, contact: &str) -> Self {
        Self { outbound, key, contact: contact.to_owned() }
    }

    /// What browsers are told of our key.
    pub fn server_key(&self) -> &str {
        self.key.public()
    }

    /// Whether an address is one that is called, before it is kept.
    ///
    /// # Errors
    /// [`OutboundError::NotAllowed`] with what is wrong with it.
    pub fn check(&self, endpoint: &str) -> Result<(), OutboundError> {
        self.outbound.check(endpoint)
    }

    /// Encrypts a message and hands it over.
    ///
    /// # Errors
    /// [`PushError`]; [`PushError::Gone`] when nothing reaches the browser there any more.
    pub async fn send(&self, push: Push<'_>, now: Timestamp) -> Result<(), PushError> {
        let outgoing = Outgoing {
            method: Method::POST,
            address: push.endpoint,
            headers: self.headers(&push, now).ok_or(PushError::Unwritable)?,
            body: encrypted(push.text, push.keys).ok_or(PushError::Unwritable)?,
        };
        match self.outbound.deliver(outgoing).await? {
            200..=299 => Ok(()),
            404 | 410 => Err(PushError::Gone),
            status => Err(PushError::Refused(status)),
        }
    }

    fn headers(&self, push: &Push<'_>, now: Timestamp) -> Option<HeaderMap> {
        let origin = Url::parse(push.endpoint).ok()?.origin().ascii_serialization();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        for (name, value) in [
            (header::AUTHORIZATION, self.key.authorization(&origin, &self.contact, now).ok()?),
            (HeaderName::from_static("ttl"), push.ttl_seconds.to_string()),
            (HeaderName::from_static("urgency"), push.urgency.code().to_owned()),
            (HeaderName::from_static("topic"), push.topic.to_owned()),
        ] {
            headers.insert(name, HeaderValue::from_str(&value).ok()?);
        }
        Some(headers)
    }
}

/// The text, of one length and encrypted for the browser; none where it is too long.
fn encrypted(text: &str, keys: &BrowserKeys) -> Option<Vec<u8>> {
    let mut padded = text.as_bytes().to_vec();
    if padded.len() > LENGTH {
        return None;
    }
    padded.resize(LENGTH, b' ');
    web_push_native::encrypt(padded, &keys.public, &Auth::from(keys.auth)).ok()
}

/// Reads base64url as browsers write it: without padding.
pub fn read_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use kernel::outbound::OutboundError;
    use web_push_native::{Auth, decrypt, p256::SecretKey};

    use super::{BrowserKeys, LENGTH, PushError, encrypted, read_base64};

    /// RFC 8291, appendix A (read 2026-11-26).
    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const SECRET: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const MESSAGE: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
                           AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    fn opened(message: Vec<u8>) -> Vec<u8> {
        let secret = SecretKey::from_slice(&read_base64(SECRET).unwrap()).unwrap();
        let auth: [u8; 16] = read_base64(AUTH).unwrap().try_into().unwrap();
        decrypt(message, &secret, &Auth::from(auth)).unwrap()
    }

    fn keys() -> BrowserKeys {
        BrowserKeys::new(&read_base64(P256DH).unwrap(), &read_base64(AUTH).unwrap()).unwrap()
    }

    #[test]
    fn what_opens_the_standards_own_message_opens_ours() {
        assert_eq!(opened(read_base64(MESSAGE).unwrap()), b"When I grow up, I want to be a watermelon");
        let message = encrypted("{}", &keys()).unwrap();
        // Salt, record size, length of the key, key, one byte that ends the record, and the tag.
        assert_eq!(message.len(), 16 + 4 + 1 + 65 + LENGTH + 1 + 16);
        let text = opened(message);
        assert_eq!((text.len(), text.trim_ascii_end()), (LENGTH, b"{}".as_slice()));
        assert!(encrypted(&"a".repeat(LENGTH + 1), &keys()).is_none());
    }

    #[test]
    fn keys_that_are_none_are_not_kept() {
        let (p256dh, auth) = (read_base64(P256DH).unwrap(), read_base64(AUTH).unwrap());
        let off_the_curve = [&p256dh[..64], &[0]].concat();
        for (public, secret) in [
            (&p256dh[..33], &auth[..]),
            (&off_the_curve[..], &auth[..]),
            (&p256dh[..], &auth[..15]),
            (&[][..], &[][..]),
        ] {
            assert!(BrowserKeys::new(public, secret).is_none());
        }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for passing in [
            PushError::Refused(429),
            PushError::Refused(503),
            PushError::Outbound(OutboundError::Unreachable),
            PushError::Outbound(OutboundError::TimedOut),
        ] {
            assert!(!passing.is_final(), "{passing}");
        }
        for lasting in [
            PushError::Gone,
            PushError::Refused(403),
            PushError::Refused(413),
            PushError::Outbound(OutboundError::NotPublic),
        ] {
            assert!(lasting.is_final(), "{lasting}");
        }
    }
}
