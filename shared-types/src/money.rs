//! Money in whole Australian cents.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in Australian cents. Arithmetic is checked; there are no fractions of a cent and no floats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(example = 8500))]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct AudCents(pub i64);

impl AudCents {
    /// Nothing to pay.
    pub const ZERO: Self = Self(0);

    /// The sum, or `None` past what 64 bits hold.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` past what 64 bits hold.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

impl fmt::Display for AudCents {
    /// `$85` for whole dollars, `$85.50` otherwise, `-$5` below zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (dollars, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        if cents == 0 { write!(f, "{sign}${dollars}") } else { write!(f, "{sign}${dollars}.{cents:02}") }
    }
}

#[cfg(test)]
mod tests {
    use super::AudCents;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (cents, text) in [(0, "$0"), (8500, "$85"), (8550, "$85.50"), (5, "$0.05"), (-500, "-$5")] {
            assert_eq!(AudCents(cents).to_string(), text);
        }
    }

    #[test]
    fn sums_do_not_wrap() {
        assert_eq!(AudCents(i64::MAX).checked_add(AudCents(1)), None);
        assert_eq!(AudCents(i64::MIN).checked_sub(AudCents(1)), None);
    }
}
