//! Bookings as members and practices list them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Appointment, AppointmentStatus};
use crate::{
    AppointmentId, BookingId, PatientId, PractitionerRoleId, StatementId, Zone,
    personal::{Personal, PersonalData},
    problem::FieldError,
};

/// Which of one's appointments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Those that will take place, the next one first.
    Upcoming,
    /// Those that are over or were cancelled, the latest first.
    Past,
}

/// An appointment of the caller, or of somebody they act for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberAppointment {
    /// The patient; none when it was booked before any details were given.
    pub patient_id: Option<PatientId>,
    /// The appointment.
    pub appointment: Appointment,
}

impl PersonalData for MemberAppointment {}

/// Claims what was booked as a guest, with a statement that users signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimBookings {
    /// From `POST /api/v1/users/me/claim-tickets`.
    pub ticket: Personal<String>,
}

/// What is the caller's from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimedBookings {
    /// Which bookings.
    pub bookings: Vec<BookingId>,
}

/// An appointment as the practice's staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// What the patient says where they do not agree with this record, the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<PatientStatement>,
}

impl PersonalData for PracticeAppointment {}

/// How many bookings a practice may ask about by their ids at once.
pub const PRACTICE_BOOKINGS: usize = 50;

/// The longest statement, in characters.
pub const STATEMENT_LENGTH: usize = 1_000;
/// How many statements one booking may have.
pub const STATEMENTS: usize = 5;

/// `POST /api/v1/bookings/appointments/{appointment_id}/disagreement`: a note beside the practice's record of a booking
/// (APP 13.4). It stays with the record and is readable by the practice and by us: it is no place for what is clinical.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddStatement {
    /// At most [`STATEMENT_LENGTH`] characters.
    pub text: Personal<String>,
}

impl AddStatement {
    /// The text without spaces around it, and with line breaks as the only control characters.
    ///
    /// # Errors
    /// When nothing is left, or too much.
    pub fn check(&self) -> Result<Personal<String>, FieldError> {
        let text: String = self.text.expose().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let text = text.trim();
        if text.is_empty() || text.chars().count() > STATEMENT_LENGTH {
            return Err(FieldError::new("/text", "Say it in at most 1,000 characters"));
        }
        Ok(text.to_owned().into())
    }
}

/// A note beside the practice's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatientStatement {
    /// Which.
    pub statement_id: StatementId,
    /// The words.
    pub text: Personal<String>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl PersonalData for PatientStatement {}

/// Who comes, as they told the practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use super::{AddStatement, STATEMENT_LENGTH};

    fn checked(text: &str) -> Option<String> {
        AddStatement { text: text.to_owned().into() }.check().ok().map(|text| text.into_inner())
    }

    #[test]
    fn a_statement_is_short_and_says_something() {
        assert_eq!(checked(" I was there\r\nat nine.\0 ").as_deref(), Some("I was there\nat nine."));
        assert_eq!(checked(" \n "), None);
        assert!(checked(&"é".repeat(STATEMENT_LENGTH)).is_some());
        assert_eq!(checked(&"é".repeat(STATEMENT_LENGTH + 1)), None);
    }
}
