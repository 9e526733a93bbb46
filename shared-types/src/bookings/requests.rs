//! Requests: times that patients ask a practice for, which it answers first. One that nobody answers in time ends by itself, and
//! counts as one that the practice did not keep.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/practices/{organization_id}/requests` | `list_requests` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF), who answer them | → `Page<WaitingRequest>`: a hundred at most, the one to answer soonest first |

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::practice::CalendarAppointment;
use crate::{Zone, personal::PersonalData};

/// A request that waits for its practice's answer, as the practice's staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitingRequest {
    /// What is asked for, with what the caller may do with it.
    pub appointment: CalendarAppointment,
    /// With whom.
    pub practitioner_name: String,
    /// The place's zone.
    pub time_zone: Zone,
    /// Until when it can be answered.
    pub answer_by: Timestamp,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for WaitingRequest {}
