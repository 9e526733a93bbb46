//! A practice is asked for an appointment.

use jiff::Timestamp;
use shared_types::bookings::AppointmentFact;

use crate::domain::{
    appointment::{self, Change},
    message::Draft,
    reader::Reader,
    sender::Sender,
};

/// Tells the patient, with the link to see or withdraw the request.
pub fn write(
    fact: &AppointmentFact,
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Draft> {
    appointment::write(Change::Requested, fact, reader, sender, told_at)
}
