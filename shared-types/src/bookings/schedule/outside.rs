//! What is booked and lies outside of a role's hours, with who comes, for those who decide what becomes of it.

use serde::{Deserialize, Serialize};

use super::OutsideAppointment;
use crate::{
    BookingId,
    personal::{Personal, PersonalData},
};

/// How many are named at once; how many there are is counted all the same.
pub const MOST_OUTSIDE: usize = 200;

/// What is booked, to come, and outside of a role's hours. Each stands as it is until somebody moves or cancels it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutsideHours {
    /// In order of time: the first [`MOST_OUTSIDE`] of them.
    pub items: Vec<OutsideVisit>,
    /// How many there are in all.
    pub count: u32,
}

impl PersonalData for OutsideHours {}

/// One of them, with what a calendar says of it in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutsideVisit {
    /// Which booking: by this the calendar opens it.
    pub booking_id: BookingId,
    /// What and when.
    #[serde(flatten)]
    pub appointment: OutsideAppointment,
    /// The full name of who comes.
    pub name: Personal<String>,
    /// What to call them, if different.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<Personal<String>>,
}
