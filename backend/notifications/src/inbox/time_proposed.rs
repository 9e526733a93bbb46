//! A practice proposes another time.

use shared_types::bookings::ProposalFact;

use crate::domain::{locale::Locale, message::Draft, proposal, sender::Sender};

/// Tells the patient.
pub fn write(fact: &ProposalFact, sender: &Sender) -> askama::Result<Draft> {
    proposal::write(fact, sender, Locale::English)
}
