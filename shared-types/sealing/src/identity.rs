//! A person's keys: X25519 to receive with, Ed25519 to sign with, published together and wrapped by the account key.

mod guest;
mod keys;
mod wrapped;

use rand_core::CryptoRng;
use shared_types::AccountId;

pub(crate) use self::guest::guest_key_id;
pub use self::{
    guest::GuestKey,
    keys::{IdentityKeys, IdentityKeysError, TrustedKeys},
    wrapped::{IdentityUnwrapError, WrappedIdentity},
};
use crate::suite::{hpke::ReceiveSecret, signing::SignSecret};

/// Both halves. The private ones are wiped when dropped.
#[derive(Clone, Debug)]
pub struct Identity {
    keys: IdentityKeys,
    receive: ReceiveSecret,
    sign: SignSecret,
}

impl Identity {
    /// Fresh keys for an account.
    pub fn generate(account: AccountId, rng: &mut impl CryptoRng) -> Self {
        Self::from_halves(account, ReceiveSecret::generate(rng), SignSecret::generate(rng))
    }

    fn from_halves(account: AccountId, receive: ReceiveSecret, sign: SignSecret) -> Self {
        let keys = IdentityKeys::bind(account, receive.public(), &sign);
        Self { keys, receive, sign }
    }

    /// The public halves.
    pub fn keys(&self) -> &IdentityKeys {
        &self.keys
    }

    /// One's own keys need no pin.
    pub fn trusted(&self) -> TrustedKeys {
        TrustedKeys::new(self.keys)
    }

    pub(crate) fn receive_secret(&self) -> &ReceiveSecret {
        &self.receive
    }

    pub(crate) fn sign_secret(&self) -> &SignSecret {
        &self.sign
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
    use shared_types::AccountId;
    use uuid::Uuid;

    use super::{Identity, IdentityKeys, IdentityKeysError};
    use crate::wire::ParseError;

    const ADA: AccountId = AccountId(Uuid::from_u128(1));
    const BEN: AccountId = AccountId(Uuid::from_u128(2));

    #[test]
    fn public_keys_that_do_not_belong_together_are_refused() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let published = Identity::generate(ADA, &mut rng).keys().to_bytes();
        assert_eq!(IdentityKeys::parse(&published).unwrap().to_bytes(), published);
        let theirs = Identity::generate(BEN, &mut rng).keys().to_bytes();
        // After magic, version and suite come account (16), receiving key (32), signing key (32).
        for (from, to) in [(7, 23), (23, 55)] {
            let mut mixed = published.clone();
            mixed[from..to].copy_from_slice(&theirs[from..to]);
            assert_eq!(IdentityKeys::parse(&mixed), Err(IdentityKeysError::Mixed));
        }
        let mut weak = published.clone();
        weak[55..87].fill(0);
        assert_eq!(IdentityKeys::parse(&weak), Err(IdentityKeysError::Parse(ParseError::WeakKey)));
    }

    #[test]
    fn key_ids_name_the_keys_and_the_account() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let ada = Identity::generate(ADA, &mut rng);
        let moved = Identity::from_halves(BEN, ada.receive.clone(), ada.sign.clone());
        assert_ne!(ada.keys().key_id(), moved.keys().key_id());
        assert_ne!(ada.keys().key_id(), Identity::generate(ADA, &mut rng).keys().key_id());
    }

    #[test]
    fn nothing_private_is_printed() {
        let identity = Identity::generate(ADA, &mut ChaCha20Rng::seed_from_u64(1));
        let printed = format!("{identity:?}");
        let (receive, sign) = (identity.receive.to_secret(), identity.sign.to_secret());
        for secret in [receive.expose(), sign.expose()] {
            assert!(!printed.contains(&hex::encode(secret)) && !printed.contains(&format!("{secret:?}")));
        }
        assert_eq!(printed.matches("[secret]").count(), 2);
    }
}
