//! That a Medicare benefit went back, as staff say it.

use jiff::civil::Date;
use shared_types::{
    payments::claim::{ReturnBenefit, ReturnWay},
    problem::FieldError,
};

/// What is chosen and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WentBackForm {
    /// [`ReturnWay::code`]; the first one while nobody has chosen.
    pub way: String,
    /// The day.
    pub returned_on: String,
    /// Why.
    pub reason: String,
}

impl WentBackForm {
    /// As it is sent, over the version that was on the screen.
    ///
    /// # Errors
    /// What cannot be read; the server looks at the rest.
    pub fn read(&self, version: i32) -> Result<ReturnBenefit, Vec<FieldError>> {
        let wrong = |_| vec![FieldError::new("/returned_on", "Enter the day on which it went back")];
        let returned_on: Date = self.returned_on.parse().map_err(wrong)?;
        Ok(ReturnBenefit {
            way: ReturnWay::from_code(&self.way).unwrap_or(ReturnWay::TakenByMedicare),
            returned_on,
            reason: self.reason.trim().to_owned().into(),
            version,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::payments::claim::ReturnWay;

    use super::WentBackForm;

    #[test]
    fn the_day_is_one_and_the_way_is_the_first_until_another_is_chosen() {
        let form = WentBackForm { reason: " A letter ".to_owned(), ..WentBackForm::default() };
        assert_eq!(form.read(3).unwrap_err()[0].pointer, "/returned_on");
        let dated = WentBackForm { returned_on: "2026-11-28".to_owned(), ..form };
        let read = dated.read(3).unwrap();
        assert_eq!(
            (read.way, read.returned_on, read.version),
            (ReturnWay::TakenByMedicare, date(2026, 11, 28), 3)
        );
        assert_eq!(read.reason.expose(), "A letter");
        let paid = WentBackForm { way: "paid_by_practice".to_owned(), ..dated };
        assert_eq!(paid.read(3).unwrap().way, ReturnWay::PaidByPractice);
    }
}
