//! Messages that did not arrive, as practices and administrators see them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BookingId, MessageId, personal::PersonalData, users::ContactChannel};

/// A message about a booking that did not reach who it was for, as the practice sees it: without its words and its address,
/// which stand with the booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndeliveredMessage {
    /// Which.
    pub message_id: MessageId,
    /// About which booking.
    pub booking_id: BookingId,
    /// What kind: `appointment_confirmed`, `reminder_two_days`.
    pub template: String,
    /// Over which channel.
    pub channel: ContactChannel,
    /// Why not, as far as that tells somebody what to do. A service from before there were reasons names none.
    #[serde(default)]
    pub reason: UndeliveredReason,
    /// What the mail server or the gateway said; nothing of the address.
    pub why: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was written.
    pub written_at: Timestamp,
    /// Whether it can be sent again: its words are still there, and still true.
    pub can_be_sent_again: bool,
}

impl PersonalData for UndeliveredMessage {}

/// A message about no practice's booking that did not reach who it was for, as administrators see it: nothing of whom it was for, or of
/// what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndeliveredPlatformMessage {
    /// Which.
    pub message_id: MessageId,
    /// What kind: `verify_email`, `invitation`.
    pub template: String,
    /// Over which channel.
    pub channel: ContactChannel,
    /// Why not, as far as that tells somebody what to do.
    pub reason: UndeliveredReason,
    /// What the mail server or the gateway said; nothing of the address.
    pub why: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was written.
    pub written_at: Timestamp,
    /// Whether it can be sent again: its words are still there, and still of use.
    pub can_be_sent_again: bool,
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UndeliveredReason {
    /// The address, or the number, is none that can be written to.
    NotAnAddress,
    /// The mail server or the gateway refused it for good: mostly nobody has this address or number.
    Refused,
    /// They refused it for now, or did not answer, however often it was tried.
    NotNow,
    /// It is our fault, and nothing is known against the address.
    OurFault,
    /// Nothing was noted.
    #[default]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::{UndeliveredMessage, UndeliveredReason};

    #[test]
    fn the_reply_of_an_older_service_is_read() {
        let reply = r#"{"message_id":"01940000-0000-7000-8000-000000000001",
            "booking_id":"01940000-0000-7000-8000-000000000002","template":"appointment_confirmed","channel":"email",
            "why":null,"attempts":1,"written_at":"2026-11-22T00:00:00Z","can_be_sent_again":true}"#;
        let message: UndeliveredMessage = serde_json::from_str(reply).unwrap();
        assert_eq!(message.reason, UndeliveredReason::Unknown);
    }
}
