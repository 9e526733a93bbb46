//! The platform's staff and a person's data: only by a stated reason and for a time. And what somebody agreed to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccessGrantId, AccountId, PatientId, personal::PersonalData};

/// Why platform staff need to see somebody's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrantCategory {
    /// The person asked for help.
    PersonAsked,
    /// Something of ours is broken.
    Fault,
    /// Somebody may be in danger.
    Safety,
    /// A law asks for it.
    LegalDuty,
}

/// States a reason. Support and administrators only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GrantAccess {
    /// Whose data.
    pub patient_id: PatientId,
    /// Why, in a word.
    pub category: GrantCategory,
    /// Why, in words that the person will read; at least 20 characters.
    pub reason: String,
    /// For how long, in minutes; at most four hours.
    pub minutes: u16,
}

/// A stated reason, as the person whose data it opens sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessGrant {
    /// Which.
    pub access_grant_id: AccessGrantId,
    /// Whose data.
    pub patient_id: PatientId,
    /// Why, in a word.
    pub category: GrantCategory,
    /// Why.
    pub reason: String,
    /// From when.
    pub granted_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl PersonalData for AccessGrant {}

/// The same as other services need it to let somebody in: no reason, no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessGrantFact {
    /// Which; every use of it is in the audit log under this id.
    pub access_grant_id: AccessGrantId,
    /// Who may look.
    pub account_id: AccountId,
    /// Whose data.
    pub patient_id: PatientId,
    /// From when.
    pub granted_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl AccessGrantFact {
    /// Whether it lets that account see that patient's data at that moment.
    pub fn admits(&self, account_id: AccountId, patient_id: PatientId, now: Timestamp) -> bool {
        self.account_id == account_id
            && self.patient_id == patient_id
            && self.granted_at <= now
            && now < self.expires_at
    }
}

/// Something somebody agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentHeld {
    /// The text's name.
    pub text: String,
    /// Which version.
    pub version: i32,
    /// Its heading.
    pub title: String,
    /// When.
    pub agreed_at: Timestamp,
    /// Whether it can be withdrawn and the account kept.
    pub withdrawable: bool,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
}

impl PersonalData for ConsentHeld {}

/// Somebody no longer agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWithdrawn {
    /// Who.
    pub patient_id: PatientId,
    /// To what.
    pub text: String,
    /// What was agreed to before this no longer counts.
    pub withdrawn_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::AccessGrantFact;

    #[test]
    fn a_grant_is_for_one_person_about_one_person_and_for_a_time() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let id = Uuid::from_u128;
        let grant = AccessGrantFact {
            access_grant_id: id(1).into(),
            account_id: id(2).into(),
            patient_id: id(3).into(),
            granted_at: now,
            expires_at: now + SignedDuration::from_hours(4),
        };
        assert!(grant.admits(id(2).into(), id(3).into(), now));
        assert!(!grant.admits(id(3).into(), id(3).into(), now));
        assert!(!grant.admits(id(2).into(), id(4).into(), now));
        assert!(!grant.admits(id(2).into(), id(3).into(), now - SignedDuration::from_secs(1)));
        assert!(!grant.admits(id(2).into(), id(3).into(), grant.expires_at));
    }
}
