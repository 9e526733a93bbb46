//! A practice is asked for an appointment.

use jiff::Timestamp;
use shared_types::{Zone, bookings::AppointmentFact};

use crate::domain::{
    appointment::{self, Change},
    locale::Locale,
    message::Draft,
    sender::Sender,
};

/// Tells the patient, with the link to see or withdraw the request.
pub fn write(
    fact: &AppointmentFact,
    own: Option<Zone>,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Draft> {
    appointment::write(Change::Requested, fact, own, sender, told_at, Locale::English)
}
