//! Tokens for a device: an assertion that its key signs, good for five minutes, buys one (RFC 7523). A token is used until a minute
//! before its end.

use anyhow::Context as _;
use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use kernel::Core;
use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{Device, MedicareError};

/// How long an assertion is good.
const ASSERTION_SECONDS: i64 = 300;
/// How long before its end a token is replaced.
const MARGIN_SECONDS: i64 = 60;
/// Whom the assertion is for (the identity service's name, as in a public client, read 2026-11-22).
const AUDIENCE: &str = "https://proda.humanservices.gov.au";

/// The tokens of one device.
pub struct Tokens {
    core: Core,
    client: Client,
    address: String,
    organisation: String,
    device: String,
    key: KeyPair,
    current: Mutex<Option<(SecretString, Timestamp)>>,
}

#[derive(Deserialize)]
struct Bought {
    access_token: String,
    expires_in: i64,
}

impl Tokens {
    /// The tokens of a device.
    ///
    /// # Errors
    /// When its key is no RSA key in DER (PKCS #1 or #8).
    pub fn new(core: Core, client: Client, device: Device) -> anyhow::Result<Self> {
        let key = KeyPair::from_pkcs8(&device.key).or_else(|_| KeyPair::from_der(&device.key));
        let key = key.ok().context("MEDICARE_DEVICE_KEY holds no RSA key in DER")?;
        Ok(Self {
            core,
            client,
            address: device.token_address,
            organisation: device.organisation,
            device: device.name,
            key,
            current: Mutex::new(None),
        })
    }

    /// A token that is good; those who ask meanwhile wait for the same one.
    ///
    /// # Errors
    /// When there is none: nothing was sent then.
    pub async fn current(&self) -> Result<String, MedicareError> {
        let mut current = self.current.lock().await;
        let now = self.core.now();
        if let Some((token, _)) = current.as_ref().filter(|(_, until)| now < *until) {
            return Ok(token.expose_secret().to_owned());
        }
        let bought = self.buy(now).await.ok_or(MedicareError::NotSent("no token was given"))?;
        let good_for =
            SignedDuration::from_secs(bought.expires_in.saturating_sub(MARGIN_SECONDS).clamp(0, 86_400));
        *current = Some((SecretString::from(bought.access_token.clone()), now + good_for));
        Ok(bought.access_token)
    }

    /// Forgets the token: it is not good any more.
    pub async fn forget(&self) {
        *self.current.lock().await = None;
    }

    async fn buy(&self, now: Timestamp) -> Option<Bought> {
        let assertion = self.assertion(now)?;
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion.as_str()),
        ];
        let response = self.client.post(&self.address).form(&form).send().await.ok()?;
        response.error_for_status().ok()?.json().await.ok()
    }

    fn assertion(&self, now: Timestamp) -> Option<String> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.device});
        let claims = json!({
            "iss": self.organisation,
            "sub": self.device,
            "aud": AUDIENCE,
            "iat": now.as_second(),
            "exp": now.as_second() + ASSERTION_SECONDS,
        });
        let encoded = |part: serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encoded(header), encoded(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        let random = SystemRandom::new();
        self.key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
