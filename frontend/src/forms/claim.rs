//! A claim as staff write it: items in a row, and the referral where its sort needs one.

use shared_types::{
    payments::claim::{ClaimCase, PutClaim, Referral, ReferralOverride, ReferralType, ServiceType},
    problem::FieldError,
};

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimForm {
    /// [`ServiceType::code`].
    pub sort: String,
    /// Item numbers with spaces or commas between them.
    pub items: String,
    /// Why there is no referral; empty where there is one.
    pub reason: String,
    /// The referrer's provider number.
    pub referrer: String,
    /// The day of the referral.
    pub issued_on: String,
    /// For how many months; empty for the usual length.
    pub months: String,
}

impl ClaimForm {
    /// A claim as it stands. Incentives are left out: they are added by their rules.
    pub fn of(case: &ClaimCase) -> Self {
        let items = case.services.iter().filter(|service| !service.incentive);
        let items: Vec<&str> = items.map(|service| service.item_number.as_str()).collect();
        let referral = case.referral.as_ref();
        Self {
            sort: case.service_type.code().to_owned(),
            items: items.join(", "),
            reason: case.referral_override.map(|reason| reason.code().to_owned()).unwrap_or_default(),
            referrer: referral.map(|referral| referral.provider_number.clone()).unwrap_or_default(),
            issued_on: referral.map(|referral| referral.issued_on.to_string()).unwrap_or_default(),
            months: referral
                .and_then(|referral| referral.months)
                .map(|months| months.to_string())
                .unwrap_or_default(),
        }
    }

    /// Whether its sort of claim has a referral at all.
    pub fn has_referral(&self) -> bool {
        self.sort != ServiceType::General.code()
    }

    /// As it is sent, over the version that was on the screen.
    ///
    /// # Errors
    /// What cannot be read; the server looks at the rest.
    pub fn read(&self, payee: Option<&String>, version: i32) -> Result<PutClaim, Vec<FieldError>> {
        let service_type = ServiceType::from_code(&self.sort).unwrap_or(ServiceType::General);
        let items = self.items.split(|c: char| c == ',' || c.is_whitespace());
        let item_numbers: Vec<String> = items.filter(|item| !item.is_empty()).map(str::to_owned).collect();
        let referral_override = ReferralOverride::from_code(&self.reason).filter(|_| self.has_referral());
        let referral = if self.has_referral() && referral_override.is_none() {
            Some(self.referral(service_type)?)
        } else {
            None
        };
        Ok(PutClaim {
            service_type,
            item_numbers,
            payee_provider_number: payee.cloned(),
            referral,
            referral_override,
            version,
        })
    }

    fn referral(&self, sort: ServiceType) -> Result<Referral, Vec<FieldError>> {
        let kind = match sort {
            ServiceType::General | ServiceType::Specialist => ReferralType::Specialist,
            ServiceType::Pathology => ReferralType::Pathology,
        };
        let months = self.months.trim();
        let read = if months.is_empty() { Ok(None) } else { months.parse().map(Some) };
        match (self.issued_on.parse(), read) {
            (Ok(issued_on), Ok(months)) => Ok(Referral {
                provider_number: self.referrer.trim().to_owned(),
                issued_on,
                kind,
                months,
                indefinite: false,
            }),
            (day, months) => {
                let day = day
                    .err()
                    .map(|_| FieldError::new("/referral/issued_on", "Enter the day of the referral"));
                let months = months
                    .err()
                    .map(|_| FieldError::new("/referral/months", "Enter whole months, or leave it empty"));
                Err([day, months].into_iter().flatten().collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::payments::claim::{ReferralOverride, ServiceType};

    use super::ClaimForm;

    #[test]
    fn items_stand_in_a_row_however_they_are_parted() {
        let form =
            ClaimForm { sort: "O".to_owned(), items: " 23, 2713 23 ".to_owned(), ..ClaimForm::default() };
        let put = form.read(None, 4).unwrap();
        assert_eq!((put.service_type, put.version), (ServiceType::General, 4));
        assert_eq!(put.item_numbers, ["23", "2713", "23"]);
        assert!(put.referral.is_none() && put.referral_override.is_none());
    }

    #[test]
    fn a_specialists_claim_has_a_referral_or_a_reason() {
        let form = ClaimForm { sort: "S".to_owned(), items: "104".to_owned(), ..ClaimForm::default() };
        assert_eq!(form.read(None, 1).unwrap_err().len(), 1);
        let lost = ClaimForm { reason: "L".to_owned(), ..form.clone() };
        assert_eq!(lost.read(None, 1).unwrap().referral_override, Some(ReferralOverride::Lost));
        let referred =
            ClaimForm { issued_on: "2026-11-01".to_owned(), referrer: "2447781L".to_owned(), ..form };
        assert_eq!(referred.read(None, 1).unwrap().referral.unwrap().provider_number, "2447781L");
        let wrong = ClaimForm { months: "some".to_owned(), ..referred };
        assert_eq!(wrong.read(None, 1).unwrap_err()[0].pointer, "/referral/months");
    }
}
