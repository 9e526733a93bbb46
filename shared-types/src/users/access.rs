//! Who somebody is while they are signed in, and what that lets them do. `users` says so in a signed token; every
//! service reads it without asking anyone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, OrganizationId, PatientId, SessionId};

/// How somebody proved who they are, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A password alone.
    Password,
    /// A password and a code: from an authenticator app (RFC 6238), or a recovery code.
    PasswordAndCode,
    /// A passkey (WebAuthn, with user verification).
    Passkey,
}

/// What somebody does at a practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Gives care.
    Practitioner,
    /// Keeps the desk.
    Reception,
    /// Looks after money and claims.
    Billing,
    /// Runs the practice from day to day.
    Manager,
    /// Answers for the practice: names its staff and holds its recovery.
    Owner,
}

impl StaffRole {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Practitioner, Self::Reception, Self::Billing, Self::Manager, Self::Owner];
}

/// What somebody does for the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Helps people, and sees a person's data only with a stated reason and for a time.
    Support,
    /// Keeps listings true.
    Moderator,
    /// Runs the platform.
    Administrator,
}

impl PlatformRole {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Support, Self::Moderator, Self::Administrator];
}

/// What a carer or a parent may do for a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DelegationScope {
    /// See, make, move and cancel appointments.
    Appointments,
    /// Read and write what is sealed: reasons, answers, messages, documents.
    Intake,
    /// See and settle what is owed.
    Payments,
    /// Change the patient's details.
    Details,
}

impl DelegationScope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Appointments, Self::Intake, Self::Payments, Self::Details];
}

/// One practice that somebody works at, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Membership {
    /// The practice.
    #[serde(rename = "org")]
    pub organization_id: OrganizationId,
    /// At least one.
    pub roles: Vec<StaffRole>,
}

/// One patient that somebody may act for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActsFor {
    /// The patient.
    #[serde(rename = "patient")]
    pub patient_id: PatientId,
    /// At least one.
    pub scopes: Vec<DelegationScope>,
}

/// What a session token says. Ids and roles only: no name, no address, nothing about health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The session; revoking it ends every token made for it.
    #[serde(rename = "sid")]
    pub session_id: SessionId,
    /// The account.
    #[serde(rename = "sub")]
    pub account_id: AccountId,
    /// The patient that the account's holder is; none for somebody who only works here.
    #[serde(rename = "patient", default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<PatientId>,
    /// How the session began.
    #[serde(rename = "amr")]
    pub strength: Strength,
    /// Patients one may act for.
    #[serde(rename = "for", default, skip_serializing_if = "Vec::is_empty")]
    pub acts_for: Vec<ActsFor>,
    /// Practices one works at.
    #[serde(rename = "at", default, skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<Membership>,
    /// What one does for the platform.
    #[serde(rename = "plt", default, skip_serializing_if = "Vec::is_empty")]
    pub platform: Vec<PlatformRole>,
    /// When the token was made, in milliseconds since 1970: a revocation names the moment up to which tokens are dead.
    #[serde(rename = "iat_ms", with = "milliseconds")]
    pub issued_at: Timestamp,
    /// When the token ends, in seconds since 1970 (RFC 7519, `exp`).
    #[serde(rename = "exp", with = "seconds")]
    pub expires_at: Timestamp,
}

impl Claims {
    /// Whether they work at that practice as one of those.
    pub fn works_at(&self, organization_id: OrganizationId, roles: &[StaffRole]) -> bool {
        self.memberships.iter().any(|membership| {
            membership.organization_id == organization_id
                && membership.roles.iter().any(|role| roles.contains(role))
        })
    }

    /// Whether they work at that practice at all.
    pub fn is_staff_of(&self, organization_id: OrganizationId) -> bool {
        self.works_at(organization_id, &StaffRole::ALL)
    }

    /// Whether they may do that for the patient: because they are that patient, or by a delegation.
    pub fn may_act_for(&self, patient_id: PatientId, scope: DelegationScope) -> bool {
        self.patient_id == Some(patient_id)
            || self.acts_for.iter().any(|one| one.patient_id == patient_id && one.scopes.contains(&scope))
    }

    /// Whether they do one of those things for the platform.
    pub fn serves_as(&self, roles: &[PlatformRole]) -> bool {
        self.platform.iter().any(|role| roles.contains(role))
    }
}

/// Tokens that are dead before they end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Which tokens.
    pub of: Revoked,
    /// Those issued at this moment or before.
    pub issued_until: Timestamp,
    /// From this moment on none of them would be alive anyway, and the revocation can be forgotten.
    pub forget_at: Timestamp,
}

/// Which tokens are dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Revoked {
    /// Those of one session.
    Session(SessionId),
    /// Those of one account: everything was signed out, or what it may do has changed.
    Account(AccountId),
}

mod milliseconds {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(time.as_millisecond())
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_millisecond(i64::deserialize(from)?).map_err(D::Error::custom)
    }
}

mod seconds {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(time.as_second())
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_second(i64::deserialize(from)?).map_err(D::Error::custom)
    }
}
