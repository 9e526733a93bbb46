//! Medicare provider numbers.
//!
//! Source: the check as software vendors publish it (Genie Solutions, "Provider Numbers"; Clearwater, "Validating
//! Medicare Provider Numbers"), read on 2026-11-22; Services Australia no longer publishes it. A wrongly issued
//! number is on record there, so whoever asks for one needs a way past a refusal.

use super::{InvalidIdentifier, all_digits, require_check_digit, require_length, weighted_sum};

identifier! {
    /// A Medicare provider number: one practitioner at one place, so it belongs to a practitioner role. A stem of six
    /// digits, a character for the place and a check letter.
    MedicareProviderNumber
}

const KIND: &str = "a Medicare provider number";
const WRONG_CHARACTERS: InvalidIdentifier = InvalidIdentifier::Characters {
    kind: KIND,
    form: "six digits, a digit or letter other than I, O, S and Z, and a letter",
};
const WEIGHTS: [usize; 6] = [3, 5, 8, 4, 2, 1];
const LOCATION_WEIGHT: usize = 6;
/// Practice location characters; the index is the value.
const LOCATIONS: &str = "0123456789ABCDEFGHJKLMNPQRTUVWXY";
/// Check letters; the index is the remainder by eleven.
const CHECK_LETTERS: [char; 11] = ['Y', 'X', 'W', 'T', 'L', 'K', 'J', 'H', 'F', 'B', 'A'];

impl MedicareProviderNumber {
    /// The number with this stem (at most six digits) and the practice location character with this index (0 to
    /// 31), for demonstration data.
    pub fn from_stem(stem: u32, location_index: usize) -> Option<Self> {
        let location = LOCATIONS.chars().nth(location_index)?;
        let stem = format!("{stem:06}");
        let letter = check_letter(&stem, location_index);
        format!("{stem}{location}{letter}").parse().ok()
    }

    /// Whether the place is `0`. Sources differ on it: vendors allow it, an agency's list leaves it out. So it is
    /// accepted, and whoever shows the number may ask to have it compared.
    pub fn has_unusual_location(&self) -> bool {
        self.0.chars().nth(6) == Some('0')
    }

    fn check(text: &str) -> Result<(), InvalidIdentifier> {
        require_length(KIND, text, 8)?;
        let (stem, rest) =
            text.split_at_checked(6).filter(|(stem, _)| all_digits(stem)).ok_or(WRONG_CHARACTERS)?;
        let mut rest = rest.chars();
        let location = rest.next().and_then(|location| LOCATIONS.find(location)).ok_or(WRONG_CHARACTERS)?;
        let letter = rest.next().filter(char::is_ascii_uppercase).ok_or(WRONG_CHARACTERS)?;
        require_check_digit(KIND, letter == check_letter(stem, location))
    }
}

fn check_letter(stem: &str, location: usize) -> char {
    CHECK_LETTERS[(weighted_sum(stem, &WEIGHTS) + LOCATION_WEIGHT * location) % 11]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::check, LOCATIONS, MedicareProviderNumber};

    #[test]
    fn published_numbers_are_told_from_slips() {
        check::<MedicareProviderNumber>(
            &[
                ("2447781L", "2447781L"),
                ("988939BJ", "988939BJ"),
                ("2433411Y", "2433411Y"),
                ("4024742F", "4024742F"),
                ("244 778 1l", "2447781L"),
            ],
            &[
                ("447781L", "length"),
                ("02447781L", "length"),
                ("24477A1L", "characters"),
                ("244778OL", "characters"),
                ("244778ZL", "characters"),
                ("24477811", "characters"),
                ("24477٣1L", "characters"),
                ("é44778LL", "characters"),
                ("988939BK", "check digit"),
                ("2447781S", "check digit"),
                ("2474781L", "check digit"),
            ],
        );
    }

    #[test]
    fn a_stem_gets_its_place_and_check_letter() {
        for (stem, location_index, expected) in [
            (244_778, 1, Some("2447781L")),
            (988_939, 11, Some("988939BJ")),
            (0, 0, Some("0000000Y")),
            (1_000_000, 1, None),
            (1, 32, None),
        ] {
            let number = MedicareProviderNumber::from_stem(stem, location_index);
            assert_eq!(number.as_ref().map(MedicareProviderNumber::as_str), expected);
        }
    }

    #[test]
    fn a_place_of_zero_is_accepted_and_pointed_out() {
        assert!(MedicareProviderNumber::from_stem(244_778, 0).unwrap().has_unusual_location());
        assert!(!MedicareProviderNumber::from_stem(244_778, 1).unwrap().has_unusual_location());
        assert!(!MedicareProviderNumber::from_stem(0, 10).unwrap().has_unusual_location());
    }

    proptest! {
        #[test]
        fn every_stem_and_place_parses(stem in 0_u32..=999_999, location_index in 0..LOCATIONS.len()) {
            let number = MedicareProviderNumber::from_stem(stem, location_index).unwrap();
            prop_assert_eq!(number.as_str().parse::<MedicareProviderNumber>().unwrap(), number);
        }

        #[test]
        fn a_wrong_digit_in_the_stem_is_refused(stem in 0_u32..=999_999, place in 0_u32..6, raised_by in 1_u32..10) {
            let number = MedicareProviderNumber::from_stem(stem, 1).unwrap();
            let unit = 10_u32.pow(place);
            let digit = stem / unit % 10;
            let slip = stem - digit * unit + (digit + raised_by) % 10 * unit;
            let text = format!("{slip:06}{}", &number.as_str()[6..]);
            prop_assert!(text.parse::<MedicareProviderNumber>().is_err());
        }
    }
}
