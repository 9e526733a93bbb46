//! What Services Australia told of a claim of which no report comes, as staff type it.

use jiff::civil::Date;
use shared_types::{
    payments::claim::{ClaimCase, RecordOutcome, Told, ToldPayment},
    problem::FieldError,
};

use super::hours::{dollars, read_dollars};

/// What is chosen and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToldForm {
    /// [`Told::code`]; that a run paid it while nobody has chosen.
    pub told: String,
    /// The run's number.
    pub run_number: String,
    /// Its day.
    pub run_date: String,
    /// What it brought to the bank, in dollars.
    pub deposit: String,
    /// What was paid for each service, in dollars.
    pub benefits: Vec<String>,
}

impl ToldForm {
    /// As it begins: each service paid as Medicare assessed it, or else as it was claimed.
    pub fn of(case: &ClaimCase) -> Self {
        let services = case.services.iter();
        let benefits = services.map(|service| dollars(service.benefit_cents.unwrap_or(service.charge_cents)));
        Self { benefits: benefits.collect(), ..Self::default() }
    }

    /// What is chosen.
    pub fn told(&self) -> Told {
        Told::from_code(&self.told).unwrap_or(Told::Paid)
    }

    /// As it is sent, over the version that was on the screen.
    ///
    /// # Errors
    /// What cannot be read; the server looks at the rest.
    pub fn read(&self, version: i32) -> Result<RecordOutcome, Vec<FieldError>> {
        let told = self.told();
        let payment = match told {
            Told::NeverReceived | Told::NothingPaid => None,
            Told::Paid => Some(self.payment()?),
        };
        Ok(RecordOutcome { told, payment, version })
    }

    fn payment(&self) -> Result<ToldPayment, Vec<FieldError>> {
        let mut errors = Vec::new();
        let run_date: Option<Date> = self.run_date.parse().ok();
        if run_date.is_none() {
            errors.push(FieldError::new("/payment/run_date", "Enter the day of the run"));
        }
        let deposit_cents = read_dollars(&self.deposit);
        if deposit_cents.is_none() {
            let detail = "Enter what the whole run brought to the bank, such as 43.90";
            errors.push(FieldError::new("/payment/deposit_cents", detail));
        }
        let mut benefits = Vec::with_capacity(self.benefits.len());
        for (place, text) in self.benefits.iter().enumerate() {
            match read_dollars(text) {
                Some(cents) => benefits.push(cents),
                None => {
                    let detail = "Enter what was paid for it, such as 43.90, or 0";
                    errors.push(FieldError::new(format!("/payment/benefits/{place}"), detail));
                }
            }
        }
        match (run_date, deposit_cents) {
            (Some(run_date), Some(deposit_cents)) if errors.is_empty() => {
                let run_number = self.run_number.trim().to_owned();
                Ok(ToldPayment { run_date, run_number, deposit_cents, benefits })
            }
            (Some(_) | None, Some(_) | None) => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{AudCents, payments::claim::Told};

    use super::ToldForm;

    fn form() -> ToldForm {
        ToldForm {
            told: String::new(),
            run_number: " 0335 ".to_owned(),
            run_date: "2026-11-28".to_owned(),
            deposit: "90".to_owned(),
            benefits: vec!["43.90".to_owned(), "0".to_owned()],
        }
    }

    #[test]
    fn a_run_paid_it_until_something_else_is_chosen() {
        let read = form().read(3).unwrap();
        let payment = read.payment.unwrap();
        assert_eq!((read.told, read.version), (Told::Paid, 3));
        assert_eq!((payment.run_number.as_str(), payment.run_date), ("0335", date(2026, 11, 28)));
        assert_eq!(payment.deposit_cents, AudCents(9_000));
        assert_eq!(payment.benefits, [AudCents(4_390), AudCents::ZERO]);
        let never = ToldForm { told: "never_received".to_owned(), run_date: String::new(), ..form() };
        assert_eq!(never.read(3).unwrap().payment, None);
    }

    #[test]
    fn what_cannot_be_read_is_said_beside_its_field() {
        let wrong = ToldForm {
            run_date: "yesterday".to_owned(),
            deposit: "much".to_owned(),
            benefits: vec!["43.90".to_owned(), "-1".to_owned()],
            ..form()
        };
        let pointers: Vec<_> = wrong.read(3).unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/payment/run_date", "/payment/deposit_cents", "/payment/benefits/1"]);
    }
}
