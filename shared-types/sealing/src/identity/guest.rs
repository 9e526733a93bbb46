//! The key of somebody without an account.

use rand_core::CryptoRng;

use crate::{
    labels::GUEST_KEY_ID,
    secret::Secret,
    suite::{
        KeyId, digest,
        signing::{SignSecret, VerifyKey},
    },
};

/// What somebody without an account signs with: made for one booking, kept by that browser alone. It shows that two
/// notes come from the same browser, and nothing about who sat before it.
#[derive(Clone, Debug)]
pub struct GuestKey(SignSecret);

impl GuestKey {
    /// A fresh one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(SignSecret::generate(rng))
    }

    /// For this browser's own storage, so that the guest can correct the note.
    pub fn to_secret(&self) -> Secret<32> {
        self.0.to_secret()
    }

    /// From this browser's own storage.
    pub fn from_secret(secret: &Secret<32>) -> Self {
        Self(SignSecret::from_secret(secret))
    }

    /// The name of the public half.
    pub fn key_id(&self) -> KeyId {
        guest_key_id(&self.0.public())
    }

    pub(crate) fn sign_secret(&self) -> &SignSecret {
        &self.0
    }
}

pub(crate) fn guest_key_id(sign: &VerifyKey) -> KeyId {
    KeyId(digest::hash(GUEST_KEY_ID, &[sign.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    use super::GuestKey;

    #[test]
    fn a_guest_key_comes_back_from_the_browser() {
        let guest = GuestKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        assert_eq!(GuestKey::from_secret(&guest.to_secret()).key_id(), guest.key_id());
    }
}
