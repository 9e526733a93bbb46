//! Who writes, and where links lead.

use kernel::calendar_file::{Organizer, one_line};
use lettre::{Address, address::AddressError, message::Mailbox};

/// The sender of every message.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The `From` of messages and the organizer in calendars.
    pub from: Mailbox,
    /// The origin in links, without a slash at the end.
    pub public_url: String,
}

impl Sender {
    /// Reads `Name <address>`.
    ///
    /// # Errors
    /// When that is no mailbox.
    pub fn new(from: &str, public_url: &str) -> Result<Self, AddressError> {
        Ok(Self { from: from.parse()?, public_url: public_url.to_owned() })
    }

    /// The page that shows, moves or cancels one booking, after proof.
    pub fn manage_link(&self, token: &str) -> String {
        format!("{}/manage/{token}", self.public_url)
    }

    /// The page of a reminder's link that says "I will come".
    pub fn attend_link(&self, token: &str) -> String {
        format!("{}/reply/yes/{token}", self.public_url)
    }

    /// The page of a reminder's link that asks, after proof, whether to cancel.
    pub fn cancel_link(&self, token: &str) -> String {
        format!("{}/reply/no/{token}", self.public_url)
    }

    /// What we are called, for text messages: who writes has to be plain (C-50).
    pub fn name(&self) -> String {
        self.from.name.as_deref().map_or_else(|| "HelloMapper".to_owned(), one_line)
    }

    /// Whether somebody reads what is written to the address: we do not say "reply" where nobody does.
    pub fn takes_replies(&self) -> bool {
        let user = self.address().user().to_ascii_lowercase();
        !["no-reply", "noreply", "do-not-reply", "donotreply"].contains(&user.as_str())
    }

    /// The same for calendars.
    pub fn organizer(&self) -> Organizer {
        Organizer { name: self.from.name.clone(), address: self.address().to_string() }
    }

    /// The bare address.
    pub fn address(&self) -> &Address {
        &self.from.email
    }
}

#[cfg(test)]
mod tests {
    use super::Sender;

    #[test]
    fn replies_are_only_invited_where_somebody_reads_them() {
        for (from, takes) in [
            ("HelloMapper <no-reply@localhost>", false),
            ("NoReply@example.org", false),
            ("Front desk <desk@example.org>", true),
        ] {
            assert_eq!(Sender::new(from, "https://example.org").unwrap().takes_replies(), takes, "{from}");
        }
        assert!(Sender::new("nobody", "https://example.org").is_err());
    }
}
