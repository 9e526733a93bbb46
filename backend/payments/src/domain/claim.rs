//! A claim for a bulk-billed visit: what it holds, what it still needs, and what Medicare's reports make of it.

mod incentives;
mod message;
mod report;

use jiff::{Timestamp, civil::Date};
use shared_types::{
    AssignmentId, AudCents, BookingId, ClaimId, ClaimServiceId, OrganizationId, PatientId,
    payments::claim::{ClaimStatus, Referral, ReferralOverride, ReferralType, ServiceOutcome, ServiceType},
    problem::FieldError,
};

pub use self::{
    incentives::claimed_together,
    message::{ClaimMessage, identity, number_of, patient},
    report::{Assessment, PaymentRun, Report, ServiceAssessment},
};
use crate::domain::provider_number;

/// A claim as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub claim_id: ClaimId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// The patient, where they are known.
    pub patient_id: Option<PatientId>,
    /// Where it stands.
    pub status: ClaimStatus,
    /// The assignment of benefit that it rests on.
    pub assignment_id: Option<AssignmentId>,
    /// What sort.
    pub service_type: ServiceType,
    /// Whose services.
    pub provider_number: Option<String>,
    /// Who is paid, when that is somebody else.
    pub payee_provider_number: Option<String>,
    /// Who gave the services, for people.
    pub professional_name: String,
    /// The referral.
    pub referral: Option<Referral>,
    /// Why there is none.
    pub referral_override: Option<ReferralOverride>,
    /// The day.
    pub service_date: Date,
    /// The last day on which it can be lodged.
    pub lodge_until: Date,
    /// What is claimed.
    pub claimed_cents: AudCents,
    /// What Medicare says it pays.
    pub benefit_cents: AudCents,
    /// What it paid.
    pub paid_cents: AudCents,
    /// Medicare's own name for it.
    pub medicare_claim_id: Option<String>,
    /// The claim that it takes the place of.
    pub relodges: Option<ClaimId>,
    /// Medicare's codes, the gravest first.
    pub codes: Vec<String>,
    /// When Medicare is asked next.
    pub due_at: Option<Timestamp>,
    /// Goes up by one with every change.
    pub version: i32,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A service of a claim as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Which.
    pub claim_service_id: ClaimServiceId,
    /// The item.
    pub item_number: String,
    /// Which time that it is given on the same visit.
    pub occurrence: i16,
    /// What is claimed.
    pub charge_cents: AudCents,
    /// An incentive for bulk billing.
    pub is_incentive: bool,
    /// What came of it.
    pub outcome: ServiceOutcome,
    /// What Medicare says it pays.
    pub benefit_cents: Option<AudCents>,
    /// Why.
    pub reason_code: Option<String>,
}

/// Who took a step of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepBy {
    /// Staff of the practice.
    Practice,
    /// The patient, by what they said of the assignment.
    Patient,
    /// Medicare, by an answer or a report.
    Medicare,
    /// A job or an event of ours.
    System,
}

impl StepBy {
    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Patient => "patient",
            Self::Medicare => "medicare",
            Self::System => "system",
        }
    }
}

/// A step that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a claim does not go from {from:?} to {to:?}")]
pub struct NoSuchStep {
    /// Where it stands.
    pub from: ClaimStatus,
    /// Where it was to go.
    pub to: ClaimStatus,
}

impl Claim {
    /// The same at the next step, one version on.
    ///
    /// # Errors
    /// When the table does not have it.
    pub fn step(&self, to: ClaimStatus, now: Timestamp) -> Result<Self, NoSuchStep> {
        if !self.status.next().contains(&to) {
            return Err(NoSuchStep { from: self.status, to });
        }
        Ok(Self { status: to, version: self.version + 1, updated_at: now, ..self.clone() })
    }

    /// Whether Medicare has it and pays for it, or may: where its visit never was one, somebody has to ask for it back.
    pub fn is_paid_or_may_be(&self) -> bool {
        match self.status {
            ClaimStatus::Sending
            | ClaimStatus::Submitted
            | ClaimStatus::Processing
            | ClaimStatus::AssessedManual
            | ClaimStatus::GatewayError => true,
            ClaimStatus::AssessedPaid
            | ClaimStatus::AssessedPart
            | ClaimStatus::PaymentReported
            | ClaimStatus::Reconciled
            | ClaimStatus::Adjusted => self.benefit_cents > AudCents::ZERO,
            ClaimStatus::Draft
            | ClaimStatus::AssignmentPending
            | ClaimStatus::Ready
            | ClaimStatus::AssessedRejected
            | ClaimStatus::Refused
            | ClaimStatus::Withdrawn => false,
        }
    }

    /// Whether it was not lodged, and can be no more on this day.
    pub fn is_lapsed(&self, today: Date) -> bool {
        today > self.lodge_until && !is_lodged(self.status) && self.status != ClaimStatus::Withdrawn
    }

    /// Where a claim that was not lodged belongs: it waits for its items first and for the patient's assignment then.
    pub fn readiness(&self, services: &[Service]) -> ClaimStatus {
        let is_whole = !services.is_empty()
            && self.provider_number.is_some()
            && has_what_its_sort_needs(self.service_type, self.referral.as_ref(), self.referral_override);
        match (is_whole, self.assignment_id) {
            (false, _) => ClaimStatus::Draft,
            (true, None) => ClaimStatus::AssignmentPending,
            (true, Some(_)) => ClaimStatus::Ready,
        }
    }
}

/// Whether a claim that stands here was sent to Medicare, so that its visit cannot be undone.
pub fn is_lodged(status: ClaimStatus) -> bool {
    match status {
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Refused
        | ClaimStatus::Withdrawn => false,
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
        | ClaimStatus::Adjusted => true,
    }
}

/// A general claim has no referral; the others one of their sort, or a reason why not.
pub fn has_what_its_sort_needs(
    sort: ServiceType,
    referral: Option<&Referral>,
    reason: Option<ReferralOverride>,
) -> bool {
    match (sort, referral, reason) {
        (ServiceType::General, None, None) => true,
        (ServiceType::General, _, _) => false,
        (ServiceType::Specialist | ServiceType::Pathology, None, None) => false,
        (ServiceType::Specialist | ServiceType::Pathology, Some(_), Some(_)) => false,
        (ServiceType::Specialist, Some(referral), None) => match referral.kind {
            ReferralType::Specialist | ReferralType::Diagnostic => true,
            ReferralType::Pathology => false,
        },
        (ServiceType::Pathology, Some(referral), None) => match referral.kind {
            ReferralType::Pathology => true,
            ReferralType::Specialist | ReferralType::Diagnostic => false,
        },
        (ServiceType::Specialist, None, Some(_)) => true,
        (ServiceType::Pathology, None, Some(reason)) => match reason {
            ReferralOverride::NotRequired => true,
            ReferralOverride::Hospital | ReferralOverride::Lost | ReferralOverride::Emergency => false,
        },
    }
}

/// What is wrong with a referral, field by field.
pub fn wrong_with_referral(referral: &Referral, service_date: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if provider_number::read(&referral.provider_number).is_none() {
        let detail = "This is not a Medicare provider number: compare it with the referral";
        errors.push(FieldError::new("/referral/provider_number", detail));
    }
    if referral.issued_on > service_date {
        errors.push(FieldError::new("/referral/issued_on", "Give a day that is not after the visit"));
    }
    let has_months = referral.months.is_some_and(|months| (1..=99).contains(&months));
    if referral.months.is_some() && (!has_months || referral.indefinite) {
        errors.push(FieldError::new("/referral/months", "Give 1 to 99 months, or say that it has no end"));
    }
    errors
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::payments::claim::{Referral, ReferralOverride, ReferralType, ServiceType};

    use super::{has_what_its_sort_needs, wrong_with_referral};

    fn referral(kind: ReferralType) -> Referral {
        Referral {
            provider_number: "2447781L".to_owned(),
            issued_on: date(2026, 11, 1),
            kind,
            months: None,
            indefinite: false,
        }
    }

    /// Compliance notes, 3.4.
    #[test]
    fn each_sort_of_claim_has_the_referral_that_belongs_to_it() {
        use ReferralOverride::{Lost, NotRequired};
        use ReferralType::{Diagnostic, Pathology, Specialist};
        for (sort, kind, reason, fits) in [
            (ServiceType::General, None, None, true),
            (ServiceType::General, Some(Specialist), None, false),
            (ServiceType::General, None, Some(NotRequired), false),
            (ServiceType::Specialist, None, None, false),
            (ServiceType::Specialist, Some(Specialist), None, true),
            (ServiceType::Specialist, Some(Diagnostic), None, true),
            (ServiceType::Specialist, Some(Pathology), None, false),
            (ServiceType::Specialist, None, Some(Lost), true),
            (ServiceType::Pathology, Some(Pathology), None, true),
            (ServiceType::Pathology, Some(Specialist), None, false),
            (ServiceType::Pathology, None, Some(NotRequired), true),
            (ServiceType::Pathology, None, Some(Lost), false),
        ] {
            let given = kind.map(referral);
            let found = has_what_its_sort_needs(sort, given.as_ref(), reason);
            assert_eq!(found, fits, "{sort:?} {kind:?} {reason:?}");
        }
    }

    #[test]
    fn a_referral_is_from_somebody_and_before_the_visit() {
        let good = referral(ReferralType::Specialist);
        assert!(wrong_with_referral(&good, date(2026, 11, 26)).is_empty());
        let wrong =
            Referral { provider_number: "2447781K".to_owned(), months: Some(3), indefinite: true, ..good };
        assert_eq!(wrong_with_referral(&wrong, date(2026, 10, 31)).len(), 3);
    }
}
