//! What Medicare paid to a practice's bank, for which claims, what it took back out of it, and claims of which no report comes any more.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AudCents, ClaimId, MedicarePaymentId,
    payments::codes::codes,
    personal::{Personal, PersonalData},
    problem::FieldError,
};

codes! {
    /// Why Medicare is asked about a claim no more, though nobody knows what came of it.
    ReportStopped {
        /// It keeps reports for six months, and they are over.
        Expired = "expired",
        /// It says that there will be none.
        NotAvailable = "not_available",
        /// For weeks it has found none of this claim.
        NotFound = "not_found",
        /// What it said cannot be put to the claim, or the practice has no location id any more.
        Other = "other",
    }
}

codes! {
    /// What a claim has to do with a run of payments.
    RunPartKind {
        /// The run pays it.
        Paid = "paid",
        /// Medicare took back out of the run what it had paid for the claim before.
        Offset = "offset",
    }
}

/// One of Medicare's runs of payments to a practice's bank, and how much of it is known of which claims it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MedicareRun {
    /// Which.
    pub medicare_payment_id: MedicarePaymentId,
    /// The day on which it was paid.
    pub run_date: Date,
    /// Its number, which is its own on its day.
    pub run_number: String,
    /// What it brings to the bank.
    pub deposit_cents: AudCents,
    /// To which account, masked as Medicare does.
    pub masked_account: Option<String>,
    /// How much of it pays for claims that were lodged here, less what was taken back out of it.
    pub matched_cents: AudCents,
    /// The rest, which somebody has to look into; zero where all of it is matched, and below zero where the run brings less than its
    /// claims: Medicare took something back out of it, and nobody has said yet for which claim.
    pub unmatched_cents: AudCents,
    /// What was taken back out of it for claims that earlier runs paid, as staff recorded it; zero or more.
    pub offset_cents: AudCents,
    /// When all of it was matched, to the cent.
    pub reconciled_at: Option<Timestamp>,
}

/// What a run of payments has to do with one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunPart {
    /// The claim.
    pub claim_id: ClaimId,
    /// Medicare's own name for it: a letter, four digits and `@`.
    pub medicare_claim_id: Option<String>,
    /// The patient.
    pub patient_name: Option<Personal<String>>,
    /// The day of the service.
    pub service_date: Date,
    /// Whether the run pays it, or something of it was taken back.
    pub kind: RunPartKind,
    /// What was claimed.
    pub claimed_cents: AudCents,
    /// What it brings to the bank; below zero where it was taken back.
    pub amount_cents: AudCents,
}

impl PersonalData for RunPart {}

/// A run that paid a claim, or out of which something of it was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimInRun {
    /// Which.
    pub medicare_payment_id: MedicarePaymentId,
    /// Its day.
    pub run_date: Date,
    /// Its number on that day.
    pub run_number: String,
    /// What it did.
    pub kind: RunPartKind,
    /// How much; below zero where it was taken back.
    pub amount_cents: AudCents,
}

/// Says that Medicare took back, out of a later run, what it had paid for a claim, or some of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordOffset {
    /// Out of which run; a later one than the one that paid the claim.
    pub medicare_payment_id: MedicarePaymentId,
    /// How much, above zero; at most what is paid of the claim.
    pub amount_cents: AudCents,
    /// The version of the claim that was on the screen.
    pub version: i32,
}

impl RecordOffset {
    /// Whether it is an amount.
    ///
    /// # Errors
    /// 422's field when it is none.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        if self.amount_cents > AudCents::ZERO {
            return Ok(());
        }
        Err(vec![FieldError::new("/amount_cents", "Enter how much Medicare took back, above zero")])
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::RecordOffset;
    use crate::AudCents;

    #[test]
    fn what_was_taken_back_is_above_zero() {
        for (cents, is_one) in [(1, true), (4_390, true), (0, false), (-1, false)] {
            let body = RecordOffset {
                medicare_payment_id: Uuid::nil().into(),
                amount_cents: AudCents(cents),
                version: 1,
            };
            assert_eq!(body.check().is_ok(), is_one, "{cents}");
        }
    }
}
