//! An appointment: where it stands, and what those do with it who may see it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AppointmentType, BookedRole, CancellationPolicy, ChangeReason, Quote, proposal::Proposed};
use crate::{
    AppointmentId, AudCents, BookingId, SeriesId,
    payments::{PaymentFailure, quote::PaymentTicket},
    personal::PersonalData,
};

/// Where an appointment stands. Which step leads where is bookings' to decide: see its `domain::appointment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStatus {
    /// The practice has been asked, and the time is kept until it answers.
    Requested,
    /// Details are given; a payment is due first.
    AwaitingPayment,
    /// It will take place.
    Confirmed,
    /// The patient is there.
    Arrived,
    /// The patient is there and the desk knows it.
    CheckedIn,
    /// The patient is with the practitioner.
    InConsult,
    /// It took place.
    Completed,
    /// Replaced by a later link of the same booking.
    Rescheduled,
    /// The practice did not take the request.
    Declined,
    /// The practice did not answer the request in time, or it was not paid for in time.
    Expired,
    /// Cancelled in time by the patient.
    CancelledByPatient,
    /// Cancelled by the patient after the cut-off.
    CancelledLate,
    /// Cancelled by the provider.
    CancelledByProvider,
    /// Cancelled by an administrator.
    CancelledByAdmin,
    /// The patient did not come.
    NoShowPatient,
    /// The practitioner did not come.
    NoShowProvider,
    /// It never was a real appointment.
    EnteredInError,
}

impl AppointmentStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 17] = [
        Self::Requested,
        Self::AwaitingPayment,
        Self::Confirmed,
        Self::Arrived,
        Self::CheckedIn,
        Self::InConsult,
        Self::Completed,
        Self::Rescheduled,
        Self::Declined,
        Self::Expired,
        Self::CancelledByPatient,
        Self::CancelledLate,
        Self::CancelledByProvider,
        Self::CancelledByAdmin,
        Self::NoShowPatient,
        Self::NoShowProvider,
        Self::EnteredInError,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::AwaitingPayment => "awaiting_payment",
            Self::Confirmed => "confirmed",
            Self::Arrived => "arrived",
            Self::CheckedIn => "checked_in",
            Self::InConsult => "in_consult",
            Self::Completed => "completed",
            Self::Rescheduled => "rescheduled",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::CancelledByPatient => "cancelled_by_patient",
            Self::CancelledLate => "cancelled_late",
            Self::CancelledByProvider => "cancelled_by_provider",
            Self::CancelledByAdmin => "cancelled_by_admin",
            Self::NoShowPatient => "no_show_patient",
            Self::NoShowProvider => "no_show_provider",
            Self::EnteredInError => "entered_in_error",
        }
    }

    /// Reads [`AppointmentStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it still stands: it is to come, or under way.
    pub fn is_upcoming(self) -> bool {
        match self {
            Self::Requested
            | Self::AwaitingPayment
            | Self::Confirmed
            | Self::Arrived
            | Self::CheckedIn
            | Self::InConsult => true,
            Self::Completed
            | Self::Rescheduled
            | Self::Declined
            | Self::Expired
            | Self::CancelledByPatient
            | Self::CancelledLate
            | Self::CancelledByProvider
            | Self::CancelledByAdmin
            | Self::NoShowPatient
            | Self::NoShowProvider
            | Self::EnteredInError => false,
        }
    }
}

/// An appointment, for those who may see it: the guest who made it, or who holds its link and proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Appointment {
    /// Which link of the chain.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// What.
    pub appointment_type: AppointmentType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// What cancelling now would mean.
    pub cancelling_now: Cancelling,
    /// The clock of the reply.
    pub as_of: Timestamp,
    /// The first letters of the address the confirmation went to: `j…@example.org`.
    pub email_hint: String,
    /// Until when the practice can answer, while it is a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<Timestamp>,
    /// When the patient said that they will come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance_confirmed_at: Option<Timestamp>,
    /// Why it stands where it does, where the practice said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ChangeReason>,
    /// The series that it is one visit of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_id: Option<SeriesId>,
    /// About how many minutes later than booked it is likely to begin, as the practice says today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_minutes: Option<u16>,
    /// Whether joining the practice's waitlist for the same kind of visit puts who it was for first, since the practice did not
    /// keep it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked_first: bool,
    /// Another time that the practice proposes for it, while that can be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
    /// The offer as it was signed; none for what was never quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// Until when it waits for its payment, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_until: Option<Timestamp>,
    /// Why its card was not charged, while another one is needed, or once the time for one is over and it is owed all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_failure: Option<PaymentFailure>,
    /// Until when another card can be given, with the same; none once that is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair_until: Option<Timestamp>,
    /// By which payments shows who holds this appointment what was paid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_ticket: Option<PaymentTicket>,
}

impl PersonalData for Appointment {}

/// What pressing "cancel" would do, computed and shown before it is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Cancelling {
    /// Nothing to pay.
    WithoutCharge,
    /// A fee becomes due at the start, unless the time is taken by someone else.
    LateFee {
        /// How much.
        fee_cents: AudCents,
    },
    /// Too late: it has begun, or it no longer stands.
    NotPossible,
}

/// The reply to a confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirmation {
    /// Which appointment.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// `confirmed`; `requested` where the practice answers first; or `awaiting_payment` with status 202.
    pub status: AppointmentStatus,
    /// By which payments shows who booked what is to be paid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_ticket: Option<PaymentTicket>,
}

/// Cancels an appointment as last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelAppointment {
    /// The version that was on the screen.
    pub version: i32,
}

/// Moves an appointment as last seen to another start, keeping type and role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MoveAppointment {
    /// The version that was on the screen.
    pub version: i32,
    /// The new start.
    pub start: Timestamp,
}
