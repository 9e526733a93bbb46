//! What a browser sends of a new password, and of keys it wrapped; read and bounded.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use shared_types::{
    PasskeyId, Problem,
    personal::Personal,
    problem::FieldError,
    users::{Kdf, WrappedBy, WrappedKey},
};

use super::auth_key::AuthKey;

/// The longest blob, in bytes.
const BLOB_MAX: usize = 1024;
/// The most copies of an account key at once.
const BLOBS_MAX: usize = 20;

/// Salt and costs, within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KdfChosen {
    /// The salt.
    pub salt: [u8; 16],
    /// Memory in KiB.
    pub memory_kib: i32,
    /// Passes.
    pub passes: i32,
    /// Lanes.
    pub lanes: i32,
}

impl KdfChosen {
    /// As it is sent.
    pub fn view(&self) -> Kdf {
        let unsigned = |cost: i32| u32::try_from(cost).unwrap_or_default();
        Kdf {
            salt: URL_SAFE_NO_PAD.encode(self.salt),
            memory_kib: unsigned(self.memory_kib),
            passes: unsigned(self.passes),
            lanes: unsigned(self.lanes),
        }
    }

    /// What an address without an account is answered with.
    pub fn pretended(salt: [u8; 16]) -> Kdf {
        let (memory_kib, passes, lanes) = Kdf::USUAL_COST;
        Kdf { salt: URL_SAFE_NO_PAD.encode(salt), memory_kib, passes, lanes }
    }

    /// Reads it; only the usual costs are taken.
    ///
    /// # Errors
    /// One entry for each part that is wrong.
    pub fn parse(kdf: &Kdf) -> Result<Self, Vec<FieldError>> {
        kdf.check_costs()?;
        let salt = URL_SAFE_NO_PAD.decode(&kdf.salt).ok().and_then(|salt| salt.try_into().ok());
        let salt = salt.ok_or_else(|| {
            vec![FieldError::new("/kdf/salt", "Send 16 bytes as base64url without padding")]
        })?;
        let signed = |cost: u32| i32::try_from(cost).unwrap_or(i32::MAX);
        Ok(Self {
            salt,
            memory_kib: signed(kdf.memory_kib),
            passes: signed(kdf.passes),
            lanes: signed(kdf.lanes),
        })
    }
}

/// A copy of the account key, wrapped: bytes that say nothing to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// By what it is wrapped.
    pub kind: WrappedBy,
    /// By which passkey.
    pub passkey_id: Option<PasskeyId>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Blob {
    /// Reads copies, one of each kind and passkey, from the field `pointer`.
    ///
    /// # Errors
    /// One entry for each that is wrong.
    pub fn parse_all(keys: &[WrappedKey], pointer: &str) -> Result<Vec<Self>, Vec<FieldError>> {
        if keys.len() > BLOBS_MAX {
            return Err(vec![FieldError::new(pointer, format!("Send at most {BLOBS_MAX}"))]);
        }
        let mut errors = Vec::new();
        let mut blobs: Vec<Self> = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            let twice = blobs.iter().any(|blob| (blob.kind, blob.passkey_id) == (key.kind, key.passkey_id));
            match Self::parse(key) {
                Some(blob) if !twice => blobs.push(blob),
                _ => errors.push(FieldError::new(
                    format!("{pointer}/{at}"),
                    "Send each copy once: 1 to 1024 bytes as base64url, with its passkey exactly when a passkey wraps it",
                )),
            }
        }
        if errors.is_empty() { Ok(blobs) } else { Err(errors) }
    }

    fn parse(key: &WrappedKey) -> Option<Self> {
        let bytes = bytes(&key.blob)?;
        let named = match key.kind {
            WrappedBy::Passkey => key.passkey_id.is_some(),
            WrappedBy::Password | WrappedBy::Recovery => key.passkey_id.is_none(),
        };
        named.then_some(Self { kind: key.kind, passkey_id: key.passkey_id, bytes })
    }

    /// As it is sent.
    pub fn view(&self) -> WrappedKey {
        WrappedKey { kind: self.kind, passkey_id: self.passkey_id, blob: URL_SAFE_NO_PAD.encode(&self.bytes) }
    }
}

/// Up to 1 KiB of base64url.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| (1..=BLOB_MAX).contains(&bytes.len()))
}

/// A new password's costs and key.
///
/// # Errors
/// 422, naming every field that is wrong.
pub fn new_password(kdf: &Kdf, auth_key: &Personal<String>) -> Result<(KdfChosen, AuthKey), Problem> {
    match (KdfChosen::parse(kdf), AuthKey::parse(auth_key, "/auth_key")) {
        (Ok(kdf), Ok(key)) => Ok((kdf, key)),
        (kdf, key) => {
            let errors = kdf.err().into_iter().flatten().chain(key.err()).collect();
            Err(Problem::invalid(errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::users::{Kdf, WrappedBy, WrappedKey};
    use uuid::Uuid;

    use super::{Blob, KdfChosen};

    fn key(kind: WrappedBy, passkey: Option<u128>, blob: &str) -> WrappedKey {
        WrappedKey { kind, passkey_id: passkey.map(|id| Uuid::from_u128(id).into()), blob: blob.to_owned() }
    }

    #[test]
    fn copies_are_bounded_and_one_of_each_kind() {
        let good = [
            key(WrappedBy::Password, None, "AAAA"),
            key(WrappedBy::Passkey, Some(1), "AAAA"),
            key(WrappedBy::Passkey, Some(2), "AAAA"),
        ];
        assert_eq!(Blob::parse_all(&good, "/wrapped_keys").unwrap().len(), 3);
        for bad in [
            key(WrappedBy::Password, None, ""),
            key(WrappedBy::Password, Some(1), "AAAA"),
            key(WrappedBy::Passkey, None, "AAAA"),
            key(WrappedBy::Recovery, None, "not base64!"),
            key(WrappedBy::Recovery, None, &"A".repeat(1368)),
            good[0].clone(),
        ] {
            let errors = Blob::parse_all(&[good[0].clone(), bad], "/wrapped_keys").unwrap_err();
            assert_eq!(errors[0].pointer, "/wrapped_keys/1");
        }
    }

    #[test]
    fn a_pretended_salt_looks_like_a_real_one() {
        let pretended = KdfChosen::pretended([3; 16]);
        assert_eq!(KdfChosen::parse(&pretended).unwrap().view(), pretended);
        assert!(KdfChosen::parse(&Kdf { salt: "AA".to_owned(), ..pretended }).is_err());
    }
}
