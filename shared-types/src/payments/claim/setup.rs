//! How a practice and its practitioners are known to Medicare, and what it says of a patient.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ClaimReason;
use crate::{PractitionerRoleId, payments::codes::codes, personal::PersonalData};

codes! {
    /// What is asked about a patient.
    VerificationKind {
        /// Whether the Medicare card is good.
        Medicare = "medicare",
        /// Whether the concession is.
        Concession = "concession",
        /// Whether the veteran's card is.
        Veteran = "veteran",
    }
}

codes! {
    /// What the answer means.
    VerificationResult {
        /// Good.
        Verified = "verified",
        /// Something differs; a correction is offered.
        Differs = "differs",
        /// Not good, or not to be told apart.
        Blocked = "blocked",
    }
}

/// Asks Medicare about a booking's patient. Only a practice can, never a patient: the matching is loose and no proof of who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyClaimant {
    /// What.
    pub kind: VerificationKind,
}

/// What Medicare answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verification {
    /// What was asked.
    pub kind: VerificationKind,
    /// What it means.
    pub result: VerificationResult,
    /// The code and its words.
    pub reason: ClaimReason,
    /// When.
    pub verified_at: Timestamp,
}

impl PersonalData for Verification {}

/// How a practice reaches Medicare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MedicareSetup {
    /// The location id that was issued to it: eight characters.
    pub location_id: Option<String>,
    /// What is said on every screen about claims.
    pub standing: String,
    /// Goes up by one with every change.
    pub version: i32,
}

/// Says how a practice reaches Medicare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutMedicareSetup {
    /// The location id.
    pub location_id: String,
    /// The version that was on the screen.
    pub version: i32,
}

/// Under which number a practitioner claims at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleSetup {
    /// Who, at which place.
    pub practitioner_role_id: PractitionerRoleId,
    /// Their provider number there.
    pub provider_number: Option<String>,
    /// The place's Modified Monash area, 1 to 7: it decides the incentive for bulk billing.
    pub modified_monash: Option<i16>,
    /// Goes up by one with every change.
    pub version: i32,
}

/// Says under which number a practitioner claims at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutRoleSetup {
    /// The provider number; its check letter has to match.
    pub provider_number: String,
    /// The place's Modified Monash area, 1 to 7.
    pub modified_monash: i16,
    /// The version that was on the screen.
    pub version: i32,
}
