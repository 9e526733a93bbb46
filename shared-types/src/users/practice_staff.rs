//! Who works at a practice or for the platform, and the letters that ask people to join.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PlatformRole, StaffRole};
use crate::{
    AccountId, InvitationId, OrganizationId,
    personal::{Personal, PersonalData},
};

/// Somebody who works at a practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffMember {
    /// Their account.
    pub account_id: AccountId,
    /// Where the invitation went, by which colleagues know them.
    pub email: Personal<String>,
    /// What they do there.
    pub roles: Vec<StaffRole>,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Since when.
    pub created_at: Timestamp,
}

impl PersonalData for StaffMember {}

/// A practice by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeName {
    /// Which.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// Asks somebody to join a practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InviteStaff {
    /// Whom.
    pub email: Personal<String>,
    /// As what. Only an owner makes another one.
    pub roles: Vec<StaffRole>,
}

/// Asks somebody to be a practice's first owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InviteOwner {
    /// Whom.
    pub email: Personal<String>,
}

/// Changes what somebody does at a practice, as last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeRoles {
    /// All of their roles from now on; at least one.
    pub roles: Vec<StaffRole>,
    /// The version that was on the screen.
    pub version: i32,
}

/// Names somebody platform staff, with these roles and no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamePlatformStaff {
    /// Whose account.
    pub account_id: AccountId,
    /// As what; at least one.
    pub roles: Vec<PlatformRole>,
}

/// What an invitation asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InvitationKind {
    /// To work at a practice.
    Staff,
    /// To act for the patient who asks.
    Carer,
    /// To let the one who asks act for oneself.
    CaredFor,
    /// To take over one's own record, which a parent has kept until now.
    OwnRecord,
}

/// An invitation on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationSent {
    /// Which.
    pub invitation_id: InvitationId,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Accepts an invitation with the secret from its letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AcceptInvitation {
    /// From the link.
    pub token: Personal<String>,
}

/// What was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationAccepted {
    /// What it asked.
    pub kind: InvitationKind,
    /// The practice that was joined.
    pub organization_id: Option<OrganizationId>,
}

/// An invitation as notifications needs it to write the letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitationFact {
    /// Which.
    pub invitation_id: InvitationId,
    /// What it asks.
    pub kind: InvitationKind,
    /// Where to write.
    pub email: Personal<String>,
    /// The practice, when it asks to join one.
    pub organization_name: Option<String>,
    /// The secret part of the link; notifications forgets it once sent.
    pub token: Personal<String>,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}
