//! What leave to act for somebody may be given.

use jiff::{SignedDuration, Timestamp};
use shared_types::{problem::FieldError, users::DelegationScope};

/// The longest that leave to act lasts without being given anew: two years.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(731 * 24);

/// Leave for some things until some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// At least one, in order and without repeats.
    pub scopes: Vec<DelegationScope>,
    /// Within two years.
    pub expires_at: Timestamp,
}

impl Leave {
    /// Reads what somebody asked for.
    ///
    /// # Errors
    /// When there is nothing one may do, or the end is past or more than two years away.
    pub fn read(
        mut scopes: Vec<DelegationScope>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Self, Vec<FieldError>> {
        scopes.sort_unstable();
        scopes.dedup();
        let mut errors = Vec::new();
        if scopes.is_empty() {
            errors.push(FieldError::new("/scopes", "Choose at least one thing that they may do"));
        }
        if expires_at <= now || expires_at.duration_since(now) > LONGEST {
            errors.push(FieldError::new("/expires_at", "Choose a day within the next two years"));
        }
        if errors.is_empty() { Ok(Self { scopes, expires_at }) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use shared_types::users::DelegationScope::{Appointments, Payments};

    use super::{LONGEST, Leave};

    #[test]
    fn leave_has_something_to_do_and_an_end_within_two_years() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let second = SignedDuration::from_secs(1);
        let leave = Leave::read(vec![Payments, Appointments, Payments], now + LONGEST, now).unwrap();
        assert_eq!(leave.scopes, [Appointments, Payments]);
        let pointers = |scopes, end| -> Vec<_> {
            Leave::read(scopes, end, now).unwrap_err().into_iter().map(|error| error.pointer).collect()
        };
        assert_eq!(pointers(vec![], now), ["/scopes", "/expires_at"]);
        assert_eq!(pointers(vec![Payments], now + LONGEST + second), ["/expires_at"]);
    }
}
