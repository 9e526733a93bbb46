//! From a password to two keys that tell nothing of each other: one proves the password to the server, the other
//! unwraps the account key and never leaves the browser.
//!
//! The server keeps the salt and the cost, so a hostile one may lie about them. A cost below the floor is refused
//! ([`KdfError::TooWeak`]), as is one below what this browser has used before ([`KdfError::Lowered`]), and one so high
//! that it would stop the browser ([`KdfError::TooCostly`]).

mod cost;

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

pub(crate) use self::cost::KdfReadError;
pub use self::cost::{KdfCost, KdfError, KdfParameters};
use crate::{
    labels::{PASSWORD_AUTH, PASSWORD_KEK},
    secret::Secret,
    suite::kdf,
};

/// The longest password, in bytes. Argon2 would take more, but nobody types it.
pub const MAX_PASSWORD: usize = 1024;

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// There is none.
    #[error("the password is empty")]
    Empty,
    /// More than [`MAX_PASSWORD`] bytes.
    #[error("the password is longer than {MAX_PASSWORD} bytes")]
    TooLong,
}

/// A password as typed, in Unicode's form NFC, so that every keyboard gives the same bytes: the browser's
/// `String.prototype.normalize` sees to that before the text arrives here. How good it is, is judged elsewhere.
pub struct Password(Zeroizing<String>);

impl Password {
    /// # Errors
    /// [`PasswordError`].
    pub fn new(text: String) -> Result<Self, PasswordError> {
        let text = Zeroizing::new(text);
        match text.len() {
            0 => Err(PasswordError::Empty),
            1..=MAX_PASSWORD => Ok(Self(text)),
            _ => Err(PasswordError::TooLong),
        }
    }

    /// Takes as long as the cost says: about a second in a browser.
    ///
    /// # Errors
    /// [`KdfError::OutOfMemory`].
    pub fn derive(&self, parameters: &KdfParameters) -> Result<PasswordKeys, KdfError> {
        let root = argon2id(self.0.as_bytes(), parameters)?;
        let context = parameters.to_bytes();
        Ok(PasswordKeys {
            auth: AuthKey(kdf::derive(root.expose(), PASSWORD_AUTH, &[&context])),
            kek: kdf::derive(root.expose(), PASSWORD_KEK, &[&context]),
            parameters: *parameters,
        })
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// The two keys of a password.
#[derive(Debug)]
pub struct PasswordKeys {
    pub(crate) auth: AuthKey,
    pub(crate) kek: Secret<32>,
    pub(crate) parameters: KdfParameters,
}

impl PasswordKeys {
    /// What is sent to prove the password.
    pub fn auth(&self) -> &AuthKey {
        &self.auth
    }
}

/// Proves the password to the server, which hashes it again before it stores or compares it. It unwraps nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthKey(Secret<32>);

impl AuthKey {
    /// The bytes, for the one request that carries them.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

fn argon2id(password: &[u8], parameters: &KdfParameters) -> Result<Secret<32>, KdfError> {
    let cost = parameters.cost();
    let params = Params::new(cost.memory_kib(), cost.passes(), cost.lanes().into(), Some(32))
        .expect("the floor and the ceiling lie within what Argon2 allows");
    let mut root = Secret::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, parameters.salt(), root.expose_mut())
        // The lengths of password, salt and output are all allowed, so memory is what is left to go wrong.
        .map_err(|_| KdfError::OutOfMemory)?;
    Ok(root)
}

#[cfg(test)]
mod tests {
    use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};

    use super::{KdfCost, KdfParameters, Password, PasswordError};

    /// RFC 9106, section 5.3 (read on 2026-11-23).
    #[test]
    fn the_published_vector_comes_out() {
        let params = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .build()
            .unwrap();
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        assert_eq!(hex::encode(tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    #[test]
    fn the_two_keys_differ_and_depend_on_everything() {
        let parameters = KdfParameters::new(KdfCost::FLOOR, [1; 16]);
        let keys = |password: &str, parameters: &KdfParameters| {
            let keys = Password::new(password.to_owned()).unwrap().derive(parameters).unwrap();
            (*keys.auth.expose(), *keys.kek.expose())
        };
        let (auth, kek) = keys("correct horse", &parameters);
        assert_ne!(auth, kek);
        assert_eq!(keys("correct horse", &parameters), (auth, kek));
        let more_passes = KdfParameters::new(KdfCost::new(19 * 1024, 3, 1).unwrap(), [1; 16]);
        for other in [
            keys("correct horsf", &parameters),
            keys("correct horse", &KdfParameters::new(KdfCost::FLOOR, [2; 16])),
            keys("correct horse", &more_passes),
        ] {
            assert!(other.0 != auth && other.1 != kek);
        }
    }

    #[test]
    fn a_password_has_a_length_and_is_not_printed() {
        assert_eq!(Password::new(String::new()).unwrap_err(), PasswordError::Empty);
        assert_eq!(Password::new("x".repeat(1025)).unwrap_err(), PasswordError::TooLong);
        assert_eq!(format!("{:?}", Password::new("correct horse".to_owned()).unwrap()), "[secret]");
    }
}
