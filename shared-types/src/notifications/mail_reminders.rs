//! Whether reminders go to an address at all. By which way a patient is reminded is another matter, which their details say.

use serde::{Deserialize, Serialize};

use crate::personal::Personal;

/// Whether reminders go to an address. It names nobody: whoever asks has shown that they read there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailReminders {
    /// Whether they are stopped: none goes there, for whoever it would be.
    pub stopped: bool,
}

/// Asks it of the account's own address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FindMailReminders {
    /// From `POST /api/v1/users/me/address-tickets`.
    pub ticket: Personal<String>,
}

/// Stops them there, or has them sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutMailReminders {
    /// From `POST /api/v1/users/me/address-tickets`.
    pub ticket: Personal<String>,
    /// Whether to stop them.
    pub stopped: bool,
}
