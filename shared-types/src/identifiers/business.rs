//! ABN and ACN, the numbers of businesses and companies.
//!
//! Sources, read on 2026-11-22: Australian Business Register, "Format of the ABN" (eleven digits, the first two of
//! them check digits, modulus 89); Australian Securities and Investments Commission, "Australian Company Number
//! digit check" (nine digits, the last of them a check digit).

use super::{InvalidIdentifier, require_check_digit, require_digits, require_length, weighted_sum};

identifier! {
    /// Australian Business Number: a person, company or trust in business. Eleven digits, written `51 824 753 556`. A
    /// company's usually ends in its ACN.
    Abn
}

identifier! {
    /// Australian Company Number: nine digits, written `004 085 616`.
    Acn
}

const ABN_WEIGHTS: [usize; 11] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
const ACN_WEIGHTS: [usize; 8] = [8, 7, 6, 5, 4, 3, 2, 1];

impl Abn {
    /// The number with this body, for demonstration data; `None` for a body of more than nine digits.
    pub fn from_body(body: u32) -> Option<Self> {
        let body = format!("{body:09}");
        let check_pair = 10 + (89 - weighted_sum(&body, &ABN_WEIGHTS[2..]) % 89) % 89;
        format!("{check_pair}{body}").parse().ok()
    }

    fn check(text: &str) -> Result<(), InvalidIdentifier> {
        const KIND: &str = "an ABN";
        require_length(KIND, text, 11)?;
        require_digits(KIND, text)?;
        // The rule takes one from the first digit and wants a multiple of 89. That digit's weight is ten, so the
        // digits as they stand leave ten.
        require_check_digit(KIND, weighted_sum(text, &ABN_WEIGHTS) % 89 == 10)
    }
}

impl Acn {
    fn check(text: &str) -> Result<(), InvalidIdentifier> {
        const KIND: &str = "an ACN";
        require_length(KIND, text, 9)?;
        require_digits(KIND, text)?;
        // The check digit completes the sum of the first eight to a multiple of ten.
        let check_digit = weighted_sum(&text[8..], &[1]);
        require_check_digit(KIND, (weighted_sum(text, &ACN_WEIGHTS) + check_digit).is_multiple_of(10))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::check, ABN_WEIGHTS, ACN_WEIGHTS, Abn, Acn, weighted_sum};

    #[test]
    fn published_numbers_are_told_from_slips() {
        check::<Abn>(
            &[
                ("51 824 753 556", "51824753556"),
                ("53004085616", "53004085616"),
                ("19 138 767 021", "19138767021"),
            ],
            &[
                ("5182475355", "length"),
                ("518247535560", "length"),
                ("5182475355A", "characters"),
                ("51-824753556", "length"),
                ("51 824 753 557", "check digit"),
                ("15 824 753 556", "check digit"),
            ],
        );
        check::<Acn>(
            &[("004 085 616", "004085616"), ("138767021", "138767021")],
            &[
                ("04085616", "length"),
                ("00408561X", "characters"),
                ("00408561é", "characters"),
                ("004 085 617", "check digit"),
                ("040 085 616", "check digit"),
            ],
        );
    }

    /// One is taken from the first digit of an ABN, which takes its weight, ten, from the sum.
    #[test]
    fn sums_are_those_worked_out_by_hand() {
        for (number, sum) in [("51824753556", 534), ("53004085616", 445)] {
            assert_eq!(weighted_sum(number, &ABN_WEIGHTS) - 10, sum, "{number}");
        }
        assert_eq!((weighted_sum("51824753557", &ABN_WEIGHTS) - 10) % 89, 19);
        for (number, sum) in [("004085616", 84), ("138767021", 159)] {
            assert_eq!(weighted_sum(number, &ACN_WEIGHTS), sum, "{number}");
        }
    }

    #[test]
    fn a_body_gets_its_check_pair() {
        for (body, abn) in
            [(4_085_616, Some("53004085616")), (138_767_021, Some("19138767021")), (1_000_000_000, None)]
        {
            assert_eq!(Abn::from_body(body).as_ref().map(Abn::as_str), abn);
        }
    }

    proptest! {
        #[test]
        fn every_body_parses(body in 0_u32..=999_999_999) {
            let abn = Abn::from_body(body).unwrap();
            prop_assert_eq!(abn.as_str().parse::<Abn>().unwrap(), abn);
        }
    }
}
