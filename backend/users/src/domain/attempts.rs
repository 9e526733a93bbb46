//! How long to wait after wrong answers: nothing at first, then twice as long each time, and never for good, or
//! anybody could lock out anybody.

use jiff::{SignedDuration, Timestamp};

/// Wrong answers that cost no wait.
const FREE: i32 = 10;
/// The longest wait.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// After so long without a wrong answer all is forgotten.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Wrong answers so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many in a row.
    pub failures: i32,
    /// When the last one came.
    pub last_failed_at: Timestamp,
}

impl Attempts {
    /// How long from `now` until another try is answered; `None` when it is at once.
    pub fn wait(self, now: Timestamp) -> Option<SignedDuration> {
        let over = u32::try_from(self.failures - FREE).ok()?;
        let pause = SignedDuration::from_secs(1_i64 << over.min(20)).min(LONGEST);
        let left = pause - now.duration_since(self.last_failed_at);
        (left > SignedDuration::ZERO).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Attempts;

    fn wait(failures: i32, seconds_ago: i64) -> Option<i64> {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let last_failed_at = now - SignedDuration::from_secs(seconds_ago);
        Attempts { failures, last_failed_at }.wait(now).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_wait_grows_and_ends() {
        for (failures, seconds_ago, expected) in [
            (0, 0, None),
            (9, 0, None),
            (10, 0, Some(1)),
            (10, 1, None),
            (13, 0, Some(8)),
            (13, 5, Some(3)),
            (20, 0, Some(900)),
            (10_000, 0, Some(900)),
            (10_000, 900, None),
        ] {
            assert_eq!(wait(failures, seconds_ago), expected, "{failures} failures, {seconds_ago} s ago");
        }
    }
}
