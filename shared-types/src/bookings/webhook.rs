//! Webhooks: a practice is told of its appointments at an address of its own. What is sent has ids, states and times, and no name,
//! no reason and no clinical word.
//!
//! Requests are POSTs of JSON in the shape of Standard Webhooks (<https://www.standardwebhooks.com>, read 2026-11-26): `webhook-id`
//! is the same in every try of one delivery, `webhook-timestamp` is when it was tried, in seconds since 1970, and
//! `webhook-signature` has a `v1,` and a Base64 HMAC-SHA256 of `{id}.{timestamp}.{body}` for each secret that is valid, with a
//! space between them. Any answer from 200 to 299 will do; anything else is tried again, slower each time, for a day.
//!
//! All paths are below `/api/v1/bookings/practices/{organization_id}/webhooks`, for the staff in [`WEBHOOK_STAFF`].
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…` | `list_webhooks` | → [`Webhooks`] |
//! | POST `…` | `create_webhook` | [`CreateWebhook`] + Idempotency-Key → 201 [`WebhookSecret`] |
//! | DELETE `…/{webhook_id}` | `delete_webhook` | → 204 |
//! | POST `…/{webhook_id}/active` | `set_webhook_active` | [`SetWebhookActive`] → [`Webhook`] |
//! | POST `…/{webhook_id}/secret` | `rotate_webhook_secret` | → [`WebhookSecret`]; the one before stays valid for [`ROTATION_HOURS`] |
//! | POST `…/{webhook_id}/ping` | `ping_webhook` | → 201 [`WebhookDelivery`] |
//! | GET `…/{webhook_id}/deliveries` | `list_deliveries` | → [`WebhookDeliveries`], the latest first |
//! | POST `…/{webhook_id}/deliveries/{webhook_delivery_id}/redeliver` | `redeliver` | → [`WebhookDelivery`] |

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{WebhookDeliveryId, WebhookId, personal::Personal, users::StaffRole};

/// Who has a practice told somewhere: those who answer for it.
pub const WEBHOOK_STAFF: [StaffRole; 2] = [StaffRole::Manager, StaffRole::Owner];
/// How many webhooks a practice may have.
pub const MOST_WEBHOOKS: usize = 5;
/// How long a secret stays valid once there is a new one, in hours.
pub const ROTATION_HOURS: i64 = 24;
/// For how long a delivery is tried, in hours.
pub const TRIED_HOURS: i64 = 24;
/// For how long the log is kept, in days.
pub const LOG_DAYS: i64 = 30;

/// Has the practice told at an address from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateWebhook {
    /// `https://desk.example/hooks`, on the public internet.
    pub address: String,
}

/// Switches a webhook on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetWebhookActive {
    /// Whether it is told.
    pub active: bool,
}

/// Where a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// It is told of everything.
    Active,
    /// Somebody at the practice switched it off.
    Off,
    /// It has not answered for a day, so it is told of nothing until somebody switches it on again.
    Stopped,
}

impl WebhookStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Active, Self::Off, Self::Stopped];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Off => "off",
            Self::Stopped => "stopped",
        }
    }

    /// Reads [`WebhookStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Where a delivery stands: `pending → delivered | failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It is tried, or tried again.
    Pending,
    /// It was answered.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Failed];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Reads [`DeliveryStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Why the last try of a delivery did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryFailure {
    /// The address is not one that is called: it is not `https://`, or not on the public internet.
    NotCalled,
    /// Nobody answered there.
    Unreachable,
    /// The answer took longer than ten seconds.
    TimedOut,
    /// The answer was no success.
    Refused,
}

impl DeliveryFailure {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::NotCalled, Self::Unreachable, Self::TimedOut, Self::Refused];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotCalled => "not_called",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
        }
    }

    /// Reads [`DeliveryFailure::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }
}

/// The webhooks of a practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhooks {
    /// The earliest first.
    pub items: Vec<Webhook>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhook {
    /// Which.
    pub webhook_id: WebhookId,
    /// Where it is told.
    pub address: String,
    /// Where it stands.
    pub status: WebhookStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when the former secret signs as well; none when there is only one.
    pub former_until: Option<Timestamp>,
}

/// A webhook with the secret that signs from now on, which is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// `whsec_` and 32 bytes in Base64.
    pub secret: Personal<String>,
}

/// What a webhook was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDeliveries {
    /// The latest first, at most a hundred.
    pub items: Vec<WebhookDelivery>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

/// One thing that a webhook is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDelivery {
    /// Which; the `webhook-id` of its requests.
    pub webhook_delivery_id: WebhookDeliveryId,
    /// `appointment.confirmed`.
    pub event: String,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How often it was tried since it was last sent once more.
    pub attempts: i32,
    /// The status of the last answer.
    pub response_status: Option<u16>,
    /// Why the last try did not work.
    pub failure: Option<DeliveryFailure>,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was tried last.
    pub attempted_at: Option<Timestamp>,
    /// When it is tried next.
    pub due_at: Option<Timestamp>,
    /// What is sent.
    pub body: String,
    /// Every try, the first one first.
    #[serde(default)]
    pub tries: Vec<WebhookTry>,
}

/// One try of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookTry {
    /// When it began.
    pub attempted_at: Timestamp,
    /// When it was known what came of it; none while it is under way, or where nobody saw it.
    pub settled_at: Option<Timestamp>,
    /// The status of the answer.
    pub response_status: Option<u16>,
    /// Why it did not work.
    pub failure: Option<DeliveryFailure>,
}
