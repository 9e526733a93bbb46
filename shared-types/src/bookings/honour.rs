//! How many of the appointments that people were promised a practice kept. It is measured, and in public.
//!
//! | what became of it | counts |
//! |---|---|
//! | it took place, or the patient did not come | as kept |
//! | the practice cancelled it or moved it to another time, unless the patient asked | as not kept |
//! | the practitioner was not there, unless the practice was right to dispute it | as not kept |
//! | the practice did not answer a request in time | as not kept |
//! | the patient cancelled or moved it, or agreed to another time | not at all |
//! | declined, not paid for, cancelled by the platform, entered in error, still to come, disputed | not at all |
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/practices/{organization_id}/honour-rate` | `find_honour_rate` | Public | → [`HonourRate`] |

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Over how many days before now it is measured, by when appointments were to start.
pub const HONOUR_DAYS: u16 = 90;
/// Of how many appointments a share says something. How many there were is told to nobody.
pub const HONOUR_LEAST: i64 = 20;

/// How many of a practice's appointments it kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HonourRate {
    /// How many of a hundred, rounded down so that 100 means all; none where there are too few to say.
    pub percent: Option<u8>,
    /// Over how many days.
    pub days: u16,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl HonourRate {
    /// Of this many that count, this many were kept.
    pub fn of(honoured: i64, counted: i64, as_of: Timestamp) -> Self {
        let enough = counted >= HONOUR_LEAST && (0..=counted).contains(&honoured);
        let percent =
            enough.then(|| u8::try_from(i128::from(honoured) * 100 / i128::from(counted)).ok()).flatten();
        Self { percent, days: HONOUR_DAYS, as_of }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::HonourRate;

    #[test]
    fn a_share_is_said_of_twenty_at_least_and_a_hundred_means_all() {
        for (honoured, counted, percent) in [
            (0, 0, None),
            (19, 19, None),
            (20, 20, Some(100)),
            (19, 20, Some(95)),
            (0, 20, Some(0)),
            (999, 1_000, Some(99)),
            (i64::MAX - 1, i64::MAX, Some(99)),
            (21, 20, None),
        ] {
            let rate = HonourRate::of(honoured, counted, Timestamp::UNIX_EPOCH);
            assert_eq!(rate.percent, percent, "{honoured} of {counted}");
        }
    }
}
