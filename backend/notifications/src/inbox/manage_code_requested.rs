//! Somebody with a manage link asked for a code.

use jiff::Timestamp;
use shared_types::bookings::ManageCodeFact;

use crate::domain::{appointment, locale::Locale, message::Draft};

/// Sends the code to the address of the booking.
pub fn write(fact: &ManageCodeFact, told_at: Timestamp) -> askama::Result<Draft> {
    appointment::write_code(fact, told_at, Locale::English)
}
