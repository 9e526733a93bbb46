//! What claims and answers are called on the screen.

use shared_types::payments::claim::{Claim, ClaimStatus, NoVisit, ReturnWay, VerificationResult};

/// Where a claim stands.
pub fn status_words(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::Draft => "Draft: something is missing",
        ClaimStatus::AssignmentPending => "Waits for the patient’s assignment",
        ClaimStatus::Ready => "Ready to lodge",
        ClaimStatus::Sending => "Being sent",
        ClaimStatus::Submitted => "With Medicare",
        ClaimStatus::Processing => "Medicare works on it",
        ClaimStatus::AssessedPaid => "Accepted, payment to come",
        ClaimStatus::AssessedPart => "Accepted in part, payment to come",
        ClaimStatus::AssessedRejected => "Not paid",
        ClaimStatus::AssessedManual => "Somebody at Medicare decides",
        ClaimStatus::PaymentReported => "Payment reported",
        ClaimStatus::Reconciled => "Paid",
        ClaimStatus::Refused => "Refused: put it right",
        ClaimStatus::GatewayError => "No answer yet: we ask whether it arrived",
        ClaimStatus::Withdrawn => "Taken back",
        ClaimStatus::Adjusted => "Medicare changed what it pays",
    }
}

/// Whether a claim that stands here can be put right and taken back.
pub fn can_be_changed(status: ClaimStatus) -> bool {
    match status {
        ClaimStatus::Draft | ClaimStatus::AssignmentPending | ClaimStatus::Ready | ClaimStatus::Refused => {
            true
        }
        ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::AssessedManual
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn
        | ClaimStatus::Adjusted => false,
    }
}

/// Whether a service of a claim was not paid, and can be claimed again: one that was paid for less cannot. That is done once: then the
/// newer claim goes on. Where there was no visit, nothing is claimed any more.
pub fn can_be_claimed_again(claim: &Claim) -> bool {
    if claim.relodged_as.is_some() || claim.no_visit.is_some() {
        return false;
    }
    match claim.status {
        ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::Adjusted => claim.has_unpaid,
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedManual
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn => false,
    }
}

/// Why there was no visit.
pub fn no_visit_words(why: NoVisit) -> &'static str {
    match why {
        NoVisit::EnteredInError => "This visit was marked as entered in error",
        NoVisit::CalledOff => "This visit was called off",
        NoVisit::NoShow => "The patient did not come to this visit",
        NoVisit::PractitionerAbsent => "The practitioner did not come to this visit",
    }
}

/// How a benefit went back.
pub fn way_words(way: ReturnWay) -> &'static str {
    match way {
        ReturnWay::TakenByMedicare => "Medicare has taken the benefit back",
        ReturnWay::PaidByPractice => "The practice paid it back",
    }
}

/// What an answer about a patient means.
pub fn result_words(result: VerificationResult) -> &'static str {
    match result {
        VerificationResult::Verified => "Medicare knows the patient",
        VerificationResult::Differs => "Something differs",
        VerificationResult::Blocked => "A claim would be refused",
    }
}
