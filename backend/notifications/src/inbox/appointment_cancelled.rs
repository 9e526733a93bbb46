//! An appointment will not take place, or a request was not taken.

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
    appointment::write(Change::ended(fact.status), fact, own, sender, told_at, Locale::English)
}
