//! Names of consent texts.

use std::str::FromStr;

/// A name such as `booking-collection`: small letters, digits and hyphens, at most 64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextName(String);

/// What cannot be the name of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text's name has small letters, digits and hyphens, at most 64")]
pub struct NoTextName;

impl TextName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TextName {
    type Err = NoTextName;

    fn from_str(text: &str) -> Result<Self, NoTextName> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoTextName)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TextName;

    #[test]
    fn only_plain_names_are_read() {
        assert_eq!("booking-collection".parse::<TextName>().unwrap().as_str(), "booking-collection");
        for bad in ["", "Booking", "a b", "a/b", "a\0b", "ü", &"a".repeat(65)] {
            assert!(bad.parse::<TextName>().is_err(), "{bad:?}");
        }
    }
}
