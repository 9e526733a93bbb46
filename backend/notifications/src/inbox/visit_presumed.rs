//! Nobody marked a visit, so it counts as having taken place.

use jiff::Timestamp;
use shared_types::bookings::PresumedFact;

use crate::domain::{
    locale::Locale,
    message::Draft,
    presumed::{self, Presumed},
    sender::Sender,
};

/// Tells the patient, as long as they can say otherwise.
pub fn write(
    fact: &PresumedFact,
    sender: &Sender,
    now: Timestamp,
    locale: Locale,
) -> askama::Result<Option<Draft>> {
    if fact.dispute_by <= now {
        return Ok(None);
    }
    let visit = Presumed::of(&fact.appointment, fact.dispute_by, sender);
    presumed::write(&visit, locale).map(Some)
}
