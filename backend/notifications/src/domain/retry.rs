//! When a message that could not be sent is tried again.

use jiff::{SignedDuration, Timestamp};

/// How long to wait after each failed try; after the last one the message is given up.
const WAITS: [SignedDuration; 5] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(6),
];

/// When to try again after so many failed tries; `None` when that was the last.
pub fn next_attempt(attempts: i32, now: Timestamp) -> Option<Timestamp> {
    let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
    WAITS.get(index).map(|wait| now + *wait)
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, next_attempt};

    #[test]
    fn five_waits_and_then_no_more() {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let minutes = |attempts| next_attempt(attempts, now).map(|next| next.duration_since(now).as_mins());
        let waits: Vec<_> = (1..=6).map(minutes).collect();
        assert_eq!(waits, [Some(1), Some(5), Some(30), Some(120), Some(360), None]);
        assert_eq!(next_attempt(7, now), None);
    }
}
