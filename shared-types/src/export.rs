//! Everything that a service holds about one person, in one format for all services: the browser gathers them, opens what
//! is sealed, and hands the person one file that machines read and one that people read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::personal::PersonalData;

/// `GET /api/v1/{service}/me/export`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DataExport {
    /// Which service.
    pub service: String,
    /// When it was true.
    pub as_of: Timestamp,
    /// What it holds, part by part; parts without rows are listed too, so that nothing seems forgotten.
    pub parts: Vec<ExportPart>,
}

impl PersonalData for DataExport {}

/// Rows of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportPart {
    /// The table, such as `appointment`.
    pub name: String,
    /// In words: "Your appointments".
    pub title: String,
    /// What it is held for, and until when, in words.
    pub held: String,
    /// The rows, as objects with the names of columns.
    pub rows: Vec<Value>,
}
