//! The recovery code: 128 random bits, shown once, printed or written down, typed when all else is lost.

use std::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{labels::RECOVERY_CODE_CHECK, printed, secret::Secret, suite::digest};

pub use crate::printed::CodeError;

const CODE: usize = 16;
const CHECK: usize = 4;

/// A recovery code. Its 128 bits are random, so it needs no slow derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode(pub(super) Secret<CODE>);

impl RecoveryCode {
    /// A fresh one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::random(rng))
    }

    /// For the one time it is shown: eight groups of four characters, the last two of them check characters.
    pub fn print(&self) -> PrintedCode {
        let mut bytes = Zeroizing::new([0; CODE + CHECK]);
        bytes[..CODE].copy_from_slice(self.0.expose());
        bytes[CODE..].copy_from_slice(&check(self.0.expose()));
        PrintedCode(printed::print(&*bytes))
    }

    /// Reads a typed code: upper or lower case, with or without dashes and spaces, O for 0, I or L for 1.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn read(text: &str) -> Result<Self, CodeError> {
        let bytes = printed::read::<{ CODE + CHECK }>(text)?;
        let (code, found) = bytes.split_at(CODE);
        if check(code) != *found {
            return Err(CodeError::Checksum);
        }
        Secret::from_slice(code).map(Self).ok_or(CodeError::Checksum)
    }
}

/// A code as it is shown. Wiped when dropped.
pub struct PrintedCode(Zeroizing<String>);

impl PrintedCode {
    pub(crate) fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The text, for the screen or the printer.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrintedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

fn check(code: &[u8]) -> [u8; CHECK] {
    let [a, b, c, d, ..] = digest::hash(RECOVERY_CODE_CHECK, &[code]);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    use super::{CodeError, RecoveryCode};

    #[test]
    fn a_printed_code_is_read_again() {
        let code = RecoveryCode::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let text = code.print();
        assert_eq!(text.expose().split('-').map(str::len).collect::<Vec<_>>(), [4; 8]);
        assert_eq!(RecoveryCode::read(&text.expose().to_lowercase().replace('-', " ")), Ok(code));
        assert_eq!(format!("{text:?}"), "[secret]");
    }

    #[test]
    fn every_wrong_character_is_noticed() {
        let printed = RecoveryCode::generate(&mut ChaCha20Rng::seed_from_u64(2)).print();
        let text = printed.expose();
        for (at, letter) in text.char_indices().filter(|(_, letter)| *letter != '-') {
            let other = if letter == '7' { "8" } else { "7" };
            let slip = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert_eq!(RecoveryCode::read(&slip), Err(CodeError::Checksum), "{at}");
        }
    }

    #[test]
    fn swapped_neighbours_are_noticed() {
        let printed = RecoveryCode::generate(&mut ChaCha20Rng::seed_from_u64(3)).print();
        let letters: Vec<char> = printed.expose().chars().filter(|letter| *letter != '-').collect();
        for at in 1..letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at - 1, at);
            if swapped != letters {
                let text: String = swapped.into_iter().collect();
                assert_eq!(RecoveryCode::read(&text), Err(CodeError::Checksum), "{at}");
            }
        }
    }
}
