//! A practice's mailbox: the key of each epoch, and who of its staff was given it.
//!
//! Bytes are base64url without padding; what they hold is the crate `sealing`'s.

use serde::{Deserialize, Serialize};

use super::{DirectoryEntry, KeyLogHead, StaffRole};
use crate::{
    AccountId, OrganizationId,
    personal::{Personal, PersonalData},
};

impl StaffRole {
    /// Those who read what patients seal. Billing does not: it settles money, not care.
    pub const READERS: [Self; 4] = [Self::Practitioner, Self::Reception, Self::Manager, Self::Owner];

    /// Whether somebody with this role reads what patients seal.
    pub fn reads_notes(self) -> bool {
        Self::READERS.contains(&self)
    }
}

/// A practice's mailbox as a member of its staff sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mailbox {
    /// Whose.
    pub organization_id: OrganizationId,
    /// The log.
    pub head: KeyLogHead,
    /// Every epoch, the first one first; none while no owner has begun one.
    pub epochs: Vec<MailboxEpoch>,
    /// Everybody who reads, or should.
    pub members: Vec<MailboxMember>,
}

impl PersonalData for Mailbox {}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailboxEpoch {
    /// From 1.
    pub epoch: u32,
    /// The practice's leaf.
    pub entry: DirectoryEntry,
    /// The key, sealed to the one who asks; absent when nobody has given it to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The key, sealed to the practice's recovery key; shown to owners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_grant: Option<String>,
}

/// A member of staff who reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailboxMember {
    /// Their account.
    pub account_id: AccountId,
    /// By which colleagues know them.
    pub email: Personal<String>,
    /// What they do there.
    pub roles: Vec<StaffRole>,
    /// Their newest keys; none while they have made none.
    pub keys: Option<DirectoryEntry>,
    /// The epochs whose key their newest keys were given.
    pub holds: Vec<u32>,
}

/// A key for one holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberGrant {
    /// The member; none for the recovery key.
    pub account_id: Option<AccountId>,
    /// The sealed key.
    pub grant: String,
}

/// `POST /api/v1/users/practices/{organization_id}/mailbox/epochs`, by an owner: begins the next epoch, and lets people go
/// in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeginEpoch {
    /// The leaf for the directory.
    pub leaf: String,
    /// One for the recovery key, and one for every member who stays and has keys: no more and no fewer.
    pub grants: Vec<MemberGrant>,
    /// One for each of these members.
    pub certificates: Vec<String>,
    /// Who leaves the practice.
    #[serde(default)]
    pub remove: Vec<AccountId>,
}

/// `POST /api/v1/users/practices/{organization_id}/mailbox/grants`, by an owner: gives keys of epochs to members who have
/// none of them yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GiveKeys {
    /// The keys.
    pub grants: Vec<MemberGrant>,
    /// For members who are new in an epoch.
    pub certificates: Vec<String>,
}
