//! Between the values that are sealed and the text that messages carry.

use data_encoding::BASE64URL_NOPAD;
use sealing::{
    account_key::WrappedAccountKey,
    directory::Subject,
    identity::{Identity, WrappedIdentity},
    password::{KdfCost, KdfParameters},
    secret::{Hidden, Secret},
};
use shared_types::{
    users::{IdentityKeys, Kdf, KeySubject, WrappedBy, WrappedKey},
    vault::VaultRefusal,
};

use crate::refusal::Refuses;

pub fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub fn decode(text: &str) -> Result<Vec<u8>, VaultRefusal> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| VaultRefusal::Damaged)
}

/// Secret bytes of this very length.
pub fn secret<const N: usize>(text: &str) -> Result<Secret<N>, VaultRefusal> {
    let bytes = Hidden::new(decode(text)?);
    bytes.expose().as_slice().try_into().map(Secret::new).map_err(|_| VaultRefusal::Damaged)
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
    let cost = KdfCost::new(kdf.memory_kib, kdf.passes, lanes).map_err(Refuses::refusal)?;
    let salt = decode(&kdf.salt)?.try_into().map_err(|_| VaultRefusal::Damaged)?;
    Ok(KdfParameters::new(cost, salt))
}

/// Which passkey it is, the page knows.
pub fn wrapped(kind: WrappedBy, key: &WrappedAccountKey) -> WrappedKey {
    WrappedKey { kind, passkey_id: None, blob: encode(&key.to_bytes()) }
}

pub fn identity(identity: &Identity, wrapped: &WrappedIdentity) -> IdentityKeys {
    IdentityKeys { public: encode(&identity.keys().to_bytes()), wrapped: encode(&wrapped.to_bytes()) }
}

pub fn key_subject(subject: Subject) -> KeySubject {
    match subject {
        Subject::Account(account) => KeySubject::Account(account),
        Subject::Practice(organization) => KeySubject::Practice(organization),
    }
}

pub fn subject(subject: KeySubject) -> Subject {
    match subject {
        KeySubject::Account(account) => Subject::Account(account),
        KeySubject::Practice(organization) => Subject::Practice(organization),
    }
}
