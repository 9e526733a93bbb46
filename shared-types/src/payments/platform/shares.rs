//! Practices' shares that the card processor does not move yet.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AudCents, OrganizationId, PaymentId, ProcessorCallId, payments::codes::codes};

codes! {
    /// Where a share is to go, and why.
    ShareMove {
        /// Back from the practice: its part of what a cardholder's bank took, or of what somebody gave back at the processor.
        TakeBack = "reverse_transfer",
        /// To the practice: what a refund took of it that did not come.
        Send = "send_share",
        /// Back from the practice, which was sent it: with the refund that was made instead, or for what a bank took since.
        TakeSent = "take_sent_share",
    }
}

/// A share that the card processor refused to move and is asked for again, or has given no answer about for most of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusedShare {
    /// Which.
    pub processor_call_id: ProcessorCallId,
    /// Where it is to go.
    pub to: ShareMove,
    /// Whose share it is.
    pub organization_id: Option<OrganizationId>,
    /// What they are called on documents.
    pub legal_name: Option<String>,
    /// In which payment.
    pub payment_id: Option<PaymentId>,
    /// How much.
    pub amount_cents: AudCents,
    /// How often it was refused.
    pub times: i16,
    /// Why the last time, in the processor's word.
    pub why: Option<String>,
    /// When it is asked for again; none once that was given up. Whether it was moved is not known then.
    pub asked_at: Option<Timestamp>,
}
