//! A log in a file: one JSON value a line. The header first, then every leaf in its order with its entry, and each
//! checkpoint behind the last leaf that it covers.

use serde::{Deserialize, Serialize};

use crate::entry::Logged;

/// The only format there is.
pub const FORMAT: &str = "hellomapper-audit/1";

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a line lives for a moment, and nearly all are the large one")]
pub enum Line {
    /// The first.
    Header(Header),
    /// A leaf with its entry.
    Logged(Logged),
    /// A signed checkpoint, whole.
    Checkpoint(String),
}

/// Of which log this is an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// The log's name, as in its checkpoints.
    pub origin: String,
    /// The service whose log it is.
    pub service: String,
    /// How many leaves follow.
    pub size: u64,
}
