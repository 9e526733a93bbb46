//! A practice proposes another time.

use shared_types::bookings::ProposalFact;

use crate::domain::{message::Draft, proposal, reader::Reader, sender::Sender};

/// Tells the patient.
pub fn write(fact: &ProposalFact, reader: Reader, sender: &Sender) -> askama::Result<Draft> {
    proposal::write(fact, sender, reader)
}
