//! Australian identifiers of practitioners, practices and companies: parsed once, well-formed from then on.
//!
//! A check digit shows that a number was copied without a slip, not that it was ever issued or is still in force;
//! only its register knows that. Identifiers of patients are in
//! `payments::coverage`: those are personal, and payments keeps them sealed.
//!
//! Each file names the source of its rule. Reading ignores white space and the case of letters, as people copy
//! numbers from letterheads; what is kept and printed is the bare number in capitals.
//!
//! The constructors from a body make numbers for demonstration data and tests. Such a number may happen to be
//! somebody's, so what shows it says that the data is invented.

/// Gives a type its text, its reading and its printing. The type itself has `fn check(&str)`, which sees the text
/// in its kept form, and nothing else makes a value of it.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The number without spaces.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::identifiers::InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let text = crate::identifiers::kept_form(text);
                Self::check(&text)?;
                Ok(Self(text))
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::identifiers::InvalidIdentifier;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

mod ahpra;
mod business;
mod healthcare;
mod medicare;

pub use self::{
    ahpra::AhpraNumber,
    business::{Abn, Acn},
    healthcare::{HpiI, HpiO},
    medicare::MedicareProviderNumber,
};

/// Why a text is not the identifier it should be. `kind` is that identifier's name with its article; the text
/// itself is not repeated, so the error may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    /// It is too short or too long.
    #[error("{kind} has {expected} characters, this has {found}")]
    Length {
        /// `an HPI-I`.
        kind: &'static str,
        /// How many it should have.
        expected: usize,
        /// How many it has, spaces not counted.
        found: usize,
    },
    /// It has a character where another sort belongs.
    #[error("{kind} is made of {form}")]
    Characters {
        /// `an HPI-I`.
        kind: &'static str,
        /// `digits only`.
        form: &'static str,
    },
    /// It begins like another identifier.
    #[error("{kind} begins with {expected}")]
    Prefix {
        /// `an HPI-I`.
        kind: &'static str,
        /// What it should begin with.
        expected: &'static str,
    },
    /// Some character is wrong, or two are swapped.
    #[error("this is not {kind}: its check digit does not match, so please compare each character")]
    CheckDigit {
        /// `an HPI-I`.
        kind: &'static str,
    },
}

fn kept_form(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

fn require_length(kind: &'static str, text: &str, expected: usize) -> Result<(), InvalidIdentifier> {
    let found = text.chars().count();
    if found == expected { Ok(()) } else { Err(InvalidIdentifier::Length { kind, expected, found }) }
}

fn require_digits(kind: &'static str, text: &str) -> Result<(), InvalidIdentifier> {
    let form = "digits only";
    if all_digits(text) { Ok(()) } else { Err(InvalidIdentifier::Characters { kind, form }) }
}

fn require_check_digit(kind: &'static str, matches: bool) -> Result<(), InvalidIdentifier> {
    if matches { Ok(()) } else { Err(InvalidIdentifier::CheckDigit { kind }) }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The values of the digits, leaving out what is none.
fn digits(text: &str) -> impl DoubleEndedIterator<Item = usize> {
    text.bytes().filter(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'))
}

/// The first digit by the first weight, plus the second by the second, and so on.
fn weighted_sum(text: &str, weights: &[usize]) -> usize {
    digits(text).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

#[cfg(test)]
mod tests {
    use std::{fmt, str::FromStr};

    use proptest::prelude::*;

    use super::{Abn, Acn, AhpraNumber, HpiI, HpiO, InvalidIdentifier, MedicareProviderNumber};

    /// Every valid text is read as its kept form, and every invalid one refused for its reason. For all kinds.
    #[track_caller]
    pub(super) fn check<T>(valid: &[(&str, &str)], invalid: &[(&str, &str)])
    where
        T: FromStr<Err = InvalidIdentifier> + fmt::Display + fmt::Debug,
    {
        for (text, kept) in valid {
            assert_eq!(text.parse::<T>().unwrap().to_string(), *kept);
        }
        for (text, expected) in invalid {
            let reason = match text.parse::<T>().unwrap_err() {
                InvalidIdentifier::Length { .. } => "length",
                InvalidIdentifier::Characters { .. } => "characters",
                InvalidIdentifier::Prefix { .. } => "prefix",
                InvalidIdentifier::CheckDigit { .. } => "check digit",
            };
            assert_eq!(reason, *expected, "{text}");
        }
    }

    #[test]
    fn errors_say_what_would_be_right() {
        for (text, words) in [
            ("800361", "an HPI-I has 16 characters, this has 6"),
            ("800361999001571X", "an HPI-I is made of digits only"),
            ("8003621566684455", "an HPI-I begins with 800361"),
            (
                "8003619900015718",
                "this is not an HPI-I: its check digit does not match, so please compare each character",
            ),
        ] {
            assert_eq!(text.parse::<HpiI>().unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn json_is_the_bare_number_and_is_checked_on_the_way_in() {
        let abn: Abn = serde_json::from_str(r#""51 824 753 556""#).unwrap();
        assert_eq!(serde_json::to_string(&abn).unwrap(), r#""51824753556""#);
        assert!(serde_json::from_str::<Abn>(r#""51 824 753 557""#).is_err());
    }

    /// Reads a text as each kind; what is accepted must print as something that is accepted again.
    fn read_as_everything(text: &str) {
        fn read<T: FromStr + ToString>(text: &str) {
            if let Ok(identifier) = text.parse::<T>() {
                assert!(identifier.to_string().parse::<T>().is_ok(), "{text:?}");
            }
        }
        read::<HpiI>(text);
        read::<HpiO>(text);
        read::<MedicareProviderNumber>(text);
        read::<AhpraNumber>(text);
        read::<Abn>(text);
        read::<Acn>(text);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in any::<String>()) {
            read_as_everything(&text);
        }

        #[test]
        fn no_text_of_nearly_the_right_form_makes_a_parser_panic(text in "[0-9A-Zß٣ ]{7,17}") {
            read_as_everything(&text);
        }
    }
}
