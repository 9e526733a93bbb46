//! Ed25519 over a label and a SHA-256 of what is signed, verified strictly: no keys of small order, one signature per
//! message and nonce.

use std::fmt;

use ed25519_dalek::Signer as _;
use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};

use crate::{
    labels::Label,
    secret::Secret,
    wire::{ParseError, Reader, Writer},
};

/// A public key that signatures are checked with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyKey(ed25519_dalek::VerifyingKey);

/// A signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signature([u8; 64]);

/// The signature is not of this key over these bytes for this use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadSignature;

impl VerifyKey {
    /// # Errors
    /// [`ParseError::WeakKey`] when the bytes are no point of the curve or one of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, ParseError> {
        ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .ok()
            .filter(|key| !key.is_weak())
            .map(Self)
            .ok_or(ParseError::WeakKey)
    }

    /// The 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    pub(crate) fn verify(
        &self,
        label: Label,
        bytes: &[u8],
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(&message(label, bytes), &signature).map_err(|_| BadSignature)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(self.as_bytes());
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        Self::from_bytes(&reader.array()?)
    }
}

/// Ordered by their bytes.
impl Ord for VerifyKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for VerifyKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for VerifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyKey(")?;
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

impl Signature {
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        reader.array().map(Self)
    }
}

/// The private half. Wiped when dropped.
#[derive(Clone)]
pub(crate) struct SignSecret(ed25519_dalek::SigningKey);

impl SignSecret {
    pub(crate) fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::from_secret(&Secret::random(rng))
    }

    pub(crate) fn from_secret(seed: &Secret<32>) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed.expose()))
    }

    /// The seed of RFC 8032.
    pub(crate) fn to_secret(&self) -> Secret<32> {
        Secret::new(self.0.to_bytes())
    }

    pub(crate) fn public(&self) -> VerifyKey {
        VerifyKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, label: Label, bytes: &[u8]) -> Signature {
        Signature(self.0.sign(&message(label, bytes)).to_bytes())
    }
}

impl fmt::Debug for SignSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What Ed25519 is given. The hash keeps a large envelope from being copied and hashed twice with SHA-512.
fn message(label: Label, bytes: &[u8]) -> Vec<u8> {
    label.with(&[Sha256::digest(bytes).as_slice()])
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    use super::{BadSignature, SignSecret, VerifyKey};
    use crate::{
        labels::{ENVELOPE_SIGNATURE, LEAF_SIGNATURE},
        wire::ParseError,
    };

    #[test]
    fn a_signature_holds_for_its_key_its_use_and_its_bytes() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let secret = SignSecret::generate(&mut rng);
        let signature = secret.sign(LEAF_SIGNATURE, b"bytes");
        let key = secret.public();
        assert_eq!(key.verify(LEAF_SIGNATURE, b"bytes", &signature), Ok(()));
        assert_eq!(key.verify(ENVELOPE_SIGNATURE, b"bytes", &signature), Err(BadSignature));
        assert_eq!(key.verify(LEAF_SIGNATURE, b"other", &signature), Err(BadSignature));
        let other = SignSecret::generate(&mut rng).public();
        assert_eq!(other.verify(LEAF_SIGNATURE, b"bytes", &signature), Err(BadSignature));
    }

    #[test]
    fn keys_of_small_order_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(VerifyKey::from_bytes(&identity), Err(ParseError::WeakKey));
        assert_eq!(VerifyKey::from_bytes(&[0; 32]), Err(ParseError::WeakKey));
    }
}
