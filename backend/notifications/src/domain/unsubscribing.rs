//! The way out of what is not a service message (C-50): in the mail's header for mail programs (RFC 8058), and as a page for
//! people.

use jiff::SignedDuration;

/// How long the link works: the law asks for thirty days.
pub const WORKS: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Where mail programs post to, and what they show leads on to the page.
pub fn header_link(public_url: &str, token: &str) -> String {
    format!("{public_url}/api/v1/notifications/unsubscribe/{token}")
}

/// The page with its one button.
pub fn page_link(public_url: &str, token: &str) -> String {
    format!("{public_url}/unsubscribe/{token}")
}
