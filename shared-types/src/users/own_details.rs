//! What somebody says of themselves has changed: what they booked by it goes by what it is now.

use serde::{Deserialize, Serialize};

use super::PatientDetails;
use crate::{AccountId, PatientId, personal::Personal};

/// By what an account's holder books for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDetails {
    /// The full name; none for who has told only an address.
    #[serde(default)]
    pub name: Option<Personal<String>>,
    /// What to be called, if different.
    #[serde(default)]
    pub preferred_name: Option<Personal<String>>,
    /// The account's confirmed address.
    pub email: Personal<String>,
    /// An Australian mobile in E.164.
    #[serde(default)]
    pub mobile: Option<Personal<String>>,
}

impl OwnDetails {
    /// Of an account with that address, and its holder's details where they gave any.
    pub fn of(email: Personal<String>, details: Option<&PatientDetails>) -> Self {
        Self {
            name: details.map(|details| details.name.clone()),
            preferred_name: details.and_then(|details| details.preferred_name.clone()),
            email,
            mobile: details.and_then(|details| details.mobile.clone()),
        }
    }

    /// What to call them.
    pub fn called(&self) -> Option<&Personal<String>> {
        self.preferred_name.as_ref().or(self.name.as_ref())
    }
}

/// A change, with what was before: what was typed otherwise for one booking was meant so, and stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDetailsChanged {
    /// Whose account.
    pub account_id: AccountId,
    /// The patient that its holder is, where they gave their details.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// Before.
    pub was: OwnDetails,
    /// From now on.
    pub is: OwnDetails,
}
