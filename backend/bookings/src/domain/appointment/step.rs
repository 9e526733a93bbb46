//! What can happen to an appointment, and why it cannot.

use jiff::Timestamp;
use shared_types::bookings::AppointmentStatus;

/// What can happen to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Pay,
    GiveUp,
    Lapse,
    Accept,
    Decline,
    Expire,
    CancelByPatient,
    CancelByProvider,
    CancelByAdmin,
    ConfirmAttendance,
    Reschedule,
    Arrive,
    UndoArrival,
    CheckIn,
    UndoCheckIn,
    Start,
    Complete,
    TookPlace,
    CompleteUnmarked,
    UndoCompletion,
    NoShow,
    PractitionerAbsent,
    EnterInError,
    WaiveFee,
    BulkBill,
    UpholdDispute,
    RejectDispute,
}

impl Step {
    /// The name in an appointment's history.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::GiveUp => "give_up",
            Self::Lapse => "lapse",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Expire => "expire",
            Self::CancelByPatient => "cancel_by_patient",
            Self::CancelByProvider => "cancel_by_provider",
            Self::CancelByAdmin => "cancel_by_admin",
            Self::ConfirmAttendance => "confirm_attendance",
            Self::Reschedule => "reschedule",
            Self::Arrive => "arrive",
            Self::UndoArrival => "undo_arrival",
            Self::CheckIn => "check_in",
            Self::UndoCheckIn => "undo_check_in",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::TookPlace => "took_place",
            Self::CompleteUnmarked => "complete_unmarked",
            Self::UndoCompletion => "undo_completion",
            Self::NoShow => "no_show",
            Self::PractitionerAbsent => "practitioner_absent",
            Self::EnterInError => "enter_in_error",
            Self::WaiveFee => "waive_fee",
            Self::BulkBill => "bulk_bill",
            Self::UpholdDispute => "uphold_dispute",
            Self::RejectDispute => "reject_dispute",
        }
    }
}

/// A step that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step:?} does not lead on from {from:?}: {why:?}")]
pub struct TransitionError {
    pub from: AppointmentStatus,
    pub step: Step,
    pub why: Why,
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It does not stand where the step begins.
    State,
    /// The step can be taken from then on.
    TooEarly(Timestamp),
    /// The time for it is over.
    TooLate,
    /// Nobody said that they were there to see it.
    NotAttested,
}
