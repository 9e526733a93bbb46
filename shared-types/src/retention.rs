//! How long records are kept (C-43). One rule for health records in the whole country: that of New South Wales, Victoria and
//! the ACT, which is the strictest (Health Records and Information Privacy Act 2002 (NSW) s 25; Health Records Act 2001 (Vic)
//! HPP 4.2; Health Records (Privacy and Access) Act 1997 (ACT) sch 1; as compiled in control C-43 on 22 November 2026).

use jiff::civil::Date;

/// How long an adult's health record, a record of money, and an entry of the audit log are kept, in years.
pub const YEARS: i16 = 7;
/// To which age the record of somebody who was a child is kept.
pub const CHILD_UNTIL_AGE: i16 = 25;

/// The last day that a health record is kept: seven years from the last service, and for somebody who was under 18 until
/// they are 25. Who was 18 at their last service is 25 or older seven years on, so the later of the two days is the rule.
pub fn keep_until(date_of_birth: Date, last_service: Date) -> Date {
    years_after(last_service, YEARS).max(years_after(date_of_birth, CHILD_UNTIL_AGE))
}

/// The last day that any other record is kept: seven years from the day it ended.
pub fn seven_years_after(end: Date) -> Date {
    years_after(end, YEARS)
}

/// The first day of those that ended too late to go today: what ended before it has been kept for seven years.
pub fn kept_from(today: Date) -> Date {
    let day = years_after(today, -YEARS);
    match day.yesterday() {
        Ok(before) if seven_years_after(before) >= today => before,
        Ok(_) | Err(_) => day,
    }
}

/// The same day of a later year, or an earlier one; for 29 February, 1 March where there is none, so that nothing goes a day early.
fn years_after(day: Date, years: i16) -> Date {
    let year = day.year().saturating_add(years);
    let same_day = Date::new(year, day.month(), day.day());
    same_day.or_else(|_| Date::new(year, 3, 1)).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{keep_until, kept_from, seven_years_after};

    /// The vectors of C-43, and the days around its edges.
    #[test]
    fn an_adults_record_is_kept_for_seven_years_and_a_childs_until_twenty_five() {
        let last = date(2026, 11, 22);
        for (born, last_service, until) in [
            (date(1980, 5, 1), last, date(2033, 11, 22)),
            (date(2020, 2, 29), last, date(2045, 3, 1)),
            (date(2009, 1, 10), last, date(2034, 1, 10)),
            // Eighteen on the day itself, and a day before it.
            (date(2008, 11, 22), last, date(2033, 11, 22)),
            (date(2008, 11, 23), last, date(2033, 11, 23)),
            (date(1980, 5, 1), date(2028, 2, 29), date(2035, 3, 1)),
            (date(2000, 2, 29), date(2018, 2, 28), date(2025, 3, 1)),
        ] {
            assert_eq!(keep_until(born, last_service), until, "born {born}, last seen {last_service}");
        }
    }

    #[test]
    fn what_ended_before_a_day_has_had_its_seven_years() {
        for (today, from) in [
            (date(2033, 11, 22), date(2026, 11, 22)),
            (date(2035, 3, 1), date(2028, 2, 29)),
            (date(2035, 3, 2), date(2028, 3, 2)),
            (date(2036, 2, 29), date(2029, 3, 1)),
        ] {
            assert_eq!(kept_from(today), from, "{today}");
            assert!(seven_years_after(from) >= today && seven_years_after(from.yesterday().unwrap()) < today);
        }
    }

    #[test]
    fn nobodys_record_goes_before_seven_years() {
        let last = date(2026, 11, 22);
        for age in 0..=110 {
            let born = date(2026 - age, 6, 15);
            assert!(keep_until(born, last) >= seven_years_after(last), "aged {age}");
        }
    }
}
