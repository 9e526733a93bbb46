//! A wrapper that keeps personal data out of logs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Personal data: `Debug` prints a placeholder, so that no log, panic or error shows it by accident.
/// It has no `Display`; whoever needs the value says so with [`Personal::expose`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

/// A reply that says something about a person. It leaves a service only with the receipt of its audit entry: see
/// `kernel::Disclosed`. A test compares the list of those who implement this with what the routes return.
pub trait PersonalData: Serialize {}

/// Whether there is something tells of the person, too.
impl<T: PersonalData> PersonalData for Option<T> {}

impl<T> Personal<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

#[cfg(test)]
mod tests {
    use super::Personal;

    #[test]
    fn debug_output_hides_the_value() {
        assert_eq!(format!("{:?}", Personal::new("Ada")), "[personal]");
    }
}
