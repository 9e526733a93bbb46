//! The months of which there are statements. Pure.

use jiff::{ToSpan as _, civil::Date};
use shared_types::time::MONTHS;

/// Books are kept for seven years.
const MONTHS_KEPT: i64 = 84;

/// This month and those before it, the latest first, each by its first day.
pub fn months(today: Date) -> Vec<Date> {
    let this = today.first_of_month();
    (0..MONTHS_KEPT).map(|back| this.saturating_sub(back.months())).collect()
}

/// `2026-11`, as the service reads it.
pub fn month_code(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

/// `November 2026`.
pub fn month_words(month: Date) -> String {
    let name = usize::from(month.month().unsigned_abs()).checked_sub(1).and_then(|place| MONTHS.get(place));
    format!("{} {}", name.copied().unwrap_or_default(), month.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{month_code, month_words, months};

    #[test]
    fn the_months_of_seven_years_begin_with_this_one() {
        let months = months(date(2026, 11, 26));
        assert_eq!(months.len(), 84);
        assert_eq!(months[..2], [date(2026, 11, 1), date(2026, 10, 1)]);
        assert_eq!(months[83], date(2019, 12, 1));
    }

    #[test]
    fn a_month_has_a_code_for_the_service_and_words_for_people() {
        let month = date(2026, 1, 1);
        assert_eq!(
            (month_code(month), month_words(month)),
            ("2026-01".to_owned(), "January 2026".to_owned())
        );
    }
}
