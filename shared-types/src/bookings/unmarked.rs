//! Visits that nobody marked: from [`UNMARKED_MINUTES`](super::practice::UNMARKED_MINUTES) after its start one is the desk's to
//! mark, and fourteen hours after its start it counts as having taken place, until somebody says otherwise.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/practices/{organization_id}/unmarked` | `list_unmarked` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | → `Page<UnmarkedVisit>`: those to mark, the earliest first, then those of the last [`PRESUMED_DAYS`] that count as having taken place, the latest first |

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::practice::CalendarAppointment;
use crate::{Zone, personal::PersonalData};

/// For how many days a visit that the system completed is listed: as long as its patient can dispute it.
pub const PRESUMED_DAYS: i64 = super::dispute::DISPUTE_DAYS;

/// A visit that nobody marked, as the practice's staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnmarkedVisit {
    /// The appointment, with what the caller may do with it.
    pub appointment: CalendarAppointment,
    /// With whom.
    pub practitioner_name: String,
    /// The place's zone.
    pub time_zone: Zone,
    /// That it counts as having taken place; none while it is to be marked.
    pub presumed: Option<Presumed>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for UnmarkedVisit {}

/// That a visit counts as having taken place because nobody marked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Presumed {
    /// Since when.
    pub at: Timestamp,
    /// Until when the patient can say that it did not.
    pub dispute_by: Timestamp,
    /// Whether they said so, and nobody has decided: then the dispute is answered, and nothing else is done.
    pub disputed: bool,
}
