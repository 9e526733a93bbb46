//! The payments context: the record of what is to be paid through us.

pub mod coverage;

use serde::{Deserialize, Serialize};

use crate::{BookingId, users::ErasureAnswer};

/// Where a payment stands. Nothing is collected through us yet, so there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Nothing is collected through us: paid at the practice, or bulk billed.
    NotRequired,
    /// The appointment no longer stands and nothing was collected.
    Voided,
}

impl PaymentStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::NotRequired, Self::Voided];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotRequired => "not_required",
            Self::Voided => "voided",
        }
    }
}

/// An event of the payments service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum PaymentsEvent {
    /// The step that a confirmation waits for is done.
    PaymentStepCompleted {
        /// For which booking.
        booking_id: BookingId,
        /// Which step that was.
        step: PaymentStatus,
    },
    /// Somebody is erased here.
    ErasureAnswered(ErasureAnswer),
}
