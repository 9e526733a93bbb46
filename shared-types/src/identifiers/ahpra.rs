//! Ahpra registration numbers.
//!
//! Source: HL7 AU Base 6.0.0 (npm `hl7.fhir.au.base`), invariant `inv-ahpra-0`, read on 2026-11-22: three capitals
//! and ten digits, no check digit. No list of prefixes is published there; ours has one for each of the fifteen
//! boards, some of them seen in sources and the others taken from common knowledge. A prefix outside it is
//! therefore pointed out and not refused: the register decides.

use super::{InvalidIdentifier, all_digits, require_length};

identifier! {
    /// A registration with the Australian Health Practitioner Regulation Agency: `MED0000932846`. A person in two
    /// professions has two.
    AhpraNumber
}

const KIND: &str = "an Ahpra registration number";

impl AhpraNumber {
    /// The prefixes we know, one for each board; nurses and midwives share `NMW`.
    pub const KNOWN_PREFIXES: [&str; 15] = [
        "ATS", "CHI", "CMR", "DEN", "MED", "MRP", "NMW", "OCC", "OPT", "OST", "PAR", "PHA", "PHY", "POD",
        "PSY",
    ];

    /// The number with this prefix (three letters) and this count (at most ten digits), for demonstration data.
    pub fn from_parts(prefix: &str, number: u64) -> Option<Self> {
        format!("{prefix}{number:010}").parse().ok()
    }

    /// The three letters that name the board.
    pub fn prefix(&self) -> &str {
        &self.0[..3]
    }

    /// Whether the prefix is one of [`Self::KNOWN_PREFIXES`]. `NUR`, which circulates, is not.
    pub fn known_prefix(&self) -> bool {
        Self::KNOWN_PREFIXES.contains(&self.prefix())
    }

    fn check(text: &str) -> Result<(), InvalidIdentifier> {
        require_length(KIND, text, 13)?;
        let is_well_formed = text.split_at_checked(3).is_some_and(|(prefix, number)| {
            prefix.bytes().all(|byte| byte.is_ascii_uppercase()) && all_digits(number)
        });
        let form = "three letters and ten digits";
        if is_well_formed { Ok(()) } else { Err(InvalidIdentifier::Characters { kind: KIND, form }) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::check, AhpraNumber};

    #[test]
    fn three_letters_and_ten_digits_are_accepted() {
        check::<AhpraNumber>(
            &[
                ("MED0000932846", "MED0000932846"),
                ("NMW0001943612", "NMW0001943612"),
                ("psy 000 123 4567", "PSY0001234567"),
                ("NUR0001234567", "NUR0001234567"),
            ],
            &[
                ("MED000093284", "length"),
                ("MED00009328460", "length"),
                ("ME00000932846", "characters"),
                ("MEDO000932846", "characters"),
                ("1230000932846", "characters"),
                ("MÉD0000932846", "characters"),
                ("MED000093284٦", "characters"),
            ],
        );
    }

    #[test]
    fn an_unknown_prefix_is_pointed_out() {
        for (text, known) in [("MED0000932846", true), ("NMW0001943612", true), ("NUR0001234567", false)] {
            assert_eq!(text.parse::<AhpraNumber>().unwrap().known_prefix(), known, "{text}");
        }
    }

    #[test]
    fn parts_that_do_not_fit_give_nothing() {
        assert_eq!(AhpraNumber::from_parts("MED", 932_846).unwrap().as_str(), "MED0000932846");
        for (prefix, number) in
            [("MED", 10_000_000_000), ("ME", 10_000_000_000), ("MEDI", 1), ("", 1), ("M3D", 1)]
        {
            assert_eq!(AhpraNumber::from_parts(prefix, number), None, "{prefix} {number}");
        }
    }

    proptest! {
        #[test]
        fn every_known_prefix_with_every_number_parses(
            prefix in prop::sample::select(AhpraNumber::KNOWN_PREFIXES.to_vec()),
            number in 0_u64..=9_999_999_999,
        ) {
            let made = AhpraNumber::from_parts(prefix, number).unwrap();
            prop_assert!(made.known_prefix());
            prop_assert_eq!(made.as_str().parse::<AhpraNumber>().unwrap(), made);
        }
    }
}
