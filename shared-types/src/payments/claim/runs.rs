//! What Medicare paid to a practice's bank, and claims of which no report comes any more.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{AudCents, payments::codes::codes};

codes! {
    /// Why Medicare is asked about a claim no more, though nobody knows what came of it.
    ReportStopped {
        /// It keeps reports for six months, and they are over.
        Expired = "expired",
        /// It says that there will be none.
        NotAvailable = "not_available",
        /// What it said cannot be put to the claim, or the practice has no location id any more.
        Other = "other",
    }
}

/// One of Medicare's runs of payments to a practice's bank, and how much of it is known of which claims it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MedicareRun {
    /// The day on which it was paid.
    pub run_date: Date,
    /// Its number, which is its own on its day.
    pub run_number: String,
    /// What it brings to the bank.
    pub deposit_cents: AudCents,
    /// To which account, masked as Medicare does.
    pub masked_account: Option<String>,
    /// How much of it pays for claims that were lodged here.
    pub matched_cents: AudCents,
    /// The rest, which somebody has to look into; zero where all of it is matched.
    pub unmatched_cents: AudCents,
    /// When all of it was matched, to the cent.
    pub reconciled_at: Option<Timestamp>,
}
