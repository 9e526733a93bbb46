//! By what a time was offered: a hold keeps it, and its appointment after it.

use anyhow::Result;
use shared_types::{Zone, bookings::BookedRole};

/// On whose clocks and by which rules a time was offered. Whoever corrects either later changes nothing of what is held or booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The zone of the place as it was known then: what the booking's patient was told is its wall time.
    pub time_zone: Zone,
    /// The version of the role's schedule; zero where there was none, or nobody wrote it down yet.
    pub rule_version: i32,
    /// The version of the appointment type that the booking keeps a copy of; zero where nobody wrote it down yet.
    pub type_version: i32,
}

impl Offered {
    /// As the database has it.
    ///
    /// # Errors
    /// When it has a zone that this build does not know.
    pub fn read(time_zone: &str, rule_version: i32, type_version: i32) -> Result<Self> {
        Ok(Self { time_zone: time_zone.parse()?, rule_version, type_version })
    }

    /// With whom and where, on the clocks of what is held or booked.
    pub fn on_its_clocks(self, role: BookedRole) -> BookedRole {
        BookedRole { time_zone: self.time_zone, ..role }
    }
}
