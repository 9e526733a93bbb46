//! What Medicare's reports say of a claim, and what becomes of it.

use jiff::civil::Date;
use shared_types::{
    AudCents,
    payments::claim::{ClaimStatus, ServiceOutcome},
};

use super::Service;

/// Somebody at Medicare decides.
const MANUAL: &str = "9601";

/// A report, or where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report<T> {
    /// It is here.
    Complete(T),
    /// It comes later.
    NotReady,
    /// Medicare has none for this location and claim.
    NotFound,
    /// It was kept for six months and is gone.
    Expired,
    /// There will be none: nothing is paid.
    NotAvailable,
}

impl<T> Report<T> {
    /// The same, with what it says turned into something else.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Report<U> {
        match self {
            Self::Complete(report) => Report::Complete(turn(report)),
            Self::NotReady => Report::NotReady,
            Self::NotFound => Report::NotFound,
            Self::Expired => Report::Expired,
            Self::NotAvailable => Report::NotAvailable,
        }
    }

    /// The name in the channel and the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Complete(_) => "COMPLETE",
            Self::NotReady => "REPORT_NOT_READY",
            Self::NotFound => "REPORT_NOT_FOUND",
            Self::Expired => "REPORT_EXPIRED",
            Self::NotAvailable => "REPORT_NOT_AVAILABLE",
        }
    }
}

/// How a claim was assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// What is noted of the card: `8026`.
    pub patient_status: Option<String>,
    /// Service by service.
    pub services: Vec<ServiceAssessment>,
}

/// How a service was assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAssessment {
    /// Which, from one up.
    pub place: usize,
    /// The item, to be sure.
    pub item_number: String,
    /// What is paid.
    pub benefit_cents: AudCents,
    /// Why.
    pub code: Option<String>,
}

/// A run of payments, and a claim's part in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRun {
    /// The day.
    pub run_date: Date,
    /// Its number.
    pub run_number: String,
    /// What it brings to the bank, for all claims.
    pub deposit_cents: AudCents,
    /// To which account, masked.
    pub masked_account: Option<String>,
    /// What it pays of this claim.
    pub paid_cents: AudCents,
}

/// What becomes of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// Where it stands.
    pub status: ClaimStatus,
    /// What is paid of it.
    pub benefit_cents: AudCents,
    /// The codes, services in order, then the card's.
    pub codes: Vec<String>,
    /// The services.
    pub services: Vec<Service>,
}

impl Assessment {
    /// Applied to a claim's services. `None` when it does not speak of exactly these: nothing is guessed about money.
    pub fn apply(&self, services: &[Service]) -> Option<Assessed> {
        if self.services.len() != services.len() {
            return None;
        }
        let mut assessed = Vec::with_capacity(services.len());
        for (place, service) in services.iter().enumerate() {
            let said = self.services.iter().find(|said| said.place == place + 1)?;
            if said.item_number != service.item_number || said.benefit_cents < AudCents::ZERO {
                return None;
            }
            assessed.push(Service {
                outcome: outcome(said, service.charge_cents),
                benefit_cents: Some(said.benefit_cents),
                reason_code: said.code.clone(),
                ..service.clone()
            });
        }
        let benefit_cents = AudCents(self.services.iter().map(|said| said.benefit_cents.0).sum());
        let codes = assessed.iter().filter_map(|service| service.reason_code.clone());
        let codes = codes.chain(self.patient_status.clone()).collect();
        Some(Assessed { status: status(&assessed), benefit_cents, codes, services: assessed })
    }
}

fn outcome(said: &ServiceAssessment, charge: AudCents) -> ServiceOutcome {
    if said.code.as_deref() == Some(MANUAL) {
        ServiceOutcome::Manual
    } else if said.benefit_cents == AudCents::ZERO {
        ServiceOutcome::Rejected
    } else if said.benefit_cents == charge {
        ServiceOutcome::Paid
    } else {
        ServiceOutcome::PaidOther
    }
}

fn status(services: &[Service]) -> ClaimStatus {
    let all = |wanted: ServiceOutcome| services.iter().all(|service| service.outcome == wanted);
    if services.iter().any(|service| service.outcome == ServiceOutcome::Manual) {
        ClaimStatus::AssessedManual
    } else if all(ServiceOutcome::Paid) {
        ClaimStatus::AssessedPaid
    } else if all(ServiceOutcome::Rejected) {
        ClaimStatus::AssessedRejected
    } else {
        ClaimStatus::AssessedPart
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::claim::{ClaimStatus, ServiceOutcome},
    };
    use uuid::Uuid;

    use super::{Assessment, Service, ServiceAssessment};

    fn services() -> Vec<Service> {
        [("23", 4_390), ("10990", 755)]
            .map(|(item, cents)| Service {
                claim_service_id: Uuid::nil().into(),
                item_number: item.to_owned(),
                occurrence: 1,
                charge_cents: AudCents(cents),
                is_incentive: item == "10990",
                outcome: ServiceOutcome::Pending,
                benefit_cents: None,
                reason_code: None,
            })
            .to_vec()
    }

    fn assessment(said: [(i64, Option<&str>); 2]) -> Assessment {
        let services = said.into_iter().zip(["23", "10990"]).enumerate();
        let services = services.map(|(place, ((cents, code), item))| ServiceAssessment {
            place: place + 1,
            item_number: item.to_owned(),
            benefit_cents: AudCents(cents),
            code: code.map(str::to_owned),
        });
        Assessment { patient_status: None, services: services.collect() }
    }

    #[test]
    fn a_claim_stands_where_its_services_do() {
        for (said, status, benefit) in [
            ([(4_390, None), (755, None)], ClaimStatus::AssessedPaid, 5_145),
            ([(4_390, None), (0, Some("129"))], ClaimStatus::AssessedPart, 4_390),
            ([(4_000, None), (755, None)], ClaimStatus::AssessedPart, 4_755),
            ([(0, Some("162")), (0, Some("129"))], ClaimStatus::AssessedRejected, 0),
            ([(0, Some("9601")), (755, None)], ClaimStatus::AssessedManual, 755),
        ] {
            let assessed = assessment(said).apply(&services()).unwrap();
            assert_eq!((assessed.status, assessed.benefit_cents), (status, AudCents(benefit)), "{said:?}");
        }
    }

    #[test]
    fn a_report_of_other_services_is_not_applied() {
        let whole = assessment([(4_390, None), (755, None)]);
        let mut other_item = whole.clone();
        other_item.services[1].item_number = "10991".to_owned();
        let mut one_less = whole.clone();
        one_less.services.pop();
        let mut below_zero = whole;
        below_zero.services[0].benefit_cents = AudCents(-1);
        for report in [other_item, one_less, below_zero] {
            assert_eq!(report.apply(&services()), None);
        }
    }
}
