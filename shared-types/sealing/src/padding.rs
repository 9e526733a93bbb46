//! Sizes that say little: Padmé with a floor.
//!
//! Padmé lets only lengths through whose binary form has few significant digits, so that a length tells no more than
//! a handful of bits of its size, and adds at most 12 %. Source: Nikitin, Barman, Lueks, Underwood, Hubaux, Ford,
//! "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019(4), section 4,
//! algorithm 1 (read on 2026-11-23).

use zeroize::Zeroizing;

/// Nothing is shorter than this once padded, so that short texts are all alike.
pub const MIN_PADDED: usize = 256;
/// The longest content with its padding. A fixed point of Padmé.
pub const MAX_PADDED: usize = 7 * 1024 * 1024;
/// What says how long the content is.
const LENGTH: usize = 4;

/// Padmé: the smallest allowed length that is not below `length`.
fn padme(length: usize) -> usize {
    let Some(exponent) = length.checked_ilog2() else { return 0 };
    // A length of one has no digits to drop.
    let significant = exponent.checked_ilog2().map_or(0, |log| log + 1);
    let mask = (1 << (exponent - significant)) - 1;
    (length + mask) & !mask
}

/// The length of a content of `length` bytes once padded; `None` when it does not fit.
pub fn padded_length(length: usize) -> Option<usize> {
    let padded = padme(length.checked_add(LENGTH).filter(|whole| *whole <= MAX_PADDED)?.max(MIN_PADDED));
    (padded <= MAX_PADDED).then_some(padded)
}

/// Whether something padded can be this long.
pub fn is_padded_length(length: usize) -> bool {
    (MIN_PADDED..=MAX_PADDED).contains(&length) && padme(length) == length
}

/// The content behind its length, and zeros. There is room for `extra` more bytes, so that no growing vector leaves
/// copies behind.
pub(crate) fn pad(content: &[u8], extra: usize) -> Option<Zeroizing<Vec<u8>>> {
    let padded = padded_length(content.len())?;
    let length = u32::try_from(content.len()).ok()?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(padded + extra));
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(content);
    bytes.resize(padded, 0);
    Some(bytes)
}

/// The content; `None` unless the padding is exactly what [`pad`] makes.
pub(crate) fn unpad(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (content, zeros) = rest.split_at_checked(length)?;
    (padded_length(length) == Some(bytes.len()) && zeros.iter().all(|byte| *byte == 0)).then_some(content)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LENGTH, MAX_PADDED, MIN_PADDED, is_padded_length, pad, padded_length, padme, unpad};

    /// Lengths and what algorithm 1 of the paper makes of them; at nine bytes lies the largest relative growth, 11 %.
    #[test]
    fn lengths_follow_the_paper() {
        for (length, expected) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 3),
            (7, 7),
            (8, 8),
            (9, 10),
            (15, 16),
            (16, 16),
            (17, 18),
            (100, 104),
            (255, 256),
            (256, 256),
            (257, 272),
            (500, 512),
            (1000, 1024),
            (1025, 1088),
            (65_537, 67_584),
            (1_000_000, 1_015_808),
            (1_048_577, 1_081_344),
            (7_340_032, 7_340_032),
        ] {
            assert_eq!(padme(length), expected, "{length}");
        }
    }

    #[test]
    fn short_contents_are_alike_and_long_ones_are_refused() {
        assert_eq!(padded_length(0), Some(MIN_PADDED));
        assert_eq!(padded_length(MIN_PADDED - LENGTH), Some(MIN_PADDED));
        assert_eq!(padded_length(MIN_PADDED), Some(272));
        assert_eq!(padded_length(MAX_PADDED - LENGTH), Some(MAX_PADDED));
        assert_eq!(padded_length(MAX_PADDED), None);
        assert_eq!(padded_length(usize::MAX), None);
        assert!(is_padded_length(MAX_PADDED) && !is_padded_length(MAX_PADDED + 131_072));
    }

    #[test]
    fn padding_that_is_not_ours_is_refused() {
        let padded = pad(b"rash", 0).unwrap();
        let mut not_zero = padded.clone();
        not_zero[MIN_PADDED - 1] = 1;
        let mut longer = padded.clone();
        longer.resize(272, 0);
        let mut claims_more = padded.clone();
        claims_more[0] = 0xff;
        for wrong in [&not_zero[..], &longer, &claims_more, &padded[..255], &[], &[0, 0, 0]] {
            assert_eq!(unpad(wrong), None);
        }
    }

    proptest! {
        #[test]
        fn padding_grows_by_an_eighth_at_most_and_is_stable(length in 0_usize..=MAX_PADDED) {
            let padded = padme(length);
            prop_assert!(padded >= length && padded - length <= length / 8);
            prop_assert_eq!(padme(padded), padded);
        }

        #[test]
        fn contents_come_back(content in prop::collection::vec(any::<u8>(), 0..2000)) {
            let padded = pad(&content, 16).unwrap();
            prop_assert!(is_padded_length(padded.len()));
            prop_assert_eq!(unpad(&padded), Some(&content[..]));
        }
    }
}
