//! Seals single fields of a row: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce of 24 bytes before
//! the ciphertext. A sealed field opens only as that field of that patient.

use std::sync::Arc;

use anyhow::ensure;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use kernel::{
    Chance,
    config::{Mode, Settings},
    keys::secret_in_file,
};
use sha2::{Digest as _, Sha256};
use shared_types::PatientId;

const NONCE: usize = 24;

/// Which field of a patient's coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Number and reference of the Medicare card.
    Medicare,
    /// The veteran's file number.
    DvaFileNumber,
    /// Kind and number of the concession card.
    Concession,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Medicare => "medicare",
            Self::DvaFileNumber => "dva_file_number",
            Self::Concession => "concession",
        }
    }
}

/// Seals and opens fields with one key.
#[derive(Clone)]
pub struct FieldCipher {
    cipher: Arc<XChaCha20Poly1305>,
    key_id: String,
}

/// A sealed field does not open: changed, moved to another row or field, or sealed with another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed field does not open")]
pub struct DoesNotOpen;

impl FieldCipher {
    /// The cipher of the key in `keys/payments-coverage-key` below the home folder; in development it is made at the
    /// first start.
    ///
    /// # Errors
    /// When the file cannot be read or made, does not hold 32 bytes, or is missing in production.
    pub fn of(settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        let path = settings.home.join("keys").join("payments-coverage-key");
        ensure!(
            settings.mode == Mode::Development || path.exists(),
            "production generates no keys: put 32 random bytes into {}, readable by this process only",
            path.display()
        );
        Ok(Self::new(&secret_in_file(&path, chance)?))
    }

    fn new(key: &[u8; 32]) -> Self {
        // The key is random, so the start of its hash names it and tells nothing of it.
        let key_id = hex::encode(&Sha256::digest(key)[..8]);
        Self { cipher: Arc::new(XChaCha20Poly1305::new(key.into())), key_id }
    }

    /// The name of the key.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Seals a field's text.
    pub fn seal(&self, chance: &Chance, patient_id: PatientId, field: Field, text: &str) -> Vec<u8> {
        let nonce: [u8; NONCE] = chance.bytes();
        let bound = bound_to(patient_id, field);
        let payload = Payload { msg: text.as_bytes(), aad: &bound };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("the cipher refuses only texts of hundreds of gigabytes");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens a field that was sealed for that patient.
    ///
    /// # Errors
    /// When it was not, or not with this key.
    pub fn open(&self, patient_id: PatientId, field: Field, sealed: &[u8]) -> Result<String, DoesNotOpen> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(DoesNotOpen)?;
        let bound = bound_to(patient_id, field);
        let payload = Payload { msg: sealed, aad: &bound };
        let text = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| DoesNotOpen)?;
        String::from_utf8(text).map_err(|_| DoesNotOpen)
    }
}

/// What a sealed field is tied to; patients' ids all have one length, so no two are written the same.
fn bound_to(patient_id: PatientId, field: Field) -> Vec<u8> {
    [b"payments.coverage\0".as_slice(), patient_id.0.as_bytes(), field.name().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use kernel::Chance;
    use shared_types::PatientId;
    use uuid::Uuid;

    use super::{DoesNotOpen, Field, FieldCipher};

    const ADA: PatientId = PatientId(Uuid::from_u128(1));
    const BO: PatientId = PatientId(Uuid::from_u128(2));

    #[test]
    fn a_field_opens_as_itself_and_as_nothing_else() {
        let (cipher, chance) = (FieldCipher::new(&[7; 32]), Chance::seeded(1));
        let sealed = cipher.seal(&chance, ADA, Field::Medicare, "2123456701/1");
        assert_eq!(cipher.open(ADA, Field::Medicare, &sealed).as_deref(), Ok("2123456701/1"));
        assert_eq!(cipher.open(BO, Field::Medicare, &sealed), Err(DoesNotOpen));
        assert_eq!(cipher.open(ADA, Field::Concession, &sealed), Err(DoesNotOpen));
        assert_eq!(FieldCipher::new(&[8; 32]).open(ADA, Field::Medicare, &sealed), Err(DoesNotOpen));
        assert_ne!(
            cipher.seal(&chance, ADA, Field::Medicare, "2123456701/1"),
            sealed,
            "a new nonce each time"
        );
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let (cipher, chance) = (FieldCipher::new(&[7; 32]), Chance::seeded(1));
        let sealed = cipher.seal(&chance, ADA, Field::Medicare, "2123456701/1");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(cipher.open(ADA, Field::Medicare, &changed), Err(DoesNotOpen), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(cipher.open(ADA, Field::Medicare, &sealed[..length]), Err(DoesNotOpen));
        }
    }
}
