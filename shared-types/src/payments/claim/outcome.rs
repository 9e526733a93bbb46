//! What came of a claim of which no report comes, as Services Australia told staff who asked.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AudCents, payments::codes::codes, problem::FieldError};

/// The most that a run brings to the bank, and that is paid for a service.
const AT_MOST: i64 = 999_999_999;
/// How long the number of a run is at most.
pub const RUN_NUMBER_LENGTH: usize = 20;

codes! {
    /// What staff were told came of a claim.
    Told {
        /// Medicare never had it: it is taken back, and its services can be claimed anew.
        NeverReceived = "never_received",
        /// Medicare had it, and pays nothing for it: its services can be claimed again.
        NothingPaid = "nothing_paid",
        /// A run of payments paid it.
        Paid = "paid",
    }
}

/// Says what came of a claim about which Medicare is asked no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordOutcome {
    /// What came of it.
    pub told: Told,
    /// By which run it was paid; there where it was, and only there.
    #[serde(default)]
    pub payment: Option<ToldPayment>,
    /// The version of the claim that was on the screen.
    pub version: i32,
}

/// The run that paid a claim, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToldPayment {
    /// The day of the run: from the day of the service to today.
    pub run_date: Date,
    /// Its number, as Medicare writes it: 1 to [`RUN_NUMBER_LENGTH`] letters and digits.
    pub run_number: String,
    /// What the run brought to the bank, for all claims. What is known of the run already stays.
    pub deposit_cents: AudCents,
    /// What was paid for each service of the claim, in their order; zero for one that was not. One at least is above zero.
    pub benefits: Vec<AudCents>,
}

impl RecordOutcome {
    /// The run that paid the claim, of so many services given on a day, by what is known today; none where none did.
    ///
    /// # Errors
    /// 422's fields.
    pub fn check(
        &self,
        services: usize,
        given_on: Date,
        today: Date,
    ) -> Result<Option<&ToldPayment>, Vec<FieldError>> {
        let payment = match (self.told, &self.payment) {
            (Told::NeverReceived | Told::NothingPaid, None) => return Ok(None),
            (Told::NeverReceived | Told::NothingPaid, Some(_)) => {
                let detail = "Leave the payment out: no run paid the claim";
                return Err(vec![FieldError::new("/payment", detail)]);
            }
            (Told::Paid, None) => {
                let detail = "Enter the run that paid the claim";
                return Err(vec![FieldError::new("/payment", detail)]);
            }
            (Told::Paid, Some(payment)) => payment,
        };
        let errors = payment.wrong(services, given_on, today);
        if errors.is_empty() { Ok(Some(payment)) } else { Err(errors) }
    }
}

impl ToldPayment {
    fn wrong(&self, services: usize, given_on: Date, today: Date) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let number = &self.run_number;
        let is_number = (1..=RUN_NUMBER_LENGTH).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_number {
            errors
                .push(FieldError::new("/payment/run_number", "Enter the run’s number as Medicare writes it"));
        }
        if !(given_on..=today).contains(&self.run_date) {
            let detail = "Enter the day of the run, from the day of the visit to today";
            errors.push(FieldError::new("/payment/run_date", detail));
        }
        let fits = |cents: AudCents| (0..=AT_MOST).contains(&cents.0);
        if !fits(self.deposit_cents) {
            let detail = "Enter what the whole run brought to the bank";
            errors.push(FieldError::new("/payment/deposit_cents", detail));
        }
        if self.benefits.len() != services {
            errors.push(FieldError::new("/payment/benefits", "Enter what was paid for each service"));
            return errors;
        }
        for (place, cents) in self.benefits.iter().enumerate() {
            if !fits(*cents) {
                let detail = "Enter what was paid for it, zero where nothing was";
                errors.push(FieldError::new(format!("/payment/benefits/{place}"), detail));
            }
        }
        if errors.is_empty() && self.benefits.iter().all(|cents| *cents == AudCents::ZERO) {
            let detail = "Enter what was paid for one service at least, or say that nothing was paid";
            errors.push(FieldError::new("/payment/benefits/0", detail));
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{RecordOutcome, Told, ToldPayment};
    use crate::AudCents;

    fn paid() -> ToldPayment {
        ToldPayment {
            run_date: date(2026, 11, 28),
            run_number: "0335".to_owned(),
            deposit_cents: AudCents(9_000),
            benefits: vec![AudCents(4_390), AudCents::ZERO],
        }
    }

    /// The pointers of what is wrong, for a claim of two services that were given on 24 November, on 1 December.
    fn wrong(told: Told, payment: Option<ToldPayment>) -> Vec<String> {
        let body = RecordOutcome { told, payment, version: 1 };
        let checked = body.check(2, date(2026, 11, 24), date(2026, 12, 1));
        checked.err().unwrap_or_default().into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn a_run_is_named_where_one_paid_and_nowhere_else() {
        for told in [Told::NeverReceived, Told::NothingPaid] {
            assert!(wrong(told, None).is_empty());
            assert_eq!(wrong(told, Some(paid())), ["/payment"]);
        }
        assert!(wrong(Told::Paid, Some(paid())).is_empty());
        assert_eq!(wrong(Told::Paid, None), ["/payment"]);
    }

    #[test]
    fn what_is_wrong_with_a_run_is_said_field_by_field() {
        let cents = |one, other| vec![AudCents(one), AudCents(other)];
        for (payment, pointer) in [
            (ToldPayment { run_number: String::new(), ..paid() }, "/payment/run_number"),
            (ToldPayment { run_number: "run 335".to_owned(), ..paid() }, "/payment/run_number"),
            (ToldPayment { run_date: date(2026, 11, 23), ..paid() }, "/payment/run_date"),
            (ToldPayment { run_date: date(2026, 12, 2), ..paid() }, "/payment/run_date"),
            (ToldPayment { deposit_cents: AudCents(-1), ..paid() }, "/payment/deposit_cents"),
            (ToldPayment { benefits: vec![AudCents(4_390)], ..paid() }, "/payment/benefits"),
            (ToldPayment { benefits: cents(4_390, -1), ..paid() }, "/payment/benefits/1"),
            (ToldPayment { benefits: cents(0, 0), ..paid() }, "/payment/benefits/0"),
        ] {
            assert_eq!(wrong(Told::Paid, Some(payment)), [pointer]);
        }
    }
}
