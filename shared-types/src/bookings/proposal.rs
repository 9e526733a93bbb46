//! Another time that a practice proposes for an appointment. The appointment stays as it is until the patient agrees, and the
//! proposed time is kept for them meanwhile.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | POST `/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/proposal` | `propose_time` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | [`ProposeTime`] → 201 [`Proposal`]; takes the place of an earlier one |
//! | DELETE the same | `withdraw_proposal` | the same | → 204 |
//! | GET `/api/v1/bookings/appointments/{appointment_id}/proposal` | `find_proposal` | Holder | → [`Proposal`]; 404 where nothing is proposed, 410 where it ended unanswered |
//! | POST `/api/v1/bookings/appointments/{appointment_id}/proposal/answer` | `answer_proposal` | Holder | [`AnswerProposal`] → [`Appointment`](super::Appointment), the new link where the patient agrees |
//!
//! While it can be answered it is shown with its appointment, to the patient and in the calendar: [`Proposed`]. Where the patient
//! keeps what they have, the calendar shows that until the appointment begins ([`NotTaken`]), and whoever proposed it is told.
//!
//! Problems: 410 `proposal-ended`, 409 `stale-version`, 409 `wrong-state`, 409 `time-taken`, 409 `listing-suspended` (for the
//! practice), 409 `not-bookable` (for a patient who agrees once the practitioner is suspended).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AppointmentId, BookingId, ProposalId, Zone, personal::PersonalData};

/// How long a patient has for an answer, in hours, unless one of the times comes before.
pub const ANSWER_HOURS: i64 = 48;
/// How long before either time a proposal must be answered, in hours.
pub const ANSWER_BEFORE_START_HOURS: i64 = 2;

/// Proposes another start for an appointment as last seen; its length and all that was agreed stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProposeTime {
    /// The version that was on the screen.
    pub version: i32,
    /// The proposed start.
    pub start: Timestamp,
}

/// A proposed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// Which.
    pub proposal_id: ProposalId,
    /// For which appointment.
    pub appointment_id: AppointmentId,
    /// Of which booking.
    pub booking_id: BookingId,
    /// When the appointment starts as it stands.
    pub stands_at: Timestamp,
    /// The proposed start.
    pub start: Timestamp,
    /// The proposed end.
    pub end: Timestamp,
    /// The place's zone.
    pub time_zone: Zone,
    /// Until when the proposed time is kept and can be agreed to.
    pub expires_at: Timestamp,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for Proposal {}

/// A proposed time as it is shown beside its appointment, while it can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposed {
    /// Which: the answer names it.
    pub proposal_id: ProposalId,
    /// The proposed start.
    pub start: Timestamp,
    /// The proposed end.
    pub end: Timestamp,
    /// Until when the proposed time is kept and can be agreed to.
    pub answer_until: Timestamp,
}

impl From<Proposal> for Proposed {
    fn from(proposal: Proposal) -> Self {
        Self {
            proposal_id: proposal.proposal_id,
            start: proposal.start,
            end: proposal.end,
            answer_until: proposal.expires_at,
        }
    }
}

/// A time that was proposed in vain: the patient keeps the one that they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotTaken {
    /// The start that was proposed.
    pub start: Timestamp,
    /// Whether the patient refused it; otherwise the time for an answer is over.
    pub refused: bool,
}

/// The patient's answer to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerProposal {
    /// Which proposal was on the screen.
    pub proposal_id: ProposalId,
    /// Whether they take the new time. If not, the appointment stays as it is.
    pub agree: bool,
}
