//! What the report says about a resource.

use serde::Serialize;

/// Why a resource does not go in. `pointer` is a JSON pointer into the resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Where, such as `/practitioner/reference`.
    pub pointer: String,
    /// Why, in a sentence for whoever keeps the source.
    pub reason: String,
}

/// What was left out, guessed or doubted in a resource that goes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Where, such as `/identifier/0/value`.
    pub pointer: String,
    /// What, in a sentence for whoever keeps the source.
    pub reason: String,
}

impl Refusal {
    pub(super) fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), reason: reason.into() }
    }
}

impl Warning {
    pub(super) fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), reason: reason.into() }
    }
}
