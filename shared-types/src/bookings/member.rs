//! Bookings as members and practices list them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Appointment, AppointmentStatus};
use crate::{
    AppointmentId, BookingId, PatientId, PractitionerRoleId, Zone,
    personal::{Personal, PersonalData},
};

/// Which of one's appointments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Those that will take place, the next one first.
    Upcoming,
    /// Those that are over or were cancelled, the latest first.
    Past,
}

/// An appointment of the caller, or of somebody they act for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberAppointment {
    /// The patient; none when it was booked before any details were given.
    pub patient_id: Option<PatientId>,
    /// The appointment.
    pub appointment: Appointment,
}

impl PersonalData for MemberAppointment {}

/// Claims what was booked as a guest, with a statement that users signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimBookings {
    /// From `POST /api/v1/users/me/claim-tickets`.
    pub ticket: Personal<String>,
}

/// What is the caller's from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedBookings {
    /// Which bookings.
    pub bookings: Vec<BookingId>,
}

/// An appointment as the practice's staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeAppointment {
    /// Which link of the chain.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// The practitioner's name.
    pub practitioner_name: String,
    /// `Initial consultation`.
    pub appointment_type_name: String,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The place's zone.
    pub time_zone: Zone,
    /// Who comes.
    pub patient: PracticePatient,
}

impl PersonalData for PracticeAppointment {}

/// Who comes, as they told the practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticePatient {
    /// The full name.
    pub name: Personal<String>,
    /// What to be called, if different.
    pub preferred_name: Option<Personal<String>>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// Where to write.
    pub email: Personal<String>,
    /// Where to call.
    pub mobile: Personal<String>,
}
