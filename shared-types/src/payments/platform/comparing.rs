//! Comparisons of our records with the card processor's, and what came of each difference.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, DifferenceId, PaymentId, ReconciliationId, payments::codes::codes, personal::Personal,
};

codes! {
    /// Where a comparison with the processor stands.
    ReconciliationStatus {
        /// It goes through the processor's records.
        Running = "running",
        /// It is through.
        Finished = "finished",
        /// The processor did not answer; another begins by itself.
        Failed = "failed",
    }
}

codes! {
    /// What is different.
    DifferenceKind {
        /// The processor has it and we do not.
        MissingHere = "missing_here",
        /// We have it and the processor does not.
        MissingThere = "missing_there",
        /// Another state.
        State = "state",
        /// Another amount.
        Amount = "amount",
        /// Another balance.
        Balance = "balance",
        /// A webhook that never came.
        Webhook = "webhook",
        /// The processor does not let us read a practice's account, or the platform's own balance.
        AccountUnreadable = "account_unreadable",
        /// A practice's account is closed, so it is not read, and the ledger still says what its balance is.
        AccountClosed = "account_closed",
    }
}

codes! {
    /// What was done about it.
    DifferenceAction {
        /// Nothing yet: somebody has to look.
        Flagged = "flagged",
        /// The processor's state was applied here.
        Applied = "applied",
        /// Somebody saw to it by hand and closed it, with a note.
        Settled = "settled",
    }
}

/// Starts a comparison. Without days it covers the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StartReconciliation {
    /// The first day.
    #[serde(default)]
    pub from: Option<Date>,
    /// The day after the last.
    #[serde(default)]
    pub until: Option<Date>,
}

/// A comparison with the processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reconciliation {
    /// Which.
    pub reconciliation_id: ReconciliationId,
    /// Where it stands.
    pub status: ReconciliationStatus,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How many of the processor's objects were looked at.
    pub objects: i64,
    /// How many were different.
    pub differences: i64,
    /// How many still are.
    pub open: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A comparison and everything that was different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReconciliationReport {
    /// The comparison.
    pub reconciliation: Reconciliation,
    /// The differences, in the order they were found.
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// Which.
    pub difference_id: DifferenceId,
    /// What is different.
    pub kind: DifferenceKind,
    /// The processor's name for the object.
    pub processor_object: Option<String>,
    /// Of which payment.
    pub payment_id: Option<PaymentId>,
    /// What we say.
    pub ours: String,
    /// What the processor says.
    pub theirs: String,
    /// What was done.
    pub action: DifferenceAction,
    /// When it was found.
    pub found_at: Timestamp,
    /// By whom it was closed, where it waited for somebody.
    pub closed: Option<DifferenceClosed>,
}

/// How a difference that waited for somebody ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DifferenceClosed {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
    /// What was done by hand.
    pub note: Personal<String>,
}

/// Closes a difference that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CloseDifference {
    /// What was done by hand: 1 to 1000 characters.
    pub note: Personal<String>,
}
