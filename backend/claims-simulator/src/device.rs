//! Devices' keys, for those who start the simulator beside the service.

use anyhow::Context as _;
use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};

/// A device that nobody registered anywhere. It prints nothing.
pub struct Device {
    /// Its key: PKCS #8 in DER.
    pub key: Vec<u8>,
    /// Its public key: PKCS #1 in DER.
    pub public_key: Vec<u8>,
}

impl Device {
    /// A new one. It takes a moment.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn generate() -> anyhow::Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok().context("making a device's key")?;
        let key: Pkcs8V1Der<'_> = pair.as_der().ok().context("writing a device's key")?;
        Ok(Self { key: key.as_ref().to_vec(), public_key: pair.public_key().as_ref().to_vec() })
    }
}
