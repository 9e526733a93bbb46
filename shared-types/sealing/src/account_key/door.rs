//! The doors to an account key, and what opens them.

use shared_types::AccountId;

use super::RecoveryCode;
use crate::{
    labels::{PASSKEY_KEK, RECOVERY_CODE_KEK},
    password::{KdfParameters, KdfReadError, PasswordKeys},
    secret::Secret,
    suite::kdf,
    wire::{ParseError, Reader, Writer},
};

/// The longest credential id that WebAuthn allows (Level 3, section 4, "Credential ID").
pub const MAX_CREDENTIAL: usize = 1023;

/// Which way in, with what it needs to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// The password, derived with these parameters.
    Password(KdfParameters),
    /// The passkey with this credential id.
    Passkey(Vec<u8>),
    /// The recovery code.
    RecoveryCode,
}

impl Door {
    const PASSWORD: u8 = 1;
    const PASSKEY: u8 = 2;
    const RECOVERY_CODE: u8 = 3;

    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Password(parameters) => {
                writer.u8(Self::PASSWORD);
                parameters.write(writer);
            }
            Self::Passkey(credential) => {
                writer.u8(Self::PASSKEY);
                writer.bytes(credential);
            }
            Self::RecoveryCode => writer.u8(Self::RECOVERY_CODE),
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, KdfReadError> {
        match reader.u8()? {
            Self::PASSWORD => KdfParameters::read(reader).map(Self::Password),
            Self::PASSKEY => Ok(Self::Passkey(reader.bytes(MAX_CREDENTIAL)?.to_vec())),
            Self::RECOVERY_CODE => Ok(Self::RecoveryCode),
            found => Err(ParseError::UnknownKind { what: "door", found }.into()),
        }
    }
}

/// Opens one door.
#[derive(Debug)]
pub struct DoorKey {
    pub(super) door: Door,
    pub(super) key: Secret<32>,
}

impl DoorKey {
    /// From a password that was derived.
    pub fn password(keys: &PasswordKeys) -> Self {
        Self { door: Door::Password(keys.parameters), key: keys.kek.clone() }
    }

    /// From a passkey's PRF output (WebAuthn Level 3, section 10.1.4). The credential id is at most 1023 bytes, which
    /// WebAuthn sees to.
    pub fn passkey(account: AccountId, credential: &[u8], prf_output: &Secret<32>) -> Self {
        let key = kdf::derive(prf_output.expose(), PASSKEY_KEK, &[account.0.as_bytes(), credential]);
        Self { door: Door::Passkey(credential.to_vec()), key }
    }

    /// From the recovery code.
    pub fn recovery_code(account: AccountId, code: &RecoveryCode) -> Self {
        let key = kdf::derive(code.0.expose(), RECOVERY_CODE_KEK, &[account.0.as_bytes()]);
        Self { door: Door::RecoveryCode, key }
    }
}
