//! Seals single fields of a row: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce of 24 bytes before
//! the ciphertext. A sealed field opens only as that field of that patient. Of several keys the first seals and all open,
//! so that a key can be brought in while what an older one sealed is still there.

use std::{path::Path, sync::Arc};

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
use shared_types::{BookingId, PatientId};

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

/// Seals with the newest key and opens with any.
#[derive(Clone)]
pub struct FieldCipher(Arc<Keys>);

struct Keys {
    newest: Key,
    older: Vec<Key>,
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Why a sealed field cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// Its key was dropped too early, or is another installation's.
    #[error("a field was sealed with the key {0}, which is not here")]
    UnknownKey(String),
    /// It was changed, or moved to another row or field.
    #[error("a sealed field does not open")]
    Damaged,
}

impl FieldCipher {
    /// The cipher of the settings' keys, or of the one in `keys/payments-coverage-key` below the home folder, which in
    /// development is made at the first start.
    ///
    /// # Errors
    /// When a file cannot be read or made, does not hold 32 bytes, or is missing in production.
    pub fn of(settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        let files = match settings.coverage_keys.as_slice() {
            [] => vec![settings.home.join("keys").join("payments-coverage-key")],
            files => files.to_vec(),
        };
        let mut keys = files.iter().map(|path| Key::in_file(path, settings, chance));
        let newest = keys.next().unwrap_or_else(|| anyhow::bail!("there is no key for card numbers"))?;
        Ok(Self(Arc::new(Keys { newest, older: keys.collect::<anyhow::Result<_>>()? })))
    }

    /// The name of the key that seals.
    pub fn key_id(&self) -> &str {
        &self.0.newest.id
    }

    /// The names of the keys that only open.
    pub fn older_key_ids(&self) -> Vec<String> {
        self.0.older.iter().map(|key| key.id.clone()).filter(|id| id != self.key_id()).collect()
    }

    /// Seals a field's text.
    pub fn seal(&self, chance: &Chance, patient_id: PatientId, field: Field, text: &str) -> Vec<u8> {
        self.seal_bound(chance, &bound_to(patient_id, field), text)
    }

    /// Opens a field that the key of that name sealed for that patient.
    ///
    /// # Errors
    /// When it did not, or the key is not here.
    pub fn open(
        &self,
        key_id: &str,
        patient_id: PatientId,
        field: Field,
        sealed: &[u8],
    ) -> Result<String, CannotOpen> {
        self.open_bound(key_id, &bound_to(patient_id, field), sealed)
    }

    /// Seals who a bulk-billed booking's patient is.
    pub fn seal_claimant(&self, chance: &Chance, booking_id: BookingId, text: &str) -> Vec<u8> {
        self.seal_bound(chance, &bound_to_booking(booking_id), text)
    }

    /// Opens what the key of that name sealed for that booking.
    ///
    /// # Errors
    /// When it did not, or the key is not here.
    pub fn open_claimant(
        &self,
        key_id: &str,
        booking_id: BookingId,
        sealed: &[u8],
    ) -> Result<String, CannotOpen> {
        self.open_bound(key_id, &bound_to_booking(booking_id), sealed)
    }

    fn seal_bound(&self, chance: &Chance, bound: &[u8], text: &str) -> Vec<u8> {
        let nonce: [u8; NONCE] = chance.bytes();
        let payload = Payload { msg: text.as_bytes(), aad: bound };
        let sealed = self.0.newest.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("the cipher refuses only texts of hundreds of gigabytes");
        [nonce.as_slice(), &sealed].concat()
    }

    fn open_bound(&self, key_id: &str, bound: &[u8], sealed: &[u8]) -> Result<String, CannotOpen> {
        let key = [&self.0.newest].into_iter().chain(&self.0.older).find(|key| key.id == key_id);
        let key = key.ok_or_else(|| CannotOpen::UnknownKey(key_id.to_owned()))?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(CannotOpen::Damaged)?;
        let payload = Payload { msg: sealed, aad: bound };
        let text = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| CannotOpen::Damaged)?;
        String::from_utf8(text).map_err(|_| CannotOpen::Damaged)
    }
}

impl Key {
    fn in_file(path: &Path, settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        ensure!(
            settings.mode == Mode::Development || path.exists(),
            "production generates no keys: put 32 random bytes into {}, readable by this process only",
            path.display()
        );
        Ok(Self::new(&secret_in_file(path, chance)?))
    }

    fn new(key: &[u8; 32]) -> Self {
        // The key is random, so the start of its hash names it and tells nothing of it.
        let id = hex::encode(&Sha256::digest(key)[..8]);
        Self { id, cipher: XChaCha20Poly1305::new(key.into()) }
    }
}

/// What a sealed field is tied to; patients' ids all have one length, so no two are written the same.
fn bound_to(patient_id: PatientId, field: Field) -> Vec<u8> {
    [b"payments.coverage\0".as_slice(), patient_id.0.as_bytes(), field.name().as_bytes()].concat()
}

fn bound_to_booking(booking_id: BookingId) -> Vec<u8> {
    [b"payments.claimant\0".as_slice(), booking_id.0.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Arc};

    use kernel::Chance;
    use shared_types::PatientId;
    use uuid::Uuid;

    use super::{CannotOpen, Field, FieldCipher, Key, Keys, NONCE};

    const ADA: PatientId = PatientId(Uuid::from_u128(1));
    const BO: PatientId = PatientId(Uuid::from_u128(2));
    const CARD: &str = "2123456701/1";

    /// The cipher of keys that are 32 times the same byte, the newest first.
    fn cipher(keys: &[u8]) -> FieldCipher {
        let mut keys = keys.iter().map(|byte| Key::new(&[*byte; 32]));
        FieldCipher(Arc::new(Keys { newest: keys.next().unwrap(), older: keys.collect() }))
    }

    fn sealed(cipher: &FieldCipher) -> Vec<u8> {
        cipher.seal(&Chance::seeded(1), ADA, Field::Medicare, CARD)
    }

    #[test]
    fn a_field_opens_as_itself_and_as_nothing_else() {
        let (seven, chance) = (cipher(&[7]), Chance::seeded(1));
        let sealed = seven.seal(&chance, ADA, Field::Medicare, CARD);
        let open = |patient, field| seven.open(seven.key_id(), patient, field, &sealed);
        assert_eq!(open(ADA, Field::Medicare).as_deref(), Ok(CARD));
        assert_eq!(open(BO, Field::Medicare), Err(CannotOpen::Damaged));
        assert_eq!(open(ADA, Field::Concession), Err(CannotOpen::Damaged));
        assert_ne!(seven.seal(&chance, ADA, Field::Medicare, CARD), sealed, "a new nonce each time");
    }

    #[test]
    fn no_two_fields_are_sealed_with_one_nonce() {
        let (seven, chance) = (cipher(&[7]), Chance::system());
        let sealed = (0..2_000).map(|_| seven.seal(&chance, ADA, Field::Medicare, CARD));
        let nonces: HashSet<_> = sealed.map(|sealed| sealed[..NONCE].to_vec()).collect();
        assert_eq!(nonces.len(), 2_000);
    }

    #[test]
    fn who_a_booking_is_for_opens_as_that_booking_alone() {
        let (seven, chance) = (cipher(&[7]), Chance::seeded(1));
        let sealed = seven.seal_claimant(&chance, ADA.0.into(), CARD);
        assert_eq!(seven.open_claimant(seven.key_id(), ADA.0.into(), &sealed).as_deref(), Ok(CARD));
        assert_eq!(seven.open_claimant(seven.key_id(), BO.0.into(), &sealed), Err(CannotOpen::Damaged));
        assert_eq!(seven.open(seven.key_id(), ADA, Field::Medicare, &sealed), Err(CannotOpen::Damaged));
    }

    #[test]
    fn an_older_key_opens_what_it_sealed_and_the_newest_seals() {
        let (old, both, new) = (cipher(&[7]), cipher(&[8, 7]), cipher(&[8]));
        let before = sealed(&old);
        assert_eq!(both.open(old.key_id(), ADA, Field::Medicare, &before).as_deref(), Ok(CARD));
        assert_eq!(both.key_id(), new.key_id());
        assert_eq!(both.older_key_ids(), [old.key_id()]);
        assert_eq!(new.open(both.key_id(), ADA, Field::Medicare, &sealed(&both)).as_deref(), Ok(CARD));
        // A row with another key's name on it does not open.
        assert_eq!(both.open(new.key_id(), ADA, Field::Medicare, &before), Err(CannotOpen::Damaged));
    }

    #[test]
    fn a_key_that_is_not_here_is_named() {
        let (old, new) = (cipher(&[7]), cipher(&[8]));
        let error = new.open(old.key_id(), ADA, Field::Medicare, &sealed(&old)).unwrap_err();
        assert_eq!(error, CannotOpen::UnknownKey(old.key_id().to_owned()));
        assert!(error.to_string().contains(old.key_id()), "{error}");
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let seven = cipher(&[7]);
        let sealed = sealed(&seven);
        let open = |sealed: &[u8]| seven.open(seven.key_id(), ADA, Field::Medicare, sealed);
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&changed), Err(CannotOpen::Damaged), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(&sealed[..length]), Err(CannotOpen::Damaged));
        }
    }
}
