//! The account key: 32 random bytes that wrap everything else a person keeps, and the doors to it.
//!
//! A door is a password, a passkey with the PRF extension, or the recovery code. Each wraps the same key by itself, so
//! that one can be changed or lost without the others. A wrapped key is bound to its account, its door and the door's
//! parameters: it cannot be moved, and a password's cost cannot be lowered behind its back.

mod door;
mod recovery_code;

use rand_core::CryptoRng;
use shared_types::AccountId;
use uuid::Uuid;

pub use self::{
    door::{Door, DoorKey, MAX_CREDENTIAL},
    recovery_code::{CodeError, PrintedCode, RecoveryCode},
};
use crate::{
    labels::{ACCOUNT_KEY_USE, ACCOUNT_KEY_WRAP, Label},
    password::{KdfError, KdfReadError},
    secret::Secret,
    suite::{
        Magic,
        aead::{Sealed, TAG},
        kdf,
    },
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMak", "a wrapped account key");

/// The key that wraps a person's private keys. It is made once and leaves the browser only wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountKey(Secret<32>);

impl AccountKey {
    /// A fresh one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::random(rng))
    }

    /// The key for one use of this one.
    pub(crate) fn for_use(&self, of: Label) -> Secret<32> {
        kdf::derive(self.0.expose(), ACCOUNT_KEY_USE, &[of.text().as_bytes()])
    }
}

/// The account key as the server stores it for one door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedAccountKey {
    account: AccountId,
    door: Door,
    sealed: Sealed,
}

/// Why a stored wrapped key is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrappedKeyError {
    /// It is not one.
    #[error("the wrapped account key cannot be read")]
    Parse(#[source] ParseError),
    /// Its password door would be too easy, or too hard, to open.
    #[error("the wrapped account key names a key derivation that is refused")]
    Kdf(#[source] KdfError),
}

/// Why a wrapped key does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// It is somebody else's.
    #[error("the wrapped key belongs to another account")]
    OtherAccount,
    /// It is for another door, or for the same with other parameters.
    #[error("the wrapped key is for another door")]
    OtherDoor,
    /// The password, the passkey or the code is wrong, or the bytes were altered.
    #[error("the wrapped key does not open")]
    Refused,
}

impl WrappedAccountKey {
    /// Wraps the key for one door.
    pub fn wrap(account: AccountId, key: &AccountKey, with: &DoorKey, rng: &mut impl CryptoRng) -> Self {
        let associated_data = ACCOUNT_KEY_WRAP.with(&[header(account, &with.door).as_bytes()]);
        let sealed = Sealed::seal_secret(&with.key, &associated_data, &key.0, rng);
        Self { account, door: with.door.clone(), sealed }
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`UnwrapError`].
    pub fn unwrap(&self, account: AccountId, with: &DoorKey) -> Result<AccountKey, UnwrapError> {
        if self.account != account {
            return Err(UnwrapError::OtherAccount);
        }
        if self.door != with.door {
            return Err(UnwrapError::OtherDoor);
        }
        let associated_data = ACCOUNT_KEY_WRAP.with(&[header(account, &self.door).as_bytes()]);
        let opened = self.sealed.open_secret(&with.key, &associated_data);
        opened.map(AccountKey).map_err(|_| UnwrapError::Refused)
    }

    /// Whose it is said to be.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Which door it is for.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// What is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = header(self.account, &self.door);
        self.sealed.write(&mut writer);
        writer.finish()
    }

    /// Reads what is stored. A password's cost below the floor is refused here, before anything is derived with it.
    ///
    /// # Errors
    /// [`WrappedKeyError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, WrappedKeyError> {
        Self::read(bytes).map_err(|error| match error {
            KdfReadError::Parse(error) => WrappedKeyError::Parse(error),
            KdfReadError::Kdf(error) => WrappedKeyError::Kdf(error),
        })
    }

    fn read(bytes: &[u8]) -> Result<Self, KdfReadError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        let account = AccountId(Uuid::from_bytes(reader.array()?));
        let door = Door::read(&mut reader)?;
        let sealed = Sealed::read(&mut reader, 32 + TAG)?;
        reader.finish()?;
        Ok(Self { account, door, sealed })
    }
}

fn header(account: AccountId, door: &Door) -> Writer {
    let mut writer = Writer::new();
    MAGIC.write(&mut writer);
    writer.raw(account.0.as_bytes());
    door.write(&mut writer);
    writer
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
    use shared_types::AccountId;
    use uuid::Uuid;

    use super::{AccountKey, Door, DoorKey, RecoveryCode, UnwrapError, WrappedAccountKey, WrappedKeyError};
    use crate::{
        password::{KdfCost, KdfError, KdfParameters, Password},
        secret::Secret,
        wire::ParseError,
    };

    const ADA: AccountId = AccountId(Uuid::from_u128(1));
    const BEN: AccountId = AccountId(Uuid::from_u128(2));
    /// Where the cost's memory stands: after magic, version, suite, account, door and algorithm.
    const MEMORY_AT: usize = 4 + 1 + 2 + 16 + 1 + 1;

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::seed_from_u64(1)
    }

    fn password_door(cost: KdfCost) -> DoorKey {
        let password = Password::new("correct horse".to_owned()).unwrap();
        DoorKey::password(&password.derive(&KdfParameters::new(cost, [1; 16])).unwrap())
    }

    fn doors() -> [DoorKey; 3] {
        [
            password_door(KdfCost::FLOOR),
            DoorKey::passkey(ADA, b"credential", &Secret::new([2; 32])),
            DoorKey::recovery_code(ADA, &RecoveryCode::generate(&mut rng())),
        ]
    }

    #[test]
    fn each_door_opens_to_the_same_key_and_no_other_door_does() {
        let key = AccountKey::generate(&mut rng());
        for (at, door) in doors().iter().enumerate() {
            let stored = WrappedAccountKey::wrap(ADA, &key, door, &mut rng()).to_bytes();
            let wrapped = WrappedAccountKey::parse(&stored).unwrap();
            assert_eq!(wrapped.to_bytes(), stored);
            for (other_at, other) in doors().iter().enumerate() {
                let expected = if at == other_at { Ok(key.clone()) } else { Err(UnwrapError::OtherDoor) };
                assert_eq!(wrapped.unwrap(ADA, other), expected);
            }
        }
    }

    #[test]
    fn a_wrapped_key_stays_with_its_account() {
        let key = AccountKey::generate(&mut rng());
        let [_, _, door] = doors();
        let mut stored = WrappedAccountKey::wrap(ADA, &key, &door, &mut rng()).to_bytes();
        let wrapped = WrappedAccountKey::parse(&stored).unwrap();
        assert_eq!(wrapped.unwrap(BEN, &door), Err(UnwrapError::OtherAccount));
        // The server relabels it.
        stored[7..23].copy_from_slice(BEN.0.as_bytes());
        let relabelled = WrappedAccountKey::parse(&stored).unwrap();
        assert_eq!(relabelled.unwrap(BEN, &door), Err(UnwrapError::Refused));
    }

    #[test]
    fn wrong_secrets_are_refused() {
        let key = AccountKey::generate(&mut rng());
        let parameters = KdfParameters::new(KdfCost::FLOOR, [1; 16]);
        let wrapped = WrappedAccountKey::wrap(ADA, &key, &password_door(KdfCost::FLOOR), &mut rng());
        let wrong = Password::new("correct horsf".to_owned()).unwrap().derive(&parameters).unwrap();
        assert_eq!(wrapped.unwrap(ADA, &DoorKey::password(&wrong)), Err(UnwrapError::Refused));
        let passkey = DoorKey::passkey(ADA, b"credential", &Secret::new([2; 32]));
        let wrapped = WrappedAccountKey::wrap(ADA, &key, &passkey, &mut rng());
        let wrong = DoorKey::passkey(ADA, b"credential", &Secret::new([3; 32]));
        assert_eq!(wrapped.unwrap(ADA, &wrong), Err(UnwrapError::Refused));
    }

    #[test]
    fn a_lowered_cost_is_refused_before_anything_is_derived() {
        let key = AccountKey::generate(&mut rng());
        let mut stored =
            WrappedAccountKey::wrap(ADA, &key, &password_door(KdfCost::FLOOR), &mut rng()).to_bytes();
        let (memory_kib, passes) = (1024_u32, 2);
        stored[MEMORY_AT..MEMORY_AT + 4].copy_from_slice(&memory_kib.to_be_bytes());
        let expected = WrappedKeyError::Kdf(KdfError::TooWeak { memory_kib, passes });
        assert_eq!(WrappedAccountKey::parse(&stored), Err(expected));
        stored[MEMORY_AT] = 0xff;
        assert!(matches!(
            WrappedAccountKey::parse(&stored),
            Err(WrappedKeyError::Kdf(KdfError::TooCostly { .. }))
        ));
    }

    #[test]
    fn a_cost_changed_within_the_limits_is_noticed() {
        let key = AccountKey::generate(&mut rng());
        let higher = KdfCost::new(20 * 1024, 2, 1).unwrap();
        let mut stored = WrappedAccountKey::wrap(ADA, &key, &password_door(higher), &mut rng()).to_bytes();
        stored[MEMORY_AT..MEMORY_AT + 4].copy_from_slice(&(19 * 1024_u32).to_be_bytes());
        let lowered = WrappedAccountKey::parse(&stored).unwrap();
        assert_eq!(lowered.door(), &Door::Password(KdfParameters::new(KdfCost::FLOOR, [1; 16])));
        assert_eq!(lowered.unwrap(ADA, &password_door(KdfCost::FLOOR)), Err(UnwrapError::Refused));
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_refused() {
        let key = AccountKey::generate(&mut rng());
        for door in &doors() {
            let stored = WrappedAccountKey::wrap(ADA, &key, door, &mut rng()).to_bytes();
            for length in 0..stored.len() {
                let expected = Err(WrappedKeyError::Parse(ParseError::Truncated));
                assert_eq!(WrappedAccountKey::parse(&stored[..length]), expected, "{length}");
            }
            for bit in 0..stored.len() * 8 {
                let mut altered = stored.clone();
                altered[bit / 8] ^= 1 << (bit % 8);
                let opened = WrappedAccountKey::parse(&altered).ok().map(|wrapped| wrapped.unwrap(ADA, door));
                assert!(!matches!(opened, Some(Ok(_))), "bit {bit}");
            }
        }
    }
}
