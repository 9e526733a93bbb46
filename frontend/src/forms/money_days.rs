//! The days of a list of money, as they are typed: the last one counts, where the service is told the day after it. Pure.

use std::ops::Range;

use jiff::{ToSpan as _, civil::Date};

/// How many days are shown at first.
const USUAL_DAYS: i64 = 90;
/// The most days that the service tells of at once.
const MOST_DAYS: i32 = 366;
/// Years that somebody may mean.
const YEARS: Range<i16> = 2000..2200;

/// The two fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaysForm {
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
}

/// What is wrong, beside each field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaysErrors {
    /// With the first day.
    pub first: Option<&'static str>,
    /// With the last day.
    pub last: Option<&'static str>,
}

impl DaysForm {
    /// The last ninety days, or the one that an address names: `?day=2026-11-20`.
    pub fn open(query: &str, today: Date) -> Self {
        let named = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
            .find(|(name, _)| name == "day")
            .and_then(|(_, day)| day.parse::<Date>().ok())
            .filter(|day| YEARS.contains(&day.year()));
        let first = named.unwrap_or_else(|| today.saturating_sub((USUAL_DAYS - 1).days()));
        Self { first: first.to_string(), last: named.unwrap_or(today).to_string() }
    }

    /// The days that are meant: the first, and the one after the last.
    ///
    /// # Errors
    /// When a field is no day, the last comes before the first, or they are too many.
    pub fn check(&self) -> Result<(Date, Date), DaysErrors> {
        let read = |text: &str| text.trim().parse::<Date>().ok().filter(|day| YEARS.contains(&day.year()));
        let (from, last) = match (read(&self.first), read(&self.last)) {
            (Some(first), Some(last)) => (first, last),
            (first, last) => {
                let wrong = "Enter a day, such as 1 November 2026";
                let wrong_where = |read: Option<Date>| read.is_none().then_some(wrong);
                return Err(DaysErrors { first: wrong_where(first), last: wrong_where(last) });
            }
        };
        let until = last.saturating_add(1.day());
        let wrong = |words| Err(DaysErrors { first: None, last: Some(words) });
        if last < from {
            return wrong("The last day comes after the first");
        }
        if (until - from).get_days() > MOST_DAYS {
            return wrong("At most 366 days at once: choose an earlier last day, then look at the rest");
        }
        Ok((from, until))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{DaysErrors, DaysForm};

    const TODAY: Date = date(2026, 11, 26);

    fn form(first: &str, last: &str) -> DaysForm {
        DaysForm { first: first.to_owned(), last: last.to_owned() }
    }

    #[test]
    fn the_last_ninety_days_are_shown_unless_an_address_names_one() {
        for (query, expected) in [
            ("", form("2026-08-29", "2026-11-26")),
            ("?day=2025-11-20", form("2025-11-20", "2025-11-20")),
            ("?day=1025-11-20", form("2026-08-29", "2026-11-26")),
            ("?day=yesterday", form("2026-08-29", "2026-11-26")),
        ] {
            let opened = DaysForm::open(query, TODAY);
            assert_eq!(opened, expected, "{query}");
            assert!(opened.check().is_ok(), "{query}");
        }
    }

    #[test]
    fn the_last_day_counts_and_the_service_is_told_the_next_one() {
        let month = form("2026-11-01", "2026-11-30").check();
        assert_eq!(month, Ok((date(2026, 11, 1), date(2026, 12, 1))));
        let day = form("2026-11-26", " 2026-11-26 ").check();
        assert_eq!(day, Ok((date(2026, 11, 26), date(2026, 11, 27))));
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field() {
        for (first, last, at_first, at_last) in [
            ("", "", true, true),
            ("2026-11-01", "30 November", false, true),
            ("1026-11-01", "2026-11-30", true, false),
            ("2026-11-02", "2026-11-01", false, true),
            ("2025-11-01", "2026-11-30", false, true),
        ] {
            let DaysErrors { first: one, last: other } = form(first, last).check().unwrap_err();
            assert_eq!((one.is_some(), other.is_some()), (at_first, at_last), "{first} {last}");
        }
    }
}
