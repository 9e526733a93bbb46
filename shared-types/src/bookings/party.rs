//! What a guest tells about themselves when booking.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::home_visit::VisitAddress;
use crate::{PatientId, personal::Personal, problem::FieldError};

/// Turns a hold into an appointment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmHold {
    /// Who comes.
    #[serde(flatten)]
    pub party: PartyDetails,
    /// The collection notice as it was read and agreed to.
    pub consent: ConsentGiven,
    /// For whom somebody signed in books: a patient they may act for. Without it, for whom a time from a waitlist was offered, if they
    /// may act for them, or else for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<PatientId>,
    /// Where they are visited, for a home visit; nobody else is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitAddress>,
    /// Whether a guest agrees to a text message where a letter does not arrive. Of who is signed in their own details say it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_me: bool,
}

/// Which text was agreed to. Bookings stores the receipt in the transaction that stores the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentGiven {
    /// The text's name, such as `booking-collection`.
    pub text: String,
    /// The version on the screen.
    pub version: i32,
}

/// The patient's details, as the practice needs them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyDetails {
    /// The full name, as on the Medicare card if there is one.
    pub name: Personal<String>,
    /// What to be called, if different.
    #[serde(default)]
    pub preferred_name: Option<Personal<String>>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// Where the confirmation goes.
    pub email: Personal<String>,
    /// An Australian mobile, in any usual spelling.
    pub mobile: Personal<String>,
}

impl PartyDetails {
    /// Trims and checks every field; `today` is the day at the place of care. The mobile comes back in E.164.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self, today: Date) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = tidy(self.name.expose());
        if name.is_empty() {
            errors.push(FieldError::new("/name", "Enter the patient's full name"));
        } else if name.chars().count() > 120 {
            errors.push(FieldError::new("/name", "Use at most 120 characters"));
        }
        let preferred_name =
            self.preferred_name.map(|name| tidy(name.expose())).filter(|name| !name.is_empty());
        if preferred_name.as_ref().is_some_and(|name| name.chars().count() > 60) {
            errors.push(FieldError::new("/preferred_name", "Use at most 60 characters"));
        }
        let born = *self.date_of_birth.expose();
        if born > today {
            errors.push(FieldError::new("/date_of_birth", "This date is in the future"));
        } else if born.year() < today.year() - 130 {
            errors.push(FieldError::new("/date_of_birth", "Check the year"));
        }
        let email = self.email.expose().trim().to_owned();
        if !looks_like_email(&email) {
            errors.push(FieldError::new("/email", "Enter an e-mail address such as name@example.com"));
        }
        let mobile = australian_mobile(self.mobile.expose());
        if mobile.is_none() {
            errors.push(FieldError::new("/mobile", "Enter an Australian mobile number such as 0491 570 006"));
        }
        match mobile {
            Some(mobile) if errors.is_empty() => Ok(Self {
                name: name.into(),
                preferred_name: preferred_name.map(Personal::new),
                date_of_birth: self.date_of_birth,
                email: email.into(),
                mobile: mobile.into(),
            }),
            _ => Err(errors),
        }
    }
}

/// Collapses runs of white space and drops control characters, which names never need.
pub(crate) fn tidy(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A plausible address: one `@`, something before it, a dotted domain after it, no spaces. Whether it exists only
/// a message can tell.
pub fn looks_like_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && local.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"@<>()[],;:\\\"".contains(c))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// An Australian mobile in E.164 (`+61491570006`) from any usual spelling; `None` for anything else.
pub fn australian_mobile(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !" -().".contains(*c)).collect();
    let national = digits
        .strip_prefix("+61")
        .or_else(|| digits.strip_prefix("0061"))
        .or_else(|| digits.strip_prefix("61").filter(|rest| rest.len() == 9))
        .map(|rest| rest.trim_start_matches('0').to_owned())
        .or_else(|| digits.strip_prefix('0').map(str::to_owned))?;
    let mobile = national.len() == 9
        && national.starts_with(['4', '5'])
        && !national.starts_with("55")
        && national.bytes().all(|b| b.is_ascii_digit());
    mobile.then(|| format!("+61{national}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{PartyDetails, australian_mobile, looks_like_email};

    fn details() -> PartyDetails {
        PartyDetails {
            name: "  Ada   Nguyen ".to_owned().into(),
            preferred_name: Some(" ".to_owned().into()),
            date_of_birth: date(1980, 2, 29).into(),
            email: " ada@example.org ".to_owned().into(),
            mobile: "0491 570 006".to_owned().into(),
        }
    }

    #[test]
    fn good_details_come_back_tidy() {
        let party = details().check(date(2026, 11, 22)).unwrap();
        assert_eq!(party.name.expose(), "Ada Nguyen");
        assert_eq!(party.preferred_name, None);
        assert_eq!(party.email.expose(), "ada@example.org");
        assert_eq!(party.mobile.expose(), "+61491570006");
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let bad = PartyDetails {
            name: " ".to_owned().into(),
            preferred_name: None,
            date_of_birth: date(2027, 1, 1).into(),
            email: "ada".to_owned().into(),
            mobile: "12".to_owned().into(),
        };
        let pointers: Vec<_> =
            bad.check(date(2026, 11, 22)).unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/name", "/date_of_birth", "/email", "/mobile"]);
    }

    #[test]
    fn debug_output_of_details_shows_nothing_personal() {
        let text = format!("{:?}", details());
        assert!(!text.contains("Ada") && !text.contains("example") && !text.contains("0491"), "{text}");
    }

    #[test]
    fn mobiles_are_read_in_every_usual_spelling() {
        for text in [
            "0491 570 006",
            "+61 491 570 006",
            "0061491570006",
            "(04) 9157-0006",
            "61491570006",
            "+61 (0)491 570 006",
        ] {
            assert_eq!(australian_mobile(text).as_deref(), Some("+61491570006"), "{text}");
        }
        for text in ["", "04 1234 567", "0550 123 456", "(02) 9123 4567", "13 11 14", "0491 570 00x"] {
            assert_eq!(australian_mobile(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_need_a_name_and_a_dotted_domain() {
        for good in ["a@b.co", "first.last+tag@mail.example.com.au", "o'neil@example.org"] {
            assert!(looks_like_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.co",
            "a b@c.de",
            "a@b..co",
            "a@-b.co",
            "a@b.co\nBcc: x@y.z",
            ".a@b.co",
            "a,b@c.de",
        ] {
            assert!(!looks_like_email(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parsers_panic(text in ".{0,80}") {
            let _ = looks_like_email(&text);
            let _ = australian_mobile(&text);
        }
    }
}
