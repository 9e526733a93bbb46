//! A day, a time and a length while they are being typed, as the browser's own fields write them.

use jiff::civil::{Date, Time};
use shared_types::problem::FieldError;

/// What stands in the three fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhenForm {
    /// `2026-11-24`.
    pub date: String,
    /// `09:15`.
    pub time: String,
    /// `45`.
    pub minutes: String,
}

/// A day, the minute of it at which something starts, and how many minutes it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The day.
    pub date: Date,
    /// The minute of the day.
    pub minute: i32,
    /// The length in minutes.
    pub minutes: i32,
}

impl WhenForm {
    /// The fields of a day, a minute and a length; empty where there is none.
    pub fn of(date: Option<Date>, minute: Option<i32>, minutes: Option<i32>) -> Self {
        Self {
            date: date.map(|date| date.to_string()).unwrap_or_default(),
            time: minute.map(time_value).unwrap_or_default(),
            minutes: minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        }
    }

    /// What they say.
    ///
    /// # Errors
    /// One entry for each field that is wrong, in the order of the page.
    pub fn read(&self) -> Result<When, Vec<FieldError>> {
        let date = self.date.parse::<Date>();
        let minute = read_time(&self.time);
        let minutes = self.minutes.trim().parse::<i32>().ok().filter(|minutes| (5..=480).contains(minutes));
        if let (Ok(date), Some(minute), Some(minutes)) = (&date, minute, minutes) {
            return Ok(When { date: *date, minute, minutes });
        }
        let wrong = [
            (date.is_err(), "/date", "Choose a day"),
            (minute.is_none(), "/time", "Choose a time"),
            (minutes.is_none(), "/minutes", "Use 5 to 480 minutes"),
        ];
        Err(wrong
            .into_iter()
            .filter(|(wrong, ..)| *wrong)
            .map(|(_, pointer, detail)| FieldError::new(pointer, detail))
            .collect())
    }
}

/// `09:15`, as a time field writes the minute of a day.
pub fn time_value(minute: i32) -> String {
    format!("{:02}:{:02}", minute.rem_euclid(1_440) / 60, minute.rem_euclid(60))
}

/// The minute of the day that a time field says.
fn read_time(text: &str) -> Option<i32> {
    let time = text.trim().parse::<Time>().ok()?;
    Some(i32::from(time.hour()) * 60 + i32::from(time.minute()))
}

/// The time that a time field says.
pub fn wall_time(text: &str) -> Option<Time> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::{When, WhenForm, time_value, wall_time};

    #[test]
    fn what_is_put_in_comes_out() {
        let when = When { date: date(2026, 11, 24), minute: 555, minutes: 45 };
        let form = WhenForm::of(Some(when.date), Some(when.minute), Some(when.minutes));
        assert_eq!(form.time, "09:15");
        assert_eq!(form.read(), Ok(when));
        assert_eq!(wall_time(&time_value(555)), Some(time(9, 15, 0, 0)));
        assert_eq!(wall_time("later"), None);
    }

    #[test]
    fn what_is_missing_is_named_in_the_order_of_the_page() {
        let pointers = |form: WhenForm| {
            let errors = form.read().unwrap_err();
            errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(WhenForm::default()), ["/date", "/time", "/minutes"]);
        let long = WhenForm::of(Some(date(2026, 11, 24)), Some(0), Some(600));
        assert_eq!(pointers(long), ["/minutes"]);
    }
}
