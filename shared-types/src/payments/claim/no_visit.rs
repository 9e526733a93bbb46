//! Why a bulk-billed visit was none after all, and how what Medicare paid for it goes back.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    AudCents,
    bookings::AppointmentStatus,
    payments::{codes::codes, practice::one_line},
    personal::Personal,
    problem::FieldError,
};

codes! {
    /// Why there was no visit.
    NoVisit {
        /// It never was one.
        EnteredInError = "entered_in_error",
        /// One side called it off.
        CalledOff = "called_off",
        /// The patient did not come.
        NoShow = "no_show",
        /// The practitioner did not come.
        PractitionerAbsent = "practitioner_absent",
    }
}

impl NoVisit {
    /// Why there was no visit where its appointment stands here; none where it took place, or may.
    pub fn of(status: AppointmentStatus) -> Option<Self> {
        match status {
            AppointmentStatus::EnteredInError => Some(Self::EnteredInError),
            AppointmentStatus::NoShowPatient => Some(Self::NoShow),
            AppointmentStatus::NoShowProvider => Some(Self::PractitionerAbsent),
            AppointmentStatus::Declined
            | AppointmentStatus::Expired
            | AppointmentStatus::CancelledByPatient
            | AppointmentStatus::CancelledLate
            | AppointmentStatus::CancelledByProvider
            | AppointmentStatus::CancelledByAdmin => Some(Self::CalledOff),
            AppointmentStatus::Requested
            | AppointmentStatus::AwaitingPayment
            | AppointmentStatus::Confirmed
            | AppointmentStatus::Arrived
            | AppointmentStatus::CheckedIn
            | AppointmentStatus::InConsult
            | AppointmentStatus::Completed
            | AppointmentStatus::Rescheduled => None,
        }
    }
}

codes! {
    /// How a benefit went back to Medicare.
    ReturnWay {
        /// Medicare took it.
        TakenByMedicare = "taken_by_medicare",
        /// The practice paid it.
        PaidByPractice = "paid_by_practice",
    }
}

/// Says that the benefit of a claim went back to Medicare, all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReturnBenefit {
    /// How.
    pub way: ReturnWay,
    /// On which day; not before the day of the service, and not after today.
    pub returned_on: Date,
    /// Why, or Medicare's reference, for the practice's own records. 3 to 300 characters, nothing clinical.
    pub reason: Personal<String>,
    /// The version of the claim that was on the screen.
    pub version: i32,
}

impl ReturnBenefit {
    /// The reason on one line, without spaces around it.
    ///
    /// # Errors
    /// What is wrong with it or with the day, field by field.
    pub fn check(&self, service_date: Date, today: Date) -> Result<Personal<String>, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.returned_on < service_date || self.returned_on > today {
            let detail = "Give a day from the day of the visit until today";
            errors.push(FieldError::new("/returned_on", detail));
        }
        let reason = one_line(&self.reason);
        if reason.is_none() {
            errors.push(FieldError::new("/reason", "Say why in 3 to 300 characters"));
        }
        match reason {
            Some(reason) if errors.is_empty() => Ok(reason),
            Some(_) | None => Err(errors),
        }
    }
}

/// A benefit that went back to Medicare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BenefitReturned {
    /// How.
    pub way: ReturnWay,
    /// On which day.
    pub returned_on: Date,
    /// How much.
    pub amount_cents: AudCents,
    /// Why, in the practice's own words; none once the patient has been erased.
    pub reason: Option<Personal<String>>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{NoVisit, ReturnBenefit, ReturnWay};
    use crate::bookings::AppointmentStatus;

    #[test]
    fn every_way_in_which_a_visit_was_none_can_be_told() {
        let told = AppointmentStatus::ALL.into_iter().filter_map(NoVisit::of);
        for why in NoVisit::ALL {
            assert!(told.clone().any(|told| told == why), "{why:?}");
        }
        assert_eq!(NoVisit::of(AppointmentStatus::Completed), None);
    }

    #[test]
    fn a_benefit_goes_back_after_the_visit_and_before_tomorrow_for_a_reason() {
        let (visit, today) = (date(2026, 11, 24), date(2026, 12, 1));
        let body = |day, reason: &str| ReturnBenefit {
            way: ReturnWay::TakenByMedicare,
            returned_on: day,
            reason: reason.to_owned().into(),
            version: 1,
        };
        let wrong = |body: ReturnBenefit| {
            let errors = body.check(visit, today).err().unwrap_or_default();
            errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
        };
        for day in [visit, today] {
            assert_eq!(
                body(day, " letter\nof 1 December ").check(visit, today).unwrap().expose(),
                "letter of 1 December"
            );
        }
        assert_eq!(wrong(body(date(2026, 11, 23), "a letter")), ["/returned_on"]);
        assert_eq!(wrong(body(date(2026, 12, 2), "ab")), ["/returned_on", "/reason"]);
        assert_eq!(wrong(body(today, &"é".repeat(301))), ["/reason"]);
    }
}
