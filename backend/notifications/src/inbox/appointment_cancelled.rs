//! An appointment will not take place.

use jiff::Timestamp;
use shared_types::bookings::AppointmentFact;

use crate::domain::{
    appointment::{self, Change},
    message::Draft,
    sender::Sender,
};

/// Tells the patient.
pub fn write(fact: &AppointmentFact, sender: &Sender, told_at: Timestamp) -> askama::Result<Draft> {
    appointment::write(Change::Cancelled, fact, sender, told_at)
}
