//! How the card processor and Medicare's channel are reached, from the environment.

use std::{
    env::{self, VarError},
    fs,
    sync::Arc,
};

use anyhow::{Context as _, ensure};
use kernel::config::Mode;
use secrecy::SecretString;

use crate::gateways::card_processor::CardProcessor;

/// The key that the sandbox takes; the real processor takes no such key.
const SANDBOX_KEY: &str = "sk_test_sandbox";
/// Where the sandbox listens unless told otherwise.
const SANDBOX_ADDRESS: &str = "http://127.0.0.1:12111";
/// What the sandbox signs its webhooks with.
const SANDBOX_WEBHOOK_SECRET: &str = "whsec_sandbox";

/// Whom the service speaks to outside.
#[derive(Clone)]
pub struct Outside {
    /// The card processor.
    pub processor: ProcessorSettings,
    /// Medicare's channel; without one, claims are written and wait.
    pub medicare: Option<MedicareSettings>,
}

impl Outside {
    /// Reads the environment.
    ///
    /// # Errors
    /// As [`ProcessorSettings::from_env`] and [`MedicareSettings::from_env`].
    pub fn from_env(mode: Mode) -> anyhow::Result<Self> {
        Ok(Self {
            processor: ProcessorSettings::from_env(mode)?,
            medicare: MedicareSettings::from_env(mode)?,
        })
    }
}

/// How Medicare's channel is reached. It prints nothing.
#[derive(Clone)]
pub struct MedicareSettings {
    /// `MEDICARE_URL`: where the channel is.
    pub address: String,
    /// `MEDICARE_TOKEN_URL`: where tokens are had.
    pub token_address: String,
    /// `MEDICARE_CLIENT_ID`: the API client's name there.
    pub client_id: String,
    /// `MEDICARE_ORGANISATION`: the organisation's number there.
    pub organisation: String,
    /// `MEDICARE_DEVICE`: the device's name there.
    pub device: String,
    /// What the file of `MEDICARE_DEVICE_KEY` holds: the device's key, RSA in DER.
    pub device_key: Vec<u8>,
}

impl MedicareSettings {
    /// Reads the environment. `None` where it names no channel.
    ///
    /// # Errors
    /// When a setting is missing, production would use an address that is no encrypted one, or the key's file cannot be read.
    pub fn from_env(mode: Mode) -> anyhow::Result<Option<Self>> {
        let Ok(address) = env::var("MEDICARE_URL") else { return Ok(None) };
        let needed = |name: &str, found: Result<String, VarError>| {
            found.with_context(|| format!("MEDICARE_URL needs {name}, too"))
        };
        let token_address = needed("MEDICARE_TOKEN_URL", env::var("MEDICARE_TOKEN_URL"))?;
        for address in [&address, &token_address] {
            ensure!(
                mode == Mode::Development || address.starts_with("https://"),
                "production reaches Medicare by https:// alone: look at MEDICARE_URL and MEDICARE_TOKEN_URL"
            );
        }
        let client_id = needed("MEDICARE_CLIENT_ID", env::var("MEDICARE_CLIENT_ID"))?;
        let organisation = needed("MEDICARE_ORGANISATION", env::var("MEDICARE_ORGANISATION"))?;
        let device = needed("MEDICARE_DEVICE", env::var("MEDICARE_DEVICE"))?;
        let file = needed("MEDICARE_DEVICE_KEY", env::var("MEDICARE_DEVICE_KEY"))?;
        let device_key = fs::read(&file).with_context(|| format!("reading the device's key in {file}"))?;
        Ok(Some(Self { address, token_address, client_id, organisation, device, device_key }))
    }
}

/// How the card processor is reached. Without a key of its own, development speaks to the sandbox; production does not begin.
#[derive(Clone, Debug)]
pub struct ProcessorSettings {
    /// `STRIPE_SECRET_KEY`.
    pub key: SecretString,
    /// `PROCESSOR_URL`: another address than the real processor's.
    pub address: Option<String>,
    /// `STRIPE_WEBHOOK_SECRETS`: what webhooks are signed with, separated by commas. Two while one is replaced.
    pub webhook_secrets: Vec<SecretString>,
}

impl ProcessorSettings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When production has no key or no secret, or an address that is no encrypted one.
    pub fn from_env(mode: Mode) -> anyhow::Result<Self> {
        let secrets = env::var("STRIPE_WEBHOOK_SECRETS").unwrap_or_default();
        Self::of(env::var("STRIPE_SECRET_KEY").ok(), env::var("PROCESSOR_URL").ok(), &secrets, mode)
    }

    /// The sandbox at an address.
    pub fn sandbox(address: &str) -> Self {
        Self {
            key: SANDBOX_KEY.to_owned().into(),
            address: Some(address.to_owned()),
            webhook_secrets: vec![SANDBOX_WEBHOOK_SECRET.to_owned().into()],
        }
    }

    fn of(key: Option<String>, address: Option<String>, secrets: &str, mode: Mode) -> anyhow::Result<Self> {
        let secrets: Vec<SecretString> = secrets
            .split(',')
            .map(str::trim)
            .filter(|secret| !secret.is_empty())
            .map(|secret| secret.to_owned().into())
            .collect();
        match (key, mode) {
            (Some(key), Mode::Development) => Ok(Self { key: key.into(), address, webhook_secrets: secrets }),
            (Some(key), Mode::Production) => {
                ensure!(
                    !secrets.is_empty(),
                    "production needs STRIPE_WEBHOOK_SECRETS: without them no webhook is believed"
                );
                ensure!(
                    address.as_ref().is_none_or(|address| address.starts_with("https://")),
                    "production needs PROCESSOR_URL to be an https:// address, or none"
                );
                Ok(Self { key: key.into(), address, webhook_secrets: secrets })
            }
            (None, Mode::Development) => Ok(Self::sandbox(address.as_deref().unwrap_or(SANDBOX_ADDRESS))),
            (None, Mode::Production) => {
                anyhow::bail!("production needs STRIPE_SECRET_KEY: the sandbox moves no money")
            }
        }
    }

    /// The client of the processor.
    ///
    /// # Errors
    /// When the key or the address cannot be sent.
    pub fn client(&self) -> anyhow::Result<Arc<dyn CardProcessor>> {
        let client = stripe_client::Client::new(&self.key, self.address.as_deref());
        Ok(Arc::new(client.context("setting the card processor's client up")?))
    }
}

#[cfg(test)]
mod tests {
    use kernel::config::Mode;

    use super::ProcessorSettings;

    fn of(
        key: Option<&str>,
        address: Option<&str>,
        secrets: &str,
        mode: Mode,
    ) -> anyhow::Result<ProcessorSettings> {
        ProcessorSettings::of(key.map(str::to_owned), address.map(str::to_owned), secrets, mode)
    }

    #[test]
    fn development_has_a_sandbox_and_production_has_none() {
        let sandbox = of(None, None, "", Mode::Development).unwrap();
        assert_eq!(sandbox.address.as_deref(), Some("http://127.0.0.1:12111"));
        assert!(of(None, None, "whsec_1", Mode::Production).is_err());
    }

    #[test]
    fn production_believes_signed_webhooks_over_an_encrypted_address() {
        let production = |address, secrets| of(Some("sk_live_1"), address, secrets, Mode::Production);
        assert!(production(None, "").is_err());
        assert!(production(Some("http://processor.example"), "whsec_1").is_err());
        let settings = production(None, "whsec_1, whsec_2").unwrap();
        assert_eq!(settings.webhook_secrets.len(), 2);
        assert!(settings.address.is_none());
    }

    #[test]
    fn settings_print_no_secret() {
        let settings = of(Some("sk_live_hunter2"), None, "whsec_hunter2", Mode::Production).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
