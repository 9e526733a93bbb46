//! Somebody is to be written to about their account.

use jiff::Timestamp;
use shared_types::users::MailRequest;

use crate::domain::{account, locale::Locale, message::Draft, sender::Sender};

/// Writes to the address that the request names.
pub fn write(request: &MailRequest, sender: &Sender, told_at: Timestamp) -> askama::Result<Draft> {
    account::write(request, sender, told_at, Locale::English)
}
