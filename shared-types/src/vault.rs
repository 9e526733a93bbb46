//! What a page and its vault tell each other. The vault is a worker of its own that holds every key; what it is told
//! in the clear (a password, a reason for a visit) comes from the person in front of the screen and goes nowhere else.
//!
//! Bytes are base64url without padding. Nothing here ever reaches a server but what is named `sent to the server`.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId,
    personal::Personal,
    users::{Kdf, WrappedKey},
};

/// A person's keys as the server keeps them: the public halves, and the private ones wrapped by the account key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityKeys {
    /// The signed public keys.
    pub public: String,
    /// The wrapped private keys.
    pub wrapped: String,
}

/// Everything the server keeps of an account's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountKeys {
    /// At least one.
    pub account_key: Vec<WrappedKey>,
    /// The identity.
    pub identity: IdentityKeys,
}

/// What a page asks of the vault.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum VaultRequest {
    /// Chooses parameters for a new password and derives its keys, which stay here for [`Self::CreateKeys`] or
    /// [`Self::Rewrap`].
    NewPassword {
        /// As typed.
        password: Personal<String>,
    },
    /// Derives the keys of a password that the account has.
    Password {
        /// As typed.
        password: Personal<String>,
        /// As the server told them.
        kdf: Kdf,
    },
    /// Makes the account's keys, wrapped by the password last derived and by a new recovery code.
    CreateKeys {
        /// What the wraps are bound to.
        account_id: AccountId,
    },
    /// Unwraps the account's keys with the password last derived.
    Unlock {
        /// What the wraps are bound to.
        account_id: AccountId,
        /// As the server keeps them.
        keys: AccountKeys,
    },
    /// Unwraps them with the printed code.
    Recover {
        /// What the wraps are bound to.
        account_id: AccountId,
        /// As typed.
        code: Personal<String>,
        /// As the server keeps them.
        keys: AccountKeys,
    },
    /// Wraps the unwrapped account key by the new password last derived.
    Rewrap,
    /// Forgets every key.
    Lock,
}

/// What the vault answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum VaultReply {
    /// Keys of a password are derived. Both parts are sent to the server.
    Derived {
        /// The parameters.
        kdf: Kdf,
        /// Proves the password; thirty-two bytes.
        auth_key: Personal<String>,
    },
    /// The account's keys are made and open.
    Created {
        /// Sent to the server.
        keys: AccountKeys,
        /// Shown once, for paper; never sent.
        recovery_code: Personal<String>,
    },
    /// The account's keys are open.
    Unlocked,
    /// The account key is wrapped by the new password; sent to the server.
    Rewrapped {
        /// The new wrap.
        wrapped: WrappedKey,
    },
    /// Every key is forgotten.
    Locked,
    /// It could not be done; nothing was changed.
    Refused {
        /// Why.
        why: VaultRefusal,
    },
}

/// Why the vault does not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultRefusal {
    /// No password, or one that is too long.
    Password,
    /// The server asks for a weaker or a costlier derivation than is allowed.
    Derivation,
    /// The password or code does not unwrap what the server keeps, or that was changed.
    WrongKey,
    /// What the server keeps cannot be read.
    Damaged,
    /// No keys are open; unlock first.
    Locked,
    /// The worker ended or could not be started.
    Gone,
}
