//! An appointment will not take place, or a request was not taken.

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
    appointment::write(Change::ended(fact.status), fact, reader, sender, told_at)
}
