//! A manage link, a reminder's link and what proves that their holder is the patient. None of it can be printed.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Opens a manage link: the token from the link and one proof. Neither can be printed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenManageLink {
    /// From the link.
    pub token: String,
    /// What only the patient and the practice should know.
    pub proof: ManageProof,
}

impl fmt::Debug for OpenManageLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[manage link and proof]")
    }
}

/// What shows that the holder of a link is the patient. It cannot be printed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManageProof {
    /// The patient's date of birth.
    DateOfBirth(Date),
    /// Six digits sent by e-mail.
    Code(String),
}

impl fmt::Debug for ManageProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[proof]")
    }
}

/// Asks for a code by e-mail. It cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendManageCode {
    /// From the link.
    pub token: String,
}

impl fmt::Debug for SendManageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[manage link]")
    }
}

/// Says that the patient will come, by a reminder's link. It cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerReminder {
    /// From the link.
    pub token: String,
}

impl fmt::Debug for AnswerReminder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[reminder link]")
    }
}
