//! Who a text message says it is from (C-51). Since 1 July 2026 Australian networks mark a name that is not in the SMS Sender
//! ID Register as "Unverified", so a name goes out only with the reference of its registration; otherwise a number does.

use shared_types::bookings::australian_mobile;

/// A sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsSender {
    /// A registered name.
    Name {
        /// 3 to 11 letters, digits or spaces, one of them a letter.
        name: String,
        /// Under which it is registered.
        registration: String,
    },
    /// An Australian mobile in E.164.
    Number(String),
}

/// Why there is no sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SenderError {
    /// The name is too short, too long, or has other letters.
    #[error("a sender's name has 3 to 11 letters, digits or spaces, and a letter among them")]
    Name,
    /// The number is none.
    #[error("a sender's number is an Australian mobile such as +61491570006")]
    Number,
    /// Neither a registered name nor a number.
    #[error("text messages need a sender: a name with the reference of its registration, or a number")]
    Missing,
}

impl SmsSender {
    /// The name if it is registered, otherwise the number. Both are checked, whichever is used.
    ///
    /// # Errors
    /// When one is wrong, or none is left.
    pub fn new(
        name: Option<&str>,
        registration: Option<&str>,
        number: Option<&str>,
    ) -> Result<Self, SenderError> {
        if name.is_some_and(|name| !is_name(name)) {
            return Err(SenderError::Name);
        }
        let number = number.map(|number| australian_mobile(number).ok_or(SenderError::Number)).transpose()?;
        let registration = registration.map(str::trim).filter(|reference| !reference.is_empty());
        match (name.zip(registration), number) {
            (Some((name, registration)), _) => {
                Ok(Self::Name { name: name.to_owned(), registration: registration.to_owned() })
            }
            (None, Some(number)) => Ok(Self::Number(number)),
            (None, None) => Err(SenderError::Missing),
        }
    }

    /// What the gateway is told.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name { name, .. } => name,
            Self::Number(number) => number,
        }
    }
}

fn is_name(name: &str) -> bool {
    (3..=11).contains(&name.len())
        && name.trim() == name
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
        && name.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{SenderError, SmsSender};

    /// The vectors of C-51.
    #[test]
    fn a_name_goes_out_registered_or_not_at_all() {
        let sender = |name, registration, number| {
            SmsSender::new(name, registration, number).map(|sender| sender.as_str().to_owned())
        };
        let number = Some("0491 570 006");
        assert_eq!(sender(Some("HelloMapper"), Some("ACMA-1"), None), Ok("HelloMapper".to_owned()));
        assert_eq!(sender(Some("HelloMapper"), None, number), Ok("+61491570006".to_owned()));
        assert_eq!(sender(Some("HelloMapper"), Some(" "), number), Ok("+61491570006".to_owned()));
        assert_eq!(sender(None, Some("ACMA-1"), number), Ok("+61491570006".to_owned()));
        assert_eq!(sender(Some("HelloMapper"), None, None), Err(SenderError::Missing));
        assert_eq!(sender(None, None, None), Err(SenderError::Missing));
        assert_eq!(sender(None, None, Some("13 11 14")), Err(SenderError::Number));
    }

    #[test]
    fn a_name_has_three_to_eleven_letters() {
        let check = |name, good: bool| {
            assert_eq!(SmsSender::new(Some(name), Some("ACMA-1"), None).is_ok(), good, "{name:?}");
        };
        for name in ["Abc", "HelloMapper", "Hi 24"] {
            check(name, true);
        }
        for name in ["", "Ab", "HelloMappers", "123456", "Héllo", "Hello-Map", " Hello", "Hello\n"] {
            check(name, false);
        }
    }
}
