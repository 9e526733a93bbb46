//! What users states to another service about an account's address.

use serde::{Deserialize, Serialize};

use crate::{AccountId, personal::Personal};

/// What users states to notifications about somebody who asks whether reminders go to their address: that they read the mail there. It
/// travels in their own browser, signed and for five minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressStatement {
    /// Whose account.
    pub account_id: AccountId,
    /// The verified address, in small letters.
    pub email: Personal<String>,
}

impl AddressStatement {
    /// The kind of the ticket that carries it.
    pub const KIND: &str = "verified_address";
}
