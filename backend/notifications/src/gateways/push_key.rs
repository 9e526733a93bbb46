//! The key by which push services know that a message is ours (VAPID, RFC 8292, read 2026-11-26): ECDSA on the curve P-256.

use std::fmt;

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use jiff::{SignedDuration, Timestamp};
use kernel::{Chance, config::Settings, keys::secret_in_file};
use serde::Serialize;
use sha2::Sha256;
use web_push_native::p256::ecdsa::{Signature, SigningKey, signature::Signer as _};

/// How long a token is good for; a push service takes none that is good for more than a day.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(12);

/// The key. It cannot be printed.
#[derive(Clone)]
pub struct PushKey {
    key: SigningKey,
    public: String,
}

impl fmt::Debug for PushKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushKey({})", self.public)
    }
}

#[derive(Serialize)]
struct Head {
    typ: &'static str,
    alg: &'static str,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

impl PushKey {
    /// The key in `keys/notifications-push-key` below the home folder; in development it is made at the first start.
    ///
    /// # Errors
    /// When the file cannot be read or made, holds no key, or is missing in production.
    pub fn open(settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        let path = settings.home.join("keys").join("notifications-push-key");
        settings.mode.check_key(&path)?;
        // One of four thousand million is no number of this curve.
        Self::from_secret(&secret_in_file(&path, chance)?)
            .with_context(|| format!("{} holds no key of the curve P-256: make another", path.display()))
    }

    /// The key with this secret.
    ///
    /// # Errors
    /// When the bytes are no number of the curve.
    pub fn from_secret(secret: &[u8; 32]) -> anyhow::Result<Self> {
        let key = SigningKey::from_slice(secret).context("reading a key to sign with")?;
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().to_encoded_point(false).as_bytes());
        Ok(Self { key, public })
    }

    /// What browsers are told, and push services compare: base64url without padding.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// A key for something else than signing, of which nobody who has it learns this one. `purpose` is nobody else's.
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.key.to_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The header by which the push service at that origin knows us; `contact` is where its keepers find us.
    ///
    /// # Errors
    /// Never: texts and a number are always JSON.
    pub fn authorization(&self, origin: &str, contact: &str, now: Timestamp) -> anyhow::Result<String> {
        let head = Head { typ: "JWT", alg: "ES256" };
        let claims = Claims { aud: origin, exp: (now + GOOD_FOR).as_second(), sub: contact };
        let signed = format!("{}.{}", encoded(&head)?, encoded(&claims)?);
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public))
    }
}

fn encoded(part: &impl Serialize) -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?))
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use web_push_native::p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};

    use super::PushKey;

    #[test]
    fn a_token_is_signed_for_one_push_service_and_half_a_day() {
        let key = PushKey::from_secret(&[1; 32]).unwrap();
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let header = key.authorization("https://push.example", "https://hellomapper.example", now).unwrap();
        let (token, public) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(public, key.public());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&decoded(public)).unwrap();
        let signature = Signature::from_slice(&decoded(signature)).unwrap();
        assert!(verifying.verify(signed.as_bytes(), &signature).is_ok());
        let (head, claims) = signed.split_once('.').unwrap();
        assert_eq!(decoded(head), br#"{"typ":"JWT","alg":"ES256"}"#);
        assert_eq!(
            decoded(claims),
            br#"{"aud":"https://push.example","exp":1795348800,"sub":"https://hellomapper.example"}"#
        );
    }

    #[test]
    fn a_key_is_not_printed_and_no_number_too_large_is_one() {
        let printed = format!("{:?}", PushKey::from_secret(&[1; 32]).unwrap());
        assert!(printed.starts_with("PushKey(B") && !printed.contains("1, 1"), "{printed}");
        assert!(PushKey::from_secret(&[0xFF; 32]).is_err());
        assert!(PushKey::from_secret(&[0; 32]).is_err());
    }
}
