//! An appointment will take place.

use jiff::Timestamp;
use shared_types::bookings::AppointmentFact;

use crate::domain::{
    appointment::{self, Change},
    message::Draft,
    reader::Reader,
    sender::Sender,
};

/// Tells the patient.
pub fn write(
    fact: &AppointmentFact,
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Draft> {
    appointment::write(Change::Confirmed, fact, reader, sender, told_at)
}
