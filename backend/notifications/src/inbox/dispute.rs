//! What was noted of an appointment is disputed, or that is decided.

use shared_types::bookings::DisputeFact;

use crate::domain::{dispute, message::Draft, reader::Reader, sender::Sender};

/// Tells the patient what they do not know.
pub fn write(fact: &DisputeFact, reader: Reader, sender: &Sender) -> askama::Result<Option<Draft>> {
    dispute::write(fact, sender, reader)
}
