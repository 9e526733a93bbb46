//! A date of birth in three boxes, as people read it off a card. One box and a date picker both make people born
//! in 1950 scroll for a long time.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared_types::time::MONTHS;

/// What stands in the three boxes. No `Debug`: it is personal.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BirthDate {
    /// `27`.
    pub day: String,
    /// `3`, or `March`.
    pub month: String,
    /// `1985`.
    pub year: String,
}

/// One of the boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BirthPart {
    Day,
    Month,
    Year,
}

impl BirthDate {
    /// The date.
    ///
    /// # Errors
    /// What to do about it, in one sentence.
    pub fn read(&self) -> Result<Date, &'static str> {
        let (day, month, year) = (self.day.trim(), self.month.trim(), self.year.trim());
        if [day, month, year].iter().all(|part| part.is_empty()) {
            return Err("Enter the date of birth");
        }
        if [day, month, year].iter().any(|part| part.is_empty()) {
            return Err("Enter the day, the month and the year");
        }
        let year = year.parse::<i16>().map_err(|_| "Enter the year in digits, such as 1985")?;
        if year < 1000 {
            return Err("Enter all four digits of the year, such as 1985");
        }
        let month = month_number(month).ok_or("Enter the month as a number from 1 to 12")?;
        let day = day.parse::<i8>().map_err(|_| "Enter the day as a number from 1 to 31")?;
        Date::new(year, month, day).map_err(|_| "There is no such day. Check the day and the month")
    }

    /// Changes one box.
    pub fn set(&mut self, part: BirthPart, text: String) {
        match part {
            BirthPart::Day => self.day = text,
            BirthPart::Month => self.month = text,
            BirthPart::Year => self.year = text,
        }
    }
}

/// `3`, `03`, `mar` and `March` are the third month.
fn month_number(text: &str) -> Option<i8> {
    if let Ok(number) = text.parse::<i8>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let text = text.to_ascii_lowercase();
    let starts = |name: &&str| text.len() >= 3 && name.to_ascii_lowercase().starts_with(&text);
    let before = MONTHS.iter().position(starts)?;
    i8::try_from(before + 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::BirthDate;

    fn born(day: &str, month: &str, year: &str) -> BirthDate {
        BirthDate { day: day.to_owned(), month: month.to_owned(), year: year.to_owned() }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (day, month, year) in
            [("27", "3", "1985"), (" 27 ", "03", "1985"), ("27", "mar", "1985"), ("27", "March", "1985")]
        {
            assert!(born(day, month, year).read() == Ok(date(1985, 3, 27)), "{day} {month} {year}");
        }
        assert!(born("29", "2", "1980").read() == Ok(date(1980, 2, 29)));
    }

    #[test]
    fn each_mistake_says_what_would_be_right() {
        for (day, month, year, word) in [
            ("", "", "", "date of birth"),
            ("27", "", "1985", "the month"),
            ("27", "3", "85", "four digits"),
            ("27", "13", "1985", "1 to 12"),
            ("27", "Ma", "1985", "1 to 12"),
            ("x", "3", "1985", "1 to 31"),
            ("29", "2", "1981", "no such day"),
            ("27", "3", "MCM", "in digits"),
        ] {
            let message = born(day, month, year).read().unwrap_err();
            assert!(message.contains(word), "{day} {month} {year}: {message}");
        }
    }
}
