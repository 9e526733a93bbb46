//! What payments keeps sealed, by the kernel's cipher (`kernel::column_cipher`): single fields of a patient's coverage, and who a
//! bulk-billed booking's patient is. Each opens only as that field of that patient, or as that booking's.

use kernel::{
    Chance,
    column_cipher::{CannotOpen, ColumnCipher, Place},
    config::Settings,
};
use shared_types::{BookingId, PatientId};

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
    fn of(self, patient_id: PatientId) -> Place {
        let column = match self {
            Self::Medicare => "medicare",
            Self::DvaFileNumber => "dva_file_number",
            Self::Concession => "concession",
        };
        Place::Column { table: "payments.coverage", column, row: patient_id.0 }
    }
}

/// Seals with the newest key and opens with any.
#[derive(Clone)]
pub struct FieldCipher(ColumnCipher);

impl FieldCipher {
    /// The cipher of the settings' keys, or of the one in `keys/payments-coverage-key` below the home folder, which in
    /// development is made at the first start.
    ///
    /// # Errors
    /// When a file cannot be read or made, does not hold 32 bytes, or is missing in production.
    pub fn of(settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        let cipher =
            ColumnCipher::in_files(settings, &settings.coverage_keys, "payments-coverage-key", chance)?;
        Ok(Self(cipher))
    }

    /// The name of the key that seals.
    pub fn key_id(&self) -> &str {
        self.0.key_id()
    }

    /// The names of the keys that only open.
    pub fn older_key_ids(&self) -> Vec<String> {
        self.0.older_key_ids()
    }

    /// Seals a field's text.
    pub fn seal(&self, chance: &Chance, patient_id: PatientId, field: Field, text: &str) -> Vec<u8> {
        self.0.seal(chance, field.of(patient_id), text.as_bytes())
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
        self.0.open_text(key_id, field.of(patient_id), sealed)
    }

    /// Seals who a bulk-billed booking's patient is.
    pub fn seal_claimant(&self, chance: &Chance, booking_id: BookingId, text: &str) -> Vec<u8> {
        self.0.seal(chance, claimant(booking_id), text.as_bytes())
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
        self.0.open_text(key_id, claimant(booking_id), sealed)
    }
}

fn claimant(booking_id: BookingId) -> Place {
    Place::Row { table: "payments.claimant", row: booking_id.0 }
}

#[cfg(test)]
mod tests {
    use kernel::{
        Chance,
        column_cipher::{CannotOpen, ColumnCipher},
    };
    use shared_types::PatientId;
    use uuid::Uuid;

    use super::{Field, FieldCipher};

    const ADA: PatientId = PatientId(Uuid::from_u128(1));
    const BO: PatientId = PatientId(Uuid::from_u128(2));
    const CARD: &str = "2123456701/1";

    fn cipher() -> FieldCipher {
        FieldCipher(ColumnCipher::of(&[7; 32], &[]))
    }

    #[test]
    fn a_field_opens_as_itself_and_as_nothing_else() {
        let (seven, chance) = (cipher(), Chance::seeded(1));
        let sealed = seven.seal(&chance, ADA, Field::Medicare, CARD);
        let open = |patient, field| seven.open(seven.key_id(), patient, field, &sealed);
        assert_eq!(open(ADA, Field::Medicare).as_deref(), Ok(CARD));
        assert_eq!(open(BO, Field::Medicare), Err(CannotOpen::Damaged));
        assert_eq!(open(ADA, Field::DvaFileNumber), Err(CannotOpen::Damaged));
        assert_eq!(open(ADA, Field::Concession), Err(CannotOpen::Damaged));
    }

    #[test]
    fn who_a_booking_is_for_opens_as_that_booking_alone() {
        let (seven, chance) = (cipher(), Chance::seeded(1));
        let sealed = seven.seal_claimant(&chance, ADA.0.into(), CARD);
        assert_eq!(seven.open_claimant(seven.key_id(), ADA.0.into(), &sealed).as_deref(), Ok(CARD));
        assert_eq!(seven.open_claimant(seven.key_id(), BO.0.into(), &sealed), Err(CannotOpen::Damaged));
        assert_eq!(seven.open(seven.key_id(), ADA, Field::Medicare, &sealed), Err(CannotOpen::Damaged));
    }

    #[test]
    fn what_is_stored_opens_in_every_later_version() {
        let (seven, nonce) = (cipher(), (0..24).collect::<Vec<u8>>());
        let stored = |rest: &str| [nonce.as_slice(), &hex::decode(rest).unwrap()].concat();
        let medicare = stored("9a2699b6ce296d9215f6ae765e996d5a1aff386df7d715e3f09ff721");
        let opened = seven.open("4bb06f8e4e3a7715", ADA, Field::Medicare, &medicare);
        assert_eq!(opened.as_deref(), Ok(CARD));
        let claimant = stored("9a2699b6ce296d9215f6ae766e5d03705813a7df917610fab975603c");
        let opened = seven.open_claimant("4bb06f8e4e3a7715", ADA.0.into(), &claimant);
        assert_eq!(opened.as_deref(), Ok(CARD));
    }
}
