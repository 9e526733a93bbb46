//! The notifications context: messages to people.

use serde::{Deserialize, Serialize};

use crate::users::ErasureAnswer;

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Waits for its turn, or for the next try.
    Queued,
    /// The mail server took it.
    Sent,
    /// Given up after the last try.
    Dead,
}

impl MessageStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Queued, Self::Sent, Self::Dead];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }
}

/// An event of the notifications service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum NotificationsEvent {
    /// Somebody is erased here.
    ErasureAnswered(ErasureAnswer),
}
