//! The one suite of format version 1, and nothing to negotiate.
//!
//! | use | algorithm | source |
//! |---|---|---|
//! | content and wrapped keys | XChaCha20-Poly1305 | draft-irtf-cfrg-xchacha-03 |
//! | keys for somebody else | HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 | RFC 9180 |
//! | signatures | Ed25519, strict | RFC 8032 |
//! | passwords | Argon2id | RFC 9106 |
//! | derivation | HKDF-SHA256 | RFC 5869 |
//! | hashes | SHA-256, SHA-512 | FIPS 180-4 |
//! | 2 of 3 | Shamir over GF(2^8) | A. Shamir, "How to share a secret", 1979 |
//!
//! All of them come from published crates. These files only fix parameters and give results names.

pub(crate) mod aead;
pub(crate) mod digest;
pub mod hpke;
pub(crate) mod kdf;
pub mod signing;

use std::fmt;

use rand_core::CryptoRng;

use crate::wire::{ParseError, Reader, Writer};

/// The version of every format of this crate.
pub const FORMAT_VERSION: u8 = 1;
/// The suite of that version.
pub const SUITE: u16 = 1;

/// Four letters that say what bytes are.
#[derive(Clone, Copy)]
pub(crate) struct Magic {
    letters: &'static [u8; 4],
    what: &'static str,
}

impl Magic {
    pub(crate) const fn new(letters: &'static [u8; 4], what: &'static str) -> Self {
        Self { letters, what }
    }

    /// The letters, the format version and the suite: how everything begins.
    pub(crate) fn write(self, writer: &mut Writer) {
        writer.raw(self.letters);
        writer.u8(FORMAT_VERSION);
        writer.u16(SUITE);
    }

    /// Accepts the one version and its one suite.
    pub(crate) fn read(self, reader: &mut Reader<'_>) -> Result<(), ParseError> {
        if reader.array::<4>()? != *self.letters {
            return Err(ParseError::OtherFormat { expected: self.what });
        }
        match reader.u8()? {
            FORMAT_VERSION => {}
            found => return Err(ParseError::UnknownVersion { found }),
        }
        match reader.u16()? {
            SUITE => Ok(()),
            found => Err(ParseError::UnknownSuite { found }),
        }
    }
}

/// The name of a public key: a hash of it and of whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 32]);

impl KeyId {
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        reader.array().map(Self)
    }
}

/// Hexadecimal.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// So many random bytes that are no secret: a nonce.
pub(crate) fn random<const N: usize>(rng: &mut impl CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
