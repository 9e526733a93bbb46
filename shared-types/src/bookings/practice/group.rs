//! Group sessions as the desk sees them: how many of the seats are taken, and cancelling a session for everybody in it.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | POST `…/practices/{organization_id}/sessions/{group_session_id}/cancel` | `cancel_session` | [`CancelSession`] + Idempotency-Key → [`SessionCancelled`] |
//!
//! Problems: 409 `wrong-state` (nobody in it is still to come: all have arrived, or it is over), 409 `stale-version`.

use serde::{Deserialize, Serialize};

use super::{CalendarAppointment, ChangeReason, PracticeAct};
use crate::{BookingId, GroupSessionId, bookings::AppointmentStatus, personal::PersonalData};

/// The session that an appointment has a seat in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupSeat {
    /// Which.
    pub group_session_id: GroupSessionId,
    /// How many seats appointments have. Those that are kept for somebody who is booking just now are not among them.
    pub seats_taken: u16,
    /// How many it has: 2 to 100.
    pub seats: u16,
}

/// Cancels a session for everybody in it who is still to come; they pay nothing. What is asked for and not answered is declined.
/// Nobody can book a seat in it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelSession {
    /// Why; each patient reads it.
    pub reason: ChangeReason,
}

impl CancelSession {
    /// What it does with an appointment that stands there; none where it leaves it as it is.
    pub fn act(self, status: AppointmentStatus) -> Option<PracticeAct> {
        let Self { reason } = self;
        match status {
            AppointmentStatus::Requested => Some(PracticeAct::Decline { reason }),
            AppointmentStatus::AwaitingPayment | AppointmentStatus::Confirmed => {
                Some(PracticeAct::Cancel { reason })
            }
            AppointmentStatus::Arrived
            | AppointmentStatus::CheckedIn
            | AppointmentStatus::InConsult
            | AppointmentStatus::Completed
            | AppointmentStatus::Rescheduled
            | AppointmentStatus::Declined
            | AppointmentStatus::Expired
            | AppointmentStatus::CancelledByPatient
            | AppointmentStatus::CancelledLate
            | AppointmentStatus::CancelledByProvider
            | AppointmentStatus::CancelledByAdmin
            | AppointmentStatus::NoShowPatient
            | AppointmentStatus::NoShowProvider
            | AppointmentStatus::EnteredInError => None,
        }
    }

    /// Whether it ends an appointment that stands there, whatever the reason.
    pub fn reaches(status: AppointmentStatus) -> bool {
        Self { reason: ChangeReason::Other }.act(status).is_some()
    }
}

/// What became of a session that was cancelled for everybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionCancelled {
    /// Those that were cancelled or declined, as they are at the time of the reply.
    pub cancelled: Vec<CalendarAppointment>,
    /// Those that keep their seat: their patients have arrived, or it is over.
    pub left: Vec<SeatLeft>,
}

impl PersonalData for SessionCancelled {}

/// A seat that was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeatLeft {
    /// Whose: which booking.
    pub booking_id: BookingId,
    /// Where it stood then.
    pub status: AppointmentStatus,
}

#[cfg(test)]
mod tests {
    use super::{AppointmentStatus, CancelSession, ChangeReason, PracticeAct};

    #[test]
    fn a_session_is_cancelled_for_those_who_are_still_to_come() {
        let cancel = CancelSession { reason: ChangeReason::PractitionerUnwell };
        let reason = cancel.reason;
        for (status, act) in [
            (AppointmentStatus::Requested, Some(PracticeAct::Decline { reason })),
            (AppointmentStatus::AwaitingPayment, Some(PracticeAct::Cancel { reason })),
            (AppointmentStatus::Confirmed, Some(PracticeAct::Cancel { reason })),
            (AppointmentStatus::Arrived, None),
            (AppointmentStatus::Completed, None),
        ] {
            assert_eq!(cancel.act(status), act, "{status:?}");
            assert_eq!(CancelSession::reaches(status), act.is_some(), "{status:?}");
        }
    }
}
