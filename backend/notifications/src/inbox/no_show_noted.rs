//! Somebody noted that the patient did not come.

use jiff::Timestamp;
use shared_types::bookings::NoShowFact;

use crate::domain::{
    locale::Locale,
    message::Draft,
    no_show::{self, NoShow},
    sender::Sender,
};

/// Tells the patient, as long as they can say otherwise.
pub fn write(
    fact: &NoShowFact,
    sender: &Sender,
    now: Timestamp,
    locale: Locale,
) -> askama::Result<Option<Draft>> {
    if fact.dispute_by <= now {
        return Ok(None);
    }
    no_show::write(&NoShow::of(fact, sender), locale).map(Some)
}
