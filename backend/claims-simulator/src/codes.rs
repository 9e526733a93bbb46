//! Codes on demand: a card whose number begins with `2950` and four digits of a code gets that code. Every other card whose check
//! digit matches is somebody's, and all is well.

use crate::checks::card_check_digit;

/// What a code does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the claim is paid as it was lodged.
    Paid,
    /// Told when the patient is asked about.
    Verification(String),
    /// Told with the processing report; the claim is paid.
    PatientStatus(String),
    /// Somebody decides, and pays.
    Manual(String),
    /// The claim is taken, and the answer hides it.
    Hidden,
    /// The claim is refused when it comes.
    Refused(String),
    /// The claim is assessed and not paid.
    Rejected(String),
    /// The claim is paid for more.
    PaidMore(String),
}

impl Effect {
    /// What the number of a card demands.
    pub fn of_card(number: &str) -> Self {
        let code = number.strip_prefix("2950").and_then(|rest| rest.get(..4)).unwrap_or_default();
        let code = code.trim_start_matches('0').to_owned();
        match code.as_str() {
            "" => Self::Paid,
            "8015" | "8016" | "8017" | "8018" | "8019" | "8020" | "8021" | "9633" | "9649" | "9650"
            | "9675" => Self::Verification(code),
            "8023" | "8024" | "8025" | "8026" | "8027" | "8028" => Self::PatientStatus(code),
            "9601" => Self::Manual(code),
            "3004" => Self::Hidden,
            "255" => Self::PaidMore(code),
            three if three.len() == 3 => Self::Rejected(code),
            four if four.len() == 4 => Self::Refused(code),
            _ => Self::Paid,
        }
    }
}

/// The number of the card that gets a code; `None` for what is no code of at most four digits.
pub fn card_for(code: &str) -> Option<String> {
    let code: u16 = code.parse().ok().filter(|code| *code <= 9_999)?;
    let body = format!("2950{code:04}");
    let check = card_check_digit(&body)?;
    Some(format!("{body}{check}1"))
}

#[cfg(test)]
mod tests {
    use super::{Effect, card_for};

    #[test]
    fn a_card_names_its_code() {
        for (code, effect) in [
            ("0", Effect::Paid),
            ("9650", Effect::Verification("9650".to_owned())),
            ("8026", Effect::PatientStatus("8026".to_owned())),
            ("9601", Effect::Manual("9601".to_owned())),
            ("3004", Effect::Hidden),
            ("9635", Effect::Refused("9635".to_owned())),
            ("162", Effect::Rejected("162".to_owned())),
            ("255", Effect::PaidMore("255".to_owned())),
        ] {
            assert_eq!(Effect::of_card(&card_for(code).unwrap()), effect, "{code}");
        }
        assert_eq!(Effect::of_card("2123456701"), Effect::Paid);
        assert_eq!(card_for("S101"), None);
    }
}
