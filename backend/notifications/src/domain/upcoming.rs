//! An appointment to come, as far as reminding of it goes.

use jiff::Timestamp;
use shared_types::{BookingId, OrganizationId, Zone, notifications::ReminderNames, personal::Personal};

use super::plan::Quiet;

/// What is kept of it. There is no profession, no appointment type, no price and no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// The booking.
    pub booking_id: BookingId,
    /// The practice.
    pub organization_id: Option<OrganizationId>,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The place's zone.
    pub zone: Zone,
    /// When not to remind of it.
    pub quiet: Quiet,
    /// Which names a reminder of it may have.
    pub names: ReminderNames,
    /// Whether it says only "appointment".
    pub discreet: bool,
    /// With whom.
    pub practitioner_name: String,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// The practice's phone.
    pub phone: Option<String>,
    /// Where.
    pub address: String,
    /// What to call the patient.
    pub patient_name: Personal<String>,
    /// The address that was given with the booking.
    pub email: Personal<String>,
}
