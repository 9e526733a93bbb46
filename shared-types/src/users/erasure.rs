//! Closing an account, with everything erased that no law keeps (APP 11.2, C-14). Users keeps the register; every service
//! answers for what it holds.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, ErasureId, OrganizationId, PatientId,
    personal::{Personal, PersonalData},
};

/// The services whose answers an erasure waits for.
pub const ERASING_SERVICES: [&str; 5] = ["bookings", "notifications", "payments", "providers", "users"];

/// `GET /api/v1/users/me/erasure`: what erasing would mean. Nothing is changed by looking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasurePlan {
    /// Practices that nobody else owns. While there are any, nothing is erased: name another owner first.
    pub owned_alone: Vec<LeftPractice>,
    /// Practices whose patients seal to keys that one holds. While there are any, nothing is erased: somebody else who owns
    /// the practice makes new keys for those who stay, and one leaves in the same step.
    #[serde(default)]
    pub mailboxes: Vec<LeftPractice>,
    /// The people one acts for.
    pub dependants: Vec<LeftDependant>,
    /// What stays although the account goes, and why.
    pub kept: Vec<Kept>,
}

impl PersonalData for ErasurePlan {}

/// A practice that somebody cannot leave just so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftPractice {
    /// Which.
    pub organization_id: OrganizationId,
    /// Its name, where it is known.
    pub name: Option<String>,
}

/// Somebody one acts for, and what becomes of their record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftDependant {
    /// Who.
    pub patient_id: PatientId,
    /// What to call them.
    pub name: Personal<String>,
    /// True when nobody else can reach their record: it is erased together with the account. False when somebody else
    /// acts for them, or they have an account of their own: it stays, and only one's own leave to act ends.
    pub erased_too: bool,
}

/// `POST /api/v1/users/me/erasure`, with an `Idempotency-Key` and a sign-in of the last quarter of an hour. Closes the
/// account at once: there is no way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskErasure {
    /// The account's own address, typed once more, so that nobody closes it by a slip.
    pub email: Personal<String>,
}

/// The account is closed and the services are told. 202.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasureAsked {
    /// Which.
    pub erasure_id: ErasureId,
    /// When.
    pub asked_at: Timestamp,
    /// Shows how it went: there is no session any more that could. Good for ninety days.
    pub receipt: Personal<String>,
}

/// `POST /api/v1/users/erasures/find`, without a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasureReceipt {
    /// From [`ErasureAsked`].
    pub receipt: Personal<String>,
}

/// How an erasure went so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Erasure {
    /// Which.
    pub erasure_id: ErasureId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// One for each service that is done.
    pub answers: Vec<ErasureAnswer>,
    /// The services that are not; within seconds there are none.
    pub waiting: Vec<String>,
}

impl PersonalData for Erasure {}

/// What one service did. Also the event by which it tells users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasureAnswer {
    /// For which erasure.
    pub erasure_id: ErasureId,
    /// The service.
    pub service: String,
    /// When it was done.
    pub answered_at: Timestamp,
    /// What is gone, table by table.
    pub erased: Vec<Erased>,
    /// What stays, and why.
    pub kept: Vec<Kept>,
}

/// Rows of one kind that are gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Erased {
    /// The table, such as `session`.
    pub what: String,
    /// How many.
    pub rows: u64,
}

impl Erased {
    /// So many rows of that table.
    pub fn new(what: &str, rows: u64) -> Self {
        Self { what: what.to_owned(), rows }
    }
}

/// Something that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Kept {
    /// In words: "The record of 3 appointments".
    pub what: String,
    /// Who keeps it and by which rule.
    pub why: String,
    /// The last day it is kept, where that is known already.
    pub until: Option<Date>,
}

impl Kept {
    /// Something that stays, for a reason.
    pub fn new(what: impl Into<String>, why: &str, until: Option<Date>) -> Self {
        Self { what: what.into(), why: why.to_owned(), until }
    }
}

/// Asks every service to erase somebody. Forgotten once told, like everything that carries an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureRequest {
    /// Which erasure.
    pub erasure_id: ErasureId,
    /// Whose.
    pub account_id: AccountId,
    /// The patient that the account's holder was.
    pub patient_id: Option<PatientId>,
    /// Patients whom nobody else could reach.
    pub dependants: Vec<PatientId>,
    /// The address that was the account's.
    pub email: Personal<String>,
}

impl ErasureRequest {
    /// Everybody who is to be erased.
    pub fn patients(&self) -> Vec<PatientId> {
        self.patient_id.into_iter().chain(self.dependants.iter().copied()).collect()
    }
}
