//! Notices on a device, by web push (W3C Push API; RFC 8030, 8291 and 8292, read 2026-11-26): what a browser gives us so that we
//! can send it some, and what we send.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{PushSubscriptionId, personal::PersonalData};

/// How many browsers of an account may be sent notices.
pub const MOST_PUSH_SUBSCRIPTIONS: usize = 10;

/// Where a browser takes messages, as it says itself (`PushSubscription.toJSON`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutPushSubscription {
    /// The address at the push service of the browser's maker, at most 2,000 characters.
    pub endpoint: String,
    /// The browser's public key on the curve P-256, uncompressed: 65 bytes in base64url without padding.
    pub p256dh: String,
    /// What it and we alone know: 16 bytes in base64url without padding.
    pub auth: String,
}

/// A browser that is sent notices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushSubscription {
    /// Which.
    pub push_subscription_id: PushSubscriptionId,
    /// Its address at the push service, by which the browser knows itself.
    pub endpoint: String,
    /// Since when.
    pub since: Timestamp,
}

impl PersonalData for PushSubscription {}

/// All browsers of an account that are sent notices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushSubscriptions {
    /// The public key by which push services know us (`applicationServerKey`), in base64url without padding.
    pub server_key: String,
    /// The earliest first.
    pub items: Vec<PushSubscription>,
}

impl PersonalData for PushSubscriptions {}

/// What a device shows of a notice, on a locked screen as well: what the notice says, and no more. Its days have names that are
/// still true when it arrives late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushMessage {
    /// What happened.
    pub title: String,
    /// When it is.
    pub body: String,
    /// The page that it opens, on this site.
    pub path: String,
    /// What of the same tag is on the screen gives way to it.
    pub tag: String,
}
