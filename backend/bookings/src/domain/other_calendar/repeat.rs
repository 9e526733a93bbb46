//! Repetitions (RFC 5545, 3.3.10, read 2026-11-26) as far as calendar programs make them: by days, weeks, months and years, at
//! one time of the day. Others are refused, so that nothing is sold on half of a rule. Ours are another thing: weekly hours on
//! the wall.

use std::ops::RangeInclusive;

use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, DateTime, Weekday},
};
use shared_types::bookings::external_calendar::ReadFailure;

use super::wall::{Reading, read_date_time};

/// How far ahead a rule may leap at once, in days: further than there are dates.
const FURTHEST: i64 = 4_000_000;

/// How much work a file may still be: one for each day that is looked at.
#[derive(Debug)]
pub struct Work(u32);

impl Work {
    /// What all of one file may be.
    pub fn of_a_file() -> Self {
        Self(6_000_000)
    }

    /// Does so much of it.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn spend(&mut self, much: u32) -> Result<(), ReadFailure> {
        self.0 = self.0.checked_sub(much).ok_or(ReadFailure::TooLarge)?;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// The last time, included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    Day(Date),
    Wall(DateTime),
    Instant(Timestamp),
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Repeat {
    every: Every,
    interval: i64,
    count: Option<u32>,
    until: Option<Until>,
    months: Vec<i16>,
    month_days: Vec<i16>,
    /// Zero is each of them.
    weekdays: Vec<(i16, Weekday)>,
    positions: Vec<i16>,
    week_starts: Weekday,
}

impl Repeat {
    /// Reads `FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261224T000000Z`.
    ///
    /// # Errors
    /// When it is none, or one that is not read here.
    pub fn read(value: &str) -> Result<Self, ReadFailure> {
        Self::parse(value).ok_or(ReadFailure::NotUnderstood)
    }

    fn parse(value: &str) -> Option<Self> {
        let mut every = None;
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
            week_starts: Weekday::Monday,
        };
        for part in value.trim().split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => every = Some(read_every(value)?),
                "INTERVAL" => rule.interval = i64::from(value.trim().parse::<u32>().ok()?),
                "COUNT" => rule.count = Some(value.trim().parse().ok()?),
                "UNTIL" => rule.until = Some(read_until(value)?),
                "BYMONTH" => rule.months = numbers(value, 1, 12)?,
                "BYMONTHDAY" => rule.month_days = numbers(value, -31, 31)?,
                "BYDAY" => rule.weekdays = value.split(',').map(read_weekday).collect::<Option<_>>()?,
                "BYSETPOS" => rule.positions = numbers(value, -366, 366)?,
                "WKST" => rule.week_starts = weekday(value.trim())?,
                _ => return None,
            }
        }
        rule.every = every?;
        let by_week = matches!(rule.every, Every::Day | Every::Week);
        let numbered = rule.weekdays.iter().any(|(nth, _)| *nth != 0);
        (rule.interval > 0 && !(by_week && numbered)).then_some(rule)
    }

    /// The last time, where it has one.
    pub fn until(&self) -> Option<Until> {
        self.until
    }

    /// The days of the rule from the first on that lie in reach, in order. Which of them are after the last one, whoever knows
    /// the time of the day says.
    ///
    /// # Errors
    /// When it is more work than is left.
    pub fn dates(
        &self,
        first: Date,
        reach: &RangeInclusive<Date>,
        work: &mut Work,
    ) -> Result<Vec<Date>, ReadFailure> {
        let mut dates = Vec::new();
        let mut left = self.count;
        // Who counts has to begin at the beginning.
        let mut nth = if left.is_some() { 0 } else { self.periods_before(first, *reach.start()) };
        while let Some((begins, ends)) = self.period(first, nth)
            && begins <= *reach.end()
        {
            for date in self.days_of(begins, ends, first, work)? {
                if date < first {
                    continue;
                }
                if left == Some(0) || date > *reach.end() {
                    return Ok(dates);
                }
                left = left.map(|left| left - 1);
                if reach.contains(&date) {
                    dates.push(date);
                }
            }
            nth += 1;
        }
        Ok(dates)
    }

    /// The first day and the last of the nth period that counts.
    fn period(&self, first: Date, nth: i64) -> Option<(Date, Date)> {
        let along = nth.checked_mul(self.interval).filter(|along| *along < FURTHEST)?;
        match self.every {
            Every::Day => {
                let day = first.checked_add(along.days()).ok()?;
                Some((day, day))
            }
            Every::Week => {
                let begins = self
                    .week_of(first)?
                    .checked_add(along.checked_mul(7).filter(|days| *days < FURTHEST)?.days());
                let begins = begins.ok()?;
                Some((begins, begins.saturating_add(6.days())))
            }
            Every::Month => {
                let months = i64::from(first.year()) * 12 + i64::from(first.month()) - 1 + along;
                let year = i16::try_from(months.div_euclid(12)).ok()?;
                let begins = Date::new(year, i8::try_from(months.rem_euclid(12)).ok()? + 1, 1).ok()?;
                Some((begins, begins.last_of_month()))
            }
            Every::Year => {
                let year = i16::try_from(i64::from(first.year()) + along).ok()?;
                let begins = Date::new(year, 1, 1).ok()?;
                Some((begins, begins.last_of_year()))
            }
        }
    }

    /// How many periods end before a day.
    fn periods_before(&self, first: Date, day: Date) -> i64 {
        let days = (day.max(first).duration_since(first).as_hours()) / 24;
        let along = match self.every {
            Every::Day => days,
            // The week may have begun before its first day.
            Every::Week => days / 7,
            Every::Month => days / 31,
            Every::Year => days / 366,
        };
        along / self.interval
    }

    fn week_of(&self, date: Date) -> Option<Date> {
        let into = date.weekday().since(self.week_starts);
        date.checked_sub(i64::from(into).days()).ok()
    }

    /// The days of a period that the rule means, in order.
    fn days_of(
        &self,
        begins: Date,
        ends: Date,
        first: Date,
        work: &mut Work,
    ) -> Result<Vec<Date>, ReadFailure> {
        let mut days = Vec::new();
        let mut day = begins;
        loop {
            work.spend(1)?;
            if self.means(day, first) {
                days.push(day);
            }
            match day.tomorrow() {
                Ok(next) if next <= ends => day = next,
                Ok(_) | Err(_) => break,
            }
        }
        if self.positions.is_empty() {
            return Ok(days);
        }
        let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
        let mut nth: Vec<i64> = self
            .positions
            .iter()
            .map(|at| i64::from(*at))
            .map(|at| if at < 0 { count + at } else { at - 1 })
            .filter(|at| (0..count).contains(at))
            .collect();
        nth.sort_unstable();
        nth.dedup();
        Ok(nth.into_iter().filter_map(|at| days.get(usize::try_from(at).ok()?).copied()).collect())
    }

    fn means(&self, day: Date, first: Date) -> bool {
        let in_month = self.months.is_empty() || self.months.contains(&i16::from(day.month()));
        let (of_month, month) = (i16::from(day.day()), i16::from(day.days_in_month()));
        let on_day = self.month_days.is_empty()
            || self.month_days.iter().any(|at| *at == of_month || *at == of_month - month - 1);
        let on_weekday =
            self.weekdays.is_empty() || self.weekdays.iter().any(|wanted| self.is_nth(day, *wanted));
        let plain = self.month_days.is_empty() && self.weekdays.is_empty();
        // What the rule does not say, its first day does.
        let as_first = match self.every {
            Every::Day => true,
            Every::Week => day.weekday() == first.weekday(),
            Every::Month => day.day() == first.day(),
            Every::Year => {
                day.day() == first.day() && (!self.months.is_empty() || day.month() == first.month())
            }
        };
        in_month && on_day && on_weekday && (!plain || as_first)
    }

    /// Whether it is that weekday; the nth one of the month or the year, where it is numbered.
    fn is_nth(&self, day: Date, (nth, wanted): (i16, Weekday)) -> bool {
        let of_year = self.every == Every::Year && self.months.is_empty();
        let (at, length) = if of_year {
            (day.day_of_year(), day.days_in_year())
        } else {
            (i16::from(day.day()), i16::from(day.days_in_month()))
        };
        let counts = match nth {
            0 => true,
            1.. => (at - 1) / 7 + 1 == nth,
            _ => (length - at) / 7 + 1 == -nth,
        };
        day.weekday() == wanted && counts
    }
}

fn read_every(value: &str) -> Option<Every> {
    match value.trim().to_ascii_uppercase().as_str() {
        "DAILY" => Some(Every::Day),
        "WEEKLY" => Some(Every::Week),
        "MONTHLY" => Some(Every::Month),
        "YEARLY" => Some(Every::Year),
        _ => None,
    }
}

fn read_until(value: &str) -> Option<Until> {
    match read_date_time(value.trim())? {
        Reading::Day(day) => Some(Until::Day(day)),
        Reading::Wall(wall) => Some(Until::Wall(wall)),
        Reading::Instant(instant) => Some(Until::Instant(instant)),
    }
}

/// Numbers with commas between; none is zero.
fn numbers(value: &str, least: i16, most: i16) -> Option<Vec<i16>> {
    let fits = |number: &i16| *number != 0 && (least..=most).contains(number);
    value.split(',').map(|number| number.trim().parse().ok().filter(fits)).collect()
}

/// `MO`, `2TU`, `-1FR`.
fn read_weekday(value: &str) -> Option<(i16, Weekday)> {
    let value = value.trim();
    let at = value.len().checked_sub(2)?;
    let (nth, name) = value.split_at_checked(at)?;
    let nth = if nth.is_empty() { 0 } else { numbers(nth, -53, 53)?.first().copied()? };
    Some((nth, weekday(name)?))
}

fn weekday(name: &str) -> Option<Weekday> {
    match name.to_ascii_uppercase().as_str() {
        "MO" => Some(Weekday::Monday),
        "TU" => Some(Weekday::Tuesday),
        "WE" => Some(Weekday::Wednesday),
        "TH" => Some(Weekday::Thursday),
        "FR" => Some(Weekday::Friday),
        "SA" => Some(Weekday::Saturday),
        "SU" => Some(Weekday::Sunday),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{Repeat, Work};

    fn check(rule: &str, first: Date, expected: &[&str]) {
        let reach = date(2026, 1, 1)..=date(2027, 12, 31);
        let found = Repeat::read(rule).unwrap().dates(first, &reach, &mut Work::of_a_file()).unwrap();
        let found: Vec<_> = found.iter().take(expected.len().max(1)).map(ToString::to_string).collect();
        assert_eq!(found, expected, "{rule}");
    }

    /// The examples of RFC 5545, 3.8.5.3, moved to our years.
    #[test]
    fn rules_mean_what_the_standard_says() {
        let first = date(2026, 9, 2); // a Wednesday
        check("FREQ=DAILY;INTERVAL=10;COUNT=3", first, &["2026-09-02", "2026-09-12", "2026-09-22"]);
        check("FREQ=WEEKLY", first, &["2026-09-02", "2026-09-09"]);
        check(
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH",
            first,
            &["2026-09-03", "2026-09-15", "2026-09-17"],
        );
        check("FREQ=MONTHLY;BYDAY=1FR", first, &["2026-09-04", "2026-10-02", "2026-11-06"]);
        check("FREQ=MONTHLY;BYMONTHDAY=-3", first, &["2026-09-28", "2026-10-29", "2026-11-28"]);
        check("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", first, &["2026-11-13", "2027-08-13"]);
        check("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", first, &["2026-09-29", "2026-10-29"]);
        check("FREQ=MONTHLY", date(2026, 1, 31), &["2026-01-31", "2026-03-31", "2026-05-31"]);
        check("FREQ=YEARLY;BYMONTH=11;BYDAY=1TU", first, &["2026-11-03", "2027-11-02"]);
        check("FREQ=YEARLY;BYDAY=20MO", date(2026, 1, 1), &["2026-05-18", "2027-05-17"]);
        check("FREQ=YEARLY", date(2024, 2, 29), &[]);
        check("FREQ=YEARLY;INTERVAL=3", date(2021, 6, 10), &["2027-06-10"]);
    }

    #[test]
    fn what_began_long_ago_still_goes_on_and_what_is_counted_ends() {
        check("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", date(1999, 1, 4), &["2026-01-12", "2026-01-26"]);
        check("FREQ=WEEKLY;COUNT=3", date(1999, 1, 4), &[]);
        check("FREQ=DAILY;COUNT=4000000000", date(2025, 12, 31), &["2026-01-01", "2026-01-02"]);
    }

    #[test]
    fn rules_that_are_not_read_for_certain_are_refused() {
        for rule in [
            "",
            "FREQ=SECONDLY",
            "FREQ=HOURLY;INTERVAL=3",
            "FREQ=DAILY;BYHOUR=9,10",
            "FREQ=YEARLY;BYWEEKNO=20",
            "FREQ=YEARLY;BYYEARDAY=100",
            "FREQ=WEEKLY;BYDAY=1MO",
            "FREQ=WEEKLY;INTERVAL=0",
            "FREQ=WEEKLY;BYDAY=MÖ",
            "FREQ=WEEKLY;UNTIL=soon",
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "INTERVAL=2",
        ] {
            assert!(Repeat::read(rule).is_err(), "{rule}");
        }
    }

    #[test]
    fn endless_work_is_refused() {
        let rule = Repeat::read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1").unwrap();
        let reach = date(2026, 1, 1)..=date(2027, 12, 31);
        let mut work = Work::of_a_file();
        for _ in 0..8 {
            let _ = rule.dates(date(-9000, 1, 1), &reach, &mut work);
        }
        assert!(rule.dates(date(-9000, 1, 1), &reach, &mut work).is_err());
    }
}
