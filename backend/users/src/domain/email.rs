//! E-mail addresses of accounts.

use shared_types::{bookings::looks_like_email, personal::Personal, problem::FieldError};

/// An address as written, and the same in small letters, by which it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    written: Personal<String>,
    lower: Personal<String>,
}

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// When it cannot be one.
    pub fn parse(text: &Personal<String>) -> Result<Self, FieldError> {
        let written = text.expose().trim();
        if !looks_like_email(written) {
            return Err(FieldError::new("/email", "Enter an e-mail address such as name@example.com"));
        }
        Ok(Self { written: written.to_owned().into(), lower: written.to_lowercase().into() })
    }

    /// As written.
    pub fn written(&self) -> &str {
        self.written.expose()
    }

    /// In small letters.
    pub fn lower(&self) -> &str {
        self.lower.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn the_same_address_in_other_letters_is_the_same() {
        let email = Email::parse(&" Ada@Example.ORG ".to_owned().into()).unwrap();
        assert_eq!((email.written(), email.lower()), ("Ada@Example.ORG", "ada@example.org"));
        assert!(!format!("{email:?}").to_lowercase().contains("ada"));
        assert!(Email::parse(&"ada".to_owned().into()).is_err());
    }
}
