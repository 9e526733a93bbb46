//! What a person's age decides: who may hold an account, and how long a parent may act.
//!
//! The Children's Online Privacy Code asks for a parent's consent below 15 (exposure draft of 31 March 2026, control
//! C-20); a young person from 15 decides alone whether a parent sees their record, and at 18 nobody is a child.

use jiff::{Timestamp, civil::Date};
use shared_types::Zone;

/// From this age one may hold an own account, and shut a parent out of it.
pub const OWN_ACCOUNT: i16 = 15;
/// At this age a parent's access ends by itself.
pub const OF_AGE: i16 = 18;

/// Which rules apply to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Below 15.
    Child,
    /// From 15 and below 18.
    Teen,
    /// From 18.
    Adult,
}

impl Stage {
    /// Where somebody born on a day stands on another.
    pub fn on(born: Date, today: Date) -> Self {
        if today >= birthday(born, OF_AGE) {
            Self::Adult
        } else if today >= birthday(born, OWN_ACCOUNT) {
            Self::Teen
        } else {
            Self::Child
        }
    }

    /// Whether they may hold an account of their own.
    pub fn may_hold_account(self) -> bool {
        match self {
            Self::Child => false,
            Self::Teen | Self::Adult => true,
        }
    }

    /// Whether they may end a parent's leave to act.
    pub fn may_shut_parent_out(self) -> bool {
        self.may_hold_account()
    }

    /// Whether a parent adds them by a statement; others are asked themselves.
    pub fn is_added_by_statement(self) -> bool {
        match self {
            Self::Child => true,
            Self::Teen | Self::Adult => false,
        }
    }
}

/// When a parent's access ends: as the 18th birthday begins in Sydney, so that one moment holds in the whole country.
pub fn parent_access_ends(born: Date) -> Timestamp {
    Zone::SYDNEY.start_of_day(birthday(born, OF_AGE))
}

/// The day somebody reaches an age; who is born on 29 February does so on 1 March of other years.
fn birthday(born: Date, years: i16) -> Date {
    let year = born.year().saturating_add(years);
    let same_day = Date::new(year, born.month(), born.day());
    same_day.or_else(|_| Date::new(year, 3, 1)).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Stage, parent_access_ends};

    #[test]
    fn the_rules_change_on_the_birthdays_and_not_a_day_earlier() {
        let born = date(2010, 3, 10);
        for (today, stage) in [
            (date(2025, 3, 9), Stage::Child),  // 14 years, 364 days
            (date(2025, 3, 10), Stage::Teen),  // 15
            (date(2028, 3, 9), Stage::Teen),   // 17 years, 364 days
            (date(2028, 3, 10), Stage::Adult), // 18
        ] {
            assert_eq!(Stage::on(born, today), stage, "{today}");
        }
    }

    #[test]
    fn a_child_has_a_parent_and_from_fifteen_one_has_the_say() {
        let rules = |stage: Stage| {
            (stage.may_hold_account(), stage.may_shut_parent_out(), stage.is_added_by_statement())
        };
        assert_eq!(rules(Stage::Child), (false, false, true));
        assert_eq!(rules(Stage::Teen), (true, true, false));
        assert_eq!(rules(Stage::Adult), (true, true, false));
    }

    #[test]
    fn who_is_born_on_a_leap_day_comes_of_age_on_the_first_of_march() {
        let born = date(2008, 2, 29);
        assert_eq!(Stage::on(born, date(2026, 2, 28)), Stage::Teen);
        assert_eq!(Stage::on(born, date(2026, 3, 1)), Stage::Adult);
    }

    #[test]
    fn a_parents_access_ends_as_the_birthday_begins() {
        assert_eq!(parent_access_ends(date(2010, 3, 10)), "2028-03-09T13:00:00Z".parse().unwrap());
    }
}
