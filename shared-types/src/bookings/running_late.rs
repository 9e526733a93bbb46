//! A practitioner who runs late today. The practice's desk says by how much, and the day's patients who are to come soon are
//! told; nobody is told the same twice.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | POST `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/running-late` | `say_running_late` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | [`SayRunningLate`] + Idempotency-Key → [`RunningLateSaid`] |
//!
//! Problems: 409 `stale-version` (somebody else was quicker: load the day again), 422 `invalid`.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{BookingId, problem::FieldError};

/// From how many minutes on somebody runs late.
pub const LEAST_LATE_MINUTES: u16 = 5;
/// The most minutes that can be said: after that it is another time, and patients are asked about it.
pub const MOST_LATE_MINUTES: u16 = 240;
/// By how many minutes it has to be another lateness before a patient is told again.
pub const TOLD_AGAIN_MINUTES: u16 = 10;
/// For what starts within so many hours of being said a lateness counts: nobody knows at nine how late it is at four.
pub const LATE_HOURS: i64 = 4;

/// Says by how much somebody runs late today, as last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SayRunningLate {
    /// The version that was on the screen; zero where nothing had been said of the day.
    pub version: i32,
    /// By how many minutes; zero when it is on time again.
    pub minutes: u16,
}

impl SayRunningLate {
    /// Checks the minutes.
    ///
    /// # Errors
    /// What would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        match self.minutes {
            0 | LEAST_LATE_MINUTES..=MOST_LATE_MINUTES => Ok(self),
            _ => {
                let detail =
                    format!("Enter {LEAST_LATE_MINUTES} to {MOST_LATE_MINUTES} minutes, or 0 for on time");
                Err(vec![FieldError::new("/minutes", detail)])
            }
        }
    }
}

/// What was said of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunningLate {
    /// On which day of the place.
    pub date: Date,
    /// By how many minutes; zero when it is on time again.
    pub minutes: u16,
    /// When it was said.
    pub said_at: Timestamp,
    /// Goes up by one each time; send it back with a change.
    pub version: i32,
}

/// What was said, and who was told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunningLateSaid {
    /// As it stands now.
    pub running_late: RunningLate,
    /// How many patients are told: those who are to come soon, have not arrived, and do not know it yet.
    pub told: u32,
    /// The bookings of those who would be told and cannot be written to, in order of time: the practice tells them itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_call: Vec<BookingId>,
}

#[cfg(test)]
mod tests {
    use super::SayRunningLate;

    #[test]
    fn a_few_minutes_are_no_lateness_and_a_day_is_another_time() {
        for (minutes, right) in [(0, true), (1, false), (4, false), (5, true), (240, true), (241, false)] {
            assert_eq!(SayRunningLate { version: 0, minutes }.check().is_ok(), right, "{minutes}");
        }
    }
}
