//! Codes that people print, read out and type: Crockford's base32 in groups of four.
//!
//! The alphabet leaves out I, L, O and U, so reading takes O for 0 and I or L for 1. Source: D. Crockford, "Base 32"
//! (read on 2026-11-23); its check symbol is not used, as a truncated hash catches more.

use data_encoding::{Encoding, Specification, Translate};
use zeroize::Zeroizing;

/// Why a typed code is not one. The text is not repeated: it is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Some character is none of the alphabet.
    #[error("a code has only digits and letters, and no U")]
    Characters,
    /// Letters are missing or too many.
    #[error("a code of this kind has {expected} characters, without spaces and dashes")]
    Length {
        /// How many it should have.
        expected: usize,
    },
    /// Some character is wrong, or two are swapped.
    #[error("the check characters do not match: please compare each group")]
    Checksum,
    /// It is a code of another kind, or of a later version.
    #[error("this is not a code of this kind")]
    OtherKind,
}

/// In groups of four. The bytes are a multiple of five, so that there is no padding.
pub(crate) fn print(bytes: &[u8]) -> Zeroizing<String> {
    let letters = Zeroizing::new(encoding().encode(bytes));
    let mut text = Zeroizing::new(String::with_capacity(letters.len() * 5 / 4));
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// Reads what [`print`] wrote, whatever the case, the spaces and the dashes.
pub(crate) fn read<const N: usize>(text: &str) -> Result<Zeroizing<[u8; N]>, CodeError> {
    let letters: Zeroizing<String> = Zeroizing::new(text.chars().filter(|c| !is_separator(*c)).collect());
    if !letters.is_ascii() {
        return Err(CodeError::Characters);
    }
    let expected = N * 8 / 5;
    if letters.len() != expected {
        return Err(CodeError::Length { expected });
    }
    let bytes = encoding().decode(letters.as_bytes()).map_err(|_| CodeError::Characters)?;
    let bytes = Zeroizing::new(bytes);
    let mut array = Zeroizing::new([0; N]);
    array.copy_from_slice(&bytes);
    Ok(array)
}

/// Spaces of all kinds, and the dashes that word processors make of a hyphen.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn encoding() -> Encoding {
    let mut alphabet = Specification::new();
    alphabet.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    alphabet.translate = Translate {
        from: "abcdefghjkmnpqrstvwxyzOoIiLl".to_owned(),
        to: "ABCDEFGHJKMNPQRSTVWXYZ001111".to_owned(),
    };
    alphabet.encoding().expect("32 different symbols, and translations of others")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CodeError, print, read};

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let bytes = [0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf];
        let text = print(&bytes);
        assert_eq!(*text, "0123-4567-89AB-CDEF");
        for written in [
            "0123-4567-89AB-CDEF",
            "0123456789abcdef",
            " o I 2 3–4567\u{a0}89ab cdef\n",
            "OL23 4567 89AB CDEF",
        ] {
            assert_eq!(*read::<10>(written).unwrap(), bytes, "{written}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for (text, expected) in [
            ("", CodeError::Length { expected: 16 }),
            ("0123-4567-89AB-CDE", CodeError::Length { expected: 16 }),
            ("0123-4567-89AB-CDEU", CodeError::Characters),
            ("0123-4567-89AB-CDE!", CodeError::Characters),
            ("0123-4567-89AB-CDEé", CodeError::Characters),
            ("0123-4567-89AB-CDE٣", CodeError::Characters),
        ] {
            assert_eq!(read::<10>(text).unwrap_err(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_code_comes_back(bytes in any::<[u8; 20]>()) {
            prop_assert_eq!(*read::<20>(&print(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn no_text_makes_reading_panic(text in any::<String>()) {
            let _ = read::<20>(&text);
        }
    }
}
