//! The key directory: whose public keys are which, as leaves of a Merkle log that anybody can check.
//!
//! Bytes are base64url without padding, hashes hexadecimal, checkpoints and keys as the crate `transparency` writes them.
//! Who reads an answer checks all of it: nothing here is to be believed because the server says so.

use serde::{Deserialize, Serialize};

use super::WrappedKey;
use crate::{AccountId, OrganizationId};

/// The log at one moment, as the server signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyLogHead {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The key that signed it, as a `vkey`. A browser that has pinned one takes no other.
    pub key: String,
    /// From the size asked for with `since`, which the browser has pinned, to this checkpoint; absent when none was asked
    /// for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consistency: Option<Vec<String>>,
}

/// The size of the log that a browser has pinned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Since {
    /// How many leaves it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
}

/// One leaf, and the way from it to the checkpoint's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DirectoryEntry {
    /// The leaf, as its subject signed it.
    pub leaf: String,
    /// Its place in the log.
    pub index: u64,
    /// The inclusion proof.
    pub proof: Vec<String>,
}

/// A subject's newest keys. Of a practice without any the reply is `null`, of an account 404 with the type `no-keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedKeys {
    /// The log.
    pub head: KeyLogHead,
    /// The leaf.
    pub entry: DirectoryEntry,
}

/// A person's keys as the server keeps them: the public halves, and the private ones wrapped by the account key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IdentityKeys {
    /// The signed public keys.
    pub public: String,
    /// The wrapped private keys.
    pub wrapped: String,
}

/// Everything the server keeps of an account's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountKeys {
    /// At least one.
    pub account_key: Vec<WrappedKey>,
    /// The identity.
    pub identity: IdentityKeys,
}

/// `PUT /api/v1/users/me/identity`: publishes the caller's keys, the first or new ones. New ones are for somebody who has
/// lost the old: what was sealed to those can no longer be opened by them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutIdentity {
    /// The keys; every copy of a former account key goes with the former keys.
    pub keys: AccountKeys,
    /// The leaf for the directory; follows the former one, where there is one.
    pub leaf: String,
}

/// Whose keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum KeySubject {
    /// A person's.
    Account(AccountId),
    /// A practice's.
    Practice(OrganizationId),
}
