//! Where a claim stands, and what may come next.

use crate::payments::codes::codes;

codes! {
    /// Where a claim stands.
    ClaimStatus {
        /// Its items are not settled.
        Draft = "draft",
        /// The assignment of benefit is missing.
        AssignmentPending = "aob_pending",
        /// It can be lodged.
        Ready = "ready",
        /// It was sent, and nobody knows yet whether it arrived.
        Sending = "sending",
        /// Medicare has it.
        Submitted = "submitted",
        /// Medicare works on it.
        Processing = "processing",
        /// Every service is paid as claimed.
        AssessedPaid = "assessed_paid",
        /// Some are paid, or some for less.
        AssessedPart = "assessed_part",
        /// None is paid.
        AssessedRejected = "assessed_rejected",
        /// Somebody at Medicare decides.
        AssessedManual = "assessed_manual",
        /// A payment report names it.
        PaymentReported = "payment_reported",
        /// What was paid is in the ledger, to the cent.
        Reconciled = "reconciled",
        /// It was refused as it is: fix and lodge it again.
        Refused = "refused",
        /// There was no answer, or one that hides whether it arrived; reports are polled before it is sent again.
        GatewayError = "gateway_error",
        /// The practice took it back.
        Withdrawn = "withdrawn",
        /// Medicare changed what it paid.
        Adjusted = "adjustment",
    }
}

impl ClaimStatus {
    /// What may come next.
    pub fn next(self) -> &'static [Self] {
        const ASSESSED: &[ClaimStatus] = &[
            ClaimStatus::Processing,
            ClaimStatus::AssessedPaid,
            ClaimStatus::AssessedPart,
            ClaimStatus::AssessedRejected,
            ClaimStatus::AssessedManual,
            ClaimStatus::Withdrawn,
        ];
        match self {
            Self::Draft => &[Self::AssignmentPending, Self::Ready, Self::Withdrawn],
            Self::AssignmentPending => &[Self::Ready, Self::Draft, Self::Withdrawn],
            // Withdrawing the assignment takes it back to waiting.
            Self::Ready => &[Self::Sending, Self::AssignmentPending, Self::Draft, Self::Withdrawn],
            Self::Sending => &[Self::Submitted, Self::Refused, Self::GatewayError],
            Self::GatewayError => &[Self::Sending, Self::Submitted, Self::Refused],
            Self::Submitted | Self::Processing => ASSESSED,
            Self::AssessedManual => {
                &[Self::AssessedPaid, Self::AssessedPart, Self::AssessedRejected, Self::Withdrawn]
            }
            Self::AssessedPaid | Self::AssessedPart => &[Self::PaymentReported, Self::Adjusted],
            Self::PaymentReported => &[Self::Reconciled, Self::Adjusted],
            Self::Reconciled => &[Self::Adjusted],
            Self::Adjusted => &[Self::Reconciled, Self::PaymentReported],
            Self::Refused => &[Self::Draft, Self::Withdrawn],
            Self::AssessedRejected | Self::Withdrawn => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ClaimStatus;

    #[test]
    fn nothing_is_lodged_that_was_not_ready() {
        for status in ClaimStatus::ALL {
            let sends = status.next().contains(&ClaimStatus::Sending);
            assert_eq!(sends, matches!(status, ClaimStatus::Ready | ClaimStatus::GatewayError), "{status:?}");
        }
    }

    #[test]
    fn every_state_can_be_reached_from_a_draft() {
        let mut reached = vec![ClaimStatus::Draft];
        let mut at = 0;
        while at < reached.len() {
            for next in reached[at].next() {
                if !reached.contains(next) {
                    reached.push(*next);
                }
            }
            at += 1;
        }
        assert_eq!(reached.len(), ClaimStatus::ALL.len());
    }
}
