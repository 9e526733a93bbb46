//! Keys as somebody's browser makes them, and what it sends to publish them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    account_key::{AccountKey, DoorKey, RecoveryCode, WrappedAccountKey},
    directory::{Leaf, VerifiedLeaf},
    identity::{Identity, TrustedKeys, WrappedIdentity},
    password::{KdfCost, KdfParameters, Password},
};
use shared_types::{
    AccountId,
    users::{AccountKeys, IdentityKeys, PutIdentity, WrappedBy, WrappedKey},
};

/// Somebody's keys, both halves.
pub struct Keys {
    pub account_id: AccountId,
    pub identity: Identity,
    account_key: AccountKey,
    rng: ChaCha20Rng,
}

impl Keys {
    /// Others for each seed.
    pub fn new(account_id: AccountId, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let (identity, account_key) =
            (Identity::generate(account_id, &mut rng), AccountKey::generate(&mut rng));
        Self { account_id, identity, account_key, rng }
    }

    pub fn trusted(&self) -> TrustedKeys {
        self.identity.trusted()
    }

    /// The account key, wrapped by a recovery code.
    pub fn by_recovery_code(&mut self) -> WrappedKey {
        let door = DoorKey::recovery_code(self.account_id, &RecoveryCode::generate(&mut self.rng));
        self.wrapped(WrappedBy::Recovery, &door)
    }

    /// The account key, wrapped by a password. Takes a moment.
    pub fn by_password(&mut self) -> WrappedKey {
        let password = Password::new("correct horse".to_owned()).unwrap();
        let keys = password.derive(&KdfParameters::new(KdfCost::FLOOR, [1; 16])).unwrap();
        self.wrapped(WrappedBy::Password, &DoorKey::password(&keys))
    }

    fn wrapped(&mut self, kind: WrappedBy, door: &DoorKey) -> WrappedKey {
        let wrapped = WrappedAccountKey::wrap(self.account_id, &self.account_key, door, &mut self.rng);
        WrappedKey { kind, passkey_id: None, blob: encoded(&wrapped.to_bytes()) }
    }

    /// What publishes them as the account's first keys.
    pub fn first(&mut self, now: Timestamp) -> PutIdentity {
        self.after(None, now)
    }

    /// What publishes them after others that are lost.
    pub fn after(&mut self, former: Option<&VerifiedLeaf>, now: Timestamp) -> PutIdentity {
        let account_key = vec![self.by_recovery_code()];
        let leaf = Leaf::account(&self.identity, former, None, now);
        let wrapped = WrappedIdentity::wrap(&self.identity, &self.account_key, &mut self.rng);
        PutIdentity {
            keys: AccountKeys {
                account_key,
                identity: IdentityKeys {
                    public: encoded(&self.identity.keys().to_bytes()),
                    wrapped: encoded(&wrapped.to_bytes()),
                },
            },
            leaf: encoded(&leaf.to_bytes()),
        }
    }
}

/// Bytes as they are sent.
pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Bytes as they came.
pub fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// A leaf as it came.
pub fn leaf(text: &str) -> VerifiedLeaf {
    Leaf::parse(&decoded(text)).unwrap().verify().unwrap()
}
