//! An appointment takes place at another time.

use jiff::Timestamp;
use shared_types::{Zone, bookings::AppointmentFact};

use crate::domain::{
    appointment::{self, Change},
    locale::Locale,
    message::Draft,
    sender::Sender,
};

/// Tells the patient.
pub fn write(
    fact: &AppointmentFact,
    own: Option<Zone>,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Draft> {
    appointment::write(Change::Moved, fact, own, sender, told_at, Locale::English)
}
