//! What goes wrong on demand.

use serde::{Deserialize, Serialize};

/// How badly the sandbox behaves; not at all unless told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Of a hundred webhooks, how many are never sent.
    pub dropped_percent: u8,
    /// Of a hundred webhooks, how many are sent a second time.
    pub twice_percent: u8,
    /// The longest time that a webhook is late, in milliseconds; each is late by chance, so they overtake each other.
    pub late_milliseconds: u64,
    /// Of a hundred requests, how many are done and their reply is lost: the connection ends without one.
    pub lost_reply_percent: u8,
    /// Of a hundred requests, how many are refused with 503 and not done.
    pub busy_percent: u8,
    /// How many repeated requests are done again in spite of their idempotency key. The planted mistake that a run with
    /// faults has to notice.
    pub keys_ignored: u32,
    /// Where keys are ignored, such as `payment_intents`; anywhere when nothing is said. There the first replies are lost as well,
    /// so that somebody asks again.
    pub keys_ignored_at: String,
}

impl Faults {
    /// Whether a key is ignored at an address.
    pub(crate) fn ignores_key_at(&self, path: &str) -> bool {
        self.keys_ignored > 0 && (self.keys_ignored_at.is_empty() || self.keys_ignored_at == path)
    }

    /// Whether a reply is lost so that its request is repeated, and its key ignored.
    pub(crate) fn provokes_repeat_at(&self, path: &str) -> bool {
        self.keys_ignored > 0 && self.keys_ignored_at == path
    }
}

/// What the sandbox has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Requests to the API.
    pub requests: u64,
    /// Requests answered from what was kept for their idempotency key.
    pub repeated: u64,
    /// Repeated requests that were done again all the same.
    pub keys_ignored: u64,
    /// Requests whose reply was lost on purpose.
    pub replies_lost: u64,
    /// Requests refused on purpose.
    pub busy: u64,
    /// Events that happened.
    pub events: u64,
    /// Webhooks that were received and answered with success.
    pub webhooks_received: u64,
    /// Webhooks that were not answered with success and come again.
    pub webhooks_failed: u64,
    /// Webhooks that were dropped on purpose.
    pub webhooks_dropped: u64,
    /// Webhooks that were sent a second time on purpose.
    pub webhooks_twice: u64,
}
