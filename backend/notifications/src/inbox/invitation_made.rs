//! Somebody is asked to join a practice or to agree to something.

use shared_types::users::InvitationFact;

use crate::domain::{invitation, locale::Locale, message::Draft, sender::Sender};

/// Writes to the address that the invitation names.
pub fn write(fact: &InvitationFact, sender: &Sender) -> askama::Result<Draft> {
    invitation::write(fact, sender, Locale::English)
}
