//! A person's private keys under the account key.

use rand_core::CryptoRng;
use shared_types::AccountId;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Identity;
use crate::{
    account_key::AccountKey,
    labels::IDENTITY_WRAP,
    secret::Secret,
    suite::{
        KeyId, Magic,
        aead::{Sealed, TAG},
        hpke::ReceiveSecret,
        signing::SignSecret,
    },
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMid", "a wrapped identity");

/// A person's private keys as the server stores them, under the account key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedIdentity {
    account: AccountId,
    key_id: KeyId,
    sealed: Sealed,
}

/// Why a wrapped identity does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityUnwrapError {
    /// It is somebody else's.
    #[error("the wrapped keys belong to another account")]
    OtherAccount,
    /// The account key is wrong, or the bytes were altered.
    #[error("the wrapped keys do not open")]
    Refused,
    /// It opens to other keys than it is named after.
    #[error("the wrapped keys are not those they are named after")]
    OtherKeys,
}

impl WrappedIdentity {
    /// Wraps the private halves.
    pub fn wrap(identity: &Identity, key: &AccountKey, rng: &mut impl CryptoRng) -> Self {
        let (account, key_id) = (identity.keys.account(), identity.keys.key_id());
        let mut halves = Zeroizing::new(Vec::with_capacity(64 + TAG));
        halves.extend_from_slice(identity.receive.to_secret().expose());
        halves.extend_from_slice(identity.sign.to_secret().expose());
        let associated_data = IDENTITY_WRAP.with(&[header(account, &key_id).as_bytes()]);
        let sealed = Sealed::seal(&key.for_use(IDENTITY_WRAP), &associated_data, halves, rng);
        Self { account, key_id, sealed }
    }

    /// Opens them.
    ///
    /// # Errors
    /// [`IdentityUnwrapError`].
    pub fn unwrap(&self, account: AccountId, key: &AccountKey) -> Result<Identity, IdentityUnwrapError> {
        if self.account != account {
            return Err(IdentityUnwrapError::OtherAccount);
        }
        let associated_data = IDENTITY_WRAP.with(&[header(account, &self.key_id).as_bytes()]);
        let opened = self.sealed.open(&key.for_use(IDENTITY_WRAP), &associated_data);
        let halves = opened.map_err(|_| IdentityUnwrapError::Refused)?;
        let (receive, sign) = halves.split_at_checked(32).ok_or(IdentityUnwrapError::Refused)?;
        let half = |bytes| Secret::from_slice(bytes).ok_or(IdentityUnwrapError::Refused);
        let identity = Identity::from_halves(
            account,
            ReceiveSecret::from_secret(&half(receive)?),
            SignSecret::from_secret(&half(sign)?),
        );
        if identity.keys.key_id() != self.key_id {
            return Err(IdentityUnwrapError::OtherKeys);
        }
        Ok(identity)
    }

    /// Whose it is said to be.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Which keys it is said to hold.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// What is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = header(self.account, &self.key_id);
        self.sealed.write(&mut writer);
        writer.finish()
    }

    /// Reads what is stored.
    ///
    /// # Errors
    /// [`ParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        let account = AccountId(Uuid::from_bytes(reader.array()?));
        let key_id = KeyId::read(&mut reader)?;
        let sealed = Sealed::read(&mut reader, 64 + TAG)?;
        reader.finish()?;
        Ok(Self { account, key_id, sealed })
    }
}

fn header(account: AccountId, key_id: &KeyId) -> Writer {
    let mut writer = Writer::new();
    MAGIC.write(&mut writer);
    writer.raw(account.0.as_bytes());
    key_id.write(&mut writer);
    writer
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
    use shared_types::AccountId;
    use uuid::Uuid;

    use super::{Identity, IdentityUnwrapError, WrappedIdentity};
    use crate::{account_key::AccountKey, wire::ParseError};

    const ADA: AccountId = AccountId(Uuid::from_u128(1));
    const BEN: AccountId = AccountId(Uuid::from_u128(2));

    #[test]
    fn keys_come_back_from_their_wrapping() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (identity, key) = (Identity::generate(ADA, &mut rng), AccountKey::generate(&mut rng));
        let stored = WrappedIdentity::wrap(&identity, &key, &mut rng).to_bytes();
        let wrapped = WrappedIdentity::parse(&stored).unwrap();
        assert_eq!(wrapped.to_bytes(), stored);
        assert_eq!(wrapped.unwrap(ADA, &key).unwrap().keys(), identity.keys());
        assert_eq!(wrapped.unwrap(BEN, &key).unwrap_err(), IdentityUnwrapError::OtherAccount);
        let other = AccountKey::generate(&mut rng);
        assert_eq!(wrapped.unwrap(ADA, &other).unwrap_err(), IdentityUnwrapError::Refused);
    }

    #[test]
    fn every_cut_and_every_flipped_bit_of_wrapped_keys_is_refused() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (identity, key) = (Identity::generate(ADA, &mut rng), AccountKey::generate(&mut rng));
        let stored = WrappedIdentity::wrap(&identity, &key, &mut rng).to_bytes();
        for length in 0..stored.len() {
            assert_eq!(WrappedIdentity::parse(&stored[..length]), Err(ParseError::Truncated), "{length}");
        }
        for bit in 0..stored.len() * 8 {
            let mut altered = stored.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let opened = WrappedIdentity::parse(&altered).ok().map(|wrapped| wrapped.unwrap(ADA, &key));
            assert!(!matches!(opened, Some(Ok(_))), "bit {bit}");
        }
    }
}
