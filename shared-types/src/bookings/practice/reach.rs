//! Whether a patient in a practice's calendar can be written to at all.

use serde::{Deserialize, Serialize};

/// By what a patient is told what becomes of their appointment, as they gave it with the booking. Whether it arrives is not known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reachable {
    /// By letters to an e-mail address.
    #[default]
    Email,
    /// By text messages alone: there is no e-mail address, and they agreed to those.
    Text,
    /// By nothing: the practice has to tell them itself.
    None,
}

impl Reachable {
    /// Of an e-mail address, which may be empty, and whether they agreed to text messages.
    pub fn of(email: &str, agreed_to_texts: bool) -> Self {
        match (email.is_empty(), agreed_to_texts) {
            (false, _) => Self::Email,
            (true, true) => Self::Text,
            (true, false) => Self::None,
        }
    }

    /// Whether they are told without anybody calling them.
    pub fn is_told(self) -> bool {
        match self {
            Self::Email | Self::Text => true,
            Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reachable;

    #[test]
    fn letters_come_first_and_who_gave_neither_is_not_told() {
        for (email, texts, reachable, told) in [
            ("bo@example.org", false, Reachable::Email, true),
            ("bo@example.org", true, Reachable::Email, true),
            ("", true, Reachable::Text, true),
            ("", false, Reachable::None, false),
        ] {
            assert_eq!(Reachable::of(email, texts), reachable);
            assert_eq!(reachable.is_told(), told, "{reachable:?}");
        }
    }
}
