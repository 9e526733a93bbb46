//! HPI-I and HPI-O, the identifiers of the national Healthcare Identifiers Service.
//!
//! Source: HL7 AU Base 6.0.0 (npm `hl7.fhir.au.base`), invariants `inv-hpii-0` to `-2` and `inv-hpio-0` to `-2`,
//! read on 2026-11-22: sixteen digits, a prefix for the sort of identifier, and the Luhn check over all sixteen.

use super::{InvalidIdentifier, digits, require_check_digit, require_digits, require_length};

identifier! {
    /// Healthcare Provider Identifier – Individual: one practitioner, wherever they work. Sixteen digits from
    /// 800361.
    HpiI
}

identifier! {
    /// Healthcare Provider Identifier – Organisation: one organization that gives care. Sixteen digits from 800362.
    HpiO
}

impl HpiI {
    const PREFIX: &str = "800361";

    /// The identifier with this body, for demonstration data; `None` for a body of more than nine digits.
    pub fn from_body(body: u32) -> Option<Self> {
        with_check_digit(Self::PREFIX, body).parse().ok()
    }

    fn check(text: &str) -> Result<(), InvalidIdentifier> {
        check("an HPI-I", Self::PREFIX, text)
    }
}

impl HpiO {
    const PREFIX: &str = "800362";

    /// The identifier with this body, for demonstration data; `None` for a body of more than nine digits.
    pub fn from_body(body: u32) -> Option<Self> {
        with_check_digit(Self::PREFIX, body).parse().ok()
    }

    fn check(text: &str) -> Result<(), InvalidIdentifier> {
        check("an HPI-O", Self::PREFIX, text)
    }
}

fn check(kind: &'static str, prefix: &'static str, text: &str) -> Result<(), InvalidIdentifier> {
    require_length(kind, text, 16)?;
    require_digits(kind, text)?;
    if !text.starts_with(prefix) {
        return Err(InvalidIdentifier::Prefix { kind, expected: prefix });
    }
    require_check_digit(kind, luhn_total(text).is_multiple_of(10))
}

fn with_check_digit(prefix: &str, body: u32) -> String {
    let number = format!("{prefix}{body:09}");
    // A zero in the check digit's place adds nothing, so the total tells what is missing to a multiple of ten.
    let check_digit = (10 - luhn_total(&format!("{number}0")) % 10) % 10;
    format!("{number}{check_digit}")
}

/// Each second digit from the right counts double, and a double of two digits counts as their sum.
fn luhn_total(text: &str) -> usize {
    let places = digits(text).rev().zip([1, 2].into_iter().cycle());
    places.map(|(digit, weight)| digit * weight).map(|value| if value > 9 { value - 9 } else { value }).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::check, HpiI, HpiO, luhn_total};

    #[test]
    fn published_numbers_are_told_from_slips() {
        check::<HpiI>(
            &[
                ("8003619900015717", "8003619900015717"),
                ("8003 6108 3333 4085", "8003610833334085"),
                (" 8003\u{a0}6112\t3456 7893\n", "8003611234567893"),
            ],
            &[
                ("", "length"),
                ("800361990001571", "length"),
                ("80036199000157170", "length"),
                ("8003-619900015717", "length"),
                ("80036199000157I7", "characters"),
                ("٨٠٠٣٦١٩٩٠٠٠١٥٧١٧", "characters"),
                ("8003621566684455", "prefix"),
                ("8003608166690503", "prefix"),
                ("8003619900015718", "check digit"),
                ("8003619900017517", "check digit"),
            ],
        );
        check::<HpiO>(
            &[("8003621566684455", "8003621566684455"), ("8003 6208 3333 3789", "8003620833333789")],
            &[
                ("80036215666844", "length"),
                ("800362156668445O", "characters"),
                ("8003619900015717", "prefix"),
                ("8003621566684456", "check digit"),
            ],
        );
    }

    /// The IHI is a patient's number and no type of ours, but its published examples check the arithmetic too.
    #[test]
    fn luhn_totals_are_those_worked_out_by_hand() {
        for (number, total) in [
            ("8003608166690503", 50),
            ("8003608833357361", 60),
            ("8003608166690504", 51),
            ("8003601234567894", 60),
            ("8003619900015717", 50),
            ("8003610833334085", 60),
            ("8003621566684455", 60),
            ("8003620833333789", 70),
        ] {
            assert_eq!(luhn_total(number), total, "{number}");
        }
    }

    #[test]
    fn a_body_gets_its_prefix_and_check_digit() {
        assert_eq!(HpiI::from_body(123_456_789).unwrap().as_str(), "8003611234567893");
        assert_eq!(HpiO::from_body(123_456_789).unwrap().as_str(), "8003621234567892");
        assert_eq!(HpiI::from_body(1_000_000_000), None);
        assert_eq!(HpiO::from_body(u32::MAX), None);
    }

    /// The text with the digit at a place raised by 1 to 9, past nine from zero again.
    fn with_slip(number: &str, place: usize, raised_by: u8) -> String {
        let slip = |(at, digit): (usize, u8)| {
            if at == place { (digit - b'0' + raised_by) % 10 + b'0' } else { digit }
        };
        number.bytes().enumerate().map(slip).map(char::from).collect()
    }

    proptest! {
        #[test]
        fn every_body_parses_and_every_single_slip_is_refused(body in 0_u32..=999_999_999) {
            let (hpi_i, hpi_o) = (HpiI::from_body(body).unwrap(), HpiO::from_body(body).unwrap());
            prop_assert_eq!(hpi_i.as_str().parse::<HpiI>().unwrap(), hpi_i.clone());
            prop_assert_eq!(hpi_o.as_str().parse::<HpiO>().unwrap(), hpi_o.clone());
            for (place, raised_by) in (0..16).flat_map(|place| (1..=9).map(move |raised_by| (place, raised_by))) {
                prop_assert!(with_slip(hpi_i.as_str(), place, raised_by).parse::<HpiI>().is_err());
                prop_assert!(with_slip(hpi_o.as_str(), place, raised_by).parse::<HpiO>().is_err());
            }
        }
    }
}
