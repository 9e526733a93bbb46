//! Between the bytes that are sealed and the text that messages carry.

use data_encoding::BASE64URL_NOPAD;
use sealing::{
    account_key::WrappedAccountKey,
    identity::{Identity, WrappedIdentity},
    password::{KdfCost, KdfParameters},
};
use shared_types::{
    users::{Kdf, WrappedBy, WrappedKey},
    vault::{IdentityKeys, VaultRefusal},
};

pub fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub fn decode(text: &str) -> Result<Vec<u8>, VaultRefusal> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| VaultRefusal::Damaged)
}

pub fn kdf(parameters: &KdfParameters) -> Kdf {
    let cost = parameters.cost();
    Kdf {
        memory_kib: cost.memory_kib(),
        passes: cost.passes(),
        lanes: cost.lanes().into(),
        salt: encode(parameters.salt()),
    }
}

/// A cost below the floor is refused before anything is derived with it.
pub fn parameters(kdf: &Kdf) -> Result<KdfParameters, VaultRefusal> {
    let lanes = u8::try_from(kdf.lanes).map_err(|_| VaultRefusal::Derivation)?;
    let cost = KdfCost::new(kdf.memory_kib, kdf.passes, lanes).map_err(|_| VaultRefusal::Derivation)?;
    let salt = decode(&kdf.salt)?.try_into().map_err(|_| VaultRefusal::Damaged)?;
    Ok(KdfParameters::new(cost, salt))
}

pub fn wrapped(kind: WrappedBy, key: &WrappedAccountKey) -> WrappedKey {
    WrappedKey { kind, passkey_id: None, blob: encode(&key.to_bytes()) }
}

pub fn identity(identity: &Identity, wrapped: &WrappedIdentity) -> IdentityKeys {
    IdentityKeys { public: encode(&identity.keys().to_bytes()), wrapped: encode(&wrapped.to_bytes()) }
}
