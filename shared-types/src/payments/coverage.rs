//! Who pays for somebody's care: the numbers on a Medicare card, a veteran's card, a concession card.
//!
//! These are government identifiers (Privacy Act 1988, Australian Privacy Principle 9): stored sealed and only for
//! claiming, never a key, never in a URL, a log or an event. The types print nothing of what they hold.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    PatientId,
    bookings::ConsentGiven,
    personal::{Personal, PersonalData},
    problem::FieldError,
};

/// The text agreed to before any of these is stored.
pub const COVERAGE_TEXT: &str = "medicare-collection";

/// What is sent to be kept. What is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutCoverage {
    /// The Medicare card.
    #[serde(default)]
    pub medicare: Option<MedicareGiven>,
    /// The number on a veteran's card.
    #[serde(default)]
    pub dva_file_number: Option<Personal<String>>,
    /// A concession card.
    #[serde(default)]
    pub concession: Option<ConcessionGiven>,
    /// The version that was on the screen; zero the first time.
    pub version: i32,
    /// The notice `medicare-collection` as it was read and agreed to.
    pub consent: ConsentGiven,
}

/// A Medicare card as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MedicareGiven {
    /// The ten digits.
    pub number: Personal<String>,
    /// The digit left of the name.
    pub irn: Personal<String>,
}

/// A concession card as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConcessionGiven {
    /// Which card.
    pub kind: ConcessionKind,
    /// The customer reference number.
    pub number: Personal<String>,
}

/// Which concession card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConcessionKind {
    /// Pensioner Concession Card.
    Pensioner,
    /// Health Care Card.
    HealthCare,
    /// Commonwealth Seniors Health Card.
    SeniorsHealth,
}

impl ConcessionKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pensioner, Self::HealthCare, Self::SeniorsHealth];

    /// The name on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pensioner => "pensioner",
            Self::HealthCare => "health_care",
            Self::SeniorsHealth => "seniors_health",
        }
    }
}

/// What is kept, shown back: enough to know one's own card again and no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coverage {
    /// Whose.
    pub patient_id: PatientId,
    /// Goes up by one with every change; zero when nothing is kept.
    pub version: i32,
    /// The last digits of the Medicare card's number.
    pub medicare_ends_with: Option<String>,
    /// The last characters of the veteran's file number.
    pub dva_ends_with: Option<String>,
    /// Which concession card, and the last characters of its number.
    pub concession_ends_with: Option<(ConcessionKind, String)>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

impl PersonalData for Coverage {}

/// A Medicare card: a number whose check digit matches, and the reference of one person on it.
#[derive(Clone, PartialEq, Eq)]
pub struct MedicareCard {
    number: String,
    irn: u8,
}

/// A Department of Veterans' Affairs file number of the right form; it has no check digit.
#[derive(Clone, PartialEq, Eq)]
pub struct DvaFileNumber(String);

/// A concession card with a customer reference number of the right form.
#[derive(Clone, PartialEq, Eq)]
pub struct ConcessionCard {
    kind: ConcessionKind,
    number: String,
}

macro_rules! prints_nothing {
    ($($type:ident),*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "([personal])"))
            }
        }
    )*};
}
prints_nothing!(MedicareCard, DvaFileNumber, ConcessionCard);

/// Weights of the first eight digits; their sum modulo ten is the ninth. (Services Australia's algorithm as vendors
/// publish it, read 2026-11-22.)
const WEIGHTS: [u32; 8] = [1, 3, 7, 9, 1, 3, 7, 9];

impl MedicareCard {
    /// Reads a number of ten digits and a reference of one, spaces allowed.
    ///
    /// # Errors
    /// What would be right. The number itself is not repeated.
    pub fn read(given: &MedicareGiven) -> Result<Self, FieldError> {
        let number = bare(given.number.expose());
        let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
        let wrong = |detail| Err(FieldError::new("/medicare/number", detail));
        if digits.len() != 10 || number.len() != 10 {
            return wrong("Enter the ten digits of the Medicare card");
        }
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        if !(2..=6).contains(&digits[0]) || sum % 10 != digits[8] || digits[9] == 0 {
            return wrong("This is not a Medicare card number: compare each digit with the card");
        }
        match bare(given.irn.expose()).parse() {
            Ok(irn @ 1..=9) => Ok(Self { number, irn }),
            _ => {
                Err(FieldError::new("/medicare/irn", "Enter the digit left of the name on the card, 1 to 9"))
            }
        }
    }

    /// As it is sealed: number and reference.
    pub fn to_text(&self) -> String {
        format!("{}/{}", self.number, self.irn)
    }

    /// Reads [`Self::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        let (number, irn) = text.split_once('/')?;
        Self::read(&MedicareGiven { number: number.to_owned().into(), irn: irn.to_owned().into() }).ok()
    }

    /// The last three digits.
    pub fn ends_with(&self) -> String {
        tail(&self.number, 3)
    }
}

impl DvaFileNumber {
    /// Reads a file number: a letter for the state, a war code of up to three letters, digits that fill it to eight,
    /// and perhaps a letter for a dependant. Fewer digits are taken, since claiming takes them.
    ///
    /// # Errors
    /// What would be right. The number itself is not repeated.
    pub fn read(given: &Personal<String>) -> Result<Self, FieldError> {
        let text = bare(given.expose());
        let wrong =
            || FieldError::new("/dva_file_number", "Enter the file number as on the card, such as NX123456");
        let rest = text.strip_prefix(['N', 'V', 'Q', 'W', 'S', 'T']).ok_or_else(wrong)?;
        let war = rest.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = rest.bytes().skip(war).take_while(u8::is_ascii_digit).count();
        let after = &rest[war + digits..];
        let segment = after.is_empty() || (after.len() == 1 && after.as_bytes()[0].is_ascii_uppercase());
        // Seven characters after the state's letter: one to three of war code, the rest digits.
        let fits = match war {
            0 | 1 => (1..=6).contains(&digits),
            2 => (1..=5).contains(&digits),
            3 => (1..=4).contains(&digits),
            _ => false,
        };
        if fits && segment && text.len() >= 3 { Ok(Self(text)) } else { Err(wrong()) }
    }

    /// As it is sealed.
    pub fn to_text(&self) -> String {
        self.0.clone()
    }

    /// Reads [`Self::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::read(&text.to_owned().into()).ok()
    }

    /// The last three characters, or fewer where that would be nearly all of it.
    pub fn ends_with(&self) -> String {
        tail(&self.0, 3.min(self.0.len() / 2))
    }
}

impl ConcessionCard {
    /// Reads a customer reference number: nine digits and a letter, spaces allowed.
    ///
    /// # Errors
    /// What would be right. The number itself is not repeated.
    pub fn read(given: &ConcessionGiven) -> Result<Self, FieldError> {
        let number = bare(given.number.expose());
        let (digits, letter) = number.split_at_checked(9).unwrap_or_default();
        let is_letter = letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_uppercase());
        if is_letter && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self { kind: given.kind, number });
        }
        Err(FieldError::new("/concession/number", "Enter nine digits and a letter, such as 123 456 789A"))
    }

    /// As it is sealed: kind and number.
    pub fn to_text(&self) -> String {
        format!("{}/{}", self.kind.code(), self.number)
    }

    /// Reads [`Self::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once('/')?;
        let kind = ConcessionKind::ALL.into_iter().find(|known| known.code() == kind)?;
        Self::read(&ConcessionGiven { kind, number: number.to_owned().into() }).ok()
    }

    /// Which card, and the last three characters.
    pub fn ends_with(&self) -> (ConcessionKind, String) {
        (self.kind, tail(&self.number, 3))
    }
}

/// Capitals without spaces.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

fn tail(text: &str, characters: usize) -> String {
    let skipped = text.chars().count().saturating_sub(characters);
    text.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        ConcessionCard, ConcessionGiven, ConcessionKind, DvaFileNumber, MedicareCard, MedicareGiven,
    };

    fn card(number: &str, irn: &str) -> Option<MedicareCard> {
        MedicareCard::read(&MedicareGiven { number: number.to_owned().into(), irn: irn.to_owned().into() })
            .ok()
    }

    fn dva(text: &str) -> Option<DvaFileNumber> {
        DvaFileNumber::read(&text.to_owned().into()).ok()
    }

    /// Numbers published by vendors for tests (compliance notes, 2.1).
    #[test]
    fn medicare_cards_are_told_by_their_check_digit() {
        for number in ["2123 45670 1", "4951525561", "2952 63186 1"] {
            let card = card(number, "1").unwrap();
            assert_eq!(MedicareCard::from_text(&card.to_text()), Some(card));
        }
        assert_eq!(card("2123456701", "1").unwrap().ends_with(), "701");
        for number in
            ["2123 45671 1", "1123 45679 1", "2123 45670 0", "212345670", "21234567011", "٢123456701"]
        {
            assert!(card(number, "1").is_none(), "{number}");
        }
        for irn in ["", "0", "10", "x"] {
            assert!(card("2123456701", irn).is_none(), "{irn}");
        }
    }

    /// Published samples (compliance notes, 2.6).
    #[test]
    fn dva_file_numbers_have_a_state_a_war_and_digits() {
        for text in ["TX900359", "VKM12345A", "SMUL1234", "nx 123", "N123456"] {
            assert!(dva(text).is_some(), "{text}");
        }
        for text in ["AX123456", "NX90123456", "", "N", "NX", "NXABCD12", "NX123456AB", "NX12A34", "Nß12345"]
        {
            assert!(dva(text).is_none(), "{text}");
        }
        assert_eq!(dva("TX900359").unwrap().ends_with(), "359");
    }

    #[test]
    fn a_concession_card_has_nine_digits_and_a_letter() {
        let read = |text: &str| {
            let kind = ConcessionKind::HealthCare;
            ConcessionCard::read(&ConcessionGiven { kind, number: text.to_owned().into() }).ok()
        };
        let card = read("123 456 789a").unwrap();
        assert_eq!(card.ends_with(), (ConcessionKind::HealthCare, "89A".to_owned()));
        assert_eq!(ConcessionCard::from_text(&card.to_text()), Some(card));
        for text in ["", "123456789", "12345678AA", "123456789AB", "12345678é"] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn nothing_of_a_card_is_printed() {
        let text = format!("{:?} {:?}", card("2123456701", "1").unwrap(), dva("TX900359").unwrap());
        assert!(!text.contains("212") && !text.contains("900"), "{text}");
    }

    proptest! {
        /// Every weight is coprime to ten, so no slip in the first nine digits goes unnoticed.
        #[test]
        fn a_wrong_digit_is_noticed(place in 0_usize..9, raised_by in 1_u8..10) {
            let mut digits = *b"2123456701";
            digits[place] = b'0' + (digits[place] - b'0' + raised_by) % 10;
            prop_assert!(card(std::str::from_utf8(&digits).unwrap(), "1").is_none());
        }

        #[test]
        fn no_text_makes_a_parser_panic(text in any::<String>()) {
            let _ = card(&text, &text);
            let _ = dva(&text);
            let _ = MedicareCard::from_text(&text);
            let _ = ConcessionCard::from_text(&text);
        }
    }
}
