//! Lists in pages. A page is continued by an opaque cursor that names the last row, never by an offset.

use serde::{Deserialize, Serialize};

use crate::personal::PersonalData;

/// Some items and where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PageOf{T}"))]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Send this back as `cursor` for the next page; absent on the last one.
    pub next: Option<String>,
}

/// A page tells what its items tell.
impl<T: PersonalData> PersonalData for Page<T> {}
