//! A patient says for themselves that they have come.

use jiff::Timestamp;

use super::{Standing, Step, Taken, Why};

impl Standing {
    /// The patient says that they are at the practice: from when on the desk could say it, until the visit was to end. After that
    /// only the desk can know whether somebody is still waiting.
    pub fn arrive_by_patient(self, end: Timestamp, now: Timestamp) -> Taken {
        let there = self.arrive(now)?;
        if now >= end { self.refuse(Step::Arrive, Why::TooLate) } else { Ok(there) }
    }
}
